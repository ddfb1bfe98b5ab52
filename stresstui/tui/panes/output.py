"""The child's output: the newest lines, cleaned of control characters."""

import re
from collections import deque
from dataclasses import dataclass
from typing import Final

from textual.binding import Binding

from stresstui.core.text.line_buffer import LineBuffer
from stresstui.core.text.printable import printable
from stresstui.tui.draw.ink import Piece, pad
from stresstui.tui.draw.view import View
from stresstui.tui.widgets.board import Lines
from stresstui.tui.widgets.list_keys import list_keys
from stresstui.tui.widgets.pane import Pane

KEPT: Final = 5000
"""Lines that can be scrolled back to."""
MARKER: Final = "STRESSTUI"
"""What a line begins with that a workload prints for this program and not for people."""
_LONGEST: Final = 2000
_SILENT: Final = ("the program has printed nothing yet", "the program has printed nothing but reports so far")
_LEVEL: Final = re.compile(r"\b(?:ERROR|FATAL|CRITICAL|PANIC|WARN(?:ING)?)\b")
_LEVEL_WITHIN: Final = 80
_SEEN_LEAST: Final = 8
"""Cells of the longest line that stay in sight."""
_NAME: Final = 34
_VALUE: Final = 14


def clean(line: bytes) -> str:
    """A line of output as text that cannot move a terminal's cursor."""
    text = line[:_LONGEST].decode("utf-8", "replace").expandtabs(4)
    return printable(text.rsplit("\r", 1)[-1] if not text.endswith("\r") else text[:-1])


class OutputLines:
    """The newest lines of a stream of bytes."""

    def __init__(self) -> None:
        self.lines: deque[str] = deque(maxlen=KEPT)
        self.count = 0
        """Lines seen, those that are gone included, reports not."""
        self.reports = 0
        """Lines that were printed for this program: their numbers are shown, not their text."""
        self._buffer = LineBuffer()

    def feed(self, data: bytes) -> None:
        """Take in bytes; a line counts once its end is there."""
        whole = self._buffer.feed(data)
        if self._buffer.waiting > _LONGEST:
            whole.append(self._buffer.take_partial())
        own = [line for line in map(clean, whole) if not line.startswith(MARKER)]
        self.reports += len(whole) - len(own)
        self.lines.extend(own)
        self.count += len(own)


@dataclass(slots=True)
class OutputLook:
    """How the output is looked at, which a pane and its zoom share."""

    last: int | None = None
    """Number of the last line in sight; None follows the newest."""
    left: int = 0
    """Characters that are left out at the left."""
    wrapped: bool = False
    kept: re.Pattern[str] | None = None
    """What a line has to match; None shows all."""
    term: str = ""
    """What is searched for; empty = nothing."""
    as_table: bool = False
    """Whether the newest values of the reports are shown, not the lines."""


class OutputPane(Pane):
    """Follows the output until the person scrolls back."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        Binding("left,h", "sideways(-16)", "To the left", show=False),
        Binding("right,l", "sideways(16)", "To the right", show=False),
        Binding("w", "wrap", "Wrap lines"),
        Binding("v", "table", "Reports as a table"),
        *list_keys("scroll", "Follow"),
    ]

    def __init__(self, number: int, output: OutputLines, look: OutputLook, *, id: str) -> None:  # noqa: A002 - Textual's
        super().__init__(number, id=id)
        self._output = output
        self.look = look
        self._height = 1

    @property
    def following(self) -> bool:
        """True while the newest line is in sight."""
        return self.look.last is None

    def title(self, view: View) -> tuple[list[Piece], list[Piece]]:
        """Whether it follows, and what is searched for."""
        del view
        if self.look.as_table:
            return [("Reports", "title")], [(f"{self._output.reports:,} reports, v shows the lines", "dim")]
        found: list[Piece] = []
        if self.look.kept is not None:
            found.append((f"only {len(self._lines())} lines with '{self.look.kept.pattern}'  ", "accent"))
        if self.look.term:
            found.append((f"{len(self.matches())} lines with '{self.look.term}'  ", "accent"))
        state = "following" if self.following else f"line {self.look.last}, G follows"
        state += f", from column {self.look.left + 1}" if self.look.left else ""
        reports = f"{self._output.reports:,} reports as a table: v  " if self._output.reports else ""
        return [("Output", "title")], [*found, (state, "dim"), (f"  {reports}".rstrip(), "dim")]

    def _lines(self) -> list[tuple[int, str]]:
        """The lines that can be seen, with their numbers: all, or those that the filter lets through."""
        lines = enumerate(self._output.lines, self._output.count - len(self._output.lines) + 1)
        keep = self.look.kept
        return [(number, line) for number, line in lines if keep is None or keep.search(line)]

    def body(self, view: View, width: int, height: int) -> Lines:
        """The lines in sight."""
        self._height = max(1, height)
        if self.look.as_table:
            return _table(view, width, height)
        if not self._output.lines:
            return [[(_SILENT[self._output.reports > 0], "dim")]]
        lines = self._lines()
        end = len(lines)
        if self.look.last is not None:
            end = max(min(height, end), sum(number <= self.look.last for number, _ in lines))
        shown = [line for _, line in lines[max(0, end - height) : end]]
        if self.look.wrapped:
            rows = [row for line in shown for row in _fold(line, width)]
            return [self._pieces(row) for row in rows[-height:]]
        return [view.ink.cut(self._pieces(line[self.look.left :]), width) for line in shown]

    def _pieces(self, line: str) -> list[Piece]:
        role = level_role(line)
        at = line.lower().find(self.look.term.lower()) if self.look.term else -1
        if at < 0:
            return [(line, role)]
        end = at + len(self.look.term)
        return [(line[:at], role), (line[at:end], "found"), (line[end:], role)]

    def action_sideways(self, by: int) -> None:
        """Show what stands farther to the right, or left."""
        widest = max((len(line) for line in self._output.lines), default=0)
        self.look.left = max(0, min(self.look.left + by, widest - _SEEN_LEAST))
        self.redraw()

    def action_wrap(self) -> None:
        """Fold long lines, or cut them."""
        self.look.wrapped, self.look.left = not self.look.wrapped, 0
        self.redraw()

    def action_table(self) -> None:
        """Show the newest values that the workload reported, or its lines again."""
        self.look.as_table = not self.look.as_table
        self.redraw()

    def only(self, expression: str) -> int:
        """Show only lines that match, in any case; empty shows all. Gives how many there are."""
        try:
            self.look.kept = re.compile(expression, re.IGNORECASE) if expression else None
        except re.error:
            self.look.kept = re.compile(re.escape(expression), re.IGNORECASE)
        self.look.last = None
        self.redraw()
        return len(self._lines())

    def action_scroll(self, by: int) -> None:
        """Scroll by lines; the end follows again."""
        newest = self._output.count
        oldest = newest - len(self._output.lines) + self._height
        last = (newest if self.look.last is None else self.look.last) + by
        self.look.last = None if last >= newest else max(oldest, last)
        self.redraw()

    def matches(self) -> list[int]:
        """Numbers of the lines that have the term."""
        term = self.look.term.lower()
        return [number for number, line in self._lines() if term and term in line.lower()]

    def search(self, term: str, *, again: bool) -> tuple[int, int]:
        """Go to the newest line with the term, then to older ones; its place among all, 0 of 0 without any."""
        step = again and term == self.look.term
        self.look.term = term
        found = self.matches()[::-1]
        if not found:
            self.redraw()
            return 0, 0
        older = [number for number in found if self.look.last is None or number < self.look.last] if step else found
        number = older[0] if older else found[0]
        self.look.last = number
        self.redraw()
        return found.index(number) + 1, len(found)


def level_role(line: str) -> str:
    """The role of a line, by the level that it names near its beginning."""
    found = _LEVEL.search(line[:_LEVEL_WITHIN])
    return "text" if found is None else "pending" if found[0].startswith("W") else "breached"


def _fold(line: str, width: int) -> list[str]:
    return [line[at : at + width] for at in range(0, len(line), max(1, width))] or [""]


def _table(view: View, width: int, height: int) -> Lines:
    """The newest values that were reported, in as many columns as fit, names in order from above."""
    values = sorted(view.run.workload.raw.items())
    if not values:
        return [[("nothing has been reported so far", "dim")]]
    across = max(1, width // (_NAME + _VALUE))
    down = max(1, min(height, -(-len(values) // across)))
    shown = values[: across * down]
    return [
        [piece for name, value in shown[row::down] for piece in _entry(name, value)]
        for row in range(min(down, len(shown)))
    ]


def _entry(name: str, value: float) -> list[Piece]:
    number = f"{value:,.0f}" if value == int(value) else f"{value:,.4g}"
    return [(pad(name, _NAME - 1), "dim"), (f" {number:>{_VALUE - 2}}  ", "text")]
