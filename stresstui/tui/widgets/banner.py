"""The banner: the outcome of a run with its reasons, from the end on until the person leaves."""

from stresstui.core.verdict import Verdict
from stresstui.tui.ink import Piece, verdict_role
from stresstui.tui.view import View
from stresstui.tui.widgets.board import Board, Lines

_VERDICT_OF = {"passed": Verdict.PASSED, "failed": Verdict.FAILED}


class Banner(Board):
    """The outcome, and why."""

    def wanted(self, view: View) -> int:
        """Lines that it needs; 0 while the run is on."""
        return 0 if view.run.outcome is None else 1 + max(1, len(view.run.reasons))

    def lines(self, view: View, width: int, height: int) -> Lines:
        """The outcome, then a line for each reason; what does not fit is counted."""
        del width
        run = view.run
        if run.outcome is None:
            return []
        verdict = _VERDICT_OF.get(run.outcome, Verdict.INCONCLUSIVE)
        role = verdict_role(verdict)
        head: list[Piece] = [
            (f" {view.ink.glyphs.mark(verdict)} {run.outcome.value.upper()}", f"word_{role}"),
            (f"  exit code {run.exit_code}", "text"),
            ("  the run has ended, q leaves", "dim"),
        ]
        reasons = run.reasons or ["every criterion passed"]
        room = max(1, height - 1)
        shown = reasons if len(reasons) <= room else reasons[: room - 1]
        rest = len(reasons) - len(shown)
        more: Lines = [[(f"   and {rest} more, 5 and enter show each", "dim")]] if rest else []
        return [head, *([(f"   {reason}", role if role != "ok" else "text")] for reason in shown), *more]
