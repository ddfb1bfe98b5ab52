"""Runs against runs: did anything change, how much, how sure is that, and what would have been seen.

``numbers`` takes out of a run what is compared, ``spread`` says how uncertain its means are, ``judge`` compares two
sides, ``steps`` finds where a row of runs changed. Values of values: no file is read here but a baseline's.
"""

from typing import Final

FILE_NAME: Final = "comparison.md"
"""Name of a comparison in the directory of a run whose scenario has a baseline."""
