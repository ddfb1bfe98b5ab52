"""The zoomed vital: a chart over a time scale of one's own, a cursor that reads it, and its numbers."""

import textwrap
from typing import Final

from textual.binding import Binding

from stresstui.core.derive.series import Bucket
from stresstui.core.model.units import format_clock, format_duration
from stresstui.tui.draw.chart import Chart
from stresstui.tui.draw.figures import Figure
from stresstui.tui.draw.ink import Piece
from stresstui.tui.draw.view import View
from stresstui.tui.panes.vital import VitalPane
from stresstui.tui.panes.vital_looks import Area, Look, look_at, looks_of
from stresstui.tui.widgets.board import Lines
from stresstui.tui.widgets.pane import Pane

SCALES: Final = (None, 3600.0, 600.0, 120.0)
"""Seconds that the chart covers; None = the whole run."""
_EVEN: Final = 20.0
"""A scale that follows moves on by this part of itself, so that not every sample draws all of it anew."""
_SHOWN: Final = 4
_NUMBERS_LEAST: Final = 3
_LABEL: Final = 10


class VitalChart(VitalPane):
    """A vital with axes, limits, trend, phases and breaches."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        Binding("left,h", "read(-1)", "Cursor back", show=False),
        Binding("right,l", "read(1)", "Cursor on", show=False),
        Binding("shift+left,H", "read(-10)", "Cursor far back", show=False),
        Binding("shift+right,L", "read(10)", "Cursor far on", show=False),
        Binding("g,home", "read(-1000000)", "Cursor to the start", show=False),
        Binding("G,end", "read(1000000)", "Follow", show=False),
        Binding("z", "scale(1)", "Time scale"),
        Binding("Z", "scale(-1)", "Time scale before", show=False),
        Binding("y", "log", "Log scale"),
        Binding("v", "look(1)", "Chart, by process, state, peer or kind, judge"),
        Binding("V", "look(-1)", "The look before", show=False),
    ]

    def __init__(self, number: int, metric: str) -> None:
        super().__init__(number, metric)
        self._scale = 0
        self._cursor: float | None = None
        self._log = False
        self._look = Look.CHART

    def title(self, view: View) -> tuple[list[Piece], list[Piece]]:
        """As the pane, with the time scale."""
        left, right = super().title(view)
        seconds = SCALES[self._scale]
        said = "whole run" if seconds is None else f"last {format_duration(seconds)}"
        log = ", log" if self._log else ""
        others = [look for look in looks_of(view, self.metric) if look is not self._look]
        more = f"  v: {', '.join(others)}" if others else ""
        return [*left, (f"  {self._look}", "text"), (f"  {said} (z){log}", "dim"), (more, "dim")], right

    def bottom(self, view: View, width: int, role: str) -> list[Piece]:
        """Plain: the time axis is below the chart."""
        return Pane.bottom(self, view, width, role)

    def body(self, view: View, width: int, height: int) -> Lines:
        """The chart, its time axis, what the cursor reads, and as many numbers as fit."""
        shown = self.shown(view)
        if self._look is not Look.CHART:
            self._chart = None
            return look_at(view, shown, self._look, Area(width, height, self._stretch(view), self._log))
        facts = _facts(shown, width)
        room = max(_NUMBERS_LEAST, height // 3)
        below = [self._reading(shown), *facts[: room - 1]]
        self._chart = Chart(
            view,
            shown,
            width,
            max(1, height - len(below) - 1),
            stretch=self._stretch(view),
            cursor=self._cursor,
            log=self._log,
        )
        below[0] = self._reading(shown)
        return [*self._chart.rows(), self._chart.time_axis(width, "frame", ""), *below]

    def _stretch(self, view: View) -> tuple[float, float] | None:
        seconds = SCALES[self._scale]
        if seconds is None or view.run.t <= seconds:
            return None
        even = seconds / _EVEN
        end = (view.run.t // even + 1) * even
        return end - seconds, end

    def _reading(self, shown: Figure) -> list[Piece]:
        """What stands under the cursor; the newest value without one."""
        if self._cursor is None or self._chart is None:
            return [(f"now {shown.scale.full(shown.value)}", "title"), ("   left and right read the chart", "dim")]
        value = self._chart.value_at(self._cursor)
        line: list[Piece] = [
            (f"at {format_clock(self._cursor)}  ", "accent"),
            (shown.scale.full(value), "title"),
        ]
        if value is not None and shown.baseline is not None:
            less = "-" if value < shown.baseline else "+"
            line.append((f"   {less}{shown.scale.full(abs(value - shown.baseline))} to the baseline", "dim"))
        return [*line, (f"   column of {format_duration(self._chart.step)}", "dim"), ("   G follows", "dim")]

    def action_read(self, by: int) -> None:
        """Move the cursor by columns; beyond the newest it is gone, and the chart follows."""
        if self.view is None or self._chart is None:
            return
        newest, step = self.view.run.t, self._chart.step
        stretch = self._stretch(self.view)
        oldest = stretch[0] if stretch else 0.0
        here = newest if self._cursor is None else self._cursor
        there = max(oldest, here + by * step)
        self._cursor = None if there >= newest and by > 0 else min(there, newest)
        self.redraw()

    def action_log(self) -> None:
        """Equal heights for equal ratios, or for equal differences again."""
        self._log = not self._log
        self.redraw()

    def action_look(self, by: int) -> None:
        """Take the next way to look at it."""
        if self.view is not None:
            looks = looks_of(self.view, self.metric)
            at = looks.index(self._look) if self._look in looks else 0
            self._look = looks[(at + by) % len(looks)]
            self.redraw()

    def action_scale(self, by: int) -> None:
        """Take the next time scale that is shorter than the run."""
        for _ in SCALES:
            self._scale = (self._scale + by) % len(SCALES)
            seconds = SCALES[self._scale]
            if seconds is None or (self.view is not None and seconds < self.view.run.t):
                break
        self._cursor = None
        self.redraw()


def _facts(shown: Figure, width: int) -> Lines:
    """Statistics, the criteria with what their judges say, and the breaches."""
    lines: Lines = [_statistics(shown), _breaches(shown)]
    for criterion in shown.criteria:
        lines.insert(-1, [(f"{criterion.spec.rule}: {criterion.shown_value}", "limit")])
    for criterion in shown.criteria:
        for number, part in enumerate(textwrap.wrap(criterion.evidence, max(20, width - _LABEL))):
            name = "judge" if number == 0 else ""
            lines.append([(f"{name:<{_LABEL}}", "dim"), (part, "text")])
    return lines


def _statistics(shown: Figure) -> list[Piece]:
    full = shown.scale.full
    whole = Bucket(0.0)
    for bucket in shown.series.buckets if shown.series else ():
        whole.absorb(bucket)
    mean = whole.mean if whole.count else None
    names = (("base", shown.baseline), ("min", shown.low), ("mean", mean), ("max", shown.high))
    text = "   ".join(f"{name} {full(value)}" for name, value in names)
    return [(f"{text}   {whole.count:,} values   {shown.source}".rstrip(), "text")]


def _breaches(shown: Figure) -> list[Piece]:
    spans = sorted((breach.began, breach.ended) for c in shown.criteria for breach in c.breaches)
    said = [f"{format_clock(a)} to {'now' if b is None else format_clock(b)}" for a, b in spans[-_SHOWN:]]
    return [("breached " + ", ".join(said) if said else "never breached", "breached" if said else "dim")]
