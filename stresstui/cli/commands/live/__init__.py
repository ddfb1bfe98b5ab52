"""Commands for a run that goes on."""
