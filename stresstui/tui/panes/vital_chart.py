"""The zoomed vital: a large chart, drawn once every few seconds."""

import plotext
from rich.text import Text

from stresstui.core.model.units import format_clock, format_duration
from stresstui.tui.draw.columns import STEPS
from stresstui.tui.draw.figures import Figure
from stresstui.tui.draw.ink import Piece
from stresstui.tui.draw.view import View
from stresstui.tui.panes.vital import VitalPane
from stresstui.tui.widgets.board import Lines
from stresstui.tui.widgets.pane import Pane

DRAW_EVERY = 3.0
"""Seconds of the run between two drawings."""
_TICKS = 8
_NUMBERS = 3
_SHOWN = 4


class VitalChart(VitalPane):
    """A vital over the whole run with axes, its threshold and its baseline."""

    def __init__(self, number: int, metric: str) -> None:
        super().__init__(number, metric)
        self._drawn: tuple[float, int, int, int] | None = None
        self._picture: Lines = []

    def bottom(self, view: View, width: int, role: str) -> list[Piece]:
        """Plain: the chart has an axis of its own."""
        return Pane.bottom(self, view, width, role)

    def body(self, view: View, width: int, height: int) -> Lines:
        """The chart, and below it the numbers."""
        shown = self.shown(view)
        numbers: Lines = [_numbers(shown), _criteria(shown), _breaches(shown)]
        drawn = (view.run.t, width, height, id(view.ink))
        if self._drawn is None or self._drawn[1:] != drawn[1:] or abs(drawn[0] - self._drawn[0]) >= DRAW_EVERY:
            self._drawn, self._picture = drawn, chart(view, shown, width, height - _NUMBERS)
        return [*self._picture, *numbers]


def _numbers(shown: Figure) -> list[Piece]:
    full = shown.scale.full
    names = (("now", shown.value), ("base", shown.baseline), ("min", shown.low), ("max", shown.high))
    text = "   ".join(f"{name} {full(value)}" for name, value in names)
    return [(f"{text}   {shown.source}".rstrip(), "text")]


def _criteria(shown: Figure) -> list[Piece]:
    return [("   ".join(f"{c.spec.rule}: {c.shown_value}" for c in shown.criteria), "limit")]


def _breaches(shown: Figure) -> list[Piece]:
    spans = sorted((breach.began, breach.ended) for c in shown.criteria for breach in c.breaches)
    said = [f"{format_clock(a)} to {'now' if b is None else format_clock(b)}" for a, b in spans[-_SHOWN:]]
    return [("breached " + ", ".join(said) if said else "never breached", "breached" if said else "dim")]


def chart(view: View, shown: Figure, width: int, height: int) -> Lines:
    """Draw the whole history: what throughput fell to, and what everything else rose to."""
    series = view.run.series.get(shown.name)
    buckets = [bucket for bucket in series.buckets if bucket.count] if series else []
    if not buckets or height < 5:  # noqa: PLR2004 - less has no room for the axes
        return [[("no data yet", "dim")]]
    divisor = shown.scale.divisor
    minima = shown.lower
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.limit_size(False, False)
    plotext.plot_size(width, height)
    marker = "braille" if view.ink.glyphs.braille else "*"
    values = [(bucket.low if minima else bucket.high) / divisor for bucket in buckets]
    plotext.plot([bucket.start for bucket in buckets], values, marker=marker)
    _add_lines(shown, divisor, max(values))
    step = next((s for s in STEPS if s >= 1 and view.run.t / s <= _TICKS), STEPS[-1])
    ticks = [step * i for i in range(int(view.run.t // step) + 1)]
    plotext.xticks(ticks, [format_duration(tick) for tick in ticks])
    built = Text.from_ansi(plotext.build())
    return [[(_plain(view, line.plain), "spark")] for line in built.split("\n")]


def _add_lines(shown: Figure, divisor: float, high: float) -> None:
    limit = shown.limit_value
    if limit is not None and limit / divisor <= high * 2:
        plotext.hline(limit / divisor)
    if shown.baseline is not None:
        plotext.hline(shown.baseline / divisor)


def _plain(view: View, line: str) -> str:
    if view.ink.glyphs.braille:
        return line
    return line.translate({ord(a): b for a, b in zip("─│┌┐└┘┬┴├┤┼", "-|+++++++++", strict=True)})
