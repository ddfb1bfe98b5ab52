"""A slowdown: less and less passes."""

import time

from stresstui.lab.relay.faults.base import Fault

_RAMP = 2.0  # seconds in which a load is still coming up
_LOOK = 5.0  # seconds that say how much passes without the fault
_LEAST = 0.05


class Slowdown(Fault):
    """What passed at first passes slower and slower, until a twentieth is left."""

    kind = "slowdown"

    def begin(self) -> None:
        """Learn the rate of the first seconds."""
        self._allowance = Allowance(self.amount, time.monotonic())

    def pause(self, size: int) -> float:
        """Wait until so many bytes are within the falling rate."""
        return self._allowance.charge(size, time.monotonic())


class Allowance:
    """Learns the rate of the first seconds, then allows a falling share of it."""

    def __init__(self, share_per_second: float, now: float) -> None:
        self._fall, self._began = share_per_second, now
        self._seen = 0
        self._free_at = now

    def charge(self, size: int, now: float) -> float:
        """Return the seconds until so many bytes, passed now, are within the rate."""
        age = now - self._began
        if age < _RAMP + _LOOK:
            self._seen += size if age >= _RAMP else 0
            return 0.0
        rate = self._seen / _LOOK * max(_LEAST, 1.0 - self._fall * (age - _RAMP - _LOOK))
        if rate == 0:
            return 0.0
        self._free_at = max(self._free_at, now) + size / rate
        return self._free_at - now
