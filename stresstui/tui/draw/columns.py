"""Columns: a series cut into equal stretches of time, one for each column of a chart."""

from typing import Final

import msgspec

from stresstui.core.derive.series import Bucket, Series

STEPS: Final = (0.5, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 40, 60, 80, 100, 120, 150, 200, 240, 300, 400, 480, 600,
                 800, 900, 1200, 1500, 1800, 2400, 3000, 3600, 4800, 5400, 7200, 10800, 14400, 21600)  # fmt: skip
"""Seconds that a column or a tick may cover."""


class Columns(msgspec.Struct, frozen=True):
    """A series as columns of equal time from the start of the run on, so that a new value changes only the last."""

    step: float
    """Seconds in a column."""
    values: list[float | None]
    """One value a column; None where nothing was read."""
    origin: float = 0.0
    """When the first begins, seconds since the run started."""

    def index(self, t: float) -> int:
        """The column of an instant, which may lie before the first and behind the last."""
        return int((t - self.origin) // self.step)

    def time(self, index: int) -> float:
        """When a column begins, seconds since the run started."""
        return self.origin + index * self.step

    @property
    def span(self) -> float:
        """Seconds that all columns cover."""
        return self.step * len(self.values)


class Cutter:
    """Cuts the same series again and again: only what came since is looked at."""

    def __init__(self) -> None:
        self._series: Series | None = None
        self._asked: object = None
        self._done = 0
        self._values: list[float | None] = []

    def columns(
        self,
        series: Series | None,
        count: int,
        until: float,
        interval: float,
        *,
        minima: bool,
        origin: float = 0.0,
        widest: float = 0.0,
    ) -> Columns:
        """Bring a series into ``count`` columns up to ``until`` seconds; a column has its smallest or largest value.

        ``widest`` is the longest bucket, in seconds, of all series that stand on the same axis of time.
        """
        width = max(widest, series.width if series else 0.0)
        width = width if width > interval else interval / 2
        span = until - origin
        step = next((s for s in STEPS if s >= width and span // s < count), span / max(1, count - 1) + 1)
        values = self._cut(series, count, step, minima=minima, origin=origin)
        return Columns(step, _held(values, int(2 * interval / step) - 1, int(span // step)), origin)

    def _cut(
        self, series: Series | None, count: int, step: float, *, minima: bool, origin: float
    ) -> list[float | None]:
        asked = (count, step, minima, origin, series.width if series else 0.0)
        known = len(series.counts) if series else 0
        if series is not self._series or asked != self._asked or known < self._done:
            self._series, self._asked, self._done, self._values = series, asked, 0, [None] * max(0, count)
        fresh = series.last(known - max(0, self._done - 1)) if series else []  # the last one may have grown
        _fill(self._values, fresh, origin, step, minima=minima)
        self._done = known
        return self._values


def _fill(values: list[float | None], buckets: list[Bucket], origin: float, step: float, *, minima: bool) -> None:
    count = len(values)
    for bucket in buckets:
        index = int((bucket.start - origin) // step)
        if 0 <= index < count and bucket.count:
            value, known = bucket.low if minima else bucket.high, values[index]
            if known is None or (value < known if minima else value > known):
                values[index] = value


def _held(values: list[float | None], columns: int, last: int) -> list[float | None]:
    """A reading stands for the time up to the next; only where none came for two intervals there is a gap."""
    held, since = values[:], 0
    for index, value in enumerate(values[: last + 1]):
        since = since + 1 if value is None else 0
        if 0 < since <= columns and index >= since:
            held[index] = values[index - since]
    return held
