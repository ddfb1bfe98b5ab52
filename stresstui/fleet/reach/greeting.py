"""What a worker says once it listens: one line, which is told from what a login shell prints before."""

import re
from typing import Final

_LINE: Final = re.compile(r'(?:stresstui worker at |\{"port": )(\d{1,5})\}?\n?')
"""The second form is what an older worker says."""


def greeting(port: int) -> str:
    """The line of a worker that listens at a port."""
    return f"stresstui worker at {port}\n"


def read_greeting(line: str) -> int:
    """The port that a line names; 0 where it is none of a worker."""
    found = _LINE.fullmatch(line)
    return int(found[1]) if found else 0
