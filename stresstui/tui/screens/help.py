"""Help: every key, and how to come back to a run."""

from typing import Final

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

KEYS: Final = (
    ("q", "leave: detach or stop (at once when the run has ended)"),
    ("d", "detach: leave, the run goes on"),
    ("x", "stop the run (asks first)"),
    ("space", "pause the view, never the run"),
    ("tab 1-9", "go to a pane"),
    ("arrows hjkl gG", "move in a list, or between panes; first, last"),
    ("enter e", "zoom: chart, evidence, event, output"),
    ("esc", "back"),
    ("n N", "next, previous breach"),
    ("o v", "show or hide the output; its reports as a table"),
    ("/ f", "search the output (enter: next older line); filter it"),
    ("w h l", "output: wrap, sideways; zoomed chart: read its values"),
    ("z", "zoomed chart: next time scale"),
    ("r", "the report of a run that has ended"),
    ("m i", "add a note to the run; investigate it: perf, heap, ..."),
    ("t", "next theme"),
    ("ctrl+p", "command palette"),
    ("?", "this help"),
)
"""Keys, and what each does."""
_ONLY_LIVE: Final = ("d", "x", "m i", "space", "q")
REPLAY_KEYS: Final = (
    ("q", "leave"),
    ("space", "play, pause"),
    (", .", "one sample back, on"),
    ("- +", "slower, faster"),
    ("[ ]", "to the breach before, the next one"),
    (":", "to a time, such as 1:02:03 or 90m"),
    ("home end", "to the start, to the end"),
    *(pair for pair in KEYS if pair[0] not in _ONLY_LIVE),
)
"""The same of a replay."""


class HelpScreen(ModalScreen[None]):
    """All keys."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        Binding("escape,q,enter,question_mark", "dismiss", "Back"),
        Binding("j", "scroll('down')", "Down", show=False),
        Binding("k", "scroll('up')", "Up", show=False),
    ]

    def __init__(self, run_name: str, *, replay: bool = False) -> None:
        super().__init__()
        self._run_name = run_name
        self._keys = REPLAY_KEYS if replay else KEYS

    def compose(self) -> ComposeResult:
        """A line a key."""
        width = max(len(key) for key, _ in self._keys)
        lines = [f"{key:<{width}}  {text}" for key, text in self._keys]
        live = f"Detaching leaves the run going. Come back with\nstresstui attach {self._run_name}"
        back = live if self._keys is KEYS else f"What it printed:\nstresstui logs {self._run_name}"
        with VerticalScroll(classes="dialog help"):
            yield Static("\n".join((*lines, "", back)), markup=False)

    def action_scroll(self, way: str) -> None:
        """Move the text."""
        scroll = self.query_one(VerticalScroll)
        if way == "down":
            scroll.scroll_down(animate=False)
        else:
            scroll.scroll_up(animate=False)
