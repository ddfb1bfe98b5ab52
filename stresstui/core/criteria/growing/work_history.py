"""A metric over the work that was done, not over time: a warm-up saturates in work, a leak does not."""

import math
from collections.abc import Sequence
from typing import Final

import msgspec

from stresstui.core.growth.regression import Bend, Line, bend, fit, steps_residual
from stresstui.core.model.averages import fmean

BINS: Final = 64
"""Stretches of work that are kept at most; an even number. When full, neighbours merge."""
BINS_LEAST: Final = 16
"""Fewer are not judged."""
STILL, SURELY = 0.68, 1.5
"""A later half slower than this part of the earlier, by so many standard errors, is slowing down."""
LIFTED: Final = 0.5
"""The lower envelope rises at least this part of what the means rise."""
LASTING: Final = 0.5
"""And so does the last third of the work."""
BACK: Final = 0.25
"""The last third still comes down, but for this part of the rise, to where the first third was: teeth, not a leak."""
_FIT_LEAST: Final = 4
_STEPS: Final = 3
_STEP_PRICE: Final = 3.0
"""What a step has to explain, in units of the Bayesian information criterion; as in the growth detector."""


class _Bin(msgspec.Struct):
    """One stretch of work."""

    work: float
    value: float
    low: float
    count: int

    def absorb(self, other: "_Bin") -> None:
        count = self.count + other.count
        self.work = (self.work * self.count + other.work * other.count) / count
        self.value = (self.value * self.count + other.value * other.count) / count
        self.low = min(self.low, other.low)
        self.count = count


class WorkTrend(msgspec.Struct, frozen=True):
    """How a metric follows the work done; but for ``slope`` and ``interval``, upwards is the bad direction."""

    sign: int
    """1 where growing is bad, -1 where falling is: the values are mirrored then."""
    line: Line
    """Growth per unit of work, base units of the metric, with its error under correlated noise."""
    bend: Bend
    """The same as the slopes of two halves."""
    low_slope: float
    """The slope of the smallest values: what a leak lifts, and peaks do not. Of what falls, the largest."""
    lifted: float
    """How much higher the lowest of the last third lies than that of the first; one odd reading is left out."""
    last: float
    """The slope over the last third of the work."""
    work: float
    """Units of work done."""
    level: float
    """Mean of the values, base units, as it is."""
    values: list[float]
    """What the line is drawn through."""

    @property
    def slope(self) -> float:
        """Growth per unit of work as it is: negative where the metric falls."""
        return self.sign * self.line.slope

    @property
    def interval(self) -> tuple[float, float]:
        """95 % confidence interval of the slope."""
        return self.slope - self.line.reach, self.slope + self.line.reach

    @property
    def rise(self) -> float:
        """How much was added, or of what falls lost, base units."""
        return self.line.slope * self.work

    @property
    def goes_on(self) -> bool:
        """Whether it rises at the end as it did at first, on its lower envelope too: what saturates does not."""
        slope = self.line.slope
        slows = self.bend.late < STILL * self.bend.early and self.bend.slowing > SURELY
        lifts = self.low_slope >= LIFTED * slope and self.lifted >= BACK * self.rise
        return slope > 0 and lifts and self.last >= LASTING * slope and not slows

    @property
    def stepped(self) -> bool:
        """Whether a few steps explain it better than a line (Bayesian information criterion)."""
        count = len(self.values)
        steps, line = steps_residual(self.values, _STEPS), misfit(self.values, self.line, self.work)
        price = _STEP_PRICE * math.log(count) / count
        return any(steps[k] < line * math.exp(-(2 * k - 1) * price) for k in range(1, _STEPS + 1))


class WorkHistory:
    """Values of a metric by the work done so far, in fixed memory."""

    def __init__(self, sign: int = 1) -> None:
        """Begin without data; ``sign`` is -1 where falling is bad."""
        self._sign = sign
        self._bins: list[_Bin] = []
        self._width = 1
        """Points in a full bin."""
        self._since: list[float] = []
        self._done: float | None = None

    @property
    def ready(self) -> bool:
        """Whether there is enough to judge."""
        return len(self._bins) >= BINS_LEAST

    @property
    def work(self) -> float:
        """Units of work between the first and the last point."""
        return self._bins[-1].work - self._bins[0].work if self._bins else 0.0

    def observe(self, value: float) -> None:
        """Take in a value; it belongs to the stretch of work that is under way."""
        self._since.append(self._sign * value)

    def advance(self, total: float) -> None:
        """So much work has been done in all; what was seen since the last of it becomes a point."""
        if self._done is not None and total > self._done and self._since:
            self._add(_Bin((self._done + total) / 2, fmean(self._since), min(self._since), 1))
        if self._done is None or total > self._done:
            self._done = total
            self._since.clear()

    def restart(self) -> None:
        """Other processes begin: what the ones before held says nothing of them."""
        self._bins.clear()
        self._since.clear()
        self._width = 1

    def _add(self, point: _Bin) -> None:
        last = self._bins[-1] if self._bins else None
        if last is not None and last.count < self._width:
            last.absorb(point)
            return
        self._bins.append(point)
        if len(self._bins) > BINS:
            self._merge()

    def _merge(self) -> None:
        merged: list[_Bin] = []
        for number, one in enumerate(self._bins):
            if number % 2:
                merged[-1].absorb(one)
            else:
                merged.append(one)
        self._bins = merged
        self._width *= 2

    def trend(self) -> WorkTrend | None:
        """Fit a line; None where there is too little, or no work was done."""
        if not self.ready or self.work <= 0:
            return None
        works = [one.work for one in self._bins]
        values, lows = [one.value for one in self._bins], [one.low for one in self._bins]
        third = len(works) - max(4, len(works) // 3)
        return WorkTrend(
            sign=self._sign,
            line=fit(works, values),
            bend=bend(works, values),
            low_slope=fit(works, lows).least_squares,
            lifted=sorted(lows[-(len(lows) // 3) :])[1] - sorted(lows[: len(lows) // 3])[1],
            last=fit(works[third:], values[third:]).least_squares if len(works) - third > _FIT_LEAST else 0.0,
            work=self.work,
            level=self._sign * fmean(values),
            values=values,
        )


def misfit(values: Sequence[float], line: Line, work: float) -> float:
    """Sum of squares that a line leaves, its points taken as evenly spread over the work."""
    count = len(values)
    middle, step = fmean(values), line.least_squares * work / (count - 1)
    return math.fsum((value - middle - step * (i - (count - 1) / 2)) ** 2 for i, value in enumerate(values))
