"""The monitor's own screen, in a wide and in a narrow layout.

Wide::

    header (2 lines)
    load
    vitals (4 panes)   | criteria
                       | events
    output
    keys

Narrow: the header, a line for the load and for each vital, then criteria and events, or the output in their place.
"""

from collections.abc import Iterator
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widget import Widget

from stresstui.tui.draw.figures import VITALS
from stresstui.tui.draw.view import View
from stresstui.tui.panes.criteria import CriteriaPane
from stresstui.tui.panes.events import EventsPane
from stresstui.tui.panes.load import LoadPane
from stresstui.tui.panes.output import OutputLines, OutputPane
from stresstui.tui.panes.search import SearchBar
from stresstui.tui.panes.vital import VitalPane
from stresstui.tui.screens.zoom import ZoomScreen
from stresstui.tui.widgets.banner import Banner
from stresstui.tui.widgets.board import Board
from stresstui.tui.widgets.header import Header
from stresstui.tui.widgets.keybar import KeyBar
from stresstui.tui.widgets.pane import Pane
from stresstui.tui.widgets.timebar import TimeBar

WIDE: Final = 118
"""Cells from which on the vitals stand beside the criteria."""
TALL: Final = 30
"""Lines from which on every vital has a frame."""
HIGH: Final = 42
"""Lines from which on a narrow screen has room for the output below the lists."""
_LOAD_FRAMED: Final = 3
_LOAD_FROM: Final = 12
"""Lines from which on there is one for the load."""
_EVENTS_NARROW: Final = 4
_REASONS_NARROW: Final = 4
_REASONS_WIDE: Final = 7


class MonitorScreen(Screen[None]):
    """The run at a glance."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        Binding("left,h", "app.focus_previous", "Pane before", show=False),
        Binding("right,l", "app.focus_next", "Next pane", show=False),
        Binding("up,k", "app.focus_previous", "Pane before", show=False),
        Binding("down,j", "app.focus_next", "Next pane", show=False),
        Binding("enter,e", "zoom", "Zoom the pane"),
        Binding("escape", "back", "Back", show=False),
        Binding("o", "output", "Output"),
        Binding("v", "reports", "Reports as a table"),
        Binding("slash", "search", "Search"),
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

    def compose(self) -> ComposeResult:
        """Header, panes, search line and keys, from above."""
        yield Header(id="header")
        yield Banner(id="banner")
        yield LoadPane(8, id="load")
        with Horizontal(id="body"):
            with Vertical(id="vitals"):
                for number, metric in enumerate(VITALS, 1):
                    yield VitalPane(number, metric)
            with Vertical(id="lists"):
                yield CriteriaPane(5, id="criteria")
                yield EventsPane(6, id="events")
        yield OutputPane(7, self._output, id="output")
        yield SearchBar()
        yield TimeBar(id="time")
        yield KeyBar(id="keys")

    @property
    def wide(self) -> bool:
        """True where the vitals stand beside the criteria."""
        return self.size.width >= WIDE and self.size.height >= TALL

    @property
    def output_shown(self) -> bool:
        """True where the output is in sight: where there is room, unless the person chose otherwise."""
        if self._output_wanted is not None:
            return self._output_wanted
        if self._view is not None and self._view.playing is not None:  # whose output has no times
            return False
        return self.wide or self.size.height >= HIGH

    def panes(self) -> Iterator[Pane]:
        """The panes in sight, by number."""
        return (pane for pane in self.query(Pane) if pane.display and all(a.display for a in pane.ancestors))

    def draw(self, view: View) -> None:
        """Show a view."""
        self._view = view
        self._arrange()
        for board in self.query(Board):
            board.draw(view)

    def draw_output(self) -> None:
        """Show what was printed since."""
        if self.output_shown:
            self.query_one(OutputPane).redraw()

    def on_resize(self, event: events.Resize) -> None:
        """Choose the layout anew."""
        del event
        self._arrange()

    def _arrange(self) -> None:
        wide, shown = self.wide, self.output_shown
        self.set_class(wide, "-wide")
        self.set_class(not wide, "-narrow")
        for pane in self.query(Pane):
            pane.bare = not wide
        lists = wide or not shown or self.size.height >= HIGH
        self._show("#lists", shown=lists)
        self.query_one("#body").styles.height = "1fr" if lists else len(VITALS)
        self._show("#output", shown=shown)
        banner = self.query_one(Banner)
        wanted = banner.wanted(self._view, self.size.width) if self._view else 0
        banner.display = wanted > 0
        banner.styles.height = min(wanted, _REASONS_WIDE if wide else _REASONS_NARROW)
        self.query_one(TimeBar).display = self._view is not None and self._view.playing is not None
        self._show("#load", shown=self.size.height >= _LOAD_FROM)
        self.query_one(LoadPane).styles.height = _LOAD_FRAMED if wide and self.size.height >= HIGH else 1
        self.query_one(EventsPane).styles.height = "2fr" if wide else max(_EVENTS_NARROW, self.size.height // 6)

    def _show(self, selector: str, *, shown: bool) -> None:
        widget: Widget = self.query_one(selector)
        widget.display = shown
        if not shown and self.focused is not None and widget in (self.focused, *self.focused.ancestors):
            self.set_focus(None)

    def action_pane(self, number: int) -> None:
        """Focus a pane by its number; the output is brought into sight for it."""
        pane = next((pane for pane in self.query(Pane) if pane.number == number), None)
        if pane is None:
            return
        if pane not in self.panes():
            self._want_output(wanted=isinstance(pane, OutputPane))
        self.set_focus(pane)

    def action_output(self) -> None:
        """Show or hide the output."""
        self._want_output(wanted=not self.output_shown)

    def action_reports(self) -> None:
        """Show the newest values that the workload reported, or its lines again."""
        pane = self.query_one(OutputPane)
        pane.as_table = not pane.as_table
        self._want_output(wanted=True)
        pane.redraw()

    def _want_output(self, *, wanted: bool) -> None:
        self._output_wanted = wanted
        self._arrange()
        self.draw_output()

    def action_search(self) -> None:
        """Search the output."""
        self._want_output(wanted=True)
        self.query_one(SearchBar).open(self.query_one(OutputPane))

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
        if pane.step_breach(by):
            self.set_focus(pane)
        else:
            self.notify("no breach so far")

    def action_zoom(self) -> None:
        """Show the focused pane, or the criteria, on the whole screen."""
        pane = self.focused if isinstance(self.focused, Pane) else self.query_one(CriteriaPane)
        if self._view is not None:
            self.app.push_screen(ZoomScreen(pane, self._view, self._output))
