"""A run as folded from its events: RunState, and ``advance``, the one function that moves it.

``advance`` takes ownership of the state it is given, brings it up to date and returns it; it reads no clock and does no
I/O, so the supervisor, a live screen and a later reader who fold the same events hold equal states. Copy a state
(``copy.deepcopy``) to keep an earlier one.
"""

from collections import deque
from collections.abc import Callable
from typing import Any, Final

import msgspec

from stresstui.core import event as ev
from stresstui.core.event import Event, Phase
from stresstui.core.facts import Facts
from stresstui.core.judge import NO_SAMPLE, End, Judge, make_judges
from stresstui.core.log import LogEntry, Mark, log
from stresstui.core.outcome import Decision, Outcome, Stall, decide, reached_plan
from stresstui.core.reading import Reading, derive, watched
from stresstui.core.sample import ProcessSample, Sample
from stresstui.core.scenario import RunnerKind, Scenario, criteria_for
from stresstui.core.series import Series, Summary
from stresstui.core.units import format_duration
from stresstui.core.verdict import CriterionState, Verdict
from stresstui.core.workload import Workload

# Kept apart because Python 3.11 takes longer to look a member of an enumeration up than to compare with it.
_BUILD, _WARM_UP, _SOAK, _COOL_DOWN, _ENDED = Phase
BASELINE_READINGS: Final = 30
"""Readings at the end of warm-up that the baseline is the mean of, at most."""


class RunState(msgspec.Struct):
    """Everything known about a run so far."""

    t: float = 0.0
    """Time of the newest event, seconds since the run started."""
    started: ev.Started | None = None
    """How the run began; None before its first event."""
    scenario: Scenario = Scenario(name="")
    """What is run."""
    phase: Phase = Phase.BUILD
    """The phase it is in."""
    phase_began: dict[Phase, float] = {}
    """When each phase began, seconds."""
    sample: Sample | None = None
    """The newest sample."""
    reading: Reading = Reading(0.0, {})
    """The newest reading, completed with what the workload reports."""
    series: dict[str, Series] = {}
    """History by metric."""
    summaries: dict[str, Summary] = {}
    """Minimum, mean, maximum, last by metric, over the whole run."""
    baseline: dict[str, float] = {}
    """Values at the end of warm-up."""
    idle: dict[str, float] = {}
    """Values while the workload was ready and not yet loading; empty where it never said so."""
    judges: list[Judge] = []
    """What judges each criterion, in the scenario's order."""
    routes: dict[str, list[Judge]] = {}
    """The same by the metric that they read."""
    workload: Workload = msgspec.field(default_factory=Workload)
    """What the workload reports of itself."""
    facts: Facts = msgspec.field(default_factory=Facts)
    """What happened to the child."""
    stall: Stall = msgspec.field(default_factory=Stall)
    """Whether anything moves."""
    entries: deque[LogEntry] = msgspec.field(default_factory=lambda: deque(maxlen=500))
    """The event list for people, oldest first."""
    recent: deque[Reading] = msgspec.field(default_factory=lambda: deque(maxlen=BASELINE_READINGS))
    """The newest readings."""
    collected: set[str] = set()
    """Names that samples have had a value for so far."""
    samples: int = 0
    """Samples read."""
    missed: int = 0
    """Samples that were due and not read."""
    monitor_rss_max: int = 0
    """Largest resident set of the supervisor, bytes."""
    monitor_cpu: tuple[float, float] | None = None
    """First instant and CPU seconds of the supervisor."""
    left_open: ev.Captured | None = None
    """Descriptors that were open at the end of cool-down and not before the load."""
    outcome: Outcome | None = None
    """None while the run is on."""
    reasons: list[str] = []
    """Why this outcome."""
    exit_code: int | None = None
    """Exit code of the run; None while it is on."""
    ended: bool = False
    """True when nothing follows."""
    ended_wall: str = ""
    """Wall-clock time of the end, UTC, ISO 8601."""

    @property
    def criteria(self) -> list[CriterionState]:
        """The criteria in the scenario's order."""
        return [judge.state for judge in self.judges]

    @property
    def elapsed(self) -> float:
        """Seconds since the first phase after the build began; 0 before."""
        began = self.phase_began.get(Phase.WARM_UP)
        return 0.0 if began is None else max(0.0, self.t - began)

    @property
    def planned(self) -> float | None:
        """Seconds of warm-up and soak together; None = until the workload exits."""
        return self.started.duration if self.started else None

    @property
    def under_load(self) -> float:
        """Seconds of warm-up and soak that have passed."""
        began = self.phase_began.get(_WARM_UP)
        if began is None:
            return 0.0
        end = self.phase_began.get(_COOL_DOWN, self.phase_began.get(_ENDED, self.t))
        if self.facts.exited_at is not None:
            end = min(end, self.facts.exited_at)
        return max(0.0, end - began)

    @property
    def throughput_source(self) -> str:
        """Where the throughput comes from, in words."""
        return "verified by the workload" if self.workload.counts_bytes else "kernel socket counters"

    @property
    def monitor_cpu_percent(self) -> float | None:
        """Mean CPU of the supervisor, percent of one core; None without data."""
        if self.monitor_cpu is None or self.sample is None or self.sample.monitor_cpu_s is None:
            return None
        t0, cpu0 = self.monitor_cpu
        return 100.0 * (self.sample.monitor_cpu_s - cpu0) / (self.sample.t - t0) if self.sample.t > t0 else None

    @property
    def worst(self) -> Verdict:
        """The state word of the whole run while it is on: breached, pending, ok or no data."""
        verdicts = {criterion.verdict for criterion in self.criteria}
        for verdict in (Verdict.BREACHED, Verdict.FAILED, Verdict.PENDING, Verdict.OK):
            if verdict in verdicts:
                return verdict
        return Verdict.NO_DATA

    def under_test(self) -> list[ProcessSample]:
        """The processes of the system under test in the newest sample."""
        return watched(self.sample) if self.sample else []


def advance(state: RunState, event: Event) -> RunState:
    """Bring the state up to date with one event."""
    state.t = max(state.t, event.t)
    handler = _HANDLERS.get(type(event))
    if handler is not None:
        handler(state, event)
    return state


def fold(events: Any) -> RunState:
    """Fold an iterable of events from an empty state."""
    state = RunState()
    for event in events:
        advance(state, event)
    return state


def _on_started(state: RunState, event: ev.Started) -> None:
    state.started = event
    state.scenario = msgspec.convert(event.scenario, Scenario)
    state.workload.runner = event.runner
    state.judges = make_judges(state.scenario, criteria_for(state.scenario, RunnerKind(event.runner)))
    for judge in state.judges:
        state.routes.setdefault(judge.name, []).append(judge)
    if event.runner == RunnerKind.LAB:
        _own_attempts(state)
    state.phase_began[Phase.BUILD] = event.t
    log(
        state.entries,
        event.t,
        Mark.INFO,
        f"started {state.scenario.name} with {event.runner}: {event.why}".rstrip(": "),
    )


def _on_phase(state: RunState, event: ev.PhaseBegan) -> None:
    if event.phase is Phase.SOAK:
        _take_baseline(state)
    state.phase = event.phase
    state.phase_began[event.phase] = event.t
    log(state.entries, event.t, Mark.PHASE, _phase_text(state, event))


def _phase_text(state: RunState, event: ev.PhaseBegan) -> str:
    texts = {
        Phase.WARM_UP: "warm-up began",
        Phase.SOAK: "warm-up ended, baseline taken" if state.baseline else "soak began",
        Phase.COOL_DOWN: "soak ended, cool-down began",
    }
    text = texts.get(event.phase, event.phase.value)
    return f"{text}: {event.why}" if event.why else text


def _take_baseline(state: RunState) -> None:
    began = state.phase_began.get(Phase.WARM_UP, 0.0)
    readings = [r for r in state.recent if r.t >= began + (state.t - began) / 2]
    for name in {name for reading in readings for name in reading.values}:
        values = [reading.values[name] for reading in readings if name in reading.values]
        state.baseline[name] = sum(values) / len(values)
    if readings:
        state.baseline |= {name: state.workload.raw[name] for name in state.workload.gauges}
    for judge in state.judges:
        judge.take_baseline(state.t, state.baseline, state.idle)


def _on_sampled(state: RunState, event: ev.Sampled) -> None:
    sample = event.sample
    state.samples += 1
    state.missed += sample.missed
    _note_gap(state, sample)
    derived = derive(state.sample if not sample.suspended_s else None, sample, state.reading)
    reading = state.workload.complete(derived, building=state.phase is _BUILD)
    _follow_monitor(state, sample)
    state.sample, state.reading = sample, reading
    state.recent.append(reading)
    if state.workload.state == "ready":
        state.idle = reading.values | {name: state.workload.raw[name] for name in state.workload.gauges}
    if not state.baseline and state.phase is _SOAK:
        _take_baseline(state)
    _record(state, reading.t, reading.values)
    _count_missing(state, reading)
    state.stall.follow(reading.t, state.workload, reading, under_load=state.phase in (_WARM_UP, _SOAK))
    _judge_sample(state, reading, sample.missed)


def _note_gap(state: RunState, sample: Sample) -> None:
    if sample.missed:
        log(state.entries, sample.t, Mark.PROBLEM, f"{sample.missed} samples missed")
    if sample.suspended_s:
        log(state.entries, sample.t, Mark.PROBLEM, f"machine suspended for {format_duration(sample.suspended_s)}")


def _follow_monitor(state: RunState, sample: Sample) -> None:
    state.monitor_rss_max = max(state.monitor_rss_max, sample.monitor_rss or 0)
    if state.monitor_cpu is None and sample.monitor_cpu_s is not None:
        state.monitor_cpu = (sample.t, sample.monitor_cpu_s)


def _record(state: RunState, t: float, values: dict[str, float]) -> None:
    series = state.series
    for name, value in values.items():
        try:
            series[name].add(t, value)
        except KeyError:
            first = series[name] = Series()
            first.add(t, value)
            state.summaries[name] = Summary(first)


def _count_missing(state: RunState, reading: Reading) -> None:
    """Once a collected metric has been read, every sample without it counts as missing, but for an exited child."""
    if state.facts.exited_at is not None:
        return
    for name in state.collected.difference(reading.values):
        state.summaries[name].missing += 1
    state.collected.update(reading.values)


def _judge_sample(state: RunState, reading: Reading, missed: int) -> None:
    """Give every judge its value of a sample, or None; what happened to the child is read again with each."""
    if state.phase is _BUILD:
        return
    values, counts, rest = reading.values, state.facts.counters(), _rest(state)
    gone = state.phase is _COOL_DOWN and "processes" not in values
    for judge in state.judges:
        if gone:
            judge.leave()
        value = values.get(judge.name)
        was = judge.state.active
        judge.follow(reading.t, counts.get(judge.name) if value is None else value, state.phase, rest, missed)
        if judge.state.active is not was:
            _log_breach(state, judge.state, reading.t)


def _judge_counts(state: RunState, t: float, values: dict[str, float]) -> None:
    """Give what became known between two samples to whom it concerns."""
    for name, value in values.items():
        for judge in state.routes.get(name, ()):
            was = judge.state.active
            judge.follow(t, value, state.phase, _rest(state), NO_SAMPLE)
            if judge.state.active is not was:
                _log_breach(state, judge.state, t)


def _rest(state: RunState) -> float | None:
    """How many times the soak so far is still to come; None where the plan has no end."""
    if state.phase is not _SOAK or state.planned is None:
        return None
    soaked = state.t - state.phase_began[_SOAK]
    return max(0.0, state.planned - state.under_load) / soaked if soaked > 0 else None


def _log_breach(state: RunState, criterion: CriterionState, t: float) -> None:
    if criterion.active:
        text = f"{criterion.spec.title}  {criterion.shown_value}"
        log(state.entries, t, Mark.BREACH, text, criterion=criterion.spec.id)
        return
    breach = criterion.breaches[-1]
    lasted = format_duration((breach.ended or t) - breach.began)
    text = f"{criterion.spec.title}  over after {lasted}, worst {criterion.show(breach.worst)}"
    log(state.entries, t, Mark.OVER, text, criterion=criterion.spec.id)


def _on_reported(state: RunState, event: ev.Reported) -> None:
    counted = state.workload.report(event.t, event.values, state.scenario)
    if "connections_total" in counted:
        _own_attempts(state)
    _record(state, event.t, counted)
    _judge_counts(state, event.t, counted)


def _own_attempts(state: RunState) -> None:
    """From here on the workload counts its own connections: they are nobody else's."""
    for name in ("attempts_total", "attempt_failures_total"):
        for judge in state.routes.get(name, ()):
            judge.state.host_wide = False


def _on_matched(state: RunState, event: ev.Matched) -> None:
    if state.facts.match(event):
        log(state.entries, event.t, Mark.BREACH if event.pattern == "panic" else Mark.INFO, event.line)
    _judge_counts(state, event.t, state.facts.counters())


def _on_process(state: RunState, event: ev.ProcessKnown) -> None:
    if state.facts.follow_process(event):
        log(state.entries, event.t, Mark.BREACH, f"{event.name} (pid {event.pid}) {event.detail}")
    _judge_counts(state, event.t, state.facts.counters())


def _on_service(state: RunState, event: ev.ServiceState) -> None:
    if event.name == "workload":
        state.workload.state, state.workload.detail = event.state, event.detail
    mark = Mark.PROBLEM if event.state == "failed" else Mark.INFO
    text = f"{event.name} {event.state}"
    log(state.entries, event.t, mark, f"{text}: {event.detail}" if event.detail else text)


def _on_captured(state: RunState, event: ev.Captured) -> None:
    if event.what == "leftover":
        state.left_open = event
    what = f"evidence of a breach in {event.file}" if event.file else f"{event.count} descriptors stayed open"
    log(state.entries, event.t, Mark.INFO, what, criterion=event.criterion)


def _on_noted(state: RunState, event: ev.Noted) -> None:
    log(state.entries, event.t, Mark.NOTE, event.text)


def _on_problem(state: RunState, event: ev.Problem) -> None:
    log(state.entries, event.t, Mark.PROBLEM, f"{event.where}: {event.text}")


def _on_stop(state: RunState, event: ev.StopRequested) -> None:
    state.facts.stopped_by = state.facts.stopped_by or event.by
    state.facts.stop_reason = state.facts.stop_reason or event.reason
    log(state.entries, event.t, Mark.INFO, f"stop requested by {event.by} {event.reason}".rstrip())


def _on_exited(state: RunState, event: ev.Exited) -> None:
    state.facts.exit(event)
    log(state.entries, event.t, Mark.INFO, state.facts.describe_exit())
    _judge_counts(state, event.t, state.facts.counters())


def _on_ended(state: RunState, event: ev.Ended) -> None:
    state.phase_began.setdefault(Phase.ENDED, event.t)
    soaked = max(0.0, state.under_load - (state.phase_began.get(Phase.SOAK, event.t) - _warm_up_began(state)))
    end = End(state.facts, soaked, _duration_share(state), _left(state), reached_plan(state), state.left_open)
    for judge in state.judges:
        judge.conclude(end)
    state.phase, state.ended, state.ended_wall = Phase.ENDED, True, event.wall
    decision = decide(state)
    state.outcome, state.reasons, state.exit_code = decision.outcome, decision.reasons, decision.exit_code
    log(state.entries, event.t, Mark.PHASE, _ending(decision))


def _ending(decision: Decision) -> str:
    first = decision.reasons[0] if decision.reasons else "every criterion passed"
    more = f" (and {len(decision.reasons) - 1} more reasons)" if len(decision.reasons) > 1 else ""
    return f"{decision.outcome}: {first}{more}"


def _left(state: RunState) -> bool:
    """Whether processes of the system under test outlived the child, as far as the newest sample tells."""
    count, exited = len(state.under_test()), state.facts.exited_at
    read_before = state.sample is not None and exited is not None and state.sample.t <= exited
    return count > 1 if read_before else count > 0


def _warm_up_began(state: RunState) -> float:
    return state.phase_began.get(Phase.WARM_UP, state.t)


def _duration_share(state: RunState) -> float | None:
    """Time under load in percent of the plan; None where the plan has no end."""
    return 100.0 * state.under_load / state.planned if state.planned else None


_HANDLERS: Final[dict[type, Callable[[RunState, Any], None]]] = {
    ev.Started: _on_started,
    ev.PhaseBegan: _on_phase,
    ev.Sampled: _on_sampled,
    ev.Reported: _on_reported,
    ev.Matched: _on_matched,
    ev.ProcessKnown: _on_process,
    ev.ServiceState: _on_service,
    ev.Captured: _on_captured,
    ev.Noted: _on_noted,
    ev.Problem: _on_problem,
    ev.StopRequested: _on_stop,
    ev.Exited: _on_exited,
    ev.Ended: _on_ended,
}
