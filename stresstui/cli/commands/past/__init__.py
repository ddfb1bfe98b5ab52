"""Commands for runs on record."""
