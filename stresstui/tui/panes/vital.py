"""A vital: one metric as a chart with its axes, its numbers, its limits and its breaches."""

from stresstui.core.criteria.state import Verdict
from stresstui.tui.draw.chart import Chart, Memory, TimeAxis
from stresstui.tui.draw.criterion import say_limit, say_margin
from stresstui.tui.draw.figures import Figure, figure
from stresstui.tui.draw.ink import Piece, pad, verdict_role
from stresstui.tui.draw.view import View
from stresstui.tui.widgets.board import Lines
from stresstui.tui.widgets.pane import FRAME, Pane

_NUMBER = 6
_SLOPE = 12
_NAME = 16
_MARGIN = 14
_ROOMY = 60
_SPARK_MOST = 72
"""Cells of a sparkline at most: behind a longer one a value would be far from its name."""
_SPARK_LEAST = 8
"""Cells that it has before there is more beside it than the value."""
_BARE = 2
"""Pieces of the value alone."""
_SHORT = {"verified by the workload": "verified", "kernel socket counters": "kernel"}


class VitalPane(Pane):
    """A pane for one metric; one line high, it is a line without a frame."""

    def __init__(self, number: int, metric: str) -> None:
        super().__init__(number, id=f"vital-{metric}")
        self.metric = metric
        self._known: tuple[View, Figure] | None = None
        self._chart: Chart | None = None
        self._memory = Memory()
        self._axis = TimeAxis()

    def shown(self, view: View) -> Figure:
        """The numbers of a view; taken once for each."""
        if self._known is None or self._known[0] is not view:
            self._known = (view, figure(view.run, self.metric))
        return self._known[1]

    def needs(self, view: View) -> TimeAxis:
        """What its chart needs of an axis of time that it shares with those beside it."""
        shown = self.shown(view)
        height = max(0, self.size.height - FRAME - 1)
        series = shown.series
        return TimeAxis(Chart(view, shown, 1, height).gutter_needed, series.width if series else 0.0)

    def share(self, axis: TimeAxis) -> None:
        """Draw on this axis of time from now on."""
        self._axis = axis

    def role(self, view: View) -> str:
        """A breach turns the frame."""
        return _role(self.shown(view), "frame")

    def title(self, view: View) -> tuple[list[Piece], list[Piece]]:
        """Name and state at the left; value, unit and trend at the right."""
        shown = self.shown(view)
        left: list[Piece] = [(shown.title, _role(shown, "title"))]
        if _breached(shown):
            left.append((f" {view.ink.glyphs.breached} {_word(shown)}", "word_breached"))
        elif shown.verdict is Verdict.WARNING:
            left.append((f" {view.ink.glyphs.mark(shown.verdict)} WARNED", "word_pending"))
        number, unit, trend = _value(shown, view)
        return left, [(f"{number[0]} {unit[0].strip()}".rstrip(), number[1]), *([trend] if trend[0].strip() else [])]

    def body(self, view: View, width: int, height: int) -> Lines:
        """Sparkline, then base, least and most."""
        shown = self.shown(view)
        self._chart = Chart(
            view, shown, width, max(0, height - 1), gutter=self._axis.gutter, widest=self._axis.widest,
            memory=self._memory,
        )  # fmt: skip
        return [*self._chart.rows(), _numbers(view, shown, width, self._chart)]

    def bottom(self, view: View, width: int, role: str) -> list[Piece]:
        """The frame's last line is the time axis: breaches are shaded on it."""
        if self._chart is None:
            return super().bottom(view, width, role)
        return self._chart.time_axis(width, role, _source(self.shown(view), width))

    def lines(self, view: View, width: int, height: int) -> Lines:
        """A frame, or one line where there is only one."""
        return [self._one_line(view, width)] if height == 1 else super().lines(view, width, height)

    def _one_line(self, view: View, width: int) -> list[Piece]:
        shown = self.shown(view)
        loud = _breached(shown) or shown.verdict is Verdict.WARNING
        mark = view.ink.glyphs.mark(shown.verdict) if loud else " "
        name_role = "focus" if self.has_focus else _role(shown, "title")
        left: list[Piece] = [(f"{mark} ", _role(shown, "dim")), (pad(shown.title, _NAME + 1), name_role)]
        near = shown.nearest
        right, cells = _fitting(
            [
                *_value(shown, view),
                (f" {say_margin(near, view.run) if near else '':<{_MARGIN}}", _role(shown, "dim")),
            ],
            width,
        )
        row = Chart(view, shown, cells, 1, widest=self._axis.widest, memory=self._memory).spark()
        rest = width - _NAME - 3 - cells - sum(len(text) for text, _ in right)
        return view.ink.fit([*left, *row], [*right, (" " * max(0, rest), "text")], width)


def _fitting(right: list[Piece], width: int) -> tuple[list[Piece], int]:
    """What fits behind a name and its sparkline, and the cells of that: the margin goes first, then the slope."""
    for count in range(len(right), 0, -1):
        room = width - _NAME - 4 - sum(len(text) for text, _ in right[:count])
        if room >= (_SPARK_LEAST if count > _BARE else -1):
            return right[:count], max(0, min(_SPARK_MOST, room))
    return [], max(0, width - _NAME - 4)


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
    loud = _breached(shown) or shown.verdict is Verdict.WARNING
    return verdict_role(shown.verdict) if loud else otherwise


def _value(shown: Figure, view: View) -> list[Piece]:
    del view
    number = ("~" if shown.estimated else "") + shown.scale.number(shown.value)
    return [
        (f"{number:>{_NUMBER}}", _role(shown, "title")),
        (f" {shown.scale.unit:<4}", "text"),
        (f" {shown.slope_text:>{_SLOPE}}", _role(shown, "dim")),
    ]


def _numbers(view: View, shown: Figure, width: int, chart: Chart) -> list[Piece]:
    number = shown.scale.number
    limits = "  ".join(say_limit(c) for c in shown.criteria if c.rule.aggregate != "settles" and not c.rule.per)
    left = ""
    for name, value in (("base", shown.baseline), ("min", shown.low), ("max", shown.high)):
        part = f"{name} {number(value):<4}  "
        left += part if len(left) + len(part.rstrip()) + len(limits) < width else ""
    left = left[: max(0, width - len(limits))]
    right: list[Piece] = [(limits, "limit")]
    if not chart.axis.from_zero and len(left) + len(limits) + len(chart.origin) + 2 <= width:
        right.append((f"  {chart.origin}", "dim"))
    return view.ink.fit([(left, "dim")], right, width)
