"""Judging: what became known is given to the judges that it concerns, and their breaches are told."""

from typing import Final

from stresstui.core.criteria.base import NO_SAMPLE, Judge, Observation
from stresstui.core.criteria.state import CriterionState
from stresstui.core.derive.reading import Reading
from stresstui.core.derive.strain import STALL_S, lateness
from stresstui.core.model.certainty import Certainty
from stresstui.core.model.event import Phase
from stresstui.core.model.scenario import Severity
from stresstui.core.model.timeline import Mark, log
from stresstui.core.model.units import format_clock, format_duration
from stresstui.core.run.state import RunState

# Kept apart because Python 3.11 takes longer to look a member of an enumeration up than to compare with it.
_BUILD, _, _SOAK, _COOL_DOWN, _ = Phase
_EXACT: Final = Certainty.EXACT


def judge_sample(state: RunState, reading: Reading, missed: int) -> None:
    """Give every judge its value of a sample, or None; what happened to the child is read again with each."""
    if state.phase is _BUILD:
        return
    values, certainty = reading.values, reading.certainty
    counts, remaining = state.facts.counters(), _remaining_ratio(state)
    gone = state.phase is _COOL_DOWN and "processes" not in values
    looked_into, unserved = bool(state.burdens.until), state.served is not None
    _note_work(state, values)
    for judge in state.observers:
        if gone:
            judge.note_exit()
        value = values.get(judge.name)
        seen = counts.get(judge.name) if value is None else value
        sure, burdened = certainty.get(judge.name, _EXACT), looked_into and _is_burdened(state, judge)
        strained = burdened or (state.strained and judge.timed)
        most = reading.most.get(judge.name)
        observation = Observation(
            reading.t, seen, state.phase, remaining, missed, sure, strained, burdened, unserved, state.stalled, most
        )
        _give(state, judge, observation)


def judge_counts(state: RunState, t: float, values: dict[str, float]) -> None:
    """Give what became known between two samples to whom it concerns."""
    _note_work(state, values)
    remaining, unserved = _remaining_ratio(state), state.served is not None
    late, stalled = _lateness(state, t)
    for name in [name for name in values if name in state.routes]:  # in their order: a replay must not differ
        for judge in state.routes[name]:
            burdened = _is_burdened(state, judge)
            strained = burdened or ((late or state.strained) and judge.timed)
            observation = Observation(
                t, values[name], state.phase, remaining, NO_SAMPLE, _EXACT, strained, burdened, unserved, stalled
            )
            _give(state, judge, observation)


def _lateness(state: RunState, t: float) -> tuple[bool, bool]:
    """Whether a look at the run is overdue by one more interval, which bends rates up to now; or by a standstill."""
    interval = state.started.interval if state.started is not None else 1.0
    overdue = lateness(state.sample, t, interval)
    return overdue >= interval, overdue >= STALL_S


def _is_burdened(state: RunState, judge: Judge) -> bool:
    """Whether somebody who looks into the run bends what is judged."""
    return (state.burdens.everything and not judge.counts) or (state.burdens.times and judge.timed)


def _give(state: RunState, judge: Judge, observation: Observation) -> None:
    was = judge.state.active
    judge.observe(observation)
    if judge.state.active is not was:
        _log_breach(state, judge.state, observation.t)


def _note_work(state: RunState, values: dict[str, float]) -> None:
    """Say how much work has been done to those who measure by it."""
    for judge in state.per_work:
        if judge.work_name in values:
            judge.note_work(values[judge.work_name])


def _remaining_ratio(state: RunState) -> float | None:
    """How many times the soak so far is still to come; None where the plan has no end."""
    if state.phase is not _SOAK or (ahead := state.ahead) is None:
        return None
    soaked = state.t - state.phase_began[_SOAK]
    return ahead / soaked if soaked > 0 else None


def _log_breach(state: RunState, criterion: CriterionState, t: float) -> None:
    if criterion.active:
        text = f"{criterion.spec.title}  {criterion.shown_value}"
        began = criterion.breaches[-1].began
        if began < t:
            text += f"  since {format_clock(began)}"
        warns = criterion.spec.severity is Severity.WARN
        mark = Mark.PROBLEM if warns else Mark.BREACH
        log(state.entries, t, mark, f"warning: {text}" if warns else text, criterion=criterion.spec.id)
        return
    breach = criterion.breaches[-1]
    lasted = format_duration((breach.ended or t) - breach.began)
    text = f"{criterion.spec.title}  over after {lasted}, worst {criterion.show(breach.worst)}"
    log(state.entries, t, Mark.OVER, text, criterion=criterion.spec.id)
