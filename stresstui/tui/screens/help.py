"""Help: every key as it is bound, what the signs mean, and how to come back to a run."""

from collections.abc import Iterable, Mapping
from typing import Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.dom import DOMNode
from textual.screen import ModalScreen
from textual.widgets import Static

from stresstui.tui.draw.glyphs import Glyphs

_NAMES: Final = {
    "question_mark": "?", "slash": "/", "colon": ":", "comma": ",", "full_stop": ".", "plus": "+", "minus": "-",
    "equals_sign": "=", "greater_than_sign": ">", "less_than_sign": "<", "left_square_bracket": "[",
    "right_square_bracket": "]", "escape": "esc", "shift+left": "shift+left", "pageup": "page up",
    "pagedown": "page down",
}  # fmt: skip
_KEY: Final = 22
"""Cells of the keys."""
Keys = tuple[str, str]
"""Keys as they stand on a keyboard, and what they do."""


def keys_of(owner: type[DOMNode], *, without: Iterable[str] = ()) -> list[Keys]:
    """The keys that a class and those it is made of bind, its own first; ``without`` names actions left out."""
    found: dict[str, list[str]] = {}
    said: dict[str, str] = {}
    taken: set[str] = set()
    for base in owner.__mro__:
        if not base.__module__.startswith("stresstui"):
            break  # from here on they are Textual's own
        for binding in _bindings(base):
            names = [key for key in binding.key.split(",") if key not in taken]
            taken.update(names)
            if names and binding.action.partition("(")[0] not in without:
                found.setdefault(binding.action, []).extend(_NAMES.get(key, key) for key in names)
                said.setdefault(binding.action, binding.description)
    return _joined([(" ".join(keys), said[action]) for action, keys in found.items()])


def _bindings(base: type) -> list[Binding]:
    own: list[BindingType] = vars(base).get("BINDINGS", [])
    return list(Binding.make_bindings(own))


def _joined(keys: list[Keys]) -> list[Keys]:
    """The nine digits are one line."""
    digits = [pair for pair in keys if pair[0].isdigit()]
    rest = [pair for pair in keys if not pair[0].isdigit()]
    return [*rest, (f"{digits[0][0]} to {digits[-1][0]}", "Go to a pane by its number")] if digits else rest


def legend(glyphs: Glyphs) -> list[Keys]:
    """What the signs of the screen mean."""
    return [
        (f"{glyphs.ok} {glyphs.pending} {glyphs.breached} ! {glyphs.open} {glyphs.no_data}",
         "ok, pending (crossed, not for long; growth: too early to call), breached, warned, open, open to the end"),
        ("~28", "an estimate: sockets are counted exactly now and then, and brought up to date in between"),
        ("base", "baseline: the mean at the end of warm-up; dotted in a chart"),
        ("+1.2 MiB/h", "growth as its criterion measures it; dotted in a chart, below the values' line"),
        ("axis from 104", "the chart does not begin at zero: it shows change, not height"),
        ("unsettled", "growth beyond its limit that is not called: noise, or too early"),
        (f"{glyphs.shaded} {glyphs.phase}", "on a time axis: a breach lasted; a phase began"),
        (glyphs.gauge[0] * 2 + glyphs.gauge[1] * 2, "how much of its limit a value uses"),
        ("limit lines", "level for a limit, from the baseline on for a limit of growth; charts without are areas"),
    ]  # fmt: skip


class HelpScreen(ModalScreen[None]):
    """All keys, then the legend."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        Binding("escape,q,enter,question_mark", "dismiss", "Back"),
        Binding("j", "scroll('down')", "Down", show=False),
        Binding("k", "scroll('up')", "Up", show=False),
        Binding("g", "scroll('home')", "First", show=False),
        Binding("G", "scroll('end')", "Last", show=False),
    ]

    def __init__(self, sections: Mapping[str, list[Keys]], back: str) -> None:
        """Show sections of keys, and ``back``: how to come back."""
        super().__init__()
        self._sections, self._back = sections, back

    def compose(self) -> ComposeResult:
        """A line for each key."""
        lines: list[str] = []
        for title, keys in self._sections.items():
            lines += [title, *(f"  {key:<{_KEY}} {text}" for key, text in keys), ""]
        with VerticalScroll(classes="dialog help"):
            yield Static("\n".join((*lines, self._back)), markup=False)

    def action_scroll(self, way: str) -> None:
        """Move the text."""
        scroll = self.query_one(VerticalScroll)
        ways = {"up": scroll.scroll_up, "down": scroll.scroll_down, "home": scroll.scroll_home}
        ways.get(way, scroll.scroll_end)(animate=False)
