"""Figures: the numbers of one vital pane, taken from a RunState. Nothing here is drawn, and nothing is judged."""

from collections.abc import Iterable
from typing import Final

import msgspec

from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.derive.series import Bucket, Series
from stresstui.core.model.metric import BUILT_IN
from stresstui.core.model.units import three_digits
from stresstui.core.run.fold import RunState

VITALS: Final = ("rss", "fds", "established", "throughput")
"""The metrics that have a pane, in order."""

STEPS: Final = (0.5, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 40, 60, 80, 100, 120, 150, 200, 240, 300, 400, 480, 600,
                 800, 900, 1200, 1500, 1800, 2400, 3000, 3600, 4800, 5400, 7200, 10800, 14400, 21600)  # fmt: skip
"""Seconds that a column or a tick may cover."""
_SCALES: Final = {
    "bytes": (1024.0, ("B", "KiB", "MiB", "GiB", "TiB")),
    "bytes/s": (1000.0, ("B/s", "kB/s", "MB/s", "GB/s", "TB/s")),
}
_TREND_POINTS: Final = 10
_TREND_CHANGE: Final = 0.02
_PER_HOUR_FROM: Final = 600.0


class Scale(msgspec.Struct, frozen=True):
    """The one unit that a pane shows its numbers in."""

    unit: str
    """Unit as shown; empty for counts."""
    divisor: float
    """Base units in one shown unit."""

    def number(self, value: float | None) -> str:
        """A value without its unit; ``-`` for None."""
        if value is None:
            return "-"
        return three_digits(value / self.divisor) if self.unit else f"{value:,.0f}"

    def full(self, value: float | None) -> str:
        """A value with its unit."""
        return f"{self.number(value)} {self.unit}".rstrip()


class Trend(msgspec.Struct, frozen=True):
    """Where a metric has been going lately: a direction for the eye, not a verdict."""

    direction: int
    """1 rising, -1 falling, 0 level."""
    text: str
    """Change per time, in the pane's unit; empty when level."""


class Figure(msgspec.Struct, frozen=True):
    """Everything that a vital pane shows."""

    name: str
    """Metric."""
    title: str
    """Name for people."""
    scale: Scale
    """Unit of all numbers."""
    value: float | None
    """Newest value, base units; None when it could not be read."""
    estimated: bool
    """True where the value is an estimate."""
    trend: Trend
    """Where it has been going."""
    baseline: float | None
    """At the end of warm-up, base units."""
    low: float | None
    """Smallest so far, base units."""
    high: float | None
    """Largest so far, base units."""
    criteria: list[CriterionState]
    """The criteria that read this metric."""
    limit: CriterionState | None
    """The criterion whose threshold can be drawn."""
    source: str
    """Where the numbers come from, where that is worth saying."""

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of its criteria."""
        verdicts = {criterion.verdict for criterion in self.criteria}
        for verdict in (Verdict.BREACHED, Verdict.FAILED, Verdict.PENDING):
            if verdict in verdicts:
                return verdict
        return Verdict.OK

    @property
    def active(self) -> bool:
        """True while one of its criteria is being breached."""
        return any(criterion.active for criterion in self.criteria)

    @property
    def nearest(self) -> CriterionState | None:
        """The criterion to name where there is room for one: a breached one, else the one whose threshold is drawn."""
        candidates = sorted(self.criteria, key=lambda c: (not c.active, c is not self.limit))
        return candidates[0] if candidates else None

    @property
    def limit_value(self) -> float | None:
        """The threshold to draw, base units."""
        return self.limit.rule.threshold.value if self.limit else None

    @property
    def limit_text(self) -> str:
        """The threshold in words, such as ``< 512 MiB``; empty without one."""
        return f"{self.limit.rule.operator} {self.limit.rule.threshold}" if self.limit else ""


def figure(run: RunState, name: str) -> Figure:
    """Take the numbers of one vital from a run."""
    metric = BUILT_IN[name]
    summary, series = run.summaries.get(name), run.series.get(name)
    low, high = (summary.low, summary.high) if summary and summary.samples else (None, None)
    criteria = [c for c in run.criteria if c.metric.name == name]
    scale = _scale(metric.unit, high)
    return Figure(
        name=name, title=metric.title, scale=scale, value=run.reading.values.get(name),
        estimated=name in run.reading.certainty, trend=_trend(series, scale),
        baseline=run.baseline.get(name), low=low, high=high, criteria=criteria, limit=_limit(criteria, metric.unit),
        source=run.throughput_source if name == "throughput" else "",
    )  # fmt: skip


def _limit(criteria: Iterable[CriterionState], unit: str) -> CriterionState | None:
    levels = [
        c for c in criteria if c.rule.threshold.dimension == unit and c.limit is not None and c.rule.aggregate != "cv"
    ]
    levels.sort(key=lambda c: not c.active)
    return levels[0] if levels else None


def _scale(unit: str, high: float | None) -> Scale:
    if unit not in _SCALES:
        return Scale("", 1.0)
    step, names = _SCALES[unit]
    index, rest = 0, high or 0.0
    while rest >= step and index < len(names) - 1:
        rest, index = rest / step, index + 1
    return Scale(names[index], step**index)


def _trend(series: Series | None, scale: Scale) -> Trend:
    if series is None:
        return Trend(0, "")
    points = [(b.start, b.mean) for b in series.last(max(30, len(series.buckets) // 4)) if b.count]
    if len(points) < _TREND_POINTS:
        return Trend(0, "")
    slope, error, mean = _line(points)
    window = points[-1][0] - points[0][0]
    if abs(slope) <= 3 * error or abs(slope) * window < _TREND_CHANGE * abs(mean):
        return Trend(0, "")
    per, name = (3600.0, "h") if window >= _PER_HOUR_FROM else (60.0, "min")
    shown = slope * per / scale.divisor
    return Trend(1 if slope > 0 else -1, f"{'+' if shown > 0 else ''}{three_digits(shown)}/{name}")


def _line(points: list[tuple[float, float]]) -> tuple[float, float, float]:
    """Least-squares slope, its standard error, and the mean."""
    n = len(points)
    mt, mx = sum(t for t, _ in points) / n, sum(x for _, x in points) / n
    tt = sum((t - mt) ** 2 for t, _ in points) or 1.0
    slope = sum((t - mt) * (x - mx) for t, x in points) / tt
    rest = sum((x - mx - slope * (t - mt)) ** 2 for t, x in points)
    return slope, (rest / (n - 2) / tt) ** 0.5, mx


class Columns(msgspec.Struct, frozen=True):
    """A series as columns of equal time from the start of the run on, so that a new value changes only the last."""

    step: float
    """Seconds in a column."""
    values: list[float | None]
    """One value a column; None where nothing was read."""

    def index(self, t: float) -> int:
        """The column of an instant, which may lie behind the last."""
        return int(t // self.step)

    @property
    def span(self) -> float:
        """Seconds that all columns cover."""
        return self.step * len(self.values)


def columns(series: Series | None, count: int, until: float, interval: float, *, minima: bool) -> Columns:
    """Bring a series into ``count`` columns up to ``until`` seconds; a column has its smallest or largest value."""
    width = series.width if series and series.width > interval else interval / 2
    step = next((s for s in STEPS if s >= width and until // s < count), until / max(1, count - 1) + 1)
    values: list[float | None] = [None] * max(0, count)
    for bucket in series.buckets if series else ():
        index = int(bucket.start // step)
        if bucket.count and 0 <= index < count:
            values[index] = _keep(values[index], bucket, minima=minima)
    return Columns(step, _held(values, int(2 * interval / step) - 1, int(until // step)))


def _held(values: list[float | None], columns: int, last: int) -> list[float | None]:
    """A reading stands for the time up to the next; only where none came for two intervals there is a gap."""
    held, since = values[:], 0
    for index, value in enumerate(values[: last + 1]):
        since = since + 1 if value is None else 0
        if 0 < since <= columns and index >= since:
            held[index] = values[index - since]
    return held


def _keep(value: float | None, bucket: Bucket, *, minima: bool) -> float:
    if minima:
        return bucket.low if value is None else min(value, bucket.low)
    return bucket.high if value is None else max(value, bucket.high)
