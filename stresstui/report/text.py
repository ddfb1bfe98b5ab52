"""Verdicts in words and marks, for a terminal, a pipe and a log; never by colour alone."""

from typing import Final

from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.model.units import format_duration, signed
from stresstui.core.run.fold import RunState

SYMBOLS: Final[dict[Verdict, tuple[str, str]]] = {
    Verdict.OK: ("✓", "+"),
    Verdict.PASSED: ("✓", "+"),
    Verdict.OPEN: ("○", "o"),
    Verdict.PENDING: ("…", "~"),
    Verdict.BREACHED: ("✗", "x"),
    Verdict.FAILED: ("✗", "x"),
    Verdict.NO_DATA: ("?", "?"),
    Verdict.INCONCLUSIVE: ("?", "?"),
    Verdict.WARNING: ("!", "!"),
}
"""Symbol of each verdict, and the one for terminals that know ASCII only."""
_WORD_WIDTH: Final = len("inconclusive")


def mark_of(criterion: CriterionState, *, ascii_only: bool = False) -> str:
    """Symbol and word of a criterion's verdict; a warning that is crossed says that it does not fail the run."""
    verdict = criterion.shown_verdict
    return f"{SYMBOLS[verdict][int(ascii_only)]} {verdict.value.replace('_', ' ')}"


def limit_of(criterion: CriterionState) -> str:
    """The threshold as written, with its operator: ``< 512 MiB``; what a return to baseline asks for instead."""
    if criterion.rule.aggregate == "settles":
        return "back at baseline"
    past = criterion.rule.hold and (criterion.margin or 0.0) < 0
    hold = f" for {format_duration(criterion.rule.hold)}" if past else ""  # else it contradicts the value beside it
    return f"{criterion.rule.operator} {criterion.rule.threshold}{hold}"


def margin_of(criterion: CriterionState) -> str:
    """Room to the limit in the shown unit, with its sign; ``-`` where there is none to tell."""
    if criterion.margin is None:
        return "-"
    joint = " " if criterion.shown_unit[:1].isalpha() else ""
    return f"{signed(criterion.margin)}{joint}{criterion.shown_unit}"


def headline(state: RunState) -> str:
    """Outcome, scenario, runner and time under load in one line."""
    runner = state.started.runner if state.started else "nothing"
    standing = state.standing
    word = standing.word.upper() if state.ended else f"RUNNING, {standing.word}"
    detail = f"; {standing.detail}" if standing.detail else ""
    lasted = format_duration(round(state.under_load))
    return f"{word}  {state.scenario.name} with {runner}, {lasted} under load{detail}"


def verdict_lines(state: RunState, *, ascii_only: bool = False) -> list[str]:
    """Say how a run came out: the outcome, its reasons, and every criterion with its evidence, if it ran at all."""
    lines = [headline(state), *(f"  because {reason}" for reason in state.reasons)]
    criteria = [] if state.facts.cause else state.criteria
    for group in dict.fromkeys(criterion.spec.group for criterion in criteria):
        lines.append(f"{group}:")
        for criterion in criteria:
            if criterion.spec.group == group:
                lines.extend(_criterion_lines(criterion, ascii_only=ascii_only))
    return [_to_ascii(line) for line in lines] if ascii_only else lines


def _criterion_lines(criterion: CriterionState, *, ascii_only: bool) -> list[str]:
    mark = mark_of(criterion, ascii_only=ascii_only).ljust(_WORD_WIDTH + 2)
    said = f"{criterion.shown_value} ({limit_of(criterion)})"
    line = f"  {mark}  {criterion.spec.title}: {said}"
    return [line, f"{'':{_WORD_WIDTH + 6}}{criterion.evidence}"] if criterion.evidence else [line]


def _to_ascii(line: str) -> str:
    return line.encode("ascii", "replace").decode("ascii")
