"""``result.json``: what a run came to, for programs. Schema 1: fields may be added, none is ever changed."""

import math
from pathlib import Path
from typing import Final, Literal

import msgspec

from stresstui.core.criteria.state import Breach, CriterionState, Verdict
from stresstui.core.derive.series import Summary
from stresstui.core.model.certainty import Certainty
from stresstui.core.model.event import Phase, Started
from stresstui.core.model.metric import infer
from stresstui.core.model.outcome import Outcome
from stresstui.core.model.scenario import Severity
from stresstui.core.run.fold import RunState
from stresstui.core.run.usual import usual_of
from stresstui.files import write_whole
from stresstui.folder import RESULT

SCHEMA: Final = 1
"""Version of ``result.json``."""
_DIGITS: Final = 6

Number = int | float
"""A number as JSON has it: whole ones without a fraction, never NaN or infinite."""


class BreachResult(msgspec.Struct, frozen=True):
    """An interval in which a criterion was breached."""

    began_s: Number | None
    """Seconds since the run started."""
    ended_s: Number | None
    """Seconds since the run started; None where it lasted to the end."""
    worst: Number | None
    """The value farthest over the limit, in the criterion's unit."""


class CriterionResult(msgspec.Struct, frozen=True):
    """One criterion with its verdict."""

    id: str
    """Short name, unique in the scenario."""
    title: str
    """Name for people."""
    rule: str
    """The rule as written."""
    verdict: Verdict
    """``passed``, ``failed`` or ``inconclusive``; a live verdict while the run is on."""
    value: Number | None
    """What was measured, in ``unit``; None without data."""
    limit: Number | None
    """The threshold, in ``unit``; None where the rule has none."""
    unit: str
    """The unit in which the rule was written, else the metric's own; empty for a count."""
    evidence: str
    """Why this verdict, with numbers and window."""
    breaches: list[BreachResult]
    """Intervals, oldest first."""
    margin: Number | None
    """Room to the limit, in ``unit``; negative when it is crossed."""
    severity: Severity
    """``fail`` or ``warn``."""
    group: str
    """Heading under which it is shown."""
    breach_count: int
    """How many breaches there were, those not listed included."""
    missing: Number | None
    """Share of the readings that were due and could not be had, 0 to 1."""
    certainty: Certainty = Certainty.EXACT
    """How certain ``value`` is: ``exact``, ``estimate``, ``at_least`` or ``at_most``."""


class MetricResult(msgspec.Struct, frozen=True):
    """One metric over the whole run, in its base unit."""

    unit: str
    """Base unit: ``bytes``, ``count``, ``%``, ``s``, ``ms``, with ``/s`` for rates."""
    min: Number | None
    """Smallest value."""
    mean: Number | None
    """Mean of the values."""
    max: Number | None
    """Largest value."""
    last: Number | None
    """Newest value."""
    baseline: Number | None
    """Value at the end of warm-up; None where there was none."""
    samples: int
    """Values read."""
    missing: int
    """Values that were due and not read."""


class ChildResult(msgspec.Struct, frozen=True):
    """What happened to the child."""

    exit_status: int | None
    """Exit status; None when a signal ended it, or when it is not known."""
    signal: str | None
    """Name of the signal that ended it."""
    tests_run: int
    """Tests that ran."""
    tests_failed: int
    """Tests that failed."""
    panics: int
    """Panic messages in its output."""
    crashed: int
    """Processes of the system under test that a crash signal ended."""
    oom_errors: int
    """Messages about exhausted memory or descriptors."""
    stopped_as_planned: bool
    """True when it was stopped at the end of its plan."""
    cause: str
    """``not_found``, ``build_failed``, ``not_ready`` where it could not run; else empty."""


class MonitorResult(msgspec.Struct, frozen=True):
    """What watching cost."""

    cpu_percent_mean: Number | None
    """Mean CPU of the supervisor, percent of one core; None where it was not read."""
    rss_max: int
    """Largest resident set of the supervisor, bytes."""
    samples: int
    """Samples read."""
    missed: int
    """Samples that were due and not read."""


class SoakMetricResult(msgspec.Struct, frozen=True):
    """What a metric was in the soak."""

    unit: str
    """Base unit; that of a counter is its rate per second."""
    value: Number | None
    """All values as one: their mean, of times that of their logarithms."""
    values: int
    """How many that were."""


class SoakResult(msgspec.Struct, frozen=True):
    """The soak alone: what a run is compared by."""

    strained: Number | None
    """Share in which the host was saturated, 0 to 1; left out of times and rates."""
    looked: Number | None
    """Share in which somebody looked into the processes, 0 to 1; left out of everything."""
    metrics: dict[str, SoakMetricResult]
    """By name; absent where too little is left."""


class Result(msgspec.Struct, frozen=True):
    """A run's result."""

    schema: Literal[1]
    """Version of this document."""
    run: str
    """Name of the run and of its directory."""
    scenario: str
    """Name of the scenario."""
    runner: str
    """``cargo``, ``lab``, ``command`` or ``pid``."""
    outcome: Outcome | None
    """``passed``, ``failed``, ``inconclusive`` or ``aborted``; None while the run is on."""
    reasons: list[str]
    """Why this outcome; empty for a pass."""
    exit_code: int | None
    """Exit code of the run; None while it is on."""
    started: str
    """Wall-clock time of the start, UTC, ISO 8601."""
    ended: str
    """Wall-clock time of the end, UTC, ISO 8601; empty while the run is on."""
    duration_s: Number | None
    """Seconds under load: warm-up and soak as they were."""
    criteria: list[CriterionResult]
    """In the scenario's order."""
    metrics: dict[str, MetricResult]
    """By name."""
    child: ChildResult
    """The child."""
    monitor: MonitorResult
    """The monitor's own cost."""
    why: str
    """Why this runner, one sentence."""
    command: list[str]
    """The command as started."""
    planned_s: Number | None
    """Seconds of warm-up and soak as planned; None = until the child exits."""
    warm_up_s: Number | None
    """Seconds of warm-up as planned."""
    phases: dict[str, Number | None]
    """When each phase began, seconds since the run started."""
    throughput_source: str
    """Where the throughput comes from, in words."""
    stopped_by: str
    """Who asked for an early end; empty when nobody did."""
    doubts: list[str] = []
    """Why no pass of this run could be trusted, whatever its criteria say."""
    too_short: str = ""
    """Why the run could not pass in the time that it was given; empty where it could."""
    soak: SoakResult | None = None
    """What the metrics were in the soak alone; None in what older versions wrote."""


def tidy(value: float | None) -> Number | None:
    """Make a number fit for JSON: six significant digits or a tenth, whole without a fraction, None if not finite."""
    if value is None or not math.isfinite(value):
        return None
    size = math.floor(math.log10(abs(value))) + 1 if value else 0
    rounded = round(value, max(1, _DIGITS - size))
    return int(rounded) if rounded == int(rounded) else rounded


def result_of(state: RunState) -> Result:
    """Say what a run came to, or has come to so far."""
    started = state.started or Started(0.0, run="", wall="", scenario={}, runner="")
    return Result(
        schema=SCHEMA,
        run=started.run,
        scenario=state.scenario.name,
        runner=started.runner,
        outcome=state.outcome,
        reasons=list(state.reasons),
        exit_code=None if state.exit_code is None else int(state.exit_code),
        started=started.wall,
        ended=state.ended_wall,
        duration_s=tidy(state.under_load),
        criteria=[_criterion(criterion) for criterion in state.criteria],
        metrics={name: _metric(state, name, summary) for name, summary in sorted(state.summaries.items())},
        child=_child(state),
        monitor=_monitor(state),
        why=started.why,
        command=list(started.command),
        planned_s=tidy(started.duration),
        warm_up_s=tidy(started.warm_up),
        phases={phase.value: tidy(began) for phase, began in state.phase_began.items()},
        throughput_source=state.throughput_source,
        stopped_by=state.facts.stopped_by,
        doubts=list(state.doubts),
        too_short=state.too_short,
        soak=soak_of(state),
    )


def soak_of(state: RunState) -> SoakResult:
    """Say what the metrics were in the soak alone."""
    found = usual_of(state, Phase.SOAK)
    metrics = {name: SoakMetricResult(one.unit, tidy(one.level), len(one.values)) for name, one in found.values.items()}
    return SoakResult(tidy_share(found.strained), tidy_share(found.looked), metrics)


def tidy_share(share: float) -> Number:
    """A share to a thousandth."""
    return round(share, 3)


def _criterion(criterion: CriterionState) -> CriterionResult:
    return CriterionResult(
        id=criterion.spec.id,
        title=criterion.spec.title,
        rule=criterion.spec.rule,
        verdict=criterion.verdict,
        value=tidy(criterion.in_shown_unit(criterion.value)),
        limit=tidy(criterion.limit),
        unit=criterion.shown_unit,
        evidence=criterion.evidence,
        breaches=[_breach(criterion, breach) for breach in criterion.breaches],
        margin=tidy(criterion.margin),
        severity=criterion.spec.severity,
        group=criterion.spec.group,
        breach_count=criterion.breach_count,
        missing=tidy(criterion.missing),
        certainty=criterion.certainty,
    )


def _breach(criterion: CriterionState, breach: Breach) -> BreachResult:
    return BreachResult(tidy(breach.began), tidy(breach.ended), tidy(criterion.in_shown_unit(breach.worst)))


def _metric(state: RunState, name: str, summary: Summary) -> MetricResult:
    metric = state.scenario.metric(name) or infer(name)
    empty = not summary.samples
    return MetricResult(
        unit=metric.unit,
        min=None if empty else tidy(summary.low),
        mean=tidy(summary.mean),
        max=None if empty else tidy(summary.high),
        last=tidy(summary.last),
        baseline=tidy(state.baseline.get(name)),
        samples=summary.samples,
        missing=summary.missing,
    )


def _child(state: RunState) -> ChildResult:
    facts = state.facts
    return ChildResult(
        exit_status=facts.exit_status,
        signal=facts.signal,
        tests_run=facts.tests_run,
        tests_failed=facts.tests_failed,
        panics=facts.panics,
        crashed=facts.crashed,
        oom_errors=facts.oom_errors,
        stopped_as_planned=facts.planned,
        cause=facts.cause,
    )


def _monitor(state: RunState) -> MonitorResult:
    return MonitorResult(tidy(state.monitor_cpu_percent), state.monitor_rss_max, state.samples, state.missed)


def encode_result(result: Result) -> bytes:
    """Write a result as indented JSON with a line's end."""
    return msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n"


def decode_result(text: bytes) -> Result:
    """Read a result; raise msgspec.DecodeError when it is none."""
    return msgspec.json.decode(text, type=Result)


def write_result(state: RunState, run_dir: Path) -> Path:
    """Write ``result.json`` whole or not at all, and return its path; raise OSError when the disk refuses."""
    return write_whole(run_dir / RESULT, encode_result(result_of(state)))
