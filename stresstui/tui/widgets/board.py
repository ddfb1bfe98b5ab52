"""A Board: a widget of prepared lines. What it sends to the terminal is the cells that differ from the last drawing."""

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from stresstui.tui.draw.ink import Ink, Piece
from stresstui.tui.draw.view import View

Lines = list[list[Piece]]
"""Lines of pieces, from above."""


class Board(Widget):
    """Draws the lines that ``lines`` makes of a View."""

    DEFAULT_CSS = "Board { height: 1fr; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - the name that Textual gives it
        super().__init__(id=id)
        self.view: View | None = None
        self._strips: list[Strip] = []
        self._drawn: Lines = []
        self._ink: Ink | None = None

    def lines(self, view: View, width: int, height: int) -> Lines:
        """The lines that show a view; at most ``height`` of them are drawn."""
        raise NotImplementedError

    def draw(self, view: View) -> None:
        """Show a view."""
        self.view = view
        self.redraw()

    def redraw(self) -> None:
        """Draw the same view again, as after a key or a change of size."""
        width, height = self.size
        if self.view is None or not width or not height:
            return
        ink, lines = self.view.ink, self.lines(self.view, width, height)[:height]
        known = self._strips if ink is self._ink else []
        # Most lines are as they were: to compare them costs less than to make them anew.
        old = zip(self._drawn, known, strict=False)
        same = {at: strip for at, ((line, strip), now) in enumerate(zip(old, lines, strict=False)) if line == now}
        strips = [same.get(at) or ink.strip(line, width) for at, line in enumerate(lines)]
        strips += [Strip.blank(width, ink.styles["text"])] * (height - len(strips))
        before, self._strips, self._drawn, self._ink = self._strips, strips, lines, ink
        if len(before) != height or before[0].cell_length != width:
            self.refresh()
            return
        regions = [region for y in range(height) if (region := _changed(before[y], strips[y], y))]
        if regions:
            self.refresh(*regions)

    def on_resize(self) -> None:
        """Fit the lines to the new size."""
        self._strips = []
        self.redraw()

    def on_focus(self) -> None:
        """Show that keys go here; Textual has it so once all handlers have heard of it."""
        self.call_later(self.redraw)

    def on_blur(self) -> None:
        """Show that keys go elsewhere."""
        self.call_later(self.redraw)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines as they are: they have their colours, and no edges, padding or links for Textual to add."""
        if len(self._strips) < crop.bottom or self.get_line_filters():
            return super().render_lines(crop)
        return [strip.crop(crop.x, crop.right) for strip in self._strips[crop.y : crop.bottom]]

    def render_line(self, y: int) -> Strip:
        """One prepared line."""
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width)


def _changed(before: Strip, now: Strip, y: int) -> Region | None:
    """The cells of line ``y`` that differ; None when none does."""
    if before is now or list(before) == list(now):
        return None
    old, new = _cells(before), _cells(now)
    if not old or len(old) != len(new):
        return Region(0, y, now.cell_length, 1)
    start = next((i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b), 0)
    end = next((i for i in range(len(new), 0, -1) if old[i - 1] != new[i - 1]), len(new))
    return Region(start, y, end - start, 1)


def _cells(strip: Strip) -> list[tuple[str, Style | None]]:
    """Characters with their styles, where every one is a cell wide; else the line is one unit."""
    cells = [(char, segment.style) for segment in strip for char in segment.text]
    return cells if len(cells) == strip.cell_length else []
