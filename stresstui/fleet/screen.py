"""The fleet on a screen: a row a run, those in trouble first; ``enter`` opens the monitor on one."""

import asyncio
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from textual.app import ComposeResult
from textual.binding import Binding
from textual.events import Resize
from textual.geometry import Size
from textual.widgets import Input, Static

from stresstui.core.derive.series import Series
from stresstui.core.run.fold import RunState
from stresstui.fleet.record import FleetRun, State, pace
from stresstui.fleet.table import COLUMNS, rows
from stresstui.fleet.verdict import Joint
from stresstui.tui.draw.glyphs import ASCII
from stresstui.tui.draw.ink import Piece
from stresstui.tui.draw.view import View
from stresstui.tui.follow.source import JournalSource
from stresstui.tui.themed import ThemedApp
from stresstui.tui.tty.driver import TerminalDriver
from stresstui.tui.widgets.table import Cells, Table

SPARK: Final = 8
"""Cells of a sparkline."""
_FLAT: Final = 0.05
"""Part of a value that a sparkline's height is at least worth: less is noise, and would look like a saw."""
_BARS: Final = "▁▂▃▄▅▆▇█"
_ASCII_BARS: Final = "_.-=+*#@"
_SPARKED: Final = {"RSS": "rss", "FDs": "fds", "ESTAB": "established", "throughput": "throughput"}
_BOX, _STATE, _WHY = map(COLUMNS.index, ("box", "state", "what is wrong"))
_SHOWN: Final = (*COLUMNS, "labels")
_NARROW: Final = 120
"""Columns of a terminal below which what is wrong comes before the vitals, which would push it out of sight."""
_TALL: Final = 12
"""Lines of a terminal from which on there is room for what is wrong in whole."""
_FIRST: Final = ("box", "scenario", "state", "what is wrong")
_BAD: Final = ("lost", "could not run", "failed", "breached")
_ROLES: Final = (
    (_BAD, "breached"),
    (("unreachable", "silent", "aborted", "warning", "pending", "inconclusive"), "pending"),
    (("passed", "ok"), "ok"),
)


class Watched(Protocol):
    """What the screen shows."""

    @property
    def name(self) -> str:
        """Name of the run of the fleet."""
        ...

    def runs(self) -> Sequence[FleetRun]:
        """Its runs, in the record's order."""
        ...

    def states(self) -> Mapping[int, RunState]:
        """What is known of those that were begun."""
        ...

    def joints(self) -> Sequence[Joint]:
        """Loads of several boxes."""
        ...

    def over(self) -> bool:
        """Whether all have ended."""
        ...

    def labels(self) -> Mapping[str, str]:
        """What each box is labelled with, in one line."""
        ...


class FleetApp(ThemedApp[int | None]):
    """The table; its result is the place of the run that is to be opened, or None when the person left."""

    CSS = """
    #head { height: 1; color: $ink-text; text-style: bold; }
    #why { height: auto; max-height: 5; padding: 0 1; color: $ink-text; }
    #keys { height: 1; color: $ink-dim; }
    #filter { height: 1; border: none; background: $ink-panel; }
    """
    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        Binding("q,d", "leave", "Leave", priority=False),
        Binding("slash", "filter", "Filter"),
        Binding("escape", "all", "All", priority=True),
        Binding("t", "next_theme", "Next theme", show=False),
    ]
    KEYS = " enter open   / filter   esc all   j k move   t theme   q leave, every run goes on"

    def __init__(self, watched: Watched, **look: Any) -> None:
        """Show a fleet; raises ValueError for an unknown theme."""
        super().__init__(**look)
        self._watched = watched
        self._bars = _ASCII_BARS if self._glyphs is ASCII else _BARS
        self._wanted = ""
        self._order: tuple[int, ...] = ()
        self._cells: dict[str, Sequence[str]] = {}
        self._said = ""
        self._tall = True
        self._nothing = RunState()

    def compose(self) -> ComposeResult:
        """Head, table, what is wrong in whole, filter, keys, from above."""
        yield Static(id="head", markup=False)
        yield Table(id="runs")
        yield Static(id="why", markup=False)
        yield Input(placeholder="part of a box, scenario, state, reason or label", id="filter")
        yield Static(self.KEYS, id="keys", markup=False)

    def on_mount(self) -> None:
        """Begin to draw."""
        self.query_one(Input).display = self.query_one("#why").display = False
        self.follow_theme()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.exit)  # or the terminal stays as it is
        self._table.focus()
        self._fit(self.size)
        self.draw()
        self.set_interval(pace(len(self._watched.runs())), self._draw_if_read)

    def on_unmount(self) -> None:
        """Let whatever comes after it be ended as ever."""
        asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)

    @property
    def _table(self) -> Table:
        return self.query_one(Table)

    def on_resize(self, event: Resize) -> None:
        """Have what fits, the columns in the order that does."""
        self._fit(event.size)
        self.draw()

    def _fit(self, size: Size) -> None:
        self._order, self._tall = column_order(size.width), size.height >= _TALL

    def _draw_if_read(self) -> None:
        """Draw, unless the terminal does not take what was drawn before."""
        if not (isinstance(self._driver, TerminalDriver) and self._driver.behind):
            self.draw()

    def redraw(self) -> None:
        """Draw in other colours."""
        self.draw()

    def draw(self) -> None:
        """Show what is known now, where there is a table: a new size may come before it and after it."""
        if not self.query(Table):
            return
        runs, states, labels = self._watched.runs(), self._watched.states(), self._watched.labels()
        every = [
            (index, (*cells, labels.get(runs[index].box, "") if index >= 0 else ""))
            for index, cells in rows(runs, states, self._watched.joints())
        ]
        self._cells = {str(index): cells for index, cells in every if self._fits(cells)}
        found: dict[str, Cells] = {key: self._row(cells, states.get(int(key))) for key, cells in self._cells.items()}
        self._table.show([_SHOWN[source] for source in self._order], found, View(self._nothing, self._ink))
        self.query_one("#head", Static).update(self._head(every, len(found)))
        self._say_why()

    def on_table_moved(self) -> None:
        """Say what is wrong with the run that the cursor is on now."""
        self._say_why()

    def _say_why(self) -> None:
        """In whole, because a column of it has no room: of the run under the cursor, else of the worst."""
        wrong = [cells for cells in self._cells.values() if cells[_WHY]]
        chosen = self._cells.get(self._table.chosen or "", ())
        shown = chosen if chosen and chosen[_WHY] else wrong[0] if wrong else ()
        said = f"{shown[_BOX]}  {shown[_STATE]}  {shown[_WHY]}" if shown and self._tall else ""
        if said != self._said:  # its lines may be more or fewer, so that all is laid out anew
            self._said = said
            line = self.query_one("#why", Static)
            line.display = bool(said)
            line.update(said)

    def _fits(self, cells: Sequence[str]) -> bool:
        return self._wanted in " ".join(cells).lower()

    def _row(self, cells: Sequence[str], state: RunState | None) -> list[Piece]:
        role = next((role for words, role in _ROLES if any(word in cells[_STATE] for word in words)), "text")
        return [
            (self._with_spark(source, cells[source], state), role if source == _STATE else "text")
            for source in self._order
        ]

    def _with_spark(self, column: int, cell: str, state: RunState | None) -> str:
        name = _SPARKED.get(_SHOWN[column])
        series = state.series.get(name) if state is not None and name is not None else None
        return f"{spark(series, self._bars)} {cell}" if series is not None else cell

    def _head(self, runs: Sequence[tuple[int, Sequence[str]]], shown: int) -> str:
        bad = sum(1 for _, cells in runs if any(word in cells[_STATE] for word in _BAD))
        word = f"{bad} in trouble" if bad else "none in trouble"
        some = f"   {shown} shown" if shown != len(runs) else ""
        count = len(self._watched.runs())
        return f" {self._watched.name}   {count} runs   {word}{some}{'   all have ended' * self._watched.over()}"

    def on_table_opened(self, event: Table.Opened) -> None:
        """Open the run, where it was begun."""
        if int(event.key) in self._watched.states():
            self.exit(int(event.key))
        else:
            self.notify("nothing is known of that run yet" if int(event.key) >= 0 else "open one of its runs")

    def on_hung_up(self) -> None:
        """Leave a terminal that is gone; every run goes on."""
        self.exit()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what fits."""
        self._wanted = event.value.strip().lower()
        self.draw()

    def on_input_submitted(self) -> None:
        """Back to the table."""
        self._table.focus()

    def action_filter(self) -> None:
        """Ask for what rows must say."""
        bar = self.query_one(Input)
        bar.display = True
        bar.focus()

    def action_all(self) -> None:
        """Show every row again."""
        bar = self.query_one(Input)
        bar.value, bar.display = "", False
        self._table.focus()

    def action_leave(self) -> None:
        """Leave; every run goes on."""
        self.exit(None)


def column_order(width: int) -> tuple[int, ...]:
    """Places of the columns, from the left, in a terminal that is so wide."""
    every = range(len(_SHOWN))
    return tuple(sorted(every, key=lambda place: _SHOWN[place] not in _FIRST)) if width < _NARROW else tuple(every)


def spark(series: Series, bars: str = _BARS) -> str:
    """The newest SPARK buckets of a series between the least and the most of them; what hardly moves is flat."""
    values = [bucket.high for bucket in series.last(4 * SPARK) if bucket.count][-SPARK:]
    low, high = min(values, default=0.0), max(values, default=0.0)
    span = max(high - low, _FLAT * abs(high))
    top = len(bars) - 1
    return "".join(bars[round((value - low) / span * top) if span > 0 else 0] for value in values).rjust(SPARK)


def source_of(run: FleetRun, mirror: Path) -> JournalSource:
    """What the monitor shows of a run on another box: its supervisor is there, and none is looked for here."""
    looks = "'stresstui fleet stop' and 'fleet note' reach its box"
    return JournalSource(mirror, read_only=looks, lives=lambda: run.state is not State.LOST)
