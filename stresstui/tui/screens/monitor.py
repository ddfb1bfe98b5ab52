"""The monitor's own screen; ``layout`` says what which size has room for.

Broad::

    header (2 lines)
    load
    vitals    | criteria
    (charts)  | processes | events
              | output
    keys

Wide: the same without the processes, and the output only where there is room. Narrow: a line for the load and for
each vital, then criteria and events, or the output in their place.
"""

from collections.abc import Iterator

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widget import Widget

from stresstui.tui.draw.chart import TimeAxis
from stresstui.tui.draw.figures import MORE, VITALS, is_known
from stresstui.tui.draw.view import View
from stresstui.tui.panes.criteria import CriteriaPane
from stresstui.tui.panes.events import EventsPane
from stresstui.tui.panes.load import LoadPane
from stresstui.tui.panes.output import OutputLines, OutputLook, OutputPane
from stresstui.tui.panes.processes import ProcessesPane
from stresstui.tui.panes.search import SearchBar
from stresstui.tui.panes.vital import VitalPane
from stresstui.tui.screens.layout import Layout, Size, lay_out
from stresstui.tui.screens.zoom import ZoomScreen
from stresstui.tui.widgets.banner import Banner
from stresstui.tui.widgets.board import Board
from stresstui.tui.widgets.header import Header
from stresstui.tui.widgets.keybar import KeyBar
from stresstui.tui.widgets.pane import Pane
from stresstui.tui.widgets.timebar import TimeBar


class MonitorScreen(Screen[None]):
    """The run at a glance."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        Binding("left,h", "app.focus_previous", "Pane before", show=False),
        Binding("right,l", "app.focus_next", "Next pane", show=False),
        Binding("up,k", "app.focus_previous", "Pane before", show=False),
        Binding("down,j", "app.focus_next", "Next pane", show=False),
        Binding("enter,e", "zoom", "Zoom the pane: chart, evidence, event, output"),
        Binding("escape", "back", "Close the search, let go of the pane", show=False),
        Binding("o", "output", "Show or hide the output"),
        Binding("v", "reports", "Reports as a table"),
        Binding("slash", "search", "Search the output; enter: the next older line"),
        Binding("f", "filter", "Filter the output: a level, or an expression"),
        Binding("n", "breach(1)", "Next breach"),
        Binding("N", "breach(-1)", "Breach before"),
        *(Binding(str(number), f"pane({number})", f"Pane {number}", show=False) for number in range(1, 10)),
    ]
    AUTO_FOCUS = ""

    def __init__(self, output: OutputLines) -> None:
        super().__init__()
        self._output = output
        self._output_wanted: bool | None = None
        self._view: View | None = None
        self._arranged: object = None
        self._boards: list[Board] = []

    def compose(self) -> ComposeResult:
        """Header, panes, search line and keys, from above."""
        yield Header(id="header")
        yield Banner(id="banner")
        yield LoadPane(8, id="load")
        with Horizontal(id="body"):
            with Vertical(id="vitals"):
                for number, metric in enumerate(VITALS, 1):
                    yield VitalPane(number, metric)
                for metric in MORE:
                    yield VitalPane(0, metric)
            with Vertical(id="right"):
                with Vertical(id="lists"):
                    yield CriteriaPane(5, id="criteria")
                    with Horizontal(id="side"):
                        yield ProcessesPane(9, id="processes")
                        yield EventsPane(6, id="events")
                yield OutputPane(7, self._output, OutputLook(), id="output")
        yield SearchBar()
        yield TimeBar(id="time")
        yield KeyBar(id="keys")

    @property
    def layout_now(self) -> Layout:
        """The layout that this size and this view ask for."""
        view, wanted = self._view, self._output_wanted
        if view is None:
            return lay_out(*self.size, rows=0, output=wanted)
        if wanted is None and view.playing is not None:  # whose output has no times
            wanted = False
        known = len(VITALS) + sum(is_known(view.run, name) for name in MORE)
        taken = self.query_one(Banner).wanted(view) + (view.playing is not None)
        criteria = self.query_one(CriteriaPane)
        rows, folded = criteria.height_of(view), criteria.folded(view)
        return lay_out(*self.size, rows=rows, folded=folded, known=known, taken=taken, output=wanted)

    @property
    def output_shown(self) -> bool:
        """True where the output is in sight: where there is room, unless the person chose otherwise."""
        return self.layout_now.output != 0

    def panes(self) -> Iterator[Pane]:
        """The panes in sight, by number."""
        return (pane for pane in self.query(Pane) if pane.display and all(a.display for a in pane.ancestors))

    def draw(self, view: View) -> None:
        """Show a view."""
        self._view = view
        self._arrange()
        self._boards = self._boards or list(self.query(Board))  # they are made once; to look for them costs
        self._share_time(view)
        for board in self._boards:
            board.draw(view)

    def _share_time(self, view: View) -> None:
        """Vitals that lie side by side have one axis of time."""
        vitals = [board for board in self._boards if isinstance(board, VitalPane) and board.display]
        needs = [vital.needs(view) for vital in vitals]
        axis = TimeAxis(max((n.gutter for n in needs), default=0), max((n.widest for n in needs), default=0.0))
        for vital in vitals:
            vital.share(axis)

    def draw_output(self) -> None:
        """Show what was printed since."""
        if self.output_shown:
            self.query_one(OutputPane).redraw()

    def on_resize(self, event: events.Resize) -> None:
        """Choose the layout anew."""
        del event
        self._arrange()
        self.call_after_refresh(self._draw_again)  # what the vitals share follows from their new sizes

    def _draw_again(self) -> None:
        if self._view is not None:
            self.draw(self._view)

    def _arrange(self) -> None:
        layout, view = self.layout_now, self._view
        narrow = layout.size is Size.NARROW
        shown = [*VITALS, *(name for name in MORE if view is not None and is_known(view.run, name))][: layout.vitals]
        banner = self.query_one(Banner)
        wanted = banner.wanted(view) if view else 0
        playing = view is not None and view.playing is not None
        arrangement = (layout, shown, wanted, playing)
        if arrangement == self._arranged:
            return
        self._arranged = arrangement
        for size in Size:
            self.set_class(layout.size is size, f"-{size}")
        self.set_class(layout.abreast, "-abreast")
        for pane in self.query(Pane):
            pane.bare = narrow
        for vital in self.query(VitalPane):
            self._show(vital, shown=vital.metric in shown)
        self.query_one("#vitals").styles.height = max(1, layout.vitals) if narrow else "1fr"
        self._show(self.query_one("#vitals"), shown=layout.vitals > 0)
        self._show(self.query_one("#lists"), shown=layout.lists)
        self._show(self.query_one("#side"), shown=layout.side != 0)
        self._show(self.query_one(ProcessesPane), shown=layout.size is Size.BROAD)
        self._show(self.query_one(OutputPane), shown=layout.output != 0)
        self._show(self.query_one(LoadPane), shown=layout.load > 0)
        self.query_one(LoadPane).styles.height = layout.load
        self.query_one(CriteriaPane).styles.height = layout.criteria or "1fr"
        self.query_one("#side").styles.height = layout.side or "1fr"
        self.query_one(OutputPane).styles.height = layout.output or "1fr"
        banner.display, banner.styles.height = wanted > 0, wanted
        self.query_one(TimeBar).display = playing

    def _show(self, widget: Widget, *, shown: bool) -> None:
        widget.display = shown
        if not shown and self.focused is not None and widget in (self.focused, *self.focused.ancestors):
            self.set_focus(None)

    def action_pane(self, number: int) -> None:
        """Focus a pane by its number: the output is brought into sight, and what has no room here takes the screen."""
        pane = next((pane for pane in self.query(Pane) if pane.number == number), None)
        if pane is None:
            return
        if pane not in self.panes() and (isinstance(pane, OutputPane) or pane.number in (5, 6)):
            self._want_output(wanted=isinstance(pane, OutputPane))
        if pane in self.panes():
            self.set_focus(pane)
        elif self._view is not None:
            self.app.push_screen(ZoomScreen(pane, self._view, self._output))

    def action_output(self) -> None:
        """Show or hide the output."""
        self._want_output(wanted=not self.output_shown)

    def action_reports(self) -> None:
        """Show the newest values that the workload reported, or its lines again."""
        self._want_output(wanted=True)
        self.query_one(OutputPane).action_table()

    def _want_output(self, *, wanted: bool) -> None:
        self._output_wanted = wanted
        self._arrange()
        self.draw_output()

    def action_search(self) -> None:
        """Search the output."""
        self._want_output(wanted=True)
        self.query_one(SearchBar).open(self.query_one(OutputPane))

    def action_filter(self) -> None:
        """Show only some lines of the output."""
        self._want_output(wanted=True)
        self.query_one(SearchBar).open(self.query_one(OutputPane), filters=True)

    def action_back(self) -> None:
        """Close the search, then let go of the pane."""
        bar = self.query_one(SearchBar)
        if bar.display:
            bar.close()
        else:
            self.set_focus(None)

    def action_breach(self, by: int) -> None:
        """Go to the next or previous breach in the event list."""
        if not self.query_one("#lists").display:
            self._want_output(wanted=False)
        pane = self.query_one(EventsPane)
        if not pane.step_breach(by):
            self.notify("no breach so far")
        elif pane in self.panes():
            self.set_focus(pane)
        elif self._view is not None:  # where the list has no room
            self.app.push_screen(ZoomScreen(pane, self._view, self._output))

    def action_zoom(self) -> None:
        """Show the focused pane, or the criteria, on the whole screen."""
        pane = self.focused if isinstance(self.focused, Pane) else self.query_one(CriteriaPane)
        if self._view is not None:
            self.app.push_screen(ZoomScreen(pane, self._view, self._output))
