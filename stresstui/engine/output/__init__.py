"""What the programs of a run print: kept as it came, cut into lines, read for numbers and crashes."""
