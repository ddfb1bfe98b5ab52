"""Looks into a zoomed vital: by process, state, kind and peer, and as the judge of growth sees it."""

import textwrap
from enum import StrEnum
from typing import Final

import msgspec

from stresstui.core.criteria.growing.attribution import OF_PROCESSES
from stresstui.core.criteria.growing.evidence import format_slope
from stresstui.core.criteria.growing.trend import TrendJudge
from stresstui.core.derive.series import Series
from stresstui.core.growth import Judgement, Objection, State, leak_called
from stresstui.core.model.metric import BUILT_IN
from stresstui.core.model.units import format_clock, format_duration
from stresstui.tui.draw.chart import Chart
from stresstui.tui.draw.figures import Figure, figure
from stresstui.tui.draw.ink import Piece, pad
from stresstui.tui.draw.view import View
from stresstui.tui.widgets.board import Lines

_STATES: Final = (
    "established", "close_wait", "listen", "syn_sent", "syn_recv", "fin_wait1", "fin_wait2", "last_ack", "closing",
    "time_wait_ports", "udp_sockets",
)  # fmt: skip
_ROWS_LEAST: Final = 4
"""Rows of a process with its chart, at least; below that each has one line."""
_NAME: Final = 26
_NUMBER: Final = 12
_LABEL: Final = 14
_TOLD_BELOW: Final = 3
"""Lines below those of an inventory: what has no room, its age, and what it costs."""
_CALLED: Final = {
    State.STEADY: "steady: no growth worth a word",
    State.GROWING: "growing: like a leak, not yet for long enough",
    State.LEAKING: "leaking: like a leak, for long enough",
    State.SETTLING: "settling: rises less and less, or in a few steps",
    State.UNDECIDED: "undecided: too little was seen, or it can be read both ways",
}
_AGAINST: Final = {
    Objection.SMALL: "no rise that is both certain and worth a word",
    Objection.ENVELOPE: "peaks rise, the level below them does not",
    Objection.SLOWING: "the later half rises more slowly",
    Objection.RETURN: "only comes back to where it was",
    Objection.STEPS: "a few steps explain it better than a line",
    Objection.SEASON: "it repeats, and its floor does not rise",
}


class Look(StrEnum):
    """What is shown of a vital."""

    CHART = "chart"
    PROCESSES = "by process"
    STATES = "by state"
    KINDS = "by kind"
    PEERS = "by peer"
    JUDGE = "judge"


_HELD_OF: Final = {"fds": Look.KINDS, "established": Look.PEERS}
"""What an inventory tells of a metric."""


class Area(msgspec.Struct, frozen=True):
    """Where it is drawn."""

    width: int
    height: int
    stretch: tuple[float, float] | None
    """Seconds since the run started; None = the whole run."""
    log: bool


def looks_of(view: View, metric: str) -> list[Look]:
    """The looks that there are of a metric."""
    looks = [Look.CHART]
    if view.run.background.attribution.histories(metric) if metric in OF_PROCESSES else False:
        looks.append(Look.PROCESSES)
    if metric == "established":
        looks.append(Look.STATES)
    if (held := _HELD_OF.get(metric)) is not None and view.run.held.newest is not None:
        looks.append(held)
    if _judge_of(view, metric) is not None:
        looks.append(Look.JUDGE)
    return looks


def look_at(view: View, shown: Figure, look: Look, area: Area) -> Lines:
    """Draw a look; empty for the chart, which is not drawn here."""
    if look is Look.PROCESSES:
        return _by_process(view, shown, area)
    if look is Look.STATES:
        return _by_state(view, area)
    if look in (Look.KINDS, Look.PEERS):
        return _by_name(view, shown, view.run.held.kinds if look is Look.KINDS else view.run.held.peers, area)
    judge = _judge_of(view, shown.name)
    return _as_judged(view, judge, area.width) if judge else []


def _by_process(view: View, shown: Figure, area: Area) -> Lines:
    """The largest first, each on an axis of its own; the last line says who has no room."""
    found = view.run.background.attribution.histories(shown.name)
    found.sort(key=lambda life: (-(life[2].newest or 0.0), life[1]))
    rows = area.height // len(found) if found else 0
    if rows < _ROWS_LEAST:
        room = area.height if len(found) <= area.height else area.height - 1
        lines = [_one_line(view, shown, life, area) for life in found[:room]]
        unsaid = len(found) - len(lines)
        return [*lines, [(f"and {unsaid} more", "dim")]] if unsaid else lines
    lines = []
    for name, pid, series in found:
        own = _of(shown, series)
        chart = Chart(view, own, area.width, rows - 2, stretch=area.stretch, log=area.log, hold=series.width)
        head: list[Piece] = [(f"{name} ({pid})", "title"), (f"  {own.scale.full(own.value)}", "text"), _range(own)]
        lines += [head, *chart.rows(), chart.time_axis(area.width, "frame", "")]
    return lines


def _one_line(view: View, shown: Figure, life: tuple[str, int, Series], area: Area) -> list[Piece]:
    name, pid, series = life
    own = _of(shown, series)
    return _row(view, f"{name} ({pid})", own, area)


def _row(view: View, name: str, own: Figure, area: Area, *, hold: float = 0.0) -> list[Piece]:
    left: list[Piece] = [
        (pad(name, _NAME, view.ink.glyphs.more), "text"), (f"{own.scale.full(own.value):>{_NUMBER}}  ", "title"),
    ]  # fmt: skip
    right = [_range(own)]
    cells = area.width - sum(len(text) for text, _ in (*left, *right))
    chart = Chart(view, own, max(0, cells), 1, stretch=area.stretch, log=area.log, hold=hold)
    spark = chart.spark() if cells > 0 else []
    return view.ink.fit([*left, *spark], right, area.width)


def _of(shown: Figure, series: Series) -> Figure:
    """The same figure of one process: what is judged is the sum."""
    values = [bucket for bucket in series.buckets if bucket.count]
    low = min((bucket.low for bucket in values), default=None)
    high = max((bucket.high for bucket in values), default=None)
    span = None if low is None or high is None else (low, high)
    return msgspec.structs.replace(
        shown, series=series, value=series.newest, low=low, high=high, span=span, growth=None, baseline=None,
        criteria=[], limit=None, estimated=False,
    )  # fmt: skip


def _range(own: Figure) -> Piece:
    return (f"  {own.scale.number(own.low):>7} to {own.scale.number(own.high):<7}", "dim")


def _by_state(view: View, area: Area) -> Lines:
    """A line for each state; who the peers are is in what a breach captured, and in an investigation."""
    lines: Lines = []
    for name in _STATES:
        if name in view.run.series:
            own = figure(view.run, name)
            lines.append(_row(view, BUILT_IN[name].title, own, area))
    return lines


def _by_name(view: View, shown: Figure, known: dict[str, Series], area: Area) -> Lines:
    """A line for each name of the inventories, the most now first, and how old the newest is."""
    newest = view.run.held.newest
    if newest is None:  # as in a replay that was wound to before the first
        return [[("none read yet", "dim")]]
    found = sorted(known.items(), key=lambda one: (-(one[1].newest or 0.0), one[0]))
    room = max(0, area.height - _TOLD_BELOW)
    lines = [_row(view, name, _of(shown, series), area, hold=newest.pause_s) for name, series in found[:room]]
    unsaid = len(found) - len(lines)
    age = f"as of {format_duration(max(0.0, view.run.t - newest.t))} ago, when {sum(newest.kinds.values()):,} were open"
    cost = 100.0 * newest.cost_s / newest.pause_s if newest.pause_s else 0.0
    how = f"read each {format_duration(newest.pause_s)} for {cost:.2f} % of a core; now: i, then descriptors"
    return [*lines, [(f"and {unsaid} more" if unsaid else "", "dim")], [(age, "text")], [(how, "dim")]]


def _judge_of(view: View, metric: str) -> TrendJudge | None:
    return next((j for j in view.run.judges if isinstance(j, TrendJudge) and j.name == metric), None)


def _as_judged(view: View, judge: TrendJudge, width: int) -> Lines:
    found = judge.trend.judgement
    lines: Lines = [[(judge.state.spec.rule, "limit")], []]
    if found is None:
        return [*lines, [("not evaluated yet: it looks once a minute, in the soak", "dim")]]
    for name, text in _found(judge, found):
        for number, part in enumerate(textwrap.wrap(text, max(20, width - _LABEL))):
            lines.append([(f"{name if number == 0 else '':<{_LABEL}}", "dim"), (part, "text")])
    return [*lines, [], *_windows(view, judge)]


def _found(judge: TrendJudge, found: Judgement) -> list[tuple[str, str]]:
    state = judge.state

    def slope(per_hour: float | None) -> str:
        return "-" if per_hour is None else format_slope(state, per_hour)

    interval = f"{slope(found.ci[0])} to {slope(found.ci[1])}" if found.ci else "-"
    settles = "it is settled" if found.settles_in_s is None else f"about {format_duration(found.settles_in_s)} more"
    return [
        ("state", _CALLED[found.state]),
        ("trend", f"{slope(found.slope_per_hour)}, 95 % {interval}"),
        ("would show", f"growth above {slope(found.resolvable_per_hour)}"),
        ("since", "-" if found.since is None else format_clock(found.since)),
        ("watched", format_duration(found.active_s)),
        ("to settle", settles),
        ("a leak", f"{leak_called(found.state, leak=found.leak)}, if the run ended now"),
        ("why", found.reason),
    ]


def _windows(view: View, judge: TrendJudge) -> Lines:
    """The trailing windows that were looked at; the first that nothing speaks against decides."""
    lines: Lines = [[("windows, the longest first", "dim")]]
    for seconds, objection in judge.trend.detector.looked_at():
        last = f"  last {format_duration(seconds):<10} "
        if objection is None:
            lines.append([(f"{view.ink.glyphs.breached}{last}", "breached"), ("rises like a leak", "breached")])
        else:
            lines.append([(f"{view.ink.glyphs.ok}{last}", "ok"), (_AGAINST[objection], "text")])
    return lines if len(lines) > 1 else [[("no window yet: too little was seen", "dim")]]
