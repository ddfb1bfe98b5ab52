"""A trace: points in time, and what is refused."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec


class TraceError(ValueError):
    """A trace that cannot be read, or not for sure; the message names the line and the mend."""

    def __init__(self, line: int, problem: str, mend: str) -> None:
        super().__init__(f"line {line}: {problem}: {mend}" if line else f"{problem}: {mend}")


class Trace(NamedTuple):
    """What was read."""

    points: list[tuple[float, float]]
    """Seconds and values, in order of time."""
    notes: list[str]
    """What had to be understood on the way, for people."""


class Wanted(msgspec.Struct, frozen=True):
    """What a person asked for."""

    kind: str = "rss"
    """What the values are, as ``core.growth.Kind`` names it."""
    time: str = ""
    """Name of the time column; empty = found."""
    value: str = ""
    """Name of the value column or metric; empty = found."""
    unit: str = ""
    """Unit of the values, such as ``MiB``; empty = as the file says, else bytes or plain numbers."""


class Table(msgspec.Struct, frozen=True):
    """Cells under names."""

    names: Sequence[str]
    """Of the columns."""
    rows: Sequence[tuple[int, Sequence[str]]]
    """Line number and cells; as many as there are names."""
    delimiter: str = ""
    """What stands between cells; empty = spaces, or no text at all."""

    def column(self, index: int) -> list[tuple[int, str]]:
        """Line numbers and cells of one column."""
        return [(line, cells[index].strip()) for line, cells in self.rows]
