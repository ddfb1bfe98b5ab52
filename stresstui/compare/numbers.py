"""What is compared of a run: each metric's values over each phase, as its series has them."""

import itertools
from typing import Final

import msgspec

from stresstui.core.derive.reading import HOST_COUNTERS
from stresstui.core.derive.series import Bucket
from stresstui.core.model.event import Phase
from stresstui.core.model.metric import MetricKind, infer
from stresstui.core.run.fold import RunState

HOST_WIDE: Final = frozenset(HOST_COUNTERS) | frozenset(
    (
        "load1", "mem_available", "shmem", "cpu_pressure", "io_pressure", "io_full_pressure", "memory_pressure",
        "memory_full_pressure", "steal", "time_wait", "backlog",
    )
)  # fmt: skip
"""What other programs on the host change as well: no property of what is under test."""
MAIN: Final = (
    "rss", "memory", "fds", "threads", "established", "close_wait", "cpu", "throughput", "connections_total",
    "connection_failures_total", "latency_ms_p50", "latency_ms_p99",
)  # fmt: skip
"""What is compared where nobody asks for more, beside what the scenario judges: each further metric costs power."""
READ_EVERY: Final = {"pss": 60.0}
"""Seconds between readings of what is too costly to be read with each sample; in between it stays as it was."""
PHASES: Final = (Phase.WARM_UP, Phase.SOAK, Phase.COOL_DOWN)
"""What can be compared; the soak alone unless somebody asks."""
FEWEST: Final = 10
"""Values below which a phase says nothing."""
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


class Numbers(msgspec.Struct, frozen=True):
    """One run."""

    run: str
    """Its name."""
    scenario: str
    """Name of its scenario."""
    runner: str
    """How it was started."""
    planned: float | None
    """Seconds that it was planned for."""
    outcome: str
    """What it came to; empty while it is on."""
    phases: dict[str, dict[str, Values]]
    """By phase, then by metric."""
    judged: list[str] = []
    """Metrics that its scenario judges."""
    soaked: float = 0.0
    """Seconds of its soak; 0 where that is not known."""


def numbers_of(state: RunState, phases: tuple[Phase, ...] = (Phase.SOAK,)) -> Numbers:
    """Take out of a run what is compared."""
    started = state.started
    return Numbers(
        run=started.run if started else "",
        scenario=state.scenario.name,
        runner=started.runner if started else "",
        planned=state.planned,
        outcome=state.outcome.value if state.outcome else "",
        phases={phase.value: _phase(state, phase) for phase in phases},
        soaked=_soaked(state),
        judged=sorted({criterion.metric.name for criterion in state.criteria}),
    )


def _soaked(state: RunState) -> float:
    began = state.phase_began.get(Phase.SOAK)
    if began is None:
        return 0.0
    end = state.phase_began.get(Phase.COOL_DOWN, state.phase_began.get(Phase.ENDED, state.t))
    return max(0.0, (end if state.facts.exited_at is None else min(end, state.facts.exited_at)) - began)


def _phase(state: RunState, phase: Phase) -> dict[str, Values]:
    began = state.phase_began.get(phase)
    if began is None:
        return {}
    order = list(Phase)
    later = [at for other, at in state.phase_began.items() if order.index(other) > order.index(phase)]
    end = min(later, default=state.t)
    if phase is Phase.SOAK and state.facts.exited_at is not None:
        end = min(end, state.facts.exited_at)
    found = ((name, _values(state, name, began, end)) for name in sorted(state.summaries) if name not in HOST_WIDE)
    return {name: values for name, values in found if values is not None}


def _values(state: RunState, name: str, began: float, end: float) -> Values | None:
    """Values of a gauge or a rate as they are; of a counter, its rate per second."""
    metric = state.scenario.metric(name) or infer(name)
    series = state.summaries[name].series
    if end - began < FEWEST * READ_EVERY.get(name, 0.0):
        return None
    # Buckets that are in the phase as a whole: one that reaches over its border has values of two phases.
    whole = [b for b in series.buckets if b.start >= began and b.start + series.width <= end and b.count]
    cover = state.burdens.cover  # what was measured while somebody looked into the run is nobody's usual value
    if metric.kind is MetricKind.COUNTER:
        pairs = [(a, b) for a, b in itertools.pairwise(whole) if not cover(a.start, b.start + series.width)]
        return _kept([_rate(a, b) for a, b in pairs], f"{metric.unit}/s", metric.title, falls=not _is_failure(name))
    means = [bucket.mean for bucket in whole if not cover(bucket.start, bucket.start + series.width)]
    return _kept(means, metric.unit, metric.title, falls=metric.falls)


def _rate(before: Bucket, after: Bucket) -> float:
    return (after.mean - before.mean) / (after.start - before.start)


def _is_failure(name: str) -> bool:
    """Whether more of what is counted is worse, by its name: of work that was done, less is."""
    bad = ("fail", "error", "lost", "corrupt", "retrans", "overflow", "refused", "missed", "wrong", "leak", "kill")
    return any(word in name for word in bad)


def _kept(values: list[float], unit: str, title: str, *, falls: bool) -> Values | None:
    """At most ``_KEPT`` values: neighbours become their mean, which changes no mean of the whole."""
    while len(values) > _KEPT:
        values = [(a + b) / 2 for a, b in zip(values[::2], values[1::2], strict=False)]
    return Values(unit, title, falls, values) if len(values) >= FEWEST else None
