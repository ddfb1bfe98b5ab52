"""The banner: why a run ended as it did, where its report is, and what to do next."""

from typing import Final

from stresstui.tui.draw.ending import plain_reasons
from stresstui.tui.draw.ink import Piece, length
from stresstui.tui.draw.view import View
from stresstui.tui.widgets.board import Board, Lines

REASONS: Final = 3
"""Reasons that are told; the criteria below tell all."""


class Banner(Board):
    """A few reasons in a line each, then the way to the report."""

    def wanted(self, view: View) -> int:
        """Lines that it needs; 0 while the run is on."""
        return 0 if view.run.outcome is None else min(REASONS, len(plain_reasons(view))) + 1

    def lines(self, view: View, width: int, height: int) -> Lines:
        """The reasons that fit, and the last line."""
        if view.run.outcome is None:
            return []
        reasons = plain_reasons(view)
        room = max(0, height - 1)
        unsaid = len(reasons) - room
        lines = [view.ink.cut(line, width) for line in reasons[:room]]
        if unsaid > 0 and lines:
            lines[-1] = view.ink.fit(lines[-1], [(f"  and {unsaid} more: 5", "dim")], width)
        return [*lines, _next(view, width)]


def _next(view: View, width: int) -> list[Piece]:
    name = view.run.started.run if view.run.started else ""
    ended: list[Piece] = [(" the run has ended, ", "dim"), ("q", "key"), (" leaves  ", "dim")]
    again: list[Piece] = [("again: ", "dim"), (f"stresstui replay {name}", "text")]
    paths = [[("r", "key"), (f" {text}  ", "accent")] for text in (view.report, "report")] if view.report else [[]]
    for line in (*([*ended, *path, *again] for path in paths), *([*ended, *path] for path in paths)):
        if length(line) <= width:
            return line
    return ended
