"""A Pane: a Board with a frame and a title, or only a title line where room is short."""

from stresstui.tui.draw.ink import Piece, length
from stresstui.tui.draw.view import View
from stresstui.tui.widgets.board import Board, Lines

FRAME = 2
"""Lines that a frame takes."""
SIDES = 4
"""Cells that a frame takes, with the space inside it."""


class Pane(Board, can_focus=True):
    """What can be focused, numbered and zoomed."""

    def __init__(self, number: int, *, id: str) -> None:  # noqa: A002 - the name that Textual gives it
        super().__init__(id=id)
        self.number = number
        """Its key; 0 for one without."""
        self._framed: dict[int, tuple[object, list[Piece]]] = {}
        self.bare = False
        """True where only a title line is drawn, without a frame."""

    def title(self, view: View) -> tuple[list[Piece], list[Piece]]:
        """What stands at the left and at the right of the title line."""
        raise NotImplementedError

    def body(self, view: View, width: int, height: int) -> Lines:
        """The lines inside the frame."""
        raise NotImplementedError

    def aside(self) -> list[Piece]:
        """What else stands before the right end of the title line."""
        return []

    def role(self, view: View) -> str:
        """The role in which the frame is drawn when it is not focused."""
        del view
        return "frame"

    def bottom(self, view: View, width: int, role: str) -> list[Piece]:
        """The frame's last line between its corners."""
        return [(view.ink.glyphs.across * width, role)]

    def lines(self, view: View, width: int, height: int) -> Lines:
        """The title line, the body and the frame around it."""
        glyphs = view.ink.glyphs
        role = self.role(view)
        if self.has_focus and role == "frame":
            role = "focus"
        head = self._title_line(view, width, role)
        if self.bare:
            return [head, *self.body(view, width, height - 1)]
        inner = max(0, height - FRAME)
        body = self.body(view, width - SIDES, inner)[:inner]
        body += [[] for _ in range(inner - len(body))]
        framed = [self._between(view, at, line, width, (glyphs.down, role)) for at, line in enumerate(body)]
        foot = [(glyphs.corners[2], role), *self.bottom(view, width - 2, role), (glyphs.corners[3], role)]
        return [head, *framed, foot]

    def _between(self, view: View, at: int, line: list[Piece], width: int, side: Piece) -> list[Piece]:
        """A line of the body between the frame's sides; most are as they were."""
        asked = (line, width, side)
        known = self._framed.get(at)
        if known is not None and known[0] == asked:
            return known[1]
        framed = [side, *view.ink.fit([(" ", "text"), *line], [(" ", "text")], width - 2), side]
        self._framed[at] = asked, framed
        return framed

    def _title_line(self, view: View, width: int, role: str) -> list[Piece]:
        glyphs = view.ink.glyphs
        left, right = self.title(view)
        across = glyphs.focus_across if self.has_focus else glyphs.across
        ends = (glyphs.across, glyphs.across) if self.bare else (glyphs.corners[0], glyphs.corners[1])
        number = f" {self.number} " if self.number else " "
        start: list[Piece] = [(ends[0], role), (number, "dim")]
        close: list[Piece] = [(f" {ends[1]}", role)]
        right = [*self.aside(), *right]
        left, right = _drop(left, right, width - length(start) - length(close) - 3)
        return view.ink.fit([*start, *left, (" ", "text")], [(" ", "text"), *right, *close], width, (across, role))


def _drop(left: list[Piece], right: list[Piece], room: int) -> tuple[list[Piece], list[Piece]]:
    """Leave out pieces from the ends, the right first, until both sides fit; the first of each stays."""
    left, right = left[:], right[:]
    while length(left) + length(right) > room and (len(left) > 1 or len(right) > 1):
        (right if len(right) > 1 else left).pop()
    return left, right
