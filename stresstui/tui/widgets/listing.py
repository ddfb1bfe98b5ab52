"""A Listing: a pane of rows with a cursor, which scrolls by itself to what matters."""

from stresstui.tui.draw.ink import Piece, under_cursor
from stresstui.tui.draw.view import View
from stresstui.tui.widgets.board import Lines
from stresstui.tui.widgets.list_keys import list_keys
from stresstui.tui.widgets.pane import FRAME, SIDES, Pane

Row = tuple[list[Piece], str | None]
"""A line, and the key of what it stands for; None for a heading."""


class Listing(Pane):
    """Rows with a cursor."""

    BINDINGS = list_keys("move")

    def __init__(self, number: int, *, id: str) -> None:  # noqa: A002 - the name that Textual gives it
        super().__init__(number, id=id)
        self.chosen: str | None = None
        """Key of the row under the cursor."""
        self._offset = 0
        self._height = 0
        self._unseen = ""
        self._in_order: list[Row] = []

    def rows(self, view: View, width: int) -> list[Row]:
        """Every row, headings included."""
        raise NotImplementedError

    def matters(self, view: View) -> str | None:
        """Key of the row to keep in sight while nobody moves the cursor."""
        raise NotImplementedError

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        keys = self._keys()
        if not keys:
            return
        here = keys.index(self.chosen) if self.chosen in keys else -1
        start = here if here >= 0 else (-1 if by > 0 else 0)
        self.choose(keys[max(0, min(len(keys) - 1, start + by))])

    def choose(self, key: str) -> None:
        """Put the cursor on a row."""
        self.chosen = key
        self.redraw()

    def _keys(self) -> list[str]:
        if self.view is None:
            return []
        return [key for _, key in self.rows(self.view, self.size.width) if key is not None]

    def lines(self, view: View, width: int, height: int) -> Lines:
        """As any pane, once it is known which rows are in sight."""
        self._height = max(0, height - (1 if self.bare else FRAME))
        rows = self._in_order = self.rows(view, width if self.bare else width - SIDES)
        self._scroll(rows, self.chosen if self.has_focus and self.chosen else self.matters(view), self._height)
        below = max(0, len(rows) - self._offset - self._height)
        parts = [f"{self._offset} above" if self._offset else "", f"{below} below" if below else ""]
        self._unseen = ", ".join(part for part in parts if part)
        return super().lines(view, width, height)

    def body(self, view: View, width: int, height: int) -> Lines:
        """The rows in sight."""
        return [
            self._marked(line, key, view, width) for line, key in self._in_order[self._offset : self._offset + height]
        ]

    def _scroll(self, rows: list[Row], key: str | None, height: int) -> None:
        at = next((i for i, row in enumerate(rows) if row[1] == key), 0) if key is not None else 0
        if at < self._offset or key is None:
            self._offset = at
        elif at >= self._offset + height:
            self._offset = at - height + 1
        if at == 1 and self._offset == 1:
            self._offset = 0
        self._offset = max(0, min(self._offset, len(rows) - height))

    def _marked(self, line: list[Piece], key: str | None, view: View, width: int) -> list[Piece]:
        if not self.has_focus or key is None or key != self.chosen:
            return view.ink.cut(line, width)
        return [(text, under_cursor(role)) for text, role in view.ink.fit(line, [], width)]

    def aside(self) -> list[Piece]:
        """Without a frame, the title line says what is out of sight."""
        return [(f"{self._unseen}  ", "dim")] if self.bare and self._unseen else []

    def bottom(self, view: View, width: int, role: str) -> list[Piece]:
        """The frame's last line says what is out of sight."""
        right: list[Piece] = [(f" {self._unseen} ", "dim"), (view.ink.glyphs.across, role)] if self._unseen else []
        return view.ink.fit([], right, width, (view.ink.glyphs.across, role))
