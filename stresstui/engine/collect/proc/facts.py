"""What a collector is told by the one who opens it, and what it says of a process when it asks for a role."""

from collections.abc import Callable, Sequence

import msgspec

from stresstui.core.model.sample import Role


class ProcessFacts(msgspec.Struct, frozen=True):
    """What is known of a process when its role is asked for."""

    pid: int
    """Process id."""
    ppid: int
    """Parent process id; the supervisor's own where the process has forked away from its parent."""
    started: float
    """Start time as in ``ProcessSample.started``."""
    name: str
    """Short command name."""
    exe: str | None
    """Path of the executable; None where it may not be read."""
    argv: tuple[str, ...]
    """Command line; empty where it may not be read."""
    parent_role: Role | None
    """Role of the parent when first seen; None where the parent is not of the run."""


Key = tuple[int, float]
"""Process id and start time: names a process for as long as the machine runs."""

Classify = Callable[[ProcessFacts], Role | None]
"""Says what a process is to the run; None leaves it out of the sample (its children are still asked about)."""

RoleVersion = Callable[[], int]
"""Gives a number that grows when what ``Classify`` said of processes may no longer hold; callable from any thread."""


def never_changes() -> int:
    """The version of roles that are said once and for all."""
    return 0


Roots = Callable[[], Sequence[int]]
"""Pids whose descendants, themselves included, form the tree; asked at each sample."""
