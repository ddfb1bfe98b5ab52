"""What ended a run: its plan, its workload, or somebody who asked for it."""

from typing import TYPE_CHECKING, Final

from stresstui.core.model.scenario import RunnerKind
from stresstui.core.model.units import format_duration

if TYPE_CHECKING:
    from stresstui.core.run.state import RunState

PLAN_REACHED: Final = 99.0
"""Percent of the planned time under load from which on a run counts as whole."""


def say_stop(state: "RunState") -> str:
    """Who stopped the run, when and why, as a clause."""
    why = f": {state.facts.stop_reason}" if state.facts.stop_reason else ""
    return f"stopped by {state.facts.stopped_by} after {format_duration(state.under_load)}{why}"


def aborted(state: "RunState") -> bool:
    """An early end that somebody asked for."""
    by = state.facts.stopped_by
    return bool(by) and by not in ("criterion", "supervisor") and not open_end(state)


def open_end(state: "RunState") -> bool:
    """Watching without a planned end is over when the person says so."""
    return state.planned is None and state.started is not None and state.started.runner == RunnerKind.PID


def reached_plan(state: "RunState") -> bool:
    """Whether the run went to the end of its plan, which may be that the workload exits."""
    if state.facts.stopped_by:
        return open_end(state)
    if state.planned is None or state.facts.planned or state.scenario.until_exit:
        return True
    return 100.0 * state.under_load / state.planned >= PLAN_REACHED
