"""The outcome of a run, and the exit code that says it."""

from enum import IntEnum, StrEnum


class Outcome(StrEnum):
    """Of a run."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    ABORTED = "aborted"


class ExitCode(IntEnum):
    """Exit codes of the program; frozen."""

    PASSED = 0
    FAILED = 1
    USAGE = 2
    INCONCLUSIVE = 3
    COULD_NOT_RUN = 4
    INTERNAL = 70
    INTERRUPTED = 130
    TERMINATED = 143
