"""The clock of a run: seconds since it started, standing still while the machine is suspended."""

import time
from datetime import UTC, datetime

_BOOT: int | None = getattr(time, "CLOCK_BOOTTIME", None)


class RunClock:
    """Counts from its own making."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._suspended = _suspended()

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


def wall_clock() -> str:
    """The time of day, UTC, ISO 8601, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _suspended() -> float:
    if _BOOT is None:
        return 0.0
    return time.clock_gettime(_BOOT) - time.monotonic()
