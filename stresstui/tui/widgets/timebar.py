"""The time bar of a replay: where it is in the run, and where criteria were breached."""

from typing import Final

from stresstui.core.model.units import format_clock
from stresstui.tui.draw.ink import Piece, length
from stresstui.tui.draw.view import Playing, View
from stresstui.tui.widgets.board import Board, Lines

_BAR_LEAST: Final = 10
_ROOMY: Final = 60
"""Cells from which on a replay that stands says how fast it would play."""


class TimeBar(Board):
    """One line; empty for a live run."""

    def lines(self, view: View, width: int, height: int) -> Lines:
        """The clock and the speed, the bar, the length."""
        del height
        playing = view.playing
        if playing is None:
            return [[]]
        state = "PAUSED" if playing.paused else f"{playing.speed:g}x"
        left: list[Piece] = [
            (" REPLAY ", "word_pending"),
            (f" {state:<6} ", "accent"),
            (format_clock(playing.t), "title"),
        ]
        if playing.paused and width >= _ROOMY:  # or the keys that choose it would show nothing
            left.append((f" {f'{playing.speed:g}x':<5}", "dim"))
        right: list[Piece] = [(f" {format_clock(playing.length)} ", "dim")]
        cells = max(_BAR_LEAST, width - length(left) - length(right) - 2)
        return [view.ink.fit([*left, (" ", "text"), *_bar(view, playing, cells)], right, width)]


def _bar(view: View, playing: Playing, cells: int) -> list[Piece]:
    """What was played and what is left, and a mark at every breach."""
    glyphs, longest = view.ink.glyphs, max(playing.length, 1e-9)
    here = min(cells - 1, int(playing.t / longest * cells))
    breached = {min(cells - 1, int(t / longest * cells)) for t in playing.breaches}
    pieces: list[Piece] = []
    for cell in range(cells):
        if cell in breached:
            pieces.append((glyphs.breached, "breached"))
        else:
            pieces.append((glyphs.bar[0], "accent") if cell <= here else (glyphs.bar[1], "frame"))
    return pieces
