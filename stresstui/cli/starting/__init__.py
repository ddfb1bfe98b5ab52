"""From options to a run that has been started: plan, secrets, login, repetition."""
