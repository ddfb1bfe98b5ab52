"""The list of faults: what each is, the test that holds it, and the function that causes it here."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.faults.stage import Row, Stage

Cause = Callable[[Stage], Row]


@dataclass(frozen=True)
class Fault:
    """One fault."""

    name: str
    caused: str
    """How, for people."""
    test: str
    """Which test of the suite holds it; empty where only this list causes it."""
    cause: Cause
    long: bool
    """Whether it takes minutes."""


FAULTS: list[Fault] = []


def fault(caused: str, *, test: str = "", long: bool = False) -> Callable[[Cause], Cause]:
    """Enter a fault under its function's name."""

    def enter(cause: Cause) -> Cause:
        FAULTS.append(Fault(cause.__name__, caused, test, cause, long))
        return cause

    return enter
