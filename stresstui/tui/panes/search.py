"""The search line: finds lines of the output; enter goes to the next older one, escape closes it."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from stresstui.tui.panes.output import OutputPane


class SearchBar(Horizontal):
    """A line to type in, and how many lines were found."""

    def __init__(self) -> None:
        super().__init__(id="search")
        self._pane: OutputPane | None = None
        self._again = False
        self.display = False

    def compose(self) -> ComposeResult:
        """The prompt, the input and the count."""
        yield Static("/", classes="prompt")
        yield Input(compact=True, placeholder="search the output; enter: next older line, esc: close")
        yield Static("", id="found")

    def open(self, pane: OutputPane) -> None:
        """Search that pane."""
        self._pane, self.display, self._again = pane, True, False
        self.query_one(Input).focus()

    def close(self) -> None:
        """Put the search away; the pane keeps its place."""
        self.display = False
        if self._pane is not None:
            self._pane.search("", again=False)
            self._pane.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another term begins at the newest line again."""
        event.stop()
        self._again = False

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the line found."""
        event.stop()
        if self._pane is None or not event.value:
            return
        place, count = self._pane.search(event.value, again=self._again)
        self._again = True
        self.query_one("#found", Static).update(f" {place} of {count} " if count else " not found ")
