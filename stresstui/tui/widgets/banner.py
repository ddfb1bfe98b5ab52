"""The banner: the outcome of a run with its reasons, from the end on until the person leaves."""

import textwrap

from stresstui.tui.draw.ink import Piece, verdict_role
from stresstui.tui.draw.view import View
from stresstui.tui.widgets.board import Board, Lines
from stresstui.tui.widgets.header import LIKE


class Banner(Board):
    """The outcome, and why."""

    def wanted(self, view: View, width: int) -> int:
        """Lines that it needs; 0 while the run is on."""
        return 0 if view.run.outcome is None else 1 + len(_reasons(view, width))

    def lines(self, view: View, width: int, height: int) -> Lines:
        """The outcome, then its reasons; what does not fit is in the criteria."""
        run = view.run
        if run.outcome is None:
            return []
        standing = run.standing
        verdict = LIKE[standing.word]
        role = verdict_role(verdict)
        head: list[Piece] = [
            (f" {view.ink.glyphs.mark(verdict)} {standing.word.upper()}", f"word_{role}"),
            (f"  exit code {run.exit_code}", "text"),
            (f"  {standing.detail}" if standing.detail else "", "text"),
            ("  the run has ended, q leaves", "dim"),
        ]
        reasons = _reasons(view, width)
        room = max(1, height - 1)
        shown = reasons if len(reasons) <= room else reasons[: room - 1]
        more: Lines = [[("   and more: 5, then enter, shows each criterion", "dim")]] if shown != reasons else []
        return [head, *([(reason, role if role != "ok" else "text")] for reason in shown), *more]


def _reasons(view: View, width: int) -> list[str]:
    reasons = view.run.reasons or ["every criterion passed"]
    return [
        line
        for reason in reasons
        for line in textwrap.wrap(reason, max(20, width - 1), initial_indent="   ", subsequent_indent="     ")
    ]
