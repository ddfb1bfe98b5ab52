"""One pane on the whole screen: a vital as a chart, a criterion with its evidence, an event in full, the output."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from stresstui.tui.draw.view import View
from stresstui.tui.panes.criteria import CriteriaPane
from stresstui.tui.panes.detail import CriteriaDetail, EventsDetail
from stresstui.tui.panes.load import LoadDetail, LoadPane
from stresstui.tui.panes.output import OutputLines, OutputPane
from stresstui.tui.panes.processes import ProcessesPane
from stresstui.tui.panes.search import SearchBar
from stresstui.tui.panes.vital import VitalPane
from stresstui.tui.panes.vital_chart import VitalChart
from stresstui.tui.widgets.board import Board
from stresstui.tui.widgets.header import Header
from stresstui.tui.widgets.pane import Pane


class ZoomScreen(Screen[None]):
    """The header, and one pane below it."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        Binding("escape", "back", "Back"),
        Binding("enter,e", "app.pop_screen", "Back", show=False),
        Binding("slash", "search", "Search"),
        Binding("f", "filter", "Filter"),
    ]

    def __init__(self, pane: Pane, view: View, output: OutputLines) -> None:
        super().__init__()
        self._pane, self._view, self._output = pane, view, output

    def compose(self) -> ComposeResult:
        """Header and pane."""
        yield Header(id="header")
        yield self._zoomed()
        yield SearchBar()

    def _zoomed(self) -> Pane:
        pane = self._pane
        if isinstance(pane, VitalPane):
            return VitalChart(pane.number, pane.metric)
        if isinstance(pane, OutputPane):
            return OutputPane(pane.number, self._output, pane.look, id="output")
        if isinstance(pane, CriteriaPane):
            return CriteriaDetail(pane.number, pane.chosen or pane.matters(self._view))
        if isinstance(pane, ProcessesPane):
            return ProcessesPane(pane.number, id="processes", like=pane)
        if isinstance(pane, LoadPane):
            return LoadDetail(pane.number, id="load_detail")
        return EventsDetail(pane.number, getattr(pane, "chosen", None))

    def on_mount(self) -> None:
        """Draw what is known, and give the pane the keys."""
        self.draw(self._view)
        for pane in self.query(Pane):  # none where the app is being left already
            pane.focus()

    def action_search(self) -> None:
        """Search the output, where that is what is zoomed."""
        for pane in self.query(OutputPane):
            self.query_one(SearchBar).open(pane)

    def action_filter(self) -> None:
        """Show only some lines of the output, where that is what is zoomed."""
        for pane in self.query(OutputPane):
            self.query_one(SearchBar).open(pane, filters=True)

    def action_back(self) -> None:
        """Close the search, then the zoom."""
        bar = self.query_one(SearchBar)
        if bar.display:
            bar.close()
        else:
            self.app.pop_screen()

    def draw(self, view: View) -> None:
        """Show a view."""
        self._view = view
        for board in self.query(Board):
            board.draw(view)

    def draw_output(self) -> None:
        """Show what was printed since."""
        for pane in self.query(OutputPane):
            pane.redraw()
