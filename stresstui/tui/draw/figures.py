"""Figures: the numbers of one vital pane, taken from a RunState. Nothing here is drawn, and nothing is judged."""

import math
from collections.abc import Iterable
from typing import Final

import msgspec

from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.derive.series import Bucket, Series, Summary
from stresstui.core.model.event import Phase
from stresstui.core.model.metric import BUILT_IN
from stresstui.core.model.scenario import RunnerKind
from stresstui.core.model.units import three_digits
from stresstui.core.run.fold import RunState

RATE_OVER_S: Final = 5.0
"""Seconds that a rate of a counter is taken over, at least."""
_TELL_FULL: Final = 4
"""Buckets before the newest by which it is told how many values a full one has."""
SETTLED_S: Final = 20.0
"""Seconds of soak from which on a chart is about the soak."""
VITALS: Final = ("rss", "fds", "established", "throughput")
"""The metrics that have a pane, in order."""
MORE: Final = ("cpu", "connections", "latency")
"""What has a pane where there is room: of the load where it is reported."""
_REPORTED: Final = {
    "connections": ("connections_total", "attempts_total"), "latency": ("latency_ms_p99", "latency_ms_p50"),
}  # fmt: skip
_TITLES: Final = {
    "cpu": "CPU",
    "connections": "Connections/s",
    "latency_ms_p99": "Latency p99",
    "latency_ms_p50": "Latency p50",
}

_SCALES: Final = {
    "bytes": (1024.0, ("B", "KiB", "MiB", "GiB", "TiB")),
    "bytes/s": (1000.0, ("B/s", "kB/s", "MB/s", "GB/s", "TB/s")),
}


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


class Figure(msgspec.Struct, frozen=True):
    """Everything that a vital pane shows."""

    name: str
    """Metric."""
    series: Series | None
    """Its history."""
    title: str
    """Name for people."""
    scale: Scale
    """Unit of all numbers."""
    value: float | None
    """Newest value, base units; None when it could not be read."""
    estimated: bool
    """True where the value is an estimate."""
    growth: CriterionState | None
    """The criterion that judges its growth."""
    span: tuple[float, float] | None
    """Smallest and largest value since the soak began, or at all before it; base units."""
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
        verdicts = {criterion.shown_verdict for criterion in self.criteria}
        for verdict in (Verdict.BREACHED, Verdict.FAILED, Verdict.PENDING, Verdict.WARNING):
            if verdict in verdicts:
                return verdict
        return Verdict.OK

    @property
    def active(self) -> bool:
        """True while one of its criteria is being breached."""
        return any(criterion.active for criterion in self.criteria)

    @property
    def nearest(self) -> CriterionState | None:
        """The criterion to name where there is room for one: a failed one, else the one whose threshold is drawn."""

        def place(one: CriterionState) -> tuple[bool, bool, bool]:
            return not one.active, one.verdict is not Verdict.FAILED, one is not self.limit

        candidates = sorted(self.criteria, key=place)
        return candidates[0] if candidates else None

    @property
    def lower(self) -> bool:
        """True where small values are the bad ones, and a chart has to keep them."""
        return self.name in BUILT_IN and BUILT_IN[self.name].falls

    @property
    def slope_text(self) -> str:
        """How fast it grows, as its criterion measures it; empty while that cannot be told."""
        if self.growth is None or self.growth.value is None:
            return ""
        return f"{'+' if self.growth.value > 0 else ''}{self.growth.shown_value}"

    @property
    def limit_value(self) -> float | None:
        """The threshold to draw, base units."""
        return self.limit.rule.threshold.value if self.limit else None


def is_hosts(run: RunState, name: str) -> bool:
    """Whether a count is the whole host's: of a lab alone the connections are its own."""
    return name == "attempts_total" and run.started is not None and run.started.runner != RunnerKind.LAB


def is_known(run: RunState, name: str) -> bool:
    """Whether a run has anything to show of a vital."""
    return name in BUILT_IN or any(reported in run.series for reported in _REPORTED[name])


def figure(run: RunState, name: str) -> Figure:
    """Take the numbers of one vital from a run."""
    if name in BUILT_IN:
        return _built_in(run, name)
    reported = next((known for known in _REPORTED[name] if known in run.series), _REPORTED[name][0])
    return _reported(run, name, reported)


def figure_of(run: RunState, criterion: CriterionState) -> Figure:
    """Take the numbers of what a criterion reads, whatever reports it."""
    name = criterion.metric.name
    return figure(run, name) if name in BUILT_IN else _reported(run, name, name)


def _reported(run: RunState, name: str, reported: str) -> Figure:
    """What the workload counts: of a counter its rate, which the rules name by the counter."""
    counts = reported.endswith("_total")
    series = rate_series(run.series[reported]) if counts and reported in run.series else run.series.get(reported)
    whole = Summary(series).whole if series else None
    low, high = (whole.low, whole.high) if whole and whole.count else (None, None)
    criteria = [] if counts else [c for c in run.criteria if c.metric.name == reported]
    scale = _scale("ms" if reported in _REPORTED["latency"] else "", None, rate=counts)
    return Figure(
        name=reported, series=series,
        title=_TITLES.get(name if counts else reported, name) + (", host" if is_hosts(run, reported) else ""),
        scale=scale,
        value=series.newest if series else None, estimated=False,
        growth=_growth(criteria), span=_span(run, series), baseline=None if counts else run.baseline.get(reported),
        low=low, high=high, criteria=criteria, limit=_limit(criteria, "ms"), source="",
    )  # fmt: skip


def rate_series(counter: Series, newest: int | None = None) -> Series:
    """How fast a counter grows, per second, over RATE_OVER_S or the buckets where those are longer.

    ``newest`` is of how many of its newest buckets; None = of all. The newest bucket is not full yet: its rate is over
    the time that was reported, and not over all that it will cover.
    """
    apart = max(1, round(RATE_OVER_S / counter.width))
    known = counter.last(newest + apart + _TELL_FULL) if newest else counter.buckets
    filled = [bucket for bucket in known if bucket.count]
    pairs = zip(filled, filled[apart:], strict=False)
    rates = [max(0.0, (now.high - before.high) / (now.start - before.start)) for before, now in pairs]
    if rates:
        rates[-1] = _newest_rate(filled, apart, counter.width)
    buckets = [Bucket(now.start, rate, rate, rate, 1) for now, rate in zip(filled[apart:], rates, strict=True)]
    return Series.of(buckets, counter)


def _newest_rate(filled: list[Bucket], apart: int, width: float) -> float:
    """Per second, over the part of the newest bucket that was reported and whole ones before it."""
    last, full = filled[-1], max(bucket.count for bucket in filled[-1 - _TELL_FULL :])
    ahead = width * (1.0 - last.count / full)
    back = apart
    while last.start - filled[-1 - back].start - ahead < RATE_OVER_S and back + 1 < len(filled):
        back += 1
    before = filled[-1 - back]
    return max(0.0, (last.high - before.high) / (last.start - before.start - ahead))


def _built_in(run: RunState, name: str) -> Figure:
    metric = BUILT_IN[name]
    summary, series = run.summaries.get(name), run.series.get(name)
    low, high = (summary.low, summary.high) if summary and summary.samples else (None, None)
    criteria = [c for c in run.criteria if c.metric.name == name]
    scale = _scale(metric.unit, high)
    return Figure(
        name=name, series=series, title=_TITLES.get(name, metric.title), scale=scale,
        value=run.reading.values.get(name), estimated=name in run.reading.certainty,
        growth=_growth(criteria), span=_span(run, series),
        baseline=run.baseline.get(name), low=low, high=high, criteria=criteria, limit=_limit(criteria, metric.unit),
        source=run.throughput_source if name == "throughput" else "",
    )  # fmt: skip


def _growth(criteria: Iterable[CriterionState]) -> CriterionState | None:
    return next(
        (c for c in criteria if c.rule.aggregate == "growth" and c.rule.window is None and not c.rule.per), None
    )


def _span(run: RunState, series: Series | None) -> tuple[float, float] | None:
    """What a chart has to show: how the level was reached is not what the soak is about."""
    if series is None:
        return None
    began = run.phase_began.get(Phase.SOAK, 0.0)
    buckets = series.since(began if run.t - began >= SETTLED_S else 0.0)
    low, high = min([b.low for b in buckets], default=math.inf), max([b.high for b in buckets], default=-math.inf)
    return (low, high) if low <= high else None


def _limit(criteria: Iterable[CriterionState], unit: str) -> CriterionState | None:
    levels = [c for c in criteria if c.rule.threshold.dimension == unit and _is_level(c)]
    levels.sort(key=lambda c: not c.active)
    return levels[0] if levels else None


def _is_level(criterion: CriterionState) -> bool:
    """Whether its threshold is one of the metric itself, not of how it varies or of what a unit of work adds."""
    return criterion.limit is not None and criterion.rule.aggregate != "cv" and not criterion.rule.per


def _scale(unit: str, high: float | None, *, rate: bool = False) -> Scale:
    if unit not in _SCALES:
        return Scale("/s" if rate else unit if unit in ("%", "ms") else "", 1.0)
    step, names = _SCALES[unit]
    index, rest = 0, high or 0.0
    while rest >= step and index < len(names) - 1:
        rest, index = rest / step, index + 1
    return Scale(names[index], step**index)
