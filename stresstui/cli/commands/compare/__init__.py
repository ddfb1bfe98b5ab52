"""Commands that hold runs against runs."""
