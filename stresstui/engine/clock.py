"""The clock of a run: seconds since it started, standing still while the machine is suspended."""

import time
from datetime import UTC, datetime, timedelta
from typing import Final

from stresstui.core.model.units import format_duration

_BOOT: int | None = getattr(time, "CLOCK_BOOTTIME", None)
_SET: Final = 2.0
"""Seconds between two looks by which a clock is not slewed, only set."""


class RunClock:
    """Counts from its own making."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._suspended = _suspended()
        self._day = _day()
        self.set_by = 0.0
        """Seconds by which the time of day was set in mid-run, as far as ``was_set`` has seen."""

    def restart(self) -> None:
        """Begin to count again, when the preparations are done and the run begins."""
        self._start = time.monotonic()

    def now(self) -> float:
        """Seconds since the run started, monotonic, to the millisecond: every event carries them."""
        return round(time.monotonic() - self._start, 3)

    def suspended(self) -> float:
        """Seconds that the machine was suspended since this was last asked; 0 where that cannot be known."""
        before, self._suspended = self._suspended, _suspended()
        gone = self._suspended - before
        return gone if gone > 0.1 else 0.0  # noqa: PLR2004 - two clocks read one after the other differ by less

    def was_set(self) -> float:
        """Seconds by which the time of day was set since this was last asked, negative for back; 0 where NTP slews."""
        before, self._day = self._day, _day()
        by = self._day - before
        if abs(by) < _SET:
            return 0.0
        self.set_by += by
        return by


def wall_clock(set_by: float = 0.0) -> str:
    """The time of day, UTC, ISO 8601, to the millisecond, by a clock that was not set by so many seconds."""
    now = datetime.now(UTC) - timedelta(seconds=set_by)
    return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def describe_set(by: float) -> str:
    """Say by how many seconds the time of day was set."""
    return (
        f"the time of day was set {'forward' if by > 0 else 'back'} by {format_duration(round(abs(by)))} in mid-run: "
        "durations are as they were, and the end is told by the clock that the run began with"
    )


def _day() -> float:
    """Time of day at the machine's start: it changes only when it is set; 0 where nothing goes on while suspended."""
    return 0.0 if _BOOT is None else time.time() - time.clock_gettime(_BOOT)


def _suspended() -> float:
    if _BOOT is None:
        return 0.0
    return time.clock_gettime(_BOOT) - time.monotonic()
