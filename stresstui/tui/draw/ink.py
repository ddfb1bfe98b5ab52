"""Ink: roles to styles, pieces of text to strips of cells."""

from collections.abc import Iterable

import msgspec
from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from stresstui.core.criteria.state import Verdict
from stresstui.core.model.timeline import Mark
from stresstui.tui.draw.glyphs import Glyphs
from stresstui.tui.themes import Palette

Piece = tuple[str, str]
"""A text, and the role whose style it is drawn in."""

_BOLD = frozenset(("title", "breached", "word_breached", "word_ok", "word_pending", "word_no_data", "key"))
_COLOR_OF = {
    "title": "text", "key": "accent", "focus": "accent", "word_ok": "ok", "word_pending": "pending",
    "word_breached": "breached", "word_no_data": "no_data", "cursor": "text", "found": "text",
}  # fmt: skip
_STATES = ("ok", "pending", "breached", "no_data")
_COLOR_OF |= {f"cursor_{state}": state for state in _STATES}
_VERDICT_ROLE = {
    Verdict.OK: "ok",
    Verdict.PASSED: "ok",
    Verdict.PENDING: "pending",
    Verdict.BREACHED: "breached",
    Verdict.FAILED: "breached",
    Verdict.WARNING: "pending",
}


def say_verdict(verdict: Verdict) -> str:
    """A verdict in words; what has none yet, or got none, is open."""
    return "open" if verdict in (Verdict.NO_DATA, Verdict.INCONCLUSIVE) else verdict.value.replace("_", " ")


def verdict_role(verdict: Verdict) -> str:
    """The role in which a verdict is drawn."""
    return _VERDICT_ROLE.get(verdict, "no_data")


def under_cursor(role: str) -> str:
    """The role of a text in the row under the cursor: a state keeps its colour there."""
    state = role.removeprefix("word_")
    return f"cursor_{state}" if state in _STATES else "cursor"


def mark_role(mark: Mark) -> str:
    """The role in which a line of the event list is drawn."""
    roles = {Mark.BREACH: "breached", Mark.PROBLEM: "pending", Mark.NOTE: "accent", Mark.PHASE: "text"}
    return roles.get(mark, "dim")


class Ink(msgspec.Struct, frozen=True):
    """What a widget draws with: the palette's styles and the terminal's glyphs."""

    styles: dict[str, Style]
    """Style by role."""
    glyphs: Glyphs
    """Characters."""

    def strip(self, pieces: Iterable[Piece], width: int) -> Strip:
        """Make a strip of exactly ``width`` cells."""
        segments = [Segment(text, self.styles[role]) for text, role in pieces if text]
        return Strip(segments).adjust_cell_length(width, self.styles["text"]).crop(0, width)

    def fit(self, left: list[Piece], right: list[Piece], width: int, fill: Piece = (" ", "text")) -> list[Piece]:
        """Put pieces at both ends of a line and fill between; the left end is cut when both do not fit."""
        room = width - length(right)
        if length(left) > room:
            left = self.cut(left, room)
        space = max(0, width - length(left) - length(right))
        return [*left, (fill[0] * space, fill[1]), *right]

    def cut(self, pieces: list[Piece], width: int) -> list[Piece]:
        """Shorten pieces to ``width`` cells, with a sign that something is missing."""
        if length(pieces) <= width:
            return pieces
        kept: list[Piece] = []
        room = max(0, width - 1)
        for text, role in pieces:
            part = text if cell_len(text) <= room else set_cell_size(text, room)
            kept.append((part, role))
            room -= cell_len(part)
            if room <= 0:
                break
        return [*kept, (self.glyphs.more, "dim")] if width > 0 else []


def make_ink(palette: Palette, glyphs: Glyphs, *, colored: bool = True) -> Ink:
    """Make ink of a palette; without colour, breaches and the cursor are shown in reverse."""
    roles = (*palette.colors, *_COLOR_OF)
    return Ink({role: _style(palette, role, colored=colored) for role in roles}, glyphs)


def _style(palette: Palette, role: str, *, colored: bool) -> Style:
    bold = role in _BOLD
    if not colored:
        return Style(bold=bold, reverse=role in ("word_breached", "found") or role.startswith("cursor"))
    color = palette.rich(_COLOR_OF.get(role, role))
    ground = palette.rich("background")  # Textual gives what a widget draws itself none
    if role == "word_breached" and palette.reverse:
        return Style(color=color, bgcolor=ground, bold=True, reverse=True)
    if role.startswith("cursor"):
        if palette.ansi:  # nobody knows what red on blue is there; the word says it
            color = palette.rich("text")
        return Style(color=color, bgcolor=palette.rich("selection"), bold=role != "cursor")
    return Style(color=color, bgcolor=ground, bold=bold, reverse=role == "found")


def length(pieces: Iterable[Piece]) -> int:
    """Cells that pieces take."""
    text = "".join([text for text, _ in pieces])
    return len(text) if text.isascii() else cell_len(text)


def pad(text: str, width: int, more: str = "…") -> str:
    """Text in exactly ``width`` cells, cut with ``more`` where it is longer."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, max(0, width - 1)) + more if width > 0 else ""
