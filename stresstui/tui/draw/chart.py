"""The chart of one vital: its columns over time on an axis that shows change, with its baseline and its limits."""

from functools import cached_property
from typing import Final

import msgspec

from stresstui.core.model.event import Phase
from stresstui.core.model.scenario import Severity
from stresstui.core.model.timeline import Mark
from stresstui.core.model.units import format_duration
from stresstui.tui.draw.axis import Axis, make_axis, make_log_axis
from stresstui.tui.draw.columns import Columns, Cutter
from stresstui.tui.draw.figures import Figure
from stresstui.tui.draw.ink import Piece, verdict_role
from stresstui.tui.draw.plot import Layer, Plotter, columns_in
from stresstui.tui.draw.view import View

_BASELINE_EVERY: Final = 4
"""Columns between two dots of the baseline."""
_SHOWN_PHASES: Final = (Phase.SOAK, Phase.COOL_DOWN)
_TREND_EVERY: Final = 3
"""Columns between two dots of the trend."""
_LIMIT_NEAR: Final = 2.0
"""A limit is brought into the picture up to so many times the largest value."""
_TICKS: Final = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10800, 14400, 21600, 43200,
                 86400, 172800, 604800)  # fmt: skip
"""Seconds between two times on the axis: round ones, for people."""
_TICK_CELLS: Final = 12
"""Cells between two times on the axis, at least."""


class TimeAxis(msgspec.Struct, frozen=True):
    """What makes the same instant stand in the same column of charts that lie side by side."""

    gutter: int = 0
    """Cells that the numbers beside the charts take, at least."""
    widest: float = 0.0
    """Seconds of the longest bucket."""


class Memory:
    """What a chart that is drawn with every sample was before: most of it is as it was."""

    def __init__(self) -> None:
        self.cutter, self.plotter = Cutter(), Plotter()


class Chart:
    """A figure drawn into so many cells and rows: over the whole run, or over a stretch of it."""

    def __init__(
        self,
        view: View,
        shown: Figure,
        width: int,
        height: int,
        *,
        stretch: tuple[float, float] | None = None,
        cursor: float | None = None,
        gutter: int = 0,
        log: bool = False,
        hold: float = 0.0,
        widest: float = 0.0,
        memory: Memory | None = None,
    ) -> None:
        """``stretch`` and ``cursor`` are seconds since the run started; ``gutter`` the least cells for its numbers.

        ``hold`` is how long a reading stands where they are further apart than the run's interval, seconds; ``widest``
        the longest bucket of those that share its axis of time. ``memory`` is of what the same chart was before.
        """
        self._gutter_least, self._log, self._hold, self._widest = gutter, log, hold, widest
        self._memory = memory or Memory()
        self._view, self._shown = view, shown
        self._stretch, self._cursor = stretch, cursor
        self._width, self._height = width, height
        self._braille = view.ink.glyphs.braille
        self._divisor = shown.scale.divisor

    @cached_property
    def axis(self) -> Axis:
        """The stretch of values, in shown units: of the soak, with the baseline, and with a limit that is near."""
        low, high = self._span
        values = [low, high, *([] if self._shown.baseline is None else [self._shown.baseline])]
        limit = self._shown.limit_value
        if limit is not None and low / _LIMIT_NEAR <= limit <= high * _LIMIT_NEAR:
            values.append(limit)
        make = make_log_axis if self._log else make_axis
        return make((v / self._divisor for v in values), self._height, whole=not self._shown.scale.unit)

    @property
    def _span(self) -> tuple[float, float]:
        """Smallest and largest value to show, base units."""
        if self._stretch is None or self._shown.series is None:
            return self._shown.span or (0.0, 0.0)
        inside = [bucket for bucket in self._shown.series.between(*self._stretch) if bucket.count]
        return (min(b.low for b in inside), max(b.high for b in inside)) if inside else (0.0, 0.0)

    @property
    def origin(self) -> str:
        """Where the axis begins, in words."""
        return f"axis from {self.axis.label(self.axis.low)}"

    @cached_property
    def gutter(self) -> int:
        """Cells that the numbers beside the chart take."""
        return max(self._gutter_least, self.gutter_needed)

    @property
    def gutter_needed(self) -> int:
        """Cells that its own numbers take."""
        return self.axis.gutter

    @property
    def _cells(self) -> int:
        return max(1, self._width - self.gutter)

    @cached_property
    def _columns(self) -> Columns:
        return self._cut(self._cells)

    @property
    def step(self) -> float:
        """Seconds in a column."""
        return self._columns.step

    def value_at(self, t: float) -> float | None:
        """What is drawn at an instant, base units; None where nothing was read."""
        index = self._columns.index(t)
        return self._columns.values[index] if 0 <= index < len(self._columns.values) else None

    def _cut(self, cells: int) -> Columns:
        run = self._view.run
        interval = max(self._hold, run.started.interval if run.started else 1.0)
        count = columns_in(cells, braille=self._braille)
        origin, until = self._stretch or (0.0, run.t)
        return self._memory.cutter.columns(
            self._shown.series, count, until, interval, minima=self._shown.lower, origin=origin, widest=self._widest
        )

    def _data(self, cut: Columns, *, filled: bool) -> Layer:
        values = [None if value is None else value / self._divisor for value in cut.values]
        return Layer(values, verdict_role(self._shown.verdict) if self._shown.active else "spark", filled=filled)

    def rows(self) -> list[list[Piece]]:
        """The chart, rows from above."""
        if not self._height:
            return []
        data = self._data(self._columns, filled=False)
        limits = self._limits()
        layers = [*self._line_at_cursor(), data, *self._trend(), *limits]
        if self.axis.from_zero and not limits:  # a line through an area looks like a gap in it
            layers.append(Layer(data.values, "frame", filled=True))
        layers.append(self._baseline())
        drawn = self._memory.plotter.plot(layers, self._cells, self._height, self.axis, braille=self._braille)
        labels = self.axis.labels(self._height, self.gutter, self._view.ink.glyphs.axis)
        return [[(label, "dim"), *row] for label, row in zip(labels, drawn, strict=True)]

    def spark(self) -> list[Piece]:
        """One row without an axis."""
        cut = self._cut(self._width)
        return self._memory.plotter.plot(
            [self._data(cut, filled=True)], self._width, 1, self.axis, braille=self._braille
        )[0]

    def _until_now(self) -> int:
        return self._columns.index(self._view.run.t) + 1

    def _baseline(self) -> Layer:
        base = self._shown.baseline
        level = [None if base is None else base / self._divisor] * self._until_now()
        return Layer(level, "dim", every=_BASELINE_EVERY)

    def _limits(self) -> list[Layer]:
        """A level limit as a level line; the limit of a growth as the line that starts at the baseline."""
        layers = []
        if self._shown.limit_value is not None:
            level = [self._shown.limit_value / self._divisor] * len(self._columns.values)
            layers.append(Layer(level, "limit"))
        growth, base = self._shown.growth, self._shown.baseline
        began = self._view.run.phase_began.get(Phase.SOAK)
        if growth is not None and base is not None and began is not None:
            slope = growth.rule.threshold.value
            since = [self._columns.time(index) - began for index in range(len(self._columns.values))]
            line = [(base + slope * seconds) / self._divisor if seconds >= 0 else None for seconds in since]
            layers.append(Layer(line, "limit", every=2))
        return layers

    def _trend(self) -> list[Layer]:
        """The growth that the judge sees, as a dotted line through the middle of the soak's values."""
        growth, began = self._shown.growth, self._view.run.phase_began.get(Phase.SOAK)
        if growth is None or growth.value is None or began is None or self._shown.series is None:
            return []
        buckets = [b for b in self._shown.series.since(began) if b.start >= began and b.count]
        if not buckets:
            return []
        level = sum([bucket.total / bucket.count for bucket in buckets]) / len(buckets)
        middle = sum([bucket.start for bucket in buckets]) / len(buckets)
        cut, slope = self._columns, growth.value
        times = [cut.origin + index * cut.step for index in range(self._until_now())]
        line = [(level + slope * (t - middle)) / self._divisor if t >= began else None for t in times]
        return [Layer(line, "accent", every=_TREND_EVERY)]

    def _line_at_cursor(self) -> list[Layer]:
        if self._cursor is None:
            return []
        at = self._columns.index(self._cursor)
        level = [self.axis.high if index == at else None for index in range(len(self._columns.values))]
        return [Layer(level, "title", filled=True)]

    def time_axis(self, width: int, role: str, source: str) -> list[Piece]:
        """The frame's last line: times, the stretches that were breached, and where the numbers come from."""
        cells: list[Piece] = [(self._view.ink.glyphs.across, role)] * width
        first = 1 + self.gutter
        taken = {cell for cell, _, _ in self._happened()} | self._breached()
        for at, text in self._times():  # of a time under a mark the rest would be another time
            if first + at + len(text) < width - len(source) and taken.isdisjoint(range(at, at + len(text))):
                cells[first + at : first + at + len(text)] = [(char, "dim") for char in text]
        for cell, mark, role_of in self._happened():
            if 0 <= cell < width - first:
                cells[first + cell] = (mark, role_of)
        for cell in self._breached():
            if first + cell < width:
                cells[first + cell] = (self._view.ink.glyphs.shaded, self._breach_role)
        return [*cells[: width - len(source)], (source, "dim")]

    def _times(self) -> list[tuple[int, str]]:
        """Cells and texts of the times."""
        per_cell = self._columns.step * columns_in(1, braille=self._braille)
        step = next((s for s in _TICKS if s / per_cell >= _TICK_CELLS), _TICKS[-1])
        count = int(self._cells * per_cell // step)
        begin = -(-self._columns.origin // step) * step
        times = [begin + number * step for number in range(count + 1)]
        return [(int((t - self._columns.origin) / per_cell), format_duration(t)) for t in times]

    def _happened(self) -> list[tuple[int, str, str]]:
        """Cells, marks and roles of what happened: phases that began, and notes."""
        per_cell = columns_in(1, braille=self._braille)
        run, glyphs = self._view.run, self._view.ink.glyphs
        begun = [(t, glyphs.phase, "accent") for phase, t in run.phase_began.items() if phase in _SHOWN_PHASES]
        notes = [(entry.t, glyphs.event(Mark.NOTE), "accent") for entry in run.entries if entry.mark is Mark.NOTE]
        return [(self._columns.index(t) // per_cell, mark, role) for t, mark, role in (*begun, *notes)]

    @property
    def _breach_role(self) -> str:
        """A breach that only warns is not drawn as one that fails."""
        broken = [criterion for criterion in self._shown.criteria if criterion.breaches]
        return "pending" if all(c.spec.severity is Severity.WARN for c in broken) else "breached"

    def _breached(self) -> set[int]:
        found: set[int] = set()
        per_cell = columns_in(1, braille=self._braille)
        for criterion in self._shown.criteria:
            for breach in criterion.breaches:
                end = self._view.run.t if breach.ended is None else breach.ended
                first, last = self._columns.index(breach.began), self._columns.index(end)
                if last < 0:
                    continue
                found.update(range(max(0, first // per_cell), min(self._cells - 1, last // per_cell) + 1))
        return found
