"""The cells of a terminal, as they are to be and as they were sent: what goes out is the difference, in pieces.

What is drawn is only taken in; a slow terminal gets the newest of it, never what was drawn before. Sent is what
changed, with no more codes than the change of style needs.
"""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from rich.cells import cell_len

from stresstui.tui.tty.pen import change_of

_TOKEN: Final = re.compile(
    r"\x1b\[(?:(\d+);(\d+)H|([\d;]*)m)"
    r"|(\x1b\[[0-?]*[ -/]*[@-~]|\x1b\].*?(?:\a|\x1b\\)|\x1bP.*?\x1b\\|\x1b[^\[\]P]|[\x00-\x1f\x7f])",
    re.DOTALL,
)
"""A move of the cursor, a style, or anything else that is no text."""
_SYNC: Final = ("\x1b[?2026h", "\x1b[?2026l")
_FORGETS: Final = ("\x1b[?1049h", "\x1b[?1049l", "\x1b[2J")
"""What leaves a terminal with other cells than were sent."""
_FIRST: Final = (0, 1)
"""Lines that are sent before all others: what it is, and how it stands."""
_GAP: Final = 3
"""Unchanged cells between two changed ones that cost no more than a move of the cursor."""
_RUN: Final = 48
"""Cells that are sent at once at most."""

Cells = list[str | None]
"""Characters or styles of a line; None where what the terminal shows is not known."""


class Grid:
    """A terminal's cells. Lines and columns count from 0."""

    def __init__(self) -> None:
        self._x = self._y = 0
        self._style = ""
        self._pen: str | None = None
        self._wanted: list[tuple[Cells, Cells]] = []
        self._shown: list[tuple[Cells, Cells]] = []
        self._dirty: dict[int, tuple[int, int]] = {}
        self.resize(80, 24)

    def resize(self, width: int, height: int) -> None:
        """Begin anew with another size, nothing of which is known."""
        self._width, self._height = width, height
        self._wanted = [([None] * width, [None] * width) for _ in range(height)]
        self.forget()

    def forget(self) -> None:
        """Take what the terminal shows for unknown: all of it is sent again."""
        self._pen = None
        self._shown = [([None] * self._width, [None] * self._width) for _ in range(self._height)]
        self._dirty = dict.fromkeys(range(self._height), (0, self._width))

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines."""
        return self._width, self._height

    @property
    def pending(self) -> bool:
        """Whether something may be left to send."""
        return bool(self._dirty)

    def take(self, text: str) -> str:
        """Take in what is drawn; give what is no drawing, to be sent as it is."""
        others: list[str] = []
        at = 0
        for found in _TOKEN.finditer(text):
            if at < found.start():
                self._put(text[at : found.start()])
            at = found.end()
            row, column, style, other = found.groups()
            if row is not None:
                self._y, self._x = int(row) - 1, int(column) - 1
            elif style is not None:
                self._style = "" if style in ("", "0") else style
            elif other in _FORGETS:
                others.append(f"\x1b[0m{other}")
                self.forget()
            elif other != "\n" and other not in _SYNC:  # a line's end follows what is placed anyway
                others.append(other)
        if at < len(text):
            self._put(text[at:])
        return "".join(others)

    def _put(self, text: str) -> None:
        if not 0 <= self._y < self._height:
            return
        cells: Cells = list(text)
        if not text.isascii() and cell_len(text) != len(text):
            cells = list(chain.from_iterable(_spread(text)))
        start, end = self._x, min(self._width, self._x + len(cells))
        chars, styles = self._wanted[self._y]
        chars[start:end] = cells[: end - start]
        styles[start:end] = [self._style] * (end - start)
        self._x += len(cells)
        first, last = self._dirty.get(self._y, (start, end))
        self._dirty[self._y] = min(first, start), max(last, end)

    def send(self, budget: int, *, few_colors: bool) -> bytes:
        """What is to be sent next, of about so many bytes; characters before the blanks of an unknown screen."""
        out = bytearray()
        for blanks in (False, True):
            for y in [*(y for y in _FIRST if y in self._dirty), *(y for y in self._dirty if y not in _FIRST)]:
                for start, end in self._runs(y, blanks=blanks):
                    if len(out) >= budget:
                        return bytes(out)
                    out += self._draw(y, start, end, few_colors=few_colors).encode("utf-8", "replace")
                if blanks:
                    del self._dirty[y]
        return bytes(out)

    def _runs(self, y: int, *, blanks: bool) -> Iterator[tuple[int, int]]:
        """Stretches of a line that differ from what was sent."""
        (chars, styles), (known, drawn) = self._wanted[y], self._shown[y]
        first, last = self._dirty[y]
        if chars[first:last] == known[first:last] and styles[first:last] == drawn[first:last]:
            return
        start = end = -1
        for x in range(first, last):
            char = chars[x]
            if char is None or (char == known[x] and styles[x] == drawn[x]):
                continue
            if char == " " and known[x] is None and not blanks:
                continue
            if start >= 0 and (x - end > _GAP or x - start >= _RUN):
                yield start, end
                start = x
            start, end = x if start < 0 else start, x + 1
        if start >= 0:
            yield start, end

    def _draw(self, y: int, start: int, end: int, *, few_colors: bool) -> str:
        """A stretch of a line, with a move to it."""
        (chars, styles), (known, drawn) = self._wanted[y], self._shown[y]
        while start > 0 and chars[start] == "":  # the second half of a wide character
            start -= 1
        while end < self._width and chars[end] == "":
            end += 1
        out = [f"\x1b[{y + 1};{start + 1}H"]
        for char, style in zip(chars[start:end], styles[start:end], strict=True):
            if style != self._pen:
                out.append(change_of(self._pen, style or "", few_colors=few_colors))
                self._pen = style or ""
            out.append(" " if char is None else char)
        known[start:end], drawn[start:end] = chars[start:end], styles[start:end]
        return "".join(out)


def _spread(text: str) -> Iterator[list[str]]:
    """Each character with the cells that it takes: a wide one has an empty cell behind it, a mark none of its own."""
    cell = ""
    for char in text:
        width = cell_len(char)
        if width == 0:
            cell += char
            continue
        if cell:
            yield [cell, *([""] * (cell_len(cell) - 1))]
        cell = char
    if cell:
        yield [cell, *([""] * (cell_len(cell) - 1))]
