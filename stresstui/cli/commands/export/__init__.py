"""Commands that give a run, or a scenario, to other programs."""
