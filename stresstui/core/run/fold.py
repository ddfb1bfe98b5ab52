"""A run as folded from its events: RunState, and ``advance``, the one function that moves it.

``advance`` takes ownership of the state it is given, brings it up to date and returns it; it reads no clock and does no
I/O, so the supervisor, a live screen and a later reader who fold the same events hold equal states. Copy a state
(``copy.deepcopy``) to keep an earlier one.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from stresstui.core.criteria.fact import FactJudge
from stresstui.core.criteria.growing.attribution import Background
from stresstui.core.criteria.growing.per_work import PerWorkJudge
from stresstui.core.criteria.growing.trend import TrendJudge
from stresstui.core.criteria.judge import make_judges
from stresstui.core.model import event as ev
from stresstui.core.model.errors import RecordError
from stresstui.core.model.event import Event, Phase
from stresstui.core.model.scenario import RunnerKind, Scenario, criteria_for
from stresstui.core.model.timeline import Mark, log
from stresstui.core.model.units import format_duration
from stresstui.core.run.ending import conclude, end
from stresstui.core.run.judging import judge_counts
from stresstui.core.run.mixed import note_mixed
from stresstui.core.run.outcome import decide
from stresstui.core.run.sampled import record, take_baseline, take_sample
from stresstui.core.run.state import DOUBTS_KEPT, RunState
from stresstui.core.run.too_short import why_too_short
from stresstui.core.run.unserved import lose_service

__all__ = ["RecordError", "RunState", "advance", "fold"]

NAMES_MAX: Final = 5000
"""Names of metrics that are followed, but for those of rules, which always are."""
TIMES_MAX: Final = 100
"""Names of histograms that are kept."""


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
        take_baseline(state)
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


def _on_reported(state: RunState, event: ev.Reported) -> None:
    counted = state.workload.report(event.t, _followed(state, event), state.scenario)
    if "connections_total" in counted:
        _own_attempts(state)
    if len(state.workload.mixed) > state.mixed_told:
        note_mixed(state, event.t)
    state.background.load.observe(event.t, counted)
    record(state, event.t, counted)
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
    ev.Sampled: take_sample,
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
