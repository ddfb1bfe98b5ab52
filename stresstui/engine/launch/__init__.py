"""From a scenario and its options to the command that is started."""
