"""What every collector offers, and what it asks of the one who opens it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from stresstui.core.sample import Role, Sample


@dataclass(frozen=True, slots=True)
class ProcessFacts:
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

Roots = Callable[[], Sequence[int]]
"""Pids whose descendants, themselves included, form the tree; asked at each sample."""


class Collector(Protocol):
    """Reads the operating system into samples; ``collect`` is called by one thread at a time.

    A process that was in the tree once stays until it ends, also where its parent ended first. On Linux a child
    subreaper passes its own pid as a root and as ``monitor_pid``: it is left out itself, and what forks away is found.
    """

    def collect(self, t: float) -> Sample:
        """Read one sample at ``t`` seconds since the run's start; blocks; what cannot be read is None."""
        ...

    def reclassify(self) -> None:
        """Forget every role, so that the next sample asks for all of them again; callable from any thread."""
        ...

    def close(self) -> None:
        """Let go of kept descriptors."""
        ...
