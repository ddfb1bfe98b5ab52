"""Measures: what the left side of a rule is worth at an instant, and whether the rest of the run could change it."""

import math
from collections import deque
from collections.abc import Callable, Sequence
from enum import IntEnum
from operator import itemgetter
from typing import Final, Protocol

import msgspec

from stresstui.core.criteria.rule import Rule
from stresstui.core.model.averages import fmean
from stresstui.core.model.metric import COLLECTED, Metric

_WINDOW_FULL: Final = 0.9
"""Part of a window that has to be covered by readings before it is judged."""
_BUCKETS_PER_E: Final = 100
"""Buckets of a percentile's histogram per factor of e: values within 1 % share one."""


class Crossing(IntEnum):
    """On which side of its threshold a measure is."""

    NONE = 0
    """The rule holds, or there is nothing to judge yet."""
    OPEN = 1
    """It does not hold, but what is to come can still change that."""
    FIRM = 2
    """It does not hold now, and now is what counts."""
    AHEAD = 3
    """Something has to be reached, was not yet, and still can be."""


# Kept apart because Python 3.11 takes longer to look a member of an enumeration up than to compare with it.
_NONE, _OPEN, _FIRM, _AHEAD = Crossing


class Measure(Protocol):
    """The left side of one rule."""

    count: int
    """Values taken in."""
    momentary: bool
    """True where every present value is judged, so that one is a breach only once it has held for long enough."""
    reaching: bool
    """True where something has to have happened, or so often, for which a shortened run may be too short."""

    @property
    def value(self) -> float | None:
        """What is measured, base units; None without data."""

    def observe(self, t: float, x: float) -> None:
        """Take in the metric's value at ``t`` seconds; counters come accumulated, without resets."""

    def leave_out(self, t: float, x: float) -> None:
        """Go on over a value that is to be no part of it; asked only of measures of the whole soak."""

    def crossing(self, remaining_ratio: float | None) -> Crossing:
        """Compare with the threshold; ``remaining_ratio`` times the data seen so far is to come (None = unknown)."""


class _Apart:
    """What is a measure of its values apart from each other: one that is left out leaves no trace."""

    def leave_out(self, t: float, x: float) -> None:
        """Take no notice."""


class Extreme(_Apart):
    """``max``, ``min`` and ``last`` of everything so far."""

    def __init__(self, rule: Rule) -> None:
        self.value: float | None = None
        self.count = 0
        self._rule = rule
        self._holds = rule.test()
        self._current: float | None = None
        # max(x) > 5 and max(x) == 5 ask for something to be reached, which may come late; max(x) < 5 must hold always.
        self.momentary = rule.always
        can_come = rule.operator != "!=" and not (rule.aggregate == "last" and rule.upper)
        self.reaching = not self.momentary and can_come
        self._pick = {"max": max, "min": min}.get(rule.aggregate)

    def observe(self, t: float, x: float) -> None:
        """Take in a value."""
        del t
        self.count += 1
        self._current = x
        self.value = x if self.value is None or self._pick is None else self._pick(self.value, x)

    def crossing(self, remaining_ratio: float | None) -> Crossing:
        """Judge the present value, or what has been reached."""
        del remaining_ratio
        if self.value is None or self._current is None:
            return _NONE
        if self._holds(self._current if self.momentary else self.value):
            return _NONE
        if self.momentary or self._overshot(self.value):
            return _FIRM
        return _AHEAD if self.reaching else _OPEN

    def _overshot(self, value: float) -> bool:
        """Whether an extreme that has to equal its threshold has gone past it."""
        limit = self._rule.threshold.value
        past = {"max": value > limit, "min": value < limit}.get(self._rule.aggregate, False)
        return past and self._rule.operator == "=="

    @property
    def current(self) -> float | None:
        """The newest value: what a breach's worst value is taken from."""
        return self._current


class Windowed(_Apart):
    """An aggregate over the time just passed."""

    momentary = True
    reaching = False

    def __init__(self, rule: Rule) -> None:
        self.value: float | None = None
        self.count = 0
        self._rule = rule
        self._holds = rule.test()
        self._window = rule.window or 0.0
        self._times: deque[float] = deque()
        self._values: deque[float] = deque()
        self._before: tuple[float, float] | None = None

    def observe(self, t: float, x: float) -> None:
        """Take in a value and let go of what has left the window; the last to leave is kept, a rate needs it."""
        self.count += 1
        times, values, start = self._times, self._values, t - self._window
        times.append(t)
        values.append(x)
        while times[0] <= start:
            self._before = (times.popleft(), values.popleft())
        t0, x0 = self._before or (times[0], values[0])
        if t - t0 < self._window * _WINDOW_FULL:
            self.value = None
        elif self._rule.aggregate == "rate":
            self.value = (x - x0) / (t - t0)
        elif self._rule.aggregate == "growth":
            self.value = slope(times, values)
        else:
            self.value = aggregate_of(self._rule.aggregate, values)

    def crossing(self, remaining_ratio: float | None) -> Crossing:
        """Judge the window as it is."""
        del remaining_ratio
        return _NONE if self.value is None or self._holds(self.value) else _FIRM


def slope(times: Sequence[float], values: Sequence[float]) -> float | None:
    """Slope of values over times by least squares, per second; None for fewer than two instants."""
    if len(times) < 2:  # noqa: PLR2004 - a line goes through two points
        return None
    mean_t, mean_x = fmean(times), fmean(values)
    spread = math.fsum((t - mean_t) * (t - mean_t) for t in times)
    return (
        math.fsum((t - mean_t) * (x - mean_x) for t, x in zip(times, values, strict=True)) / spread if spread else None
    )


def aggregate_of(name: str, values: Sequence[float]) -> float | None:
    """Aggregate values by the rule language's name; None where it is not defined for them."""
    if not values:
        return None
    simple = _SIMPLE.get(name)
    if simple is not None:
        return simple(values)
    if name == "cv":
        return _variation(values)
    rank = math.ceil(len(values) * float(name[1:]) / 100.0)
    return sorted(values)[rank - 1]


def _variation(values: Sequence[float]) -> float | None:
    mean = fmean(values)
    return 100.0 * math.sqrt(fmean([(x - mean) ** 2 for x in values])) / abs(mean) if mean else None


_SIMPLE: Final[dict[str, Callable[[Sequence[float]], float]]] = {
    "max": max, "min": min, "mean": fmean, "last": lambda values: values[-1],
}  # fmt: skip


class Mean(_Apart):
    """``mean`` of everything so far."""

    momentary = False
    reaching = False

    def __init__(self, rule: Rule, metric: Metric) -> None:
        self.value: float | None = None
        self.count = 0
        self._rule = rule
        self._holds = rule.test()
        self._sum = 0.0
        # What the rest of the run could bring at best: only this share cannot pass 100 %, and only counts that may
        # be negative can go below 0.
        self._ceiling = 100.0 if metric.name == "cpu" else math.inf
        self._bottom = 0.0 if metric.unit != "count" or metric.name in COLLECTED else -math.inf

    def observe(self, t: float, x: float) -> None:
        """Take in a value."""
        del t
        self.count += 1
        self._sum += x
        self.value = self._sum / self.count

    def crossing(self, remaining_ratio: float | None) -> Crossing:
        """Judge the mean; firm only where no possible rest of the run could bring it back."""
        if self.value is None or self._holds(self.value):
            return _NONE
        extreme = self._bottom if self._rule.upper else self._ceiling
        if remaining_ratio is None or math.isinf(extreme) or self._rule.operator in ("==", "!="):
            return _OPEN
        best = (self.value + extreme * remaining_ratio) / (1.0 + remaining_ratio)
        return _OPEN if self._holds(best) else _FIRM


class Spread(_Apart):
    """``cv`` and the percentiles of everything so far, in bounded memory (percentiles within 1 %)."""

    momentary = False
    reaching = False

    def __init__(self, rule: Rule) -> None:
        self.count = 0
        self._rule = rule
        self._holds = rule.test()
        self._mean = 0.0
        self._squares = 0.0
        self._buckets: dict[tuple[int, int, bool], list[float]] = {}
        self._order: list[list[float]] = []

    def observe(self, t: float, x: float) -> None:
        """Take in a value (Welford's update for the variance)."""
        del t
        self.count += 1
        step = x - self._mean
        self._mean += step / self.count
        self._squares += step * (x - self._mean)
        key = (math.floor(math.log(abs(x)) * _BUCKETS_PER_E) if x else 0, (x > 0) - (x < 0), self._holds(x))
        bucket = self._buckets.setdefault(key, [0.0, x, x])
        bucket[0] += 1
        bucket[1], bucket[2] = min(bucket[1], x), max(bucket[2], x)

    @property
    def value(self) -> float | None:
        """The variation coefficient in percent, or the percentile; None where it is not defined."""
        if not self.count:
            return None
        if self._rule.aggregate == "cv":
            return 100.0 * math.sqrt(self._squares / self.count) / abs(self._mean) if self._mean else None
        return self._percentile(float(self._rule.aggregate[1:]) / 100.0)

    def _percentile(self, share: float) -> float:
        """A value of the bucket that holds it; no bucket lies on both sides of the limit, so the verdict is exact."""
        if len(self._order) < len(self._buckets):
            self._order = sorted(self._buckets.values(), key=itemgetter(1), reverse=True)
        above = self.count - math.ceil(self.count * share)
        for count, low, high in self._order:
            above -= int(count)
            if above < 0:
                return (low + high) / 2.0
        return 0.0

    def crossing(self, remaining_ratio: float | None) -> Crossing:
        """Judge what has been seen; the rest may change it."""
        del remaining_ratio
        value = self.value
        return _NONE if value is None or self._holds(value) else _OPEN


class CounterMeasure:
    """``count`` and the unwindowed ``rate`` of a counter."""

    momentary = False

    def __init__(self, rule: Rule) -> None:
        self.value: float | None = None
        self.count = 0
        self._rule = rule
        self._holds = rule.test()
        self._first: tuple[float, float] | None = None
        self.reaching = rule.aggregate == "count" and (rule.lower or rule.operator == "==")
        self._last = (0.0, 0.0)

    def leave_out(self, t: float, x: float) -> None:
        """As if that time had not been, nor what was counted in it."""
        if self._first is not None:
            (t0, x0), (t1, x1) = self._first, self._last
            self._first = (t0 + t - t1, x0 + x - x1)
        self._last = (t, x)

    def observe(self, t: float, x: float) -> None:
        """Take in the count accumulated since the run's load began."""
        self.count += 1
        if self._first is None:
            self._first = (t, x)
        t0, x0 = self._first
        self._last = (t, x)
        if self._rule.aggregate == "count":
            self.value = x
        elif t > t0:
            self.value = (x - x0) / (t - t0)

    def crossing(self, remaining_ratio: float | None) -> Crossing:
        """Judge; a count over its upper limit cannot come back, a rate and a lower limit can."""
        del remaining_ratio
        if self.value is None or self._holds(self.value):
            return _NONE
        final = self._rule.aggregate == "count" and (
            self._rule.upper or (self._rule.operator == "==" and self.value > self._rule.threshold.value)
        )
        if final:
            return _FIRM
        return _AHEAD if self.reaching else _OPEN


RECENT: Final = 60.0
"""Seconds of the window that is shown beside a measure of the whole soak."""


def recent_for(rule: Rule) -> Windowed | None:
    """Make the same measure over the last minute, for a mean or a rate of the whole soak; None for other rules."""
    if rule.window is not None or rule.aggregate not in ("mean", "rate"):
        return None
    return Windowed(msgspec.structs.replace(rule, window=RECENT))


def measure_for(rule: Rule, metric: Metric) -> Measure:
    """Make the measure of a rule over readings; growth, settles and facts have their own."""
    if rule.aggregate == "count" or (rule.aggregate == "rate" and rule.window is None):
        return CounterMeasure(rule)
    if rule.window is not None:
        return Windowed(rule)
    if rule.aggregate == "mean":
        return Mean(rule, metric)
    return Extreme(rule) if rule.aggregate in ("max", "min", "last") else Spread(rule)
