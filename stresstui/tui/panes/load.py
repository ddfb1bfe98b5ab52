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
        facts = _facts(view, width - 1, pictures=False)
        if self.has_focus:  # there is no frame that could show it
            facts = [(text, "focus" if role == "dim" else role) for text, role in facts]
        return [[(" ", "text"), *facts]]

    def body(self, view: View, width: int, height: int) -> Lines:
        """The facts that fit."""
        del height
        return [_facts(view, width, pictures=True)]


def _facts(view: View, width: int, *, pictures: bool) -> list[Piece]:
    facts = load_facts(view.run, columns_in(_PICTURE, braille=view.ink.glyphs.braille))
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


class LoadDetail(LoadPane):
    """The load, a fact and a picture of all that is known of it in each line."""

    def body(self, view: View, width: int, height: int) -> Lines:
        """As many facts as there are lines."""
        facts = load_facts(view.run)[:height]
        names = max((len(fact.name) for fact in facts), default=0)
        texts = max((len(fact.text) for fact in facts), default=0)
        return [_wide(view, fact, names, texts, width) for fact in facts] or [_facts(view, width, pictures=False)]


def _wide(view: View, fact: LoadFact, names: int, texts: int, width: int) -> list[Piece]:
    words: list[Piece] = [
        (f"{fact.name:<{names}}  ", "dim"),
        (f"{fact.text:>{texts}}  ", "breached" if fact.bad else "title"),
    ]
    room = width - length(words)
    return [*words, *_picture(view, fact.history, room)] if len(fact.history) > 1 and room > 0 else words


def _words(view: View, fact: LoadFact, *, picture: bool) -> list[Piece]:
    role = "breached" if fact.bad else "title"
    words: list[Piece] = [(f"{fact.name} ", "dim"), (fact.text, role)]
    if picture and len(fact.history) > 1:
        words += [(" ", "text"), *_picture(view, fact.history, _PICTURE)]
    return [*words, ("   ", "text")]


def _picture(view: View, history: tuple[float, ...], cells: int) -> list[Piece]:
    braille = view.ink.glyphs.braille
    newest = history[-columns_in(cells, braille=braille) :]
    axis = make_axis([0.0, *newest], 1)
    return plot([Layer(newest, "spark", filled=True)], cells, 1, axis, braille=braille)[0]
