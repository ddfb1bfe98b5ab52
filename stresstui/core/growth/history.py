"""What is remembered of a metric: at most 256 bins of 5-second medians on the clock of active time."""

import msgspec

from stresstui.core.growth.tuning import TUNING
from stresstui.core.model.averages import median

LIMIT = 256
"""Bins kept; when there are more, neighbours are merged and bins become twice as wide."""

HORIZON = float("inf")


class Bin(msgspec.Struct):
    """The medians of one stretch of active time."""

    place: int
    """Which stretch: its start divided by the width of all bins."""
    began: float
    """When its first value was taken, on the trace's own clock, seconds."""
    total: float
    """Sum of the medians."""
    count: int
    """How many medians."""
    low: float
    """The lowest median."""

    def absorb(self, later: "Bin") -> None:
        """Take in a later bin of the same stretch."""
        self.total += later.total
        self.count += later.count
        self.low = min(self.low, later.low)


class History:
    """The bounded memory of one metric; `add` is cheap, everything else is for evaluations."""

    __slots__ = ("_edge", "_group", "_group_began", "_group_place", "_last", "_offset", "_width", "bins")

    def __init__(self) -> None:
        self.bins: list[Bin] = []
        self._width = TUNING.group_s
        self._group: list[float] = []
        self._group_began = 0.0
        self._group_place = 0
        self._edge = -HORIZON
        self._offset: float | None = None
        self._last = 0.0

    @property
    def active_s(self) -> float:
        """Observed time from the first value to the last, seconds."""
        return 0.0 if self._offset is None else self._last - self._offset

    @property
    def last(self) -> float | None:
        """When the last value was taken, on the trace's own clock; None before the first."""
        return None if self._offset is None else self._last

    def add(self, t: float, value: float) -> None:
        """Take in one finite value; `t` in seconds, never going back."""
        if t >= self._edge:
            self._open(t)
        self._last = t
        self._group.append(value)

    def gap(self, t: float) -> None:
        """Nothing was observed from the last value to `t`: active time stands still meanwhile."""
        if self._offset is None or t <= self._last:
            return
        self._close()
        self._offset += t - self._last
        self._last = t
        self._edge = -HORIZON

    def began(self, index: int) -> float:
        """Return when the bin at `index` began, on the trace's own clock."""
        return self.bins[index].began

    def level(self) -> float:
        """Return the median of the bins' means, without its sign."""
        return abs(median(b.total / b.count for b in self.bins)) if self.bins else 0.0

    def snapshot(self) -> tuple[list[float], list[float], list[float]]:
        """Return active times (bin centres), means and minima, the open group included."""
        self._close()
        width = self._width
        bins = self.bins
        return (
            [(b.place + 0.5) * width for b in bins],
            [b.total / b.count for b in bins],
            [b.low for b in bins],
        )

    def _open(self, t: float) -> None:
        self._close()
        if self._offset is None:
            self._offset = t
        place = int((t - self._offset) / TUNING.group_s)
        self._edge = self._offset + (place + 1) * TUNING.group_s
        self._group_place = place
        self._group_began = t

    def _close(self) -> None:
        if not self._group:
            return
        middle = median(self._group)
        self._group.clear()
        place = int(self._group_place * TUNING.group_s / self._width)
        taken = Bin(place, self._group_began, middle, 1, middle)
        if self.bins and self.bins[-1].place == place:
            self.bins[-1].absorb(taken)
            return
        self.bins.append(taken)
        while len(self.bins) > LIMIT:
            self._merge()

    def _merge(self) -> None:
        self._width *= 2
        merged: list[Bin] = []
        for each in self.bins:
            each.place //= 2
            if merged and merged[-1].place == each.place:
                merged[-1].absorb(each)
            else:
                merged.append(each)
        self.bins = merged
