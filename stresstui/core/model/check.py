"""A Check: what one look at the machine found, before anything is run on it."""

from enum import StrEnum

import msgspec


class Level(StrEnum):
    """How good what was found is."""

    OK = "ok"
    WARNING = "warning"
    """It may disturb a run or hide something from it."""
    PROBLEM = "problem"
    """It would make the outcome worthless, or the run impossible."""


class Check(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a doctor's report."""

    group: str
    """Heading under which it is shown."""
    name: str
    """What was looked at, in a few words."""
    level: Level
    """How good it is."""
    found: str
    """What was found, with numbers."""
    mend: str = ""
    """What to do about it; empty where it is ok."""
