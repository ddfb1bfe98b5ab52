"""The fleet on a screen: a row a run, those in trouble first; ``enter`` opens the monitor on one."""

import os
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.coordinate import Coordinate
from textual.events import Resize
from textual.widgets import DataTable, Input, Static

from stresstui.core.derive.series import Series
from stresstui.core.run.fold import RunState
from stresstui.fleet.record import FleetRun, pace
from stresstui.fleet.table import COLUMNS, rows
from stresstui.tui.themes import fitting_theme, load_palettes

SPARK: Final = 8
"""Cells of a sparkline."""
_BARS: Final = "▁▂▃▄▅▆▇█"
_ASCII_BARS: Final = "_.-=+*#@"
_SPARKED: Final = {"RSS": "rss", "FDs": "fds", "ESTAB": "established", "throughput": "throughput"}
_STATE: Final = COLUMNS.index("state")
_SHOWN: Final = (*COLUMNS, "labels")
_NARROW: Final = 120
"""Columns of a terminal below which what is wrong comes before the vitals, which would push it out of sight."""
_FIRST: Final = ("box", "scenario", "state", "what is wrong")
_COLORS: Final = (
    (("lost", "could not run", "failed", "breached"), "bold $error"),
    (("unreachable", "aborted", "warning", "pending", "inconclusive"), "$warning"),
    (("passed", "ok"), "$success"),
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

    def over(self) -> bool:
        """Whether all have ended."""
        ...

    def labels(self) -> Mapping[str, str]:
        """What each box is labelled with, in one line."""
        ...


class FleetApp(App[int | None]):
    """The table; its result is the place of the run that is to be opened, or None when the person left."""

    CSS = """
    Screen { background: $ink-background; color: $ink-text; }
    #head { height: 1; color: $ink-text; text-style: bold; }
    #keys { height: 1; color: $ink-dim; }
    DataTable { height: 1fr; background: $ink-background; color: $ink-text; }
    DataTable > .datatable--header { background: $ink-panel; color: $ink-dim; text-style: none; }
    DataTable > .datatable--cursor { background: $ink-selection; color: $ink-text; }
    Input { height: 1; border: none; background: $ink-panel; }
    """
    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        Binding("q,d", "leave", "Leave", priority=False),
        Binding("slash", "filter", "Filter"),
        Binding("escape", "all", "All", priority=True),
        Binding("j", "down", "Down", show=False),
        Binding("k", "up", "Up", show=False),
    ]
    KEYS = " enter open   / filter   esc all   j k move   q leave, every run goes on"

    def __init__(self, watched: Watched, *, theme: str | None = None, ascii_only: bool = False) -> None:
        """Show a fleet; raises ValueError for an unknown theme."""
        super().__init__()
        palettes = load_palettes()
        chosen = theme or fitting_theme(os.environ)
        if chosen not in palettes:
            raise ValueError(f"unknown theme '{chosen}'; known are {', '.join(sorted(palettes))}")
        for palette in palettes.values():
            self.register_theme(palette.theme())
        self.theme = chosen
        self._watched, self._bars = watched, _ASCII_BARS if ascii_only else _BARS
        self._wanted = ""
        self._shown: list[int] = []
        self._drawn: dict[tuple[int, int], str] = {}
        self._order: tuple[int, ...] = ()

    def compose(self) -> ComposeResult:
        """Head, table, filter, keys, from above."""
        yield Static(id="head", markup=False)
        yield DataTable(cursor_type="row", cell_padding=1, zebra_stripes=False)
        yield Input(placeholder="part of a box, scenario, state, reason or label", id="filter")
        yield Static(self.KEYS, id="keys", markup=False)

    def on_mount(self) -> None:
        """Begin to draw."""
        self.query_one(Input).display = False
        self._table.focus()
        self._arrange(self.size.width)
        self.draw()
        self.set_interval(pace(len(self._watched.runs())), self.draw)

    @property
    def _table(self) -> DataTable[Text]:
        return self.query_one(DataTable)

    def on_resize(self, event: Resize) -> None:
        """Have the columns in the order that fits."""
        self._arrange(event.size.width)
        self.draw()

    def draw(self) -> None:
        """Show what is known now; only cells that are others are written."""
        runs, states, labels = self._watched.runs(), self._watched.states(), self._watched.labels()
        every = [(index, (*cells, labels.get(runs[index].box, ""))) for index, cells in rows(runs, states)]
        found = [(index, cells) for index, cells in every if self._fits(cells)]
        if [index for index, _ in found] != self._shown:
            self._fill([index for index, _ in found])
        for place, (index, cells) in enumerate(found):
            for column, source in enumerate(self._order):
                text = self._with_spark(source, cells[source], states.get(index))
                if self._drawn.get((place, column)) != text:
                    self._drawn[place, column] = text
                    self._table.update_cell_at(
                        Coordinate(place, column), self._colored(source, text), update_width=True
                    )
        self.query_one("#head", Static).update(self._head(every, len(found)))

    def _arrange(self, width: int) -> None:
        """Other columns first where the terminal became narrow, or wide."""
        order = column_order(width)
        if order != self._order:
            row = self._table.cursor_row
            self._order = order
            self._table.clear(columns=True)
            self._table.add_columns(*(_SHOWN[source] for source in order))
            self._fill(self._shown)
            self._table.move_cursor(row=row, animate=False)

    def _fill(self, indexes: list[int]) -> None:
        """Other rows, or in another order: the cursor stays on its run."""
        here = self._shown[self._table.cursor_row] if self._shown else None
        self._table.clear()
        for index in indexes:
            self._table.add_row(*(Text() for _ in _SHOWN), key=str(index))
        self._shown, self._drawn = indexes, {}
        if here in indexes:
            self._table.move_cursor(row=indexes.index(here), animate=False)

    def _fits(self, cells: Sequence[str]) -> bool:
        return self._wanted in " ".join(cells).lower()

    def _with_spark(self, column: int, cell: str, state: RunState | None) -> str:
        name = _SPARKED.get(_SHOWN[column])
        series = state.series.get(name) if state is not None and name is not None else None
        return f"{spark(series, self._bars)} {cell}" if series is not None else cell

    def _colored(self, column: int, text: str) -> Text:
        if column != _STATE:
            return Text(text)
        style = next((style for words, style in _COLORS if any(word in text for word in words)), "")
        return Text(text, style=self._resolve(style))

    def _resolve(self, style: str) -> str:
        """A style whose colour is named by the theme."""
        for name in ("error", "warning", "success"):
            style = style.replace(f"${name}", str(self.theme_variables.get(name, "")))
        return style if "ansi" not in style else style.split()[0] if " " in style else ""

    def _head(self, runs: Sequence[tuple[int, Sequence[str]]], shown: int) -> str:
        bad = sum(1 for _, cells in runs if any(word in cells[_STATE] for word in _COLORS[0][0]))
        word = f"{bad} in trouble" if bad else "none in trouble"
        some = f"   {shown} shown" if shown != len(runs) else ""
        return f" {self._watched.name}   {len(runs)} runs   {word}{some}{'   all have ended' * self._watched.over()}"

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Open the run, where it was begun."""
        index = self._shown[event.cursor_row]
        if index in self._watched.states():
            self.exit(index)
        else:
            self.notify("nothing is known of that run yet")

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

    def action_down(self) -> None:
        """One row down."""
        self._table.action_cursor_down()

    def action_up(self) -> None:
        """One row up."""
        self._table.action_cursor_up()

    def action_leave(self) -> None:
        """Leave; every run goes on."""
        self.exit(None)


def column_order(width: int) -> tuple[int, ...]:
    """Places of the columns, from the left, in a terminal that is so wide."""
    every = range(len(_SHOWN))
    return tuple(sorted(every, key=lambda place: _SHOWN[place] not in _FIRST)) if width < _NARROW else tuple(every)


def spark(series: Series, bars: str = _BARS) -> str:
    """The newest SPARK buckets of a series between the least and the most of them."""
    values = [bucket.high for bucket in series.last(4 * SPARK) if bucket.count][-SPARK:]
    low, high = min(values, default=0.0), max(values, default=0.0)
    span = high - low
    top = len(bars) - 1
    return "".join(bars[round((value - low) / span * top) if span > 0 else 0] for value in values).rjust(SPARK)
