"""A counter that several print under one name: how much was counted cannot be told, and no rule about it settled."""

from typing import Final

from stresstui.core.criteria.base import Judge
from stresstui.core.criteria.certainty import settles
from stresstui.core.criteria.finding import end_breach
from stresstui.core.criteria.state import Verdict
from stresstui.core.model.certainty import Certainty
from stresstui.core.model.timeline import Mark, log
from stresstui.core.run.state import RunState

_MADE_OF: Final = {
    "throughput": ("bytes_total",),
    "attempts_total": ("connections_total", "connection_failures_total"),
    "attempt_failures_total": ("connections_total", "connection_failures_total"),
}
"""What a reading takes from the workload's own counts."""
_WHY: Final = "is printed by several at once, so what they counted together is not known"
_MEND: Final = "print one sum, or a name for each"


def note_mixed(state: RunState, t: float) -> None:
    """Say of names that turned out so that they are, and judge nothing more by them."""
    known = state.workload.mixed
    for name in known[state.mixed_told :]:
        log(state.entries, t, Mark.PROBLEM, f"{name} {_WHY}: {_MEND}")
    state.mixed_told = len(known)
    for judge in filter(lambda one: _mixed_name(state, one), state.judges):
        end_breach(judge.state, t)
        judge.state.verdict, judge.state.value, judge.state.recent = Verdict.NO_DATA, None, None
    state.observers = [judge for judge in state.observers if not _mixed_name(state, judge)]
    state.routes = {name: [one for one in there if not _mixed_name(state, one)] for name, there in state.routes.items()}


def leave_open(state: RunState, judge: Judge) -> None:
    """Take the verdict of a rule back that rests on such a count, unless what one of them counted settles it."""
    name = _mixed_name(state, judge)
    if not name:
        return
    rule, criterion = judge.state.rule, judge.state
    said = f"{criterion.spec.rule}: {name} {_WHY}"
    most = state.workload.writers[name].tips[-1]
    if judge.counts and judge.name == name and settles(rule, most, Certainty.AT_LEAST):
        criterion.verdict = Verdict.PASSED if rule.holds(most) else Verdict.FAILED
        criterion.value, criterion.certainty = most, Certainty.AT_LEAST
        criterion.evidence = f"{said}, but one of them alone counted {criterion.show(most)}"
        return
    criterion.verdict, criterion.value, criterion.evidence = Verdict.INCONCLUSIVE, None, f"{said}; {_MEND}"


def _mixed_name(state: RunState, judge: Judge) -> str:
    """The first such name that a rule reads; empty where it reads none."""
    read = (judge.name, judge.state.rule.per, *_MADE_OF.get(judge.name, ()))
    return next((name for name in read if name in state.workload.mixed), "")
