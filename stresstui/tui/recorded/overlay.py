"""Two runs laid over each other: each metric of both on one axis from the soak on, and what changed between them."""

import textwrap
from typing import Final

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding

from stresstui.compare.judge import Report
from stresstui.compare.say import HEADER, rows, verdict
from stresstui.core.model.event import Phase
from stresstui.core.model.units import format_duration
from stresstui.core.run.fold import RunState
from stresstui.tui.draw.axis import Axis, make_axis, make_log_axis
from stresstui.tui.draw.chart import TimeAxis
from stresstui.tui.draw.columns import Columns, Cutter
from stresstui.tui.draw.figures import MORE, VITALS, Figure, Scale, figure, is_known
from stresstui.tui.draw.ink import Piece, pad
from stresstui.tui.draw.plot import Layer, columns_in, plot
from stresstui.tui.draw.view import View
from stresstui.tui.screens.help import HelpScreen, Keys, keys_of
from stresstui.tui.themed import ThemedApp
from stresstui.tui.widgets.board import Board, Lines
from stresstui.tui.widgets.list_keys import list_keys

_CHART: Final = 8
"""Rows of a chart."""
_WIDE: Final = 110
"""Cells from which on two charts stand side by side."""
_GAP: Final = 2
_KEYS: Final = (("q", "leave"), ("?", "help"), ("j/k", "move"), ("y", "log scale"), ("a", "align"), ("t", "theme"))
_DRAWN: Final = (("accent", 3), ("spark", 1))
"""Roles of the base and of the other run, and how many columns lie between two dots of each."""


_PLAIN: Final = str.maketrans({"\u00b1": "+-", "\u2717": "X", "\u2713": "+"})
"""What the words of a comparison are on a terminal that has only ASCII."""


class Overlay(Board, can_focus=True):
    """The charts, then the table; longer than the screen, so it moves."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        *list_keys("move"),
        Binding("y", "log", "Log scale"),
        Binding("a", "align", "From the soak on, or from the start"),
    ]

    def __init__(self, base: RunState, other: RunState, report: Report) -> None:
        super().__init__(id="overlay")
        self._runs = (base, other)
        self._report = report
        self._top, self._log, self._from_soak = 0, False, True

    def action_move(self, by: int) -> None:
        """Move the text."""
        self._top = max(0, self._top + by)
        self.redraw()

    def action_log(self) -> None:
        """Equal heights for equal ratios, or for equal differences again."""
        self._log = not self._log
        self.redraw()

    def action_align(self) -> None:
        """Lay the soaks over each other, or the starts."""
        self._from_soak = not self._from_soak
        self.redraw()

    def lines(self, view: View, width: int, height: int) -> Lines:
        """Two lines that stay, and what of the rest is in sight."""
        head = [*self._who(), view.ink.cut([(f" {verdict(self._report)}", "title")], width)]
        body = [*self._charts(view, width), [], *self._table(width)]
        room = max(1, height - len(head) - 1)
        self._top = max(0, min(self._top, len(body) - room))
        below = max(0, len(body) - self._top - room)
        keys = [piece for key, word in _KEYS for piece in ((f" {key}", "key"), (f" {word} ", "dim"))]
        foot = view.ink.fit(keys, [(f"{below} lines below " if below else "", "dim")], width)
        seen = body[self._top : self._top + room]
        shown = [*head, *seen, *([[]] * (room - len(seen))), foot]
        if view.ink.glyphs.braille:
            return shown
        return [[(text.translate(_PLAIN), role) for text, role in line] for line in shown]

    def _who(self) -> Lines:
        base, other = self._runs
        zero = "the soak's beginning" if self._from_soak else "the start"
        return [
            [(" - - ", "accent"), (_name(base), "accent"), (f"  base   0 is {zero}", "dim")],
            [(" --- ", "spark"), (_name(other), "spark"), ("  now", "dim")],
        ]

    def _charts(self, view: View, width: int) -> Lines:
        known = [n for n in (*VITALS, *MORE) if all(is_known(run, n) for run in self._runs)]
        abreast = 2 if width >= _WIDE else 1
        cells = (width - _GAP * (abreast - 1)) // abreast
        shown = [[figure(run, name) for run in self._runs] for name in known]
        axes = [self._axis(pair) for pair in shown]
        gutter = max((axis.gutter for axis in axes), default=0)  # one axis of time for all
        widest = max((one.series.width for pair in shown for one in pair if one.series), default=0.0)
        drawn = [
            self._chart(view, pair, axis, cells, TimeAxis(gutter, widest))
            for pair, axis in zip(shown, axes, strict=True)
        ]
        lines: Lines = []
        for at in range(0, len(drawn), abreast):
            for parts in zip(*drawn[at : at + abreast], strict=True):
                line: list[Piece] = []
                for part in parts:
                    line = [*view.ink.fit(line, [], len(line) and cells + _GAP), *view.ink.cut(part, cells)]
                lines.append(line)
        return lines

    def _axis(self, shown: list[Figure]) -> Axis:
        """The stretch of values of both runs."""
        scale = _scale_of(shown)
        make = make_log_axis if self._log else make_axis
        ends = [value / scale.divisor for one in shown for value in one.span or ()]
        return make(ends, _CHART, whole=not scale.unit)

    def _chart(self, view: View, shown: list[Figure], axis: Axis, width: int, time: TimeAxis) -> Lines:
        """A metric: its change in a line, both runs on one axis, the time."""
        scale = _scale_of(shown)
        gutter = time.gutter
        labels = axis.labels(_CHART, gutter, view.ink.glyphs.axis)
        braille = view.ink.glyphs.braille
        cells = max(1, width - gutter)
        cut = self._cut(shown, columns_in(cells, braille=braille), time.widest)
        layers = [
            Layer([None if v is None else v / scale.divisor for v in one.values], role, every=every)
            for one, (role, every) in zip(cut, _DRAWN, strict=True)
        ]
        drawn = plot(layers[::-1], cells, _CHART, axis, braille=braille)
        last = format_duration(cut[0].span)
        foot = view.ink.fit([(" " * gutter + "0", "dim")], [(last, "dim")], width, (view.ink.glyphs.across, "frame"))
        rows_of = [[(label, "dim"), *row] for label, row in zip(labels, drawn, strict=True)]
        return [[(shown[0].title, "title"), *self._change(shown)], *rows_of, foot]

    def _cut(self, shown: list[Figure], count: int, widest: float) -> list[Columns]:
        """Both series in columns of one width, from where they are laid over each other."""
        zeros = [self._zero(run) for run in self._runs]
        longest = max(run.t - zero for run, zero in zip(self._runs, zeros, strict=True))
        interval = max([widest, *(run.started.interval for run in self._runs if run.started)])
        return [
            Cutter().columns(one.series, count, zero + longest, interval, minima=one.lower, origin=zero)
            for one, zero in zip(shown, zeros, strict=True)
        ]

    def _zero(self, run: RunState) -> float:
        return run.phase_began.get(Phase.SOAK, 0.0) if self._from_soak else 0.0

    def _change(self, shown: list[Figure]) -> list[Piece]:
        """What the comparison makes of it; nothing where it was not compared."""
        names = {one.name for one in shown}
        found = next((c for c in self._report.comparisons if c.metric in names or f"{c.metric}_total" in names), None)
        if found is None:
            return [("  not compared", "dim")]
        row = rows(msgspec.structs.replace(self._report, comparisons=[found]))[0]
        role = {"✗": "breached", "✓": "ok"}.get(row[0][0], "dim")
        return [(f"  {row[2]} ", "text"), ("now ", "dim"), (row[3], "text"), (f"  {row[4]}  {row[0]}", role)]

    def _table(self, width: int) -> Lines:
        table, report = [HEADER, *rows(self._report)], self._report
        remarks = [
            *report.unlike,
            *report.open,
            *report.remarks,
        ]  # the title has the first of them, as far as it is wide
        widths = [max(len(row[column]) for row in table) for column in range(len(HEADER))]
        texts = ["  ".join(pad(cell, size) for cell, size in zip(row, widths, strict=True)) for row in table]
        return [
            *(
                [(f" {part}", "dim")]
                for remark in remarks
                for part in textwrap.wrap(f"note: {remark}", max(20, width - 2), subsequent_indent="  ")
            ),
            *([(f" {text}", "dim" if at == 0 else "text")] for at, text in enumerate(texts)),
        ]


def _scale_of(shown: list[Figure]) -> Scale:
    """The larger unit of both runs."""
    return max((one.scale for one in shown), key=lambda scale: scale.divisor)


def _name(run: RunState) -> str:
    name = run.started.run if run.started else "?"
    return f"{name} {run.outcome.value if run.outcome else 'not ended'}"


class OverlayApp(ThemedApp[str]):
    """Two runs on the screen."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        Binding("q,escape,ctrl+c,ctrl+q", "leave", "Leave"),
        Binding("question_mark", "help", "This help"),
        Binding("t", "next_theme", "Next theme"),
    ]

    def __init__(self, base: RunState, other: RunState, report: Report, **look: object) -> None:
        """Show two runs and their comparison; raises ValueError for an unknown theme."""
        super().__init__(**look)  # type: ignore[arg-type]
        self._overlay = Overlay(base, other, report)
        self._other = other

    def compose(self) -> ComposeResult:
        """The overlay alone."""
        yield self._overlay

    def on_mount(self) -> None:
        """Draw, and draw again in another theme."""
        self.follow_theme()
        self._overlay.focus()
        self.call_after_refresh(self.redraw)

    def redraw(self) -> None:
        """Draw what is there."""
        self._overlay.draw(View(self._other, self._ink))

    def action_leave(self) -> None:
        """Leave at once."""
        self.exit("left")

    def action_help(self) -> None:
        """Show every key."""
        sections: dict[str, list[Keys]] = {"Two runs": [*keys_of(OverlayApp), *keys_of(Overlay)]}
        self.push_screen(HelpScreen(sections, "The base is dotted, the other run is a line."))


def run_overlay(base: RunState, other: RunState, report: Report, *, mouse: bool = False, **look: object) -> None:
    """Show both until the person leaves; raises ValueError for an unknown theme."""
    OverlayApp(base, other, report, **look).run(mouse=mouse)
