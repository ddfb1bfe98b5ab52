"""Numbers for the charts: least, mean and greatest per stretch of time, limits, phases, breaches, notes."""

from typing import Final

import msgspec

from stresstui.core.criteria.state import CriterionState
from stresstui.core.derive.series import Bucket, Series
from stresstui.core.model.event import Phase
from stresstui.core.model.metric import infer
from stresstui.core.model.timeline import Mark
from stresstui.core.run.fold import RunState
from stresstui.core.text.printable import printable
from stresstui.report.result import Number, tidy
from stresstui.report.text import limit_of

VITALS: Final = ("rss", "fds", "established", "throughput", "cpu", "close_wait")
"""What the guide watches, drawn first."""
POINTS: Final = 64 * 1024
"""Stretches of time in all charts together, which keeps a page of a day well under 5 MB."""
_FEWEST: Final = 128
_LEVELS: Final = ("min", "max", "last", "mean", "p50", "p95", "p99")
_NOTES_MAX: Final = 100


class Limit(msgspec.Struct, frozen=True):
    """A threshold as a line from one place to another."""

    label: str
    start: Number | None
    end: Number | None
    first: Number | None
    """Its height at ``start``, base units."""
    last: Number | None
    """Its height at ``end``."""


class Chart(msgspec.Struct, frozen=True):
    """One metric."""

    name: str
    title: str
    unit: str
    vital: bool
    """Whether it is shown without being asked for."""
    start: Number | None
    """Seconds of the run at the first stretch."""
    width: Number | None
    """Seconds of a stretch."""
    low: list[Number | None]
    mean: list[Number | None]
    high: list[Number | None]
    baseline: Number | None
    limits: list[Limit]
    breaches: list[tuple[Number | None, Number | None, str]]
    """Intervals and whose they are."""


class Charts(msgspec.Struct, frozen=True):
    """All charts, on one time axis."""

    end: Number | None
    """Seconds of the run at its end."""
    wall: str
    """Wall-clock time of second 0, UTC, ISO 8601."""
    phases: list[tuple[str, Number | None, Number | None]]
    """Name, begin and end."""
    notes: list[tuple[Number | None, str]]
    """What people wrote, and when."""
    charts: list[Chart]


def charts_of(state: RunState) -> Charts:
    """Everything that is drawn of a run."""
    names = _ordered(state)
    capacity = max(_FEWEST, POINTS // max(1, len(names)))
    notes = [(tidy(entry.t), printable(entry.text)) for entry in state.entries if entry.mark is Mark.NOTE]
    return Charts(
        end=tidy(state.t),
        wall=printable(state.started.wall) if state.started else "",
        phases=_phases(state),
        notes=notes[-_NOTES_MAX:],
        charts=[_chart(state, name, capacity) for name in names],
    )


def _ordered(state: RunState) -> list[str]:
    """The guide's metrics, then those that are judged, then the rest; none without a value, none that never moved."""
    there = [name for name in sorted(state.summaries) if state.summaries[name].samples]
    judged = [criterion.metric.name for criterion in state.criteria]
    first = [name for name in (*VITALS, *judged) if name in there]
    moved = [name for name in there if state.summaries[name].low != state.summaries[name].high]
    return list(dict.fromkeys((*first, *moved)))


def _phases(state: RunState) -> list[tuple[str, Number | None, Number | None]]:
    began = [(phase, state.phase_began[phase]) for phase in Phase if phase in state.phase_began]
    ends = [at for _, at in began[1:]] + [state.t]
    return [(p.value, tidy(at), tidy(end)) for (p, at), end in zip(began, ends, strict=False) if end > at]


def _chart(state: RunState, name: str, capacity: int) -> Chart:
    metric = state.scenario.metric(name) or infer(name)
    series = state.summaries[name].series
    width, buckets = coarsened(series, capacity)
    judged = [criterion for criterion in state.criteria if criterion.metric.name == name]
    limits = [limit for criterion in judged if (limit := _limit(state, criterion)) is not None]
    return Chart(
        name=printable(name),
        title=printable(metric.title),
        unit=metric.unit,
        vital=name in VITALS or bool(judged),
        start=tidy(buckets[0].start),
        width=tidy(width),
        low=[tidy(b.low) if b.count else None for b in buckets],
        mean=[tidy(b.mean) if b.count else None for b in buckets],
        high=[tidy(b.high) if b.count else None for b in buckets],
        baseline=tidy(state.baseline.get(name)),
        limits=limits,
        breaches=[(tidy(b.began), tidy(b.ended), printable(c.spec.title)) for c in judged for b in c.breaches],
    )


def coarsened(series: Series, capacity: int) -> tuple[float, list[Bucket]]:
    """Width and buckets of a series, neighbours merged until there are at most ``capacity``; no extreme is lost."""
    width, buckets = series.width, series.buckets
    while len(buckets) > capacity:
        width *= 2
        merged: list[Bucket] = []
        for bucket in buckets:
            start = (bucket.start // width) * width
            if not merged or merged[-1].start != start:
                merged.append(Bucket(start))
            merged[-1].absorb(bucket)
        buckets = merged
    return width, buckets


def _limit(state: RunState, criterion: CriterionState) -> Limit | None:
    """Where a rule's threshold runs; None for one that no line can show, such as a count or a variation."""
    rule, value = criterion.rule, criterion.rule.threshold.value
    soak = state.phase_began.get(Phase.SOAK)
    if soak is None:
        return None
    end = state.phase_began.get(Phase.COOL_DOWN, state.t)
    label = printable(f"{rule.aggregate} {limit_of(criterion)}")
    if rule.aggregate in _LEVELS:
        return Limit(label, tidy(soak), tidy(end), tidy(value), tidy(value))
    base = state.baseline.get(criterion.metric.name)
    if rule.aggregate == "growth" and not rule.per and base is not None:
        return Limit(label, tidy(soak), tidy(end), tidy(base), tidy(base + value * (end - soak)))
    return None
