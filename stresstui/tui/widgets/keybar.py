"""The last line: the keys, and on narrow screens what watching costs."""

from typing import Final

from stresstui.tui.draw.ink import Piece, length
from stresstui.tui.draw.view import View
from stresstui.tui.widgets.board import Board, Lines
from stresstui.tui.widgets.header import WIDE, monitor_cost

KEYS: Final = (
    ("q", "leave"), ("?", "help"), ("e", "zoom"), ("n/N", "breach"), ("o", "output"), ("/", "search"),
    ("space", "pause"), ("x", "stop"), ("t", "theme"), ("m", "note"), ("d", "detach"), ("tab", "pane"),
)  # fmt: skip
"""Keys and what they do, the most needed first."""
ENDED_KEYS: Final = (("q", "leave"), ("?", "help"), ("r", "report"), *(pair for pair in KEYS if pair[0] not in "q?xmd"))
"""The same of a run that has ended."""
REPLAY_KEYS: Final = (
    ("q", "leave"), ("?", "help"), ("space", "play"), ("[ ]", "breach"), (", .", "step"), ("- +", "speed"),
    (":", "go to"), ("e", "zoom"), ("home/end", "ends"), ("t", "theme"), ("tab", "pane"),
)  # fmt: skip
"""The same of a replay."""

_COST_FROM: Final = 48
"""Cells from which on there is room for more than the keys."""


class KeyBar(Board):
    """As many keys as fit."""

    def lines(self, view: View, width: int, height: int) -> Lines:
        """The keys, then the monitor's cost where the header has no room for it."""
        del height
        right = monitor_cost(view.run) if _COST_FROM <= width < WIDE else []
        left: list[Piece] = []
        for key, word in REPLAY_KEYS if view.playing is not None else ENDED_KEYS if view.run.ended else KEYS:
            piece: list[Piece] = [(f" {key}", "key"), (f" {word} ", "dim")]
            if length(left) + length(piece) + length(right) > width:
                break
            left += piece
        return [view.ink.fit(left, right, width)]
