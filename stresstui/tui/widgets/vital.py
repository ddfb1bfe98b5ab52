"""A vital: one metric as a sparkline with its numbers, its threshold and its breaches."""

from stresstui.core.run import RunState
from stresstui.core.units import format_duration
from stresstui.core.verdict import Verdict
from stresstui.tui.braille import columns_in, sparkline
from stresstui.tui.figures import Columns, Figure, columns, figure
from stresstui.tui.ink import Piece, pad, verdict_role
from stresstui.tui.view import View
from stresstui.tui.widgets.board import Lines
from stresstui.tui.widgets.pane import Pane

_NUMBER = 6
_TREND = 11
_NAME = 16
_LIMIT = 12
_HEADROOM = 1.15
_LIMIT_IN_RANGE = 2.0


class VitalPane(Pane):
    """A pane for one metric; one line high, it is a line without a frame."""

    def __init__(self, number: int, metric: str) -> None:
        super().__init__(number, id=f"vital-{metric}")
        self.metric = metric

    def role(self, view: View) -> str:
        """A breach turns the frame."""
        return _role(figure(view.run, self.metric), "frame")

    def title(self, view: View) -> tuple[list[Piece], list[Piece]]:
        """Name and state at the left; value, unit and trend at the right."""
        shown = figure(view.run, self.metric)
        left: list[Piece] = [(shown.title, _role(shown, "title"))]
        if _breached(shown):
            left.append((f" {view.ink.glyphs.breached} {_word(shown)}", "word_breached"))
        return left, _value(shown, view)

    def body(self, view: View, width: int, height: int) -> Lines:
        """Sparkline, then base, least and most."""
        shown = figure(view.run, self.metric)
        rows = max(0, height - 1)
        return [*_chart(view, shown, width, rows), _numbers(view, shown, width)]

    def bottom(self, view: View, width: int, role: str) -> list[Piece]:
        """The frame's last line is the time axis: breaches are shaded on it."""
        shown = figure(view.run, self.metric)
        cells = width - 2 - _gutter(shown)
        axis = _columns(view.run, shown, columns_in(cells, braille=view.ink.glyphs.braille))
        line = list(view.ink.glyphs.across * width)
        shaded = _shaded(view, shown, axis, cells)
        return [(view.ink.glyphs.shaded, "breached") if i - 1 in shaded else (c, role) for i, c in enumerate(line)]

    def lines(self, view: View, width: int, height: int) -> Lines:
        """A frame, or one line where there is only one."""
        return [self._one_line(view, width)] if height == 1 else super().lines(view, width, height)

    def _one_line(self, view: View, width: int) -> list[Piece]:
        shown = figure(view.run, self.metric)
        mark = view.ink.glyphs.breached if _breached(shown) else " "
        name_role = "focus" if self.has_focus else _role(shown, "title")
        left: list[Piece] = [(mark, "breached"), (pad(shown.title, _NAME + 1), name_role)]
        right = [*_value(shown, view), (f" {shown.limit_text:<{_LIMIT}}", _role(shown, "limit"))]
        cells = max(0, width - _NAME - 3 - sum(len(text) for text, _ in right))
        braille = view.ink.glyphs.braille
        axis = _columns(view.run, shown, columns_in(cells, braille=braille))
        row = sparkline(axis.values, 1, _top(shown), braille=braille)[0]
        return view.ink.fit([*left, (row, _role(shown, "spark"))], right, width)


def _breached(shown: Figure) -> bool:
    return shown.verdict in (Verdict.BREACHED, Verdict.FAILED)


def _word(shown: Figure) -> str:
    return "BREACHED" if shown.active else "was breached" if shown.verdict is Verdict.BREACHED else "failed"


def _role(shown: Figure, otherwise: str) -> str:
    return verdict_role(shown.verdict) if _breached(shown) else otherwise


def _value(shown: Figure, view: View) -> list[Piece]:
    glyphs = view.ink.glyphs
    number = ("~" if shown.estimated else "") + shown.scale.number(shown.value)
    arrow = {1: glyphs.rising, -1: glyphs.falling}.get(shown.trend.direction, glyphs.level)
    return [
        (f"{number:>{_NUMBER}}", _role(shown, "title")),
        (f" {shown.scale.unit:<4}", "text"),
        (f" {arrow} {shown.trend.text:<{_TREND - 2}}", "dim"),
    ]


def _numbers(view: View, shown: Figure, width: int) -> list[Piece]:
    number = shown.scale.number
    left = "  ".join(
        f"{name} {number(value):<5}"
        for name, value in (("base", shown.baseline), ("min", shown.low), ("max", shown.high))
    )
    right = f"{shown.source}  " if shown.source else ""
    until = f"0-{format_duration(view.run.t)}"
    if len(left) + len(right) + len(until) + 2 > width:
        right = right.replace("by the workload", "").replace("socket counters", "").rstrip() + "  " if right else ""
    return view.ink.fit([(left, "dim")], [(right + until, "dim")], width)


def _columns(run: RunState, shown: Figure, count: int) -> Columns:
    interval = run.started.interval if run.started else 1.0
    return columns(run.series.get(shown.name), count, run.t, interval, minima=shown.name == "throughput")


def _top(shown: Figure) -> float:
    high = max(shown.high or 0.0, shown.value or 0.0)
    limit = shown.limit_value
    if limit is not None and 0 < limit <= high * _LIMIT_IN_RANGE:
        high = max(high, limit)
    return high * _HEADROOM


def _gutter(shown: Figure) -> int:
    return len(shown.limit_text) + 2 if shown.limit_text else 0


def _chart(view: View, shown: Figure, width: int, rows: int) -> Lines:
    braille = view.ink.glyphs.braille
    cells = width - _gutter(shown)
    axis = _columns(view.run, shown, columns_in(cells, braille=braille))
    top = _top(shown)
    drawn = sparkline(axis.values, rows, top, braille=braille)
    at = _limit_row(shown, rows, top)
    role = "breached" if shown.active else "spark"
    return [_row(view, row, role, cells, shown.limit_text if i == at else "") for i, row in enumerate(drawn)]


def _limit_row(shown: Figure, rows: int, top: float) -> int:
    """The row of the threshold; the top row where it lies above what is drawn."""
    limit = shown.limit_value
    if limit is None or not top or limit > top:
        return 0
    return rows - 1 - min(rows - 1, int(limit / top * rows))


def _row(view: View, row: str, role: str, cells: int, limit: str) -> list[Piece]:
    row = row.ljust(cells)
    if not limit:
        return [(row, role)]
    line = view.ink.glyphs.limit
    data = row.rstrip()
    return [(data, role), (line * (cells - len(data)), "limit"), (f" {limit}", "limit")]


def _shaded(view: View, shown: Figure, axis: Columns, cells: int) -> set[int]:
    per_cell = 2 if view.ink.glyphs.braille else 1
    found: set[int] = set()
    for criterion in shown.criteria:
        for breach in criterion.breaches:
            end = view.run.t if breach.ended is None else breach.ended
            first, last = axis.index(breach.began) // per_cell, axis.index(end) // per_cell
            found.update(range(max(0, first), min(cells - 1, last) + 1))
    return found
