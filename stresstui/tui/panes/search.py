"""The search line: finds lines of the output, or keeps only those that match; escape closes it."""

from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from stresstui.tui.panes.output import OutputPane

SEARCH: Final = "search the output; enter: next older line, esc: close"
FILTER: Final = "show only lines that match this expression; empty: all"


class SearchBar(Horizontal):
    """A line to type in, and how many lines were found."""

    def __init__(self) -> None:
        super().__init__(id="search")
        self._pane: OutputPane | None = None
        self._again = self._filters = False
        self.display = False

    def compose(self) -> ComposeResult:
        """The prompt, the input and the count."""
        yield Static("/", classes="prompt")
        yield Input(compact=True, placeholder=SEARCH)
        yield Static("", id="found")

    def open(self, pane: OutputPane, *, filters: bool = False) -> None:
        """Search that pane, or filter it."""
        self._pane, self.display, self._again, self._filters = pane, True, False, filters
        line = self.query_one(Input)
        line.placeholder = FILTER if filters else SEARCH
        self.query_one(".prompt", Static).update("only " if filters else "/")
        self.screen.set_focus(line)  # at once: what is typed behind the key that opened it is for this line

    def close(self) -> None:
        """Put the search away; the pane keeps its place."""
        self.display = False
        if self._pane is not None:
            if not self._filters:
                self._pane.search("", again=False)
            self._pane.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another term begins at the newest line again."""
        event.stop()
        self._again = False

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the line found."""
        event.stop()
        if self._pane is None:
            return
        if self._filters:
            count = self._pane.only(event.value)
            self.display = False
            self._pane.focus()
            self.query_one("#found", Static).update(f" {count} ")
            return
        if not event.value:
            return
        place, count = self._pane.search(event.value, again=self._again)
        self._again = True
        self.query_one("#found", Static).update(f" {place} of {count} " if count else " not found ")
