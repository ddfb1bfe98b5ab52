"""How a run ends: each judge's last word, what excuses it, and the outcome that they add up to."""

from typing import Final

from stresstui.core.criteria.base import End
from stresstui.core.criteria.state import CriterionState
from stresstui.core.model.event import Ended, Phase
from stresstui.core.model.timeline import Mark, log
from stresstui.core.model.units import format_duration
from stresstui.core.run.mixed import leave_open
from stresstui.core.run.outcome import Decision, decide, keep_failure, say_passed
from stresstui.core.run.state import RunState
from stresstui.core.run.stop import reached_plan
from stresstui.core.run.unserved import excuse

_REST_SPARED: Final = 0.1
"""Share of a cool-down that its end may come early by."""


def end(state: RunState, event: Ended) -> None:
    """Bring every criterion to its verdict and the run to its outcome."""
    state.phase_began.setdefault(Phase.ENDED, event.t)
    left = End(
        state.facts, _soaked(state, event.t), _duration_share(state), _left(state), reached_plan(state), state.full,
        _rest_missing(state, event.t), state.left_open, state.served,
    )  # fmt: skip
    for judge in state.judges:
        judge.conclude(left)
    for criterion in state.criteria:
        excuse(state, criterion)
        _look_ahead(state, criterion)
    for judge in state.judges:
        leave_open(state, judge)
    state.phase, state.ended, state.ended_wall = Phase.ENDED, True, event.wall
    decision = keep_failure(decide(state), event)
    conclude(state, decision)
    log(state.entries, event.t, Mark.PHASE, _ending(state, decision))


def conclude(state: RunState, decision: Decision) -> None:
    """Take over what was decided; a doubt that comes after the end decides again."""
    state.outcome, state.reasons, state.exit_code = decision.outcome, decision.reasons, decision.exit_code


def _look_ahead(state: RunState, criterion: CriterionState) -> None:
    """Say when a limit that still holds would be reached."""
    ahead = state.forecast(criterion)
    if ahead is not None and ahead > 0:
        criterion.evidence += f"; at this growth the limit would be reached in about {format_duration(ahead)}"


def _ending(state: RunState, decision: Decision) -> str:
    first = decision.reasons[0] if decision.reasons else say_passed(state)
    rest = len(decision.reasons) - 1
    more = f" (and {rest} more reason{'s' if rest > 1 else ''})" if rest > 0 else ""
    return f"{decision.outcome}: {first}{more}"


def _soaked(state: RunState, ended: float) -> float:
    """Seconds of soak that could be judged: up to the end of a service, where one ended."""
    began = state.phase_began.get(Phase.SOAK, ended)
    warmed_up = began - state.phase_began.get(Phase.WARM_UP, state.t)
    lasted = max(0.0, state.under_load - warmed_up)
    return lasted if state.served is None else max(0.0, min(lasted, state.unserved_t - began))


def _duration_share(state: RunState) -> float | None:
    """Time under load in percent of the plan; None where the plan has no end."""
    return 100.0 * state.under_load / state.planned if state.planned else None


def _left(state: RunState) -> bool:
    """Whether processes of the system under test outlived the child, as far as the newest sample tells."""
    count, exited = len(state.under_test()), state.facts.exited_at
    read_before = state.sample is not None and exited is not None and state.sample.t <= exited
    return count > 1 if read_before else count > 0


def _rest_missing(state: RunState, ended: float) -> float:
    """Seconds by which the cool-down was shorter than the scenario's own."""
    began = state.phase_began.get(Phase.COOL_DOWN)
    if began is None:
        return 0.0
    exited = state.facts.exited_at  # before the cool-down where what the child left has it to end
    missing = state.scenario.cool_down - ((ended if exited is None or exited <= began else exited) - began)
    return missing if missing > _REST_SPARED * state.scenario.cool_down else 0.0
