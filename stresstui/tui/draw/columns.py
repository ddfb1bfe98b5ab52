"""Columns: a series cut into equal stretches of time, one for each column of a chart."""

from typing import Final

import msgspec

from stresstui.core.derive.series import Series

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


def columns(
    series: Series | None, count: int, until: float, interval: float, *, minima: bool, origin: float = 0.0
) -> Columns:
    """Bring a series into ``count`` columns up to ``until`` seconds; a column has its smallest or largest value."""
    width = series.width if series and series.width > interval else interval / 2
    span = until - origin
    step = next((s for s in STEPS if s >= width and span // s < count), span / max(1, count - 1) + 1)
    values: list[float | None] = [None] * max(0, count)
    for bucket in series.buckets if series else ():
        index = int((bucket.start - origin) // step)
        if bucket.count and 0 <= index < count:
            value, known = bucket.low if minima else bucket.high, values[index]
            if known is None or (value < known if minima else value > known):
                values[index] = value
    return Columns(step, _held(values, int(2 * interval / step) - 1, int(span // step)), origin)


def _held(values: list[float | None], columns: int, last: int) -> list[float | None]:
    """A reading stands for the time up to the next; only where none came for two intervals there is a gap."""
    held, since = values[:], 0
    for index, value in enumerate(values[: last + 1]):
        since = since + 1 if value is None else 0
        if 0 < since <= columns and index >= since:
            held[index] = values[index - since]
    return held
