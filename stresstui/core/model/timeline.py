"""The event list of a run, for people: one line per thing worth knowing."""

from collections import deque
from enum import StrEnum

import msgspec


class Mark(StrEnum):
    """What kind of line it is."""

    INFO = "info"
    PHASE = "phase"
    BREACH = "breach"
    OVER = "over"
    NOTE = "note"
    PROBLEM = "problem"


class LogEntry(msgspec.Struct, frozen=True):
    """One line."""

    t: float
    """Seconds since the run started."""
    mark: Mark
    """What kind it is."""
    text: str
    """The line."""
    criterion: str = ""
    """Id of the criterion that it is about, if any."""


def log(entries: deque[LogEntry], t: float, mark: Mark, text: str, *, criterion: str = "") -> None:
    """Append a line; the oldest go when the list is full."""
    entries.append(LogEntry(t, mark, text, criterion))
