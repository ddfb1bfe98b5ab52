"""What a run's metrics usually were in a phase: their values without those that say nothing of what is under test.

Such are times and rates of seconds in which the host was too busy (``derive.strain``), everything while somebody looked
into the processes, and everything after a service had ended. Failures are counted whenever they came: they happened. So
is the CPU: a run that itself needs more of it may be what made the host busy.
"""

import itertools
import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from stresstui.core.derive.reading import HOST_COUNTERS
from stresstui.core.derive.series import Bucket, Series
from stresstui.core.derive.strain import LOOK_BACK_S, TIMES, is_left_out
from stresstui.core.model.averages import fmean
from stresstui.core.model.event import Phase
from stresstui.core.model.metric import Metric, MetricKind, infer
from stresstui.core.run.state import RunState

HOST_WIDE: Final = frozenset(HOST_COUNTERS) | frozenset(
    (
        "load1", "mem_available", "shmem", "cpu_pressure", "io_pressure", "io_full_pressure", "memory_pressure",
        "memory_full_pressure", "steal", "time_wait", "backlog",
    )
)  # fmt: skip
"""What other programs on the host change as well: no property of what is under test."""
READ_EVERY: Final = {"pss": 60.0}
"""Seconds between readings of what is too costly to be read with each sample; in between it stays as it was."""
FEWEST: Final = 10
"""Values below which a phase says nothing."""
LEFT_AT_LEAST: Final = 0.25
"""Part of a phase's values that must be left where the host was too busy for the others."""
STRAINED_PART: Final = 0.1
"""Part of a stretch of time that may be strained before the stretch is."""
_KEPT: Final = 512


class Values(msgspec.Struct, frozen=True):
    """One metric in one phase of one run."""

    unit: str
    """Base unit."""
    title: str
    """Name for people."""
    falls: bool
    """Whether less is worse."""
    values: list[float]
    """In time order, equally far apart; a gap is left out."""

    @property
    def level(self) -> float:
        """All values as one: their mean, of times that of their logarithms, since one stall makes any other mean."""
        if self.unit in TIMES and min(self.values) > 0:
            return math.exp(fmean([math.log(value) for value in self.values]))
        return fmean(self.values)


class Usual(msgspec.Struct, frozen=True):
    """A phase of a run."""

    values: dict[str, Values]
    """By metric, without what says nothing."""
    whole: dict[str, Values]
    """The same with the seconds in which the host was too busy, of the metrics that are without some of them."""
    strained: float
    """Share of the phase for which the host was too busy, 0 to 1."""
    looked: float
    """Share of it in which somebody looked into the processes."""


class _Busy:
    """When the host was too busy, and for some seconds after each such time, to be asked of many stretches."""

    def __init__(self, strain: Series, after: float = 0.0) -> None:
        self._spans: list[tuple[float, float]] = []
        since = strain.buckets[0].start if strain.buckets else 0.0
        for bucket in strain.buckets:
            if not bucket.count:
                continue
            end = bucket.start + strain.width
            if bucket.mean > STRAINED_PART:  # a sample speaks of the time since the one before it
                self._add(min(since, bucket.start), end + after)
            since = end

    def _add(self, start: float, end: float) -> None:
        if self._spans and start <= self._spans[-1][1]:
            start, _ = self._spans.pop()
        self._spans.append((start, end))

    def share(self, start: float, end: float) -> float:
        """Which part of a stretch that is, 0 to 1."""
        found, first = 0.0, max(0, bisect_right(self._spans, (start, start)) - 1)
        for began, ended in itertools.islice(self._spans, first, None):
            if began >= end:
                break
            found += max(0.0, min(end, ended) - max(start, began))
        return found / (end - start) if end > start else 0.0


def span_of(state: RunState, phase: Phase) -> tuple[float, float] | None:
    """From when to when a phase was under the load and served, seconds; None where it did not begin."""
    began = state.phase_began.get(phase)
    if began is None:
        return None
    order = list(Phase)
    later = [at for other, at in state.phase_began.items() if order.index(other) > order.index(phase)]
    end = min(later, default=state.t)
    if phase is Phase.SOAK and state.facts.load_ended_at is not None:
        end = min(end, state.facts.load_ended_at)
    if state.served is not None:
        end = min(end, state.unserved_t)
    return began, max(began, end)


def usual_of(state: RunState, phase: Phase) -> Usual:
    """What the metrics were in a phase; empty where it did not begin."""
    span = span_of(state, phase)
    if span is None:
        return Usual({}, {}, 0.0, 0.0)
    busy, after = _Busy(state.strain), _Busy(state.strain, LOOK_BACK_S)
    values, whole = dict[str, Values](), dict[str, Values]()
    for name in sorted(state.summaries):
        metric = state.scenario.metric(name) or infer(name)
        if name in HOST_WIDE or span[1] - span[0] < FEWEST * READ_EVERY.get(name, 0.0):
            continue
        every, quiet = _values(state, metric, span, after if _looks_back(metric) else busy)
        if (kept := _kept(metric, quiet)) is not None and len(quiet) >= LEFT_AT_LEAST * len(every):
            values[name] = kept
        if len(quiet) < len(every) and (kept := _kept(metric, every)) is not None:
            whole[name] = kept
    return Usual(values, whole, busy.share(*span), _looked(state, span))


def _looked(state: RunState, span: tuple[float, float]) -> float:
    """Share of a time in which somebody looked; looks that overlap count once."""
    found, reached = 0.0, span[0]
    for began, ended in sorted(state.burdens.spans):
        found += max(0.0, min(ended, span[1]) - max(began, reached))
        reached = max(reached, ended)
    return found / (span[1] - span[0]) if span[1] > span[0] else 0.0


def _values(state: RunState, metric: Metric, span: tuple[float, float], busy: _Busy) -> tuple[list[float], list[float]]:
    """Values of a gauge or a rate as they are, of a counter its rate per second: all, and those of a host with room."""
    series = state.summaries[metric.name].series
    width = series.width
    # Buckets that are in the phase as a whole: one that reaches over its border has values of two phases.
    whole = [b for b in series.buckets if b.start >= span[0] and b.start + width <= span[1] and b.count]
    counts = metric.kind is MetricKind.COUNTER
    pieces = _rates(whole, width) if counts else ((b.start, b.start + width, b.mean) for b in whole)
    cover = state.burdens.cover  # what was measured while somebody looked into the run is nobody's usual value
    every = [piece for piece in pieces if not cover(piece[0], piece[1])]
    quiet = (
        [piece for piece in every if busy.share(piece[0], piece[1]) <= STRAINED_PART] if _is_timed(metric) else every
    )
    return [value for _, _, value in every], [value for _, _, value in quiet]


def _rates(buckets: Sequence[Bucket], width: float) -> Iterable[tuple[float, float, float]]:
    """From when to when and how fast a counter rose, whose buckets tell what was counted up to somewhere in them."""
    return ((a.start, b.start + width, (b.mean - a.mean) / (b.start - a.start)) for a, b in itertools.pairwise(buckets))


def _is_timed(metric: Metric) -> bool:
    """Whether a busy host bends it: of counters the work that was done."""
    if metric.kind is MetricKind.COUNTER:
        return not is_failure(metric.name)
    return is_left_out(metric)


def _looks_back(metric: Metric) -> bool:
    return metric.kind is MetricKind.GAUGE and metric.unit in TIMES


def is_failure(name: str) -> bool:
    """Whether more of what is counted is worse, by its name: of work that was done, less is."""
    bad = ("fail", "error", "lost", "corrupt", "retrans", "overflow", "refused", "missed", "wrong", "leak", "kill")
    return any(word in name for word in bad)


def _kept(metric: Metric, values: list[float]) -> Values | None:
    """At most ``_KEPT`` values: neighbours become their mean, which changes no mean of the whole."""
    while len(values) > _KEPT:
        values = [(a + b) / 2 for a, b in zip(values[::2], values[1::2], strict=False)]
    if len(values) < FEWEST:
        return None
    if metric.kind is MetricKind.COUNTER:
        return Values(f"{metric.unit}/s", metric.title, not is_failure(metric.name), values)
    return Values(metric.unit, metric.title, metric.falls, values)
