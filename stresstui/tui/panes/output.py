"""The child's output: the newest lines, cleaned of control characters."""

from collections import deque
from typing import Final

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
        if len(self._buffer.partial) > _LONGEST:
            whole.append(self._buffer.take_partial())
        own = [line for line in map(clean, whole) if not line.startswith(MARKER)]
        self.reports += len(whole) - len(own)
        self.lines.extend(own)
        self.count += len(own)


class OutputPane(Pane):
    """Follows the output until the person scrolls back."""

    BINDINGS = list_keys("scroll", "Follow")

    def __init__(self, number: int, output: OutputLines, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(number, id=id)
        self._output = output
        self._last: int | None = None
        self._height = 1
        self.term = ""
        """What is searched for; empty = nothing."""
        self.as_table = False
        """True while the newest values of the reports are shown, not the lines."""

    @property
    def following(self) -> bool:
        """True while the newest line is in sight."""
        return self._last is None

    def title(self, view: View) -> tuple[list[Piece], list[Piece]]:
        """Whether it follows, and what is searched for."""
        del view
        if self.as_table:
            return [("Reports", "title")], [(f"{self._output.reports:,} reports, v shows the lines", "dim")]
        found: list[Piece] = [(f"{len(self.matches())} lines with '{self.term}'  ", "accent")] if self.term else []
        state = "following" if self.following else f"line {self._last}, G follows"
        reports = f"{self._output.reports:,} reports as a table: v  " if self._output.reports else ""
        return [("Output", "title")], [*found, (state, "dim"), (f"  {reports}".rstrip(), "dim")]

    def body(self, view: View, width: int, height: int) -> Lines:
        """The lines in sight."""
        self._height = max(1, height)
        if self.as_table:
            return _table(view, width, height)
        lines = list(self._output.lines)
        gone = self._output.count - len(lines)
        end = len(lines) if self._last is None else max(height, min(len(lines), self._last - gone))
        shown = lines[max(0, end - height) : end]
        if not lines:
            return [[(_SILENT[self._output.reports > 0], "dim")]]
        return [view.ink.cut(self._pieces(line), width) for line in shown]

    def _pieces(self, line: str) -> list[Piece]:
        role = "text"
        at = line.lower().find(self.term.lower()) if self.term else -1
        if at < 0:
            return [(line, role)]
        end = at + len(self.term)
        return [(line[:at], role), (line[at:end], "found"), (line[end:], role)]

    def action_scroll(self, by: int) -> None:
        """Scroll by lines; the end follows again."""
        newest = self._output.count
        oldest = newest - len(self._output.lines) + self._height
        last = (newest if self._last is None else self._last) + by
        self._last = None if last >= newest else max(oldest, last)
        self.redraw()

    def matches(self) -> list[int]:
        """Numbers of the lines that have the term."""
        first = self._output.count - len(self._output.lines) + 1
        term = self.term.lower()
        return [first + i for i, line in enumerate(self._output.lines) if term and term in line.lower()]

    def search(self, term: str, *, again: bool) -> tuple[int, int]:
        """Go to the newest line with the term, then to older ones; its place among all, 0 of 0 without any."""
        step = again and term == self.term
        self.term = term
        found = self.matches()[::-1]
        if not found:
            self.redraw()
            return 0, 0
        older = [number for number in found if self._last is None or number < self._last] if step else found
        number = older[0] if older else found[0]
        self._last = number
        self.redraw()
        return found.index(number) + 1, len(found)


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
