"""A run as folded from its events: RunState, and ``advance``, the one function that moves it.

``advance`` takes ownership of the state it is given, brings it up to date and returns it; it reads no clock and does no
I/O, so the supervisor, a live screen and a later reader who fold the same events hold equal states. Copy a state
(``copy.deepcopy``) to keep an earlier one.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from stresstui.core.criteria.base import Baseline
from stresstui.core.criteria.fact import FactJudge
from stresstui.core.criteria.growing.attribution import OF_PROCESSES, Background
from stresstui.core.criteria.growing.per_work import PerWorkJudge
from stresstui.core.criteria.growing.trend import TrendJudge
from stresstui.core.criteria.judge import make_judges
from stresstui.core.derive.group import group_of
from stresstui.core.derive.reading import Reading, derive
from stresstui.core.derive.series import Series, Summary
from stresstui.core.derive.strain import is_stalled, is_strained
from stresstui.core.model import event as ev
from stresstui.core.model.errors import RecordError
from stresstui.core.model.event import Event, Phase
from stresstui.core.model.sample import Sample
from stresstui.core.model.scenario import RunnerKind, Scenario, criteria_for
from stresstui.core.model.timeline import Mark, log
from stresstui.core.model.units import format_duration
from stresstui.core.run.ending import conclude, end
from stresstui.core.run.judging import judge_counts, judge_sample
from stresstui.core.run.mixed import note_mixed
from stresstui.core.run.outcome import decide
from stresstui.core.run.state import DOUBTS_KEPT, RunState
from stresstui.core.run.too_short import why_too_short
from stresstui.core.run.unserved import keep_past, lose_service

__all__ = ["RecordError", "RunState", "advance", "fold"]

# Kept apart because Python 3.11 takes longer to look a member of an enumeration up than to compare with it.
_BUILD, _WARM_UP, _SOAK, _COOL_DOWN, _ENDED = Phase
NAMES_MAX: Final = 5000
"""Names of metrics that are followed, but for those of rules, which always are."""
TIMES_MAX: Final = 100
"""Names of histograms that are kept."""
_AT_REST: Final = ("waiting", "ready")


def advance(state: RunState, event: Event) -> RunState:
    """Bring the state up to date with one event; raises RecordError where that cannot be one of a run."""
    state.t = max(state.t, event.t)
    handler = _HANDLERS.get(type(event))
    if handler is not None:
        try:
            handler(state, event)
        except (ValueError, LookupError, ArithmeticError, TypeError, RecursionError) as error:
            kind = type(event).__struct_config__.tag
            raise RecordError(f"an event '{kind}' at {state.t:g} s is none that a run can have: {error}") from error
    return state


def fold(events: Any) -> RunState:
    """Fold an iterable of events from an empty state; raises RecordError."""
    state = RunState()
    for event in events:
        advance(state, event)
    return state


def _on_started(state: RunState, event: ev.Started) -> None:
    state.started = event
    state.scenario = msgspec.convert(event.scenario, Scenario)
    state.workload.runner = event.runner
    state.judges = make_judges(state.scenario, criteria_for(state.scenario, RunnerKind(event.runner)))
    state.per_work = [judge for judge in state.judges if isinstance(judge, PerWorkJudge)]
    growing = [judge for judge in state.judges if isinstance(judge, TrendJudge)]
    state.background = Background(state.series, (judge.name for judge in [*growing, *state.per_work]))
    for trend in growing:
        trend.background = state.background
    state.observers = [judge for judge in state.judges if not isinstance(judge, FactJudge)]
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
    if not state.criteria:
        log(state.entries, event.t, Mark.PROBLEM, _no_criteria(event.runner))
    state.too_short = why_too_short(state.scenario, event, state.judges)
    if state.too_short:
        log(state.entries, event.t, Mark.PROBLEM, state.too_short)


def _no_criteria(runner: str) -> str:
    return f'cannot pass: no criteria for the runner {runner}; include = ["default"] brings those of any command'


def _on_phase(state: RunState, event: ev.PhaseBegan) -> None:
    if event.phase is Phase.SOAK:
        _take_baseline(state)
    state.phase = event.phase
    state.phase_began[event.phase] = event.t
    log(state.entries, event.t, Mark.PHASE, _phase_text(state, event))
    if event.phase is Phase.WARM_UP and state.workload.totals:  # what was counted before its first word was heard
        judge_counts(state, event.t, dict(state.workload.totals))


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
        state.baseline |= {name: state.workload.raw[name] for name in sorted(state.workload.gauges)}
    state.background.begin(state.t)
    baseline = Baseline(state.t, state.baseline, state.idle, state.patience)
    for judge in state.judges:
        judge.begin_soak(baseline)


def _on_sampled(state: RunState, event: ev.Sampled) -> None:
    sample = event.sample
    state.samples += 1
    state.missed += sample.missed
    _note_gap(state, sample)
    state.group = group_of(sample, state.group)
    derived = derive(state.sample if not sample.suspended_s else None, sample, state.reading, state.group)
    reading = state.workload.complete(derived, building=state.phase is _BUILD)
    _note_monitor(state, sample)
    _note_kills(state, sample)
    state.stalled = is_stalled(state.sample, sample)
    state.strained = is_strained(state.sample, sample, reading)
    state.strain.add(sample.t, float(state.strained))
    state.burdens.turn(state.sample.t if state.sample else 0.0)
    keep_past(state, sample.t)
    state.processes.observe(sample, state.group)
    if sample.inventory is not None:
        state.held.observe(sample.inventory)
    state.sample, state.reading = sample, reading
    state.recent.append(reading)
    if state.workload.state in _AT_REST:
        state.idle = reading.values | {name: state.workload.raw[name] for name in sorted(state.workload.gauges)}
    if not state.baseline and state.phase is _SOAK:
        _take_baseline(state)
    _record(state, reading.t, reading.values)
    _count_missing(state, reading)
    state.progress.observe(reading.t, state.workload, reading, under_load=state.phase in (_WARM_UP, _SOAK))
    if state.phase is _SOAK:
        state.cpus = sample.cpus if sample.processes else state.cpus
        _follow_processes(state, sample)
    judge_sample(state, reading, sample.missed)


def _follow_processes(state: RunState, sample: Sample) -> None:
    """Follow each process; after a restart, what came before is another process's past, not a drop or a jump."""
    group = state.group
    restarted = state.background.attribution.observe(sample.t, group.under_test, same=group.since is not None)
    if not restarted:
        return
    log(state.entries, sample.t, Mark.PROBLEM, f"restarted: {', '.join(restarted)}")
    for judge in state.judges:
        if judge.name in OF_PROCESSES:
            judge.note_restart(sample.t)


def _note_gap(state: RunState, sample: Sample) -> None:
    if sample.missed:
        log(state.entries, sample.t, Mark.PROBLEM, f"{sample.missed} samples missed")
    if sample.suspended_s:
        log(state.entries, sample.t, Mark.PROBLEM, f"machine suspended for {format_duration(sample.suspended_s)}")


def _note_kills(state: RunState, sample: Sample) -> None:
    """Processes of the run's own control group that the kernel killed since its first sample."""
    total = sample.cgroup.oom_kills if sample.cgroup is not None else None
    if total is None:
        return
    known, state.oom_kills = state.oom_kills, total
    if known is not None and total > known:
        state.facts.oom_kills += total - known
        log(state.entries, sample.t, Mark.BREACH, f"the kernel killed {total - known} for want of memory")


def _note_monitor(state: RunState, sample: Sample) -> None:
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


def _on_reported(state: RunState, event: ev.Reported) -> None:
    counted = state.workload.report(event.t, _followed(state, event), state.scenario)
    if "connections_total" in counted:
        _own_attempts(state)
    if len(state.workload.mixed) > state.mixed_told:
        note_mixed(state, event.t)
    state.background.load.observe(event.t, counted)
    _record(state, event.t, counted)
    judge_counts(state, event.t, counted)


def _on_timed(state: RunState, event: ev.Timed) -> None:
    times = state.workload.times
    if event.name in times or len(times) < TIMES_MAX:
        times[event.name] = event.buckets


def _followed(state: RunState, event: ev.Reported) -> dict[str, float]:
    """The values that there is room for: those of rules always, of other names the first NAMES_MAX."""
    if len(state.series) + len(event.values) <= NAMES_MAX:
        return event.values
    room = max(0, NAMES_MAX - len(state.series))
    fresh = [name for name in event.values if name not in state.series]
    if len(fresh) > room and not state.names_refused:
        log(state.entries, event.t, Mark.PROBLEM, f"more than {NAMES_MAX} metric names: no more are followed")
        state.names_refused = True
    refused = {name for name in fresh[room:] if name not in state.routes}
    return {name: value for name, value in event.values.items() if name not in refused}


def _own_attempts(state: RunState) -> None:
    """From here on the workload counts its own connections: they are nobody else's."""
    for name in ("attempts_total", "attempt_failures_total"):
        for judge in state.routes.get(name, ()):
            judge.state.host_wide = False


def _on_matched(state: RunState, event: ev.Matched) -> None:
    if state.facts.match(event, own=event.pattern in state.scenario.patterns):
        log(state.entries, event.t, Mark.BREACH if event.pattern == "panic" else Mark.INFO, event.line)
    judge_counts(state, event.t, state.facts.counters())


def _on_process(state: RunState, event: ev.ProcessKnown) -> None:
    if state.facts.note_process(event):
        log(state.entries, event.t, Mark.BREACH, f"{event.name} (pid {event.pid}) {event.detail}")
    judge_counts(state, event.t, state.facts.counters())


def _on_service(state: RunState, event: ev.ServiceState) -> None:
    if event.name == "workload":
        state.workload.state, state.workload.detail = event.state, event.detail
        state.workload.ending = event.ending
    mark = Mark.PROBLEM if event.state == "failed" else Mark.INFO
    text = f"{event.name} {event.state}"
    log(state.entries, event.t, mark, f"{text}: {event.detail}" if event.detail else text)


def _on_captured(state: RunState, event: ev.Captured) -> None:
    if event.what == "leftover":
        state.left_open = event
    what = f"evidence of a breach in {event.file}" if event.file else f"{event.count} descriptors stayed open"
    log(state.entries, event.t, Mark.INFO, what, criterion=event.criterion)


def _on_noted(state: RunState, event: ev.Noted) -> None:
    state.notes += 1
    log(state.entries, event.t, Mark.NOTE, event.text)


def _on_problem(state: RunState, event: ev.Problem) -> None:
    log(state.entries, event.t, Mark.PROBLEM, f"{event.where}: {event.text}")


def _on_doubted(state: RunState, event: ev.Doubted) -> None:
    log(state.entries, event.t, Mark.PROBLEM, f"{event.where}: {event.reason}")
    if event.where == ev.SERVICE and state.served is None:
        lose_service(state, event.t)
    if event.where == ev.UNREAD:
        state.facts.unread = state.facts.unread or event.reason
    if event.reason not in state.doubts and len(state.doubts) < DOUBTS_KEPT:
        state.doubts = [*state.doubts, event.reason]
    if state.ended:  # the record of the end itself is in doubt
        conclude(state, decide(state))


def _on_burdened(state: RunState, event: ev.Burdened) -> None:
    state.burdens.note(event)
    if event.seconds == 0:
        log(state.entries, event.t, Mark.INFO, f"{event.what} is over; it is judged again")
        return
    left = "nothing" if event.everything else "no time and no rate"
    lasts = "to the end" if event.seconds is None else f"for at most {format_duration(event.seconds)}"
    log(state.entries, event.t, Mark.INFO, f"{event.what}: {left} is judged meanwhile, {lasts}")


def _on_stop(state: RunState, event: ev.StopRequested) -> None:
    state.facts.stopped_by = state.facts.stopped_by or event.by
    state.facts.stop_reason = state.facts.stop_reason or event.reason
    log(state.entries, event.t, Mark.INFO, f"stop requested by {event.by} {event.reason}".rstrip())


def _on_exited(state: RunState, event: ev.Exited) -> None:
    state.facts.exit(event)
    log(state.entries, event.t, Mark.INFO, state.facts.describe_exit())
    judge_counts(state, event.t, state.facts.counters())


_HANDLERS: Final[dict[type, Callable[[RunState, Any], None]]] = {
    ev.Started: _on_started,
    ev.PhaseBegan: _on_phase,
    ev.Sampled: _on_sampled,
    ev.Reported: _on_reported,
    ev.Timed: _on_timed,
    ev.Matched: _on_matched,
    ev.ProcessKnown: _on_process,
    ev.ServiceState: _on_service,
    ev.Captured: _on_captured,
    ev.Noted: _on_noted,
    ev.Problem: _on_problem,
    ev.Doubted: _on_doubted,
    ev.Burdened: _on_burdened,
    ev.StopRequested: _on_stop,
    ev.Exited: _on_exited,
    ev.Ended: end,
}
