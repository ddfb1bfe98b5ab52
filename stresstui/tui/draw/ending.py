"""The end of a run in plain words: what failed and by how much, what is open and what would settle it."""

import re
from typing import Final

from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.model.outcome import Outcome
from stresstui.core.model.units import UnitError, format_duration, parse_duration
from stresstui.core.run.outcome import say_passed
from stresstui.core.run.state import RunState
from stresstui.tui.draw.criterion import say_limit
from stresstui.tui.draw.ink import Piece, verdict_role
from stresstui.tui.draw.view import View

_BLAME: Final = re.compile(r"mostly (?:[^;,]|,(?=\d))+")
_SHOWN: Final = re.compile(r"growth above ([^;]+?) would have shown")
_MORE: Final = re.compile(r"(?:about )?(\w+) more would (?:do|settle)")


def plain_reasons(view: View) -> list[list[Piece]]:
    """A line for each thing that decided the outcome, what failed first; the first ones say the most."""
    run, glyphs = view.run, view.ink.glyphs
    failed = [c for c in run.criteria if c.shown_verdict is Verdict.FAILED]
    open_ones = [c for c in run.criteria if c.verdict is Verdict.INCONCLUSIVE]
    lines = [_line(glyphs.breached, say_failure(c), "breached") for c in failed]
    lines += [_line("!", reason, verdict_role(Verdict.FAILED)) for reason in _others(run, failed)]
    if open_ones:
        lines.append(_line(glyphs.no_data, _open(run, open_ones), "no_data"))
    if run.outcome is Outcome.PASSED:
        lines.append(_line(glyphs.ok, _passed(run), "ok"))
    return lines


def _line(mark: str, text: str, role: str) -> list[Piece]:
    return [(f" {mark} ", f"word_{role}" if role != "limit" else role), (text, "text")]


def say_failure(criterion: CriterionState) -> str:
    """What was breached, by how much, and who is behind it."""
    blame = _BLAME.search(criterion.evidence)
    who = f"; {blame[0].strip()}" if blame else ""
    times = f", breached {criterion.breach_count} times" if criterion.breach_count > 1 else ""
    return f"{_short(criterion)}: {criterion.shown_value}, the limit is {say_limit(criterion)}{times}{who}"


def _others(run: RunState, failed: list[CriterionState]) -> list[str]:
    """Reasons that are no criterion's."""
    titles = tuple(f"{c.spec.title}:" for c in run.criteria)
    del failed
    return [reason for reason in run.reasons if not reason.startswith(titles)]


def _open(run: RunState, criteria: list[CriterionState]) -> str:
    names = ", ".join(_short(criterion) for criterion in criteria)
    settle = run.too_short or _settled_by(criteria)
    return f"{len(criteria)} open{f' ({settle})' if settle else ''}: {names}"


def _settled_by(criteria: list[CriterionState]) -> str:
    """How much longer a run would have had to be for all of them."""
    longest = 0.0
    for criterion in criteria:
        for found in _MORE.findall(criterion.evidence):
            try:
                longest = max(longest, parse_duration(found))
            except UnitError:
                continue
    return f"about {format_duration(longest)} more would settle it" if longest else ""


def _passed(run: RunState) -> str:
    found = [(c, _SHOWN.search(c.evidence)) for c in run.criteria]
    shown = [f"{c.metric.title} growth above {match[1]}" for c, match in found if match]
    return say_passed(run) + (f"; would have shown: {', '.join(shown)}" if shown else "")


def _short(criterion: CriterionState) -> str:
    return criterion.spec.title.split(" (", maxsplit=1)[0]
