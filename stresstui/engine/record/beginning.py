"""The beginning of a journal: what was written up to some line of it."""

from typing import Final

import msgspec


class Beginning(msgspec.Struct, frozen=True):
    """The first lines of a journal."""

    lines: int
    """How many."""
    size: int
    """Bytes of them."""
    crc: int
    """CRC-32 of those bytes."""
    journal: str
    """Name of the journal, as its seals have it."""
    t: float
    """Time of the last event in it, seconds."""


NOTHING: Final = Beginning(0, 0, 0, "", 0.0)
"""No line of any journal."""
