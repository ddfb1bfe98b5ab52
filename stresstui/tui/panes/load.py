"""The load: one line of facts, with pictures of their newest values where there is room for a frame."""

from typing import Final

from stresstui.tui.draw.axis import make_axis
from stresstui.tui.draw.ink import Piece, length
from stresstui.tui.draw.load import LoadFact, load_facts
from stresstui.tui.draw.plot import Layer, columns_in, plot
from stresstui.tui.draw.view import View
from stresstui.tui.widgets.board import Lines
from stresstui.tui.widgets.pane import Pane

_PICTURE: Final = 12
"""Cells of a picture."""


class LoadPane(Pane):
    """What the load does; one line high, it is a line without a frame."""

    def title(self, view: View) -> tuple[list[Piece], list[Piece]]:
        """Its name, and how the workload says it is."""
        return [("Load", "title")], [(view.run.workload.state or "as the kernel counts it", "dim")]

    def lines(self, view: View, width: int, height: int) -> Lines:
        """A frame, or one line where there is only one."""
        if height > 1:
            return super().lines(view, width, height)
        return [[(" ", "text"), *_facts(view, width - 1, pictures=False)]]

    def body(self, view: View, width: int, height: int) -> Lines:
        """The facts that fit."""
        del height
        return [_facts(view, width, pictures=True)]


def _facts(view: View, width: int, *, pictures: bool) -> list[Piece]:
    facts = load_facts(view.run)
    if not facts:
        return [("no load is reported so far", "dim")]
    line: list[Piece] = []
    for fact in facts:
        words = _words(view, fact, picture=pictures)
        if length(line) + length(words) > width:
            words = _words(view, fact, picture=False)
        if length(line) + length(words) > width:
            break
        line += words
    return line


def _words(view: View, fact: LoadFact, *, picture: bool) -> list[Piece]:
    role = "breached" if fact.bad else "title"
    words: list[Piece] = [(f"{fact.name} ", "dim"), (fact.text, role)]
    if picture and len(fact.history) > 1:
        words += [(" ", "text"), *_picture(view, fact.history)]
    return [*words, ("   ", "text")]


def _picture(view: View, history: tuple[float, ...]) -> list[Piece]:
    braille = view.ink.glyphs.braille
    newest = history[-columns_in(_PICTURE, braille=braille) :]
    axis = make_axis([0.0, *newest], 1)
    return plot([Layer(newest, "spark", filled=True)], _PICTURE, 1, axis, braille=braille)[0]
