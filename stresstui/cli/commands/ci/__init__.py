"""Commands that write files for CI."""
