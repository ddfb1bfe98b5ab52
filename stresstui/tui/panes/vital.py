"""A vital: one metric as a sparkline with its numbers, its threshold and its breaches."""

from stresstui.core.criteria.state import Verdict
from stresstui.core.model.units import format_duration
from stresstui.core.run.fold import RunState
from stresstui.tui.draw.braille import columns_in, sparkline
from stresstui.tui.draw.figures import Columns, Figure, columns, figure
from stresstui.tui.draw.ink import Piece, pad, verdict_role
from stresstui.tui.draw.view import View
from stresstui.tui.panes.criteria import say_margin
from stresstui.tui.widgets.board import Lines
from stresstui.tui.widgets.pane import Pane

_NUMBER = 6
_TREND = 11
_NAME = 16
_MARGIN = 12
_ROOMY = 60
_SHORT = {"verified by the workload": "verified", "kernel socket counters": "kernel"}
_HEADROOM = 1.15
_LIMIT_IN_RANGE = 2.0


class VitalPane(Pane):
    """A pane for one metric; one line high, it is a line without a frame."""

    def __init__(self, number: int, metric: str) -> None:
        super().__init__(number, id=f"vital-{metric}")
        self.metric = metric
        self._known: tuple[View, Figure] | None = None

    def shown(self, view: View) -> Figure:
        """The numbers of a view; taken once for each."""
        if self._known is None or self._known[0] is not view:
            self._known = (view, figure(view.run, self.metric))
        return self._known[1]

    def role(self, view: View) -> str:
        """A breach turns the frame."""
        return _role(self.shown(view), "frame")

    def title(self, view: View) -> tuple[list[Piece], list[Piece]]:
        """Name and state at the left; value, unit and trend at the right."""
        shown = self.shown(view)
        left: list[Piece] = [(shown.title, _role(shown, "title"))]
        if _breached(shown):
            left.append((f" {view.ink.glyphs.breached} {_word(shown)}", "word_breached"))
        number, unit, trend = _value(shown, view)
        return left, [(number[0] + unit[0], number[1]), trend]

    def body(self, view: View, width: int, height: int) -> Lines:
        """Sparkline, then base, least and most."""
        shown = self.shown(view)
        rows = max(0, height - 1)
        return [*_chart(view, shown, width, rows), _numbers(view, shown, width)]

    def bottom(self, view: View, width: int, role: str) -> list[Piece]:
        """The frame's last line is the time axis: breaches are shaded on it."""
        shown = self.shown(view)
        cells = width - 2 - _gutter(shown)
        axis = _columns(view.run, shown, columns_in(cells, braille=view.ink.glyphs.braille))
        source = _source(shown, width)
        line = list(view.ink.glyphs.across * (width - len(source)))
        shaded = _shaded(view, shown, axis, cells)
        drawn = [(view.ink.glyphs.shaded, "breached") if i - 1 in shaded else (c, role) for i, c in enumerate(line)]
        return [*drawn, (source, "dim")]

    def lines(self, view: View, width: int, height: int) -> Lines:
        """A frame, or one line where there is only one."""
        return [self._one_line(view, width)] if height == 1 else super().lines(view, width, height)

    def _one_line(self, view: View, width: int) -> list[Piece]:
        shown = self.shown(view)
        mark = view.ink.glyphs.breached if _breached(shown) else " "
        name_role = "focus" if self.has_focus else _role(shown, "title")
        left: list[Piece] = [(f"{mark} ", "breached"), (pad(shown.title, _NAME + 1), name_role)]
        near = shown.nearest
        right = [*_value(shown, view), (f" {say_margin(near) if near else '':<{_MARGIN}}", _role(shown, "dim"))]
        cells = max(0, width - _NAME - 4 - sum(len(text) for text, _ in right))
        braille = view.ink.glyphs.braille
        axis = _columns(view.run, shown, columns_in(cells, braille=braille))
        row = sparkline(axis.values, 1, _top(shown), braille=braille)[0]
        return view.ink.fit([*left, (row, _role(shown, "spark"))], right, width)


def _source(shown: Figure, width: int) -> str:
    if not shown.source:
        return ""
    return f" {shown.source if width >= _ROOMY else _SHORT[shown.source]} "


def _breached(shown: Figure) -> bool:
    return shown.verdict in (Verdict.BREACHED, Verdict.FAILED)


def _word(shown: Figure) -> str:
    if shown.verdict is Verdict.FAILED:
        return "FAILED"
    return "BREACHED" if shown.active else "was breached"


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
    until = f"0-{format_duration(view.run.t)}"
    return view.ink.fit([(left, "dim")], [(until, "dim")], width)


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
    role = "breached" if shown.active else "spark"
    lines: Lines = [[(row.ljust(cells), role)] for row in drawn]
    if shown.limit_text and rows:
        _add_limit(view, shown, lines, top)
    return lines


def _add_limit(view: View, shown: Figure, lines: Lines, top: float) -> None:
    """Draw the threshold as a line where it is in range, else write it at the edge."""
    limit, rows = shown.limit_value or 0.0, len(lines)
    inside = 0 < limit <= top
    at = rows - 1 - min(rows - 1, int(limit / top * rows)) if inside else 0
    row, role = lines[at][0]
    data = row.rstrip()
    fill = view.ink.glyphs.limit if inside else " "
    lines[at] = [(data, role), (fill * (len(row) - len(data)), "limit"), (f" {shown.limit_text}", "limit")]


def _shaded(view: View, shown: Figure, axis: Columns, cells: int) -> set[int]:
    per_cell = 2 if view.ink.glyphs.braille else 1
    found: set[int] = set()
    for criterion in shown.criteria:
        for breach in criterion.breaches:
            end = view.run.t if breach.ended is None else breach.ended
            first, last = axis.index(breach.began) // per_cell, axis.index(end) // per_cell
            found.update(range(max(0, first), min(cells - 1, last) + 1))
    return found
