"""A Table: rows of cells under a head, with a cursor that stays on its row wherever that goes."""

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from textual.binding import Binding
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.message import Message

from stresstui.tui.draw.ink import Piece, pad, under_cursor
from stresstui.tui.draw.view import View
from stresstui.tui.widgets.board import Board, Lines
from stresstui.tui.widgets.list_keys import list_keys

Cells = Sequence[Piece]
"""A piece for each column."""
_GAP: Final = 2
"""Cells between two columns."""
_WHEEL: Final = 3
_HEAD: Final = 1
"""Lines above the rows."""


class Table(Board, can_focus=True):
    """Rows with keys; columns are as wide as the widest that was shown in them."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        *list_keys("move"),
        Binding("enter", "open", "Open", show=False),
        Binding("left", "shift(-1)", "Columns to the left", show=False),
        Binding("right", "shift(1)", "Columns to the right", show=False),
    ]

    class Opened(Message):
        """A row is to be opened."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key
            """Which."""

    class Moved(Message):
        """The cursor was moved to another row."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - the name that Textual gives it
        super().__init__(id=id)
        self.chosen: str | None = None
        """Key of the row under the cursor; None where there is none."""
        self.rows: dict[str, Cells] = {}
        """What is shown, from above, by key."""
        self._heads: Sequence[str] = ()
        self._widths: list[int] = []
        self._offset = self._first = 0

    def show(self, heads: Sequence[str], rows: dict[str, Cells], view: View) -> None:
        """Show other rows, or the same as they are now; a chosen one that is gone leaves the cursor on the first."""
        if heads != self._heads:
            self._heads, self._widths, self._first = heads, [cell_len(head) for head in heads], 0
        self.rows = rows
        for cells in rows.values():
            self._widths = [max(width, cell_len(text)) for width, (text, _) in zip(self._widths, cells, strict=True)]
        if self.chosen not in rows:
            self.chosen = next(iter(rows), None)
        self.draw(view)

    def lines(self, view: View, width: int, height: int) -> Lines:
        """The head, and the rows in sight of the cursor."""
        del view, width
        keys, room = list(self.rows), max(1, height - _HEAD)
        at = keys.index(self.chosen) if self.chosen is not None else 0
        self._offset = max(0, min(max(self._offset, at - room + 1), at, len(keys) - room))
        shown = keys[self._offset : self._offset + room]
        head = self._line([(text, "dim") for text in self._heads])
        return [head, *(self._line(self.rows[key], chosen=key == self.chosen) for key in shown)]

    def _line(self, cells: Cells, *, chosen: bool = False) -> list[Piece]:
        pairs = list(zip(cells, self._widths, strict=True))[self._first :]
        line = [(" ", "text"), *((pad(text, width + _GAP), role) for (text, role), width in pairs)]
        return [(text, under_cursor(role)) for text, role in line] if chosen else line

    def on_resize(self) -> None:
        """Columns may be narrower again."""
        self._widths = [cell_len(head) for head in self._heads]
        if self.view is not None:
            self.show(self._heads, self.rows, self.view)
        super().on_resize()

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        keys = list(self.rows)
        if keys and self.chosen is not None:
            self._choose(keys[max(0, min(len(keys) - 1, keys.index(self.chosen) + by))])

    def _choose(self, key: str) -> None:
        self.chosen = key
        self.redraw()
        self.post_message(self.Moved())

    def action_shift(self, by: int) -> None:
        """Leave out a column at the left, or have it back."""
        self._first = max(0, min(len(self._heads) - 1, self._first + by))
        self.redraw()

    def action_open(self) -> None:
        """Have the chosen row opened."""
        if self.chosen is not None:
            self.post_message(self.Opened(self.chosen))

    def on_click(self, event: Click) -> None:
        """Choose a row; the chosen one is opened."""
        keys, place = list(self.rows), event.y - _HEAD + self._offset
        if event.y >= _HEAD and place < len(keys):
            if self.chosen == keys[place]:
                self.action_open()
            self._choose(keys[place])

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Some rows down."""
        event.stop()
        self.action_move(_WHEEL)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Some rows up."""
        event.stop()
        self.action_move(-_WHEEL)
