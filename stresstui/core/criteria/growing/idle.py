"""Idle valleys: what a metric is while the offered load rests. A leak lifts that, the load does not."""

from collections.abc import Mapping
from typing import Final

from stresstui.core.model.averages import median

OFFERED_LOAD: Final = ("active_connections", "offered_rate")
"""Gauges by which a workload tells its offered load; sockets of the system under test are none: they may leak."""
REST_PART: Final = 0.05
"""A load of at most this part of the highest so far is at rest."""
SETTLE_S: Final = 5.0
"""Seconds at rest before a metric is read: connections close, heaps are given back."""
VALLEY_S: Final = 60.0
"""A longer rest counts as several valleys of so many seconds."""
VALUES_LEAST: Final = 3
"""Fewer values than this are no valley."""


class OfferedLoad:
    """Whether the load that a workload offers is at rest."""

    def __init__(self) -> None:
        self.resting_since: float | None = None
        """When the load came to rest, seconds; None under load, and where no load was ever reported."""
        self._highest = 0.0

    def observe(self, t: float, values: Mapping[str, float]) -> None:
        """Take in what the workload reported at ``t`` seconds."""
        name = next((name for name in OFFERED_LOAD if name in values), None)
        if name is None:
            return
        self._highest = max(self._highest, values[name])
        if not self._highest or values[name] > REST_PART * self._highest:
            self.resting_since = None
        elif self.resting_since is None:
            self.resting_since = t


class Valleys:
    """The values of one metric at rest: a point for each valley."""

    def __init__(self) -> None:
        self._began = 0.0
        self._values: list[float] = []

    def observe(self, t: float, value: float, resting_since: float | None) -> tuple[float, float] | None:
        """Take in a value; return the time and the median of a valley when one is over."""
        at_rest = resting_since is not None and t - resting_since >= SETTLE_S
        over = self._values and (not at_rest or t - self._began >= VALLEY_S)
        found = self._end(t) if over else None
        if at_rest:
            self._began = self._began if self._values else t
            self._values.append(value)
        return found

    def _end(self, t: float) -> tuple[float, float] | None:
        values, self._values = self._values, []
        return (t, median(values)) if len(values) >= VALUES_LEAST else None
