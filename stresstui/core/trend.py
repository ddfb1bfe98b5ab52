"""Trends and returns: ``growth(metric)`` by its confidence interval, ``settles(metric)`` by what is left over."""

from typing import Final

import msgspec

from stresstui.core.growth import GrowthDetector, Judgement, Kind, State
from stresstui.core.measure import Crossing
from stresstui.core.metric import Metric
from stresstui.core.units import format_duration, format_value, three_digits
from stresstui.core.verdict import MISSING_ALLOWED, CriterionState, Verdict, describe_missing, mark_crossing

EVALUATE_EVERY: Final = 60.0
"""Seconds between two evaluations: the alarm's persistence is tuned to it."""
_HOUR: Final = 3600.0
_KINDS: Final = {"rss": Kind.RSS, "vsz": Kind.RSS, "fds": Kind.FDS, "throughput": Kind.THROUGHPUT}
_SOCKETS: Final = frozenset(("established", "close_wait", "listen", "udp_sockets", "time_wait"))


def kind_of(metric: Metric) -> Kind:
    """Which floors and which bad direction a metric's growth is judged with."""
    if metric.name in _KINDS:
        return _KINDS[metric.name]
    if metric.name in _SOCKETS:
        return Kind.SOCKETS
    return Kind.GAUGE_DOWN if metric.falls else Kind.GAUGE_UP


class Trend:
    """The growth of one metric over the soak."""

    def __init__(self, metric: Metric) -> None:
        self.detector = GrowthDetector(kind_of(metric))
        self.judgement: Judgement | None = None
        self.count = 0
        self._due: float | None = None

    def observe(self, t: float, x: float) -> None:
        """Take in a value at ``t`` seconds."""
        self.count += 1
        self.detector.add(t, x)

    def evaluate(self, t: float) -> Judgement | None:
        """Evaluate when a minute has passed; None when it is not time yet."""
        if self._due is None:
            self._due = t + EVALUATE_EVERY
        if t < self._due:
            return None
        self._due = t + EVALUATE_EVERY
        self.judgement = self.detector.evaluate()
        return self.judgement


def judge_trend(state: CriterionState, judgement: Judgement, t: float) -> None:
    """Bring a growth criterion up to date. A cleared alarm stays listed, but the verdict follows the trend."""
    state.value = _per_second(judgement.slope_per_hour)
    state.evidence = judgement.reason
    if judgement.state is State.UNDECIDED and not state.active:
        return
    if judgement.state is State.LEAKING and _wholly_outside(state, judgement):
        mark_crossing(state, t, Crossing.FIRM, state.value)
        return
    milder = judgement.state in (State.GROWING, State.LEAKING)
    if state.verdict is Verdict.BREACHED:
        state.verdict = Verdict.OK
    mark_crossing(state, t, Crossing.OPEN if milder else Crossing.NONE, state.value)


def _per_second(per_hour: float | None) -> float | None:
    return None if per_hour is None else per_hour / _HOUR


def _wholly_outside(state: CriterionState, judgement: Judgement) -> bool:
    """Whether no slope in the confidence interval would keep the rule."""
    slopes = judgement.ci or ((judgement.slope_per_hour,) * 2 if judgement.slope_per_hour is not None else ())
    return bool(slopes) and not any(state.rule.holds(slope / _HOUR) for slope in slopes if slope is not None)


def _wholly_inside(state: CriterionState, judgement: Judgement) -> bool:
    return judgement.ci is not None and all(state.rule.holds(slope / _HOUR) for slope in judgement.ci)


def conclude_trend(state: CriterionState, trend: Trend) -> None:
    """Give the final verdict on growth: passed and failed only when the whole confidence interval says so."""
    if not trend.count:
        state.verdict, state.evidence = Verdict.INCONCLUSIVE, f"{state.metric.title}: no data in the soak"
        return
    judgement = trend.judgement = trend.detector.evaluate()
    state.value = _per_second(judgement.slope_per_hour)
    state.evidence = f"{describe_trend(state, judgement)}; {judgement.reason.rstrip('.')}"
    if judgement.leak and _wholly_outside(state, judgement):
        state.verdict = Verdict.FAILED
    elif state.missing > MISSING_ALLOWED:
        state.verdict = Verdict.INCONCLUSIVE
        state.evidence += f"; {describe_missing(state)}"
    elif _wholly_inside(state, judgement) and judgement.state is not State.UNDECIDED and not judgement.leak:
        state.verdict = Verdict.PASSED
    else:
        state.verdict = Verdict.INCONCLUSIVE
        state.evidence += _what_would_settle(state, judgement)


def describe_trend(state: CriterionState, judgement: Judgement) -> str:
    """Say the slope with its interval, and the smallest growth that this run could have shown."""
    over = format_duration(judgement.active_s)
    if judgement.slope_per_hour is None or judgement.ci is None:
        return f"{state.metric.title}: no slope can be told from {over}"
    slope, low, high = (format_slope(state, x) for x in (judgement.slope_per_hour, *judgement.ci))
    text = f"{state.metric.title} {slope} (95 % between {low} and {high}) over {over}"
    if judgement.resolvable_per_hour is not None:
        text += f"; growth above {format_slope(state, judgement.resolvable_per_hour)} would have shown"
    return text


def format_slope(state: CriterionState, per_hour: float) -> str:
    """Show a slope given per hour in the rule's unit."""
    shown = three_digits(state.in_shown_unit(per_hour / _HOUR) or 0.0)
    return f"{shown} {state.shown_unit}" if state.shown_unit[:1].isalpha() else f"{shown}{state.shown_unit}"


def _what_would_settle(state: CriterionState, judgement: Judgement) -> str:
    if judgement.settles_in_s is not None:
        return f"; about {format_duration(judgement.settles_in_s)} more would settle {state.rule.threshold}"
    return f"; not enough to settle {state.rule.threshold}"


class Return(msgspec.Struct):
    """What ``settles(metric)`` compares: a baseline and what is read in cool-down."""

    baseline: float | None = None
    """Value to return to, base units."""
    taken: str = "at the end of warm-up"
    """When the baseline was taken, in words."""
    latest: list[float] = []
    """The newest readings of cool-down, at most RETURN_KEPT."""
    exited: bool = False
    """True once no process of the system under test was left to read."""
    last_live: float | None = None
    """The newest reading of all, before cool-down or in it."""

    def observe(self, x: float) -> None:
        """Take in a reading of cool-down."""
        self.latest = [*self.latest[1 - RETURN_KEPT :], x]
        self.exited = False

    def leave(self) -> None:
        """Take in that no process of the system under test is left."""
        self.latest, self.exited = [], True


RETURN_KEPT: Final = 3
"""Readings at the end of cool-down whose smallest counts: one stray spike is not a leftover."""


def allowance(metric: Metric, baseline: float) -> float:
    """How far above its baseline a metric may stay and still count as returned, base units."""
    if metric.unit == "bytes":
        return max(8 * 2.0**20, 0.10 * baseline)
    return max(4.0, 0.05 * baseline) if metric.name == "fds" else max(2.0, 0.05 * baseline)


def judge_return(state: CriterionState, back: Return) -> None:
    """Bring a settles criterion up to date: pending until it is back; a breach only when cool-down has ended."""
    left = leftover(back)
    if left is None:
        return
    state.value = left
    settled = left <= allowance(state.metric, back.baseline or 0.0)
    state.verdict = Verdict.OK if settled else Verdict.PENDING


def leftover(back: Return) -> float | None:
    """How much is left above the baseline, base units; None where that cannot be told."""
    if not back.latest or back.baseline is None:
        return None
    return max(0.0, min(back.latest) - back.baseline)


def conclude_return(state: CriterionState, back: Return) -> None:
    """Give the final verdict on a return to baseline."""
    title, left = state.metric.title, leftover(back)
    if back.exited:
        held = f"; it held {format_value(back.last_live, state.unit)} when last read" if back.last_live else ""
        state.value, state.verdict = 0.0, Verdict.PASSED
        state.evidence = f"{title}: the system under test has exited, nothing of it is left{held}"
    elif left is None:
        why = "no baseline" if back.latest else "the run had no cool-down to return in"
        state.verdict, state.evidence = Verdict.INCONCLUSIVE, f"{title}: {why}"
    else:
        _conclude_leftover(state, back, left)


def _conclude_leftover(state: CriterionState, back: Return, left: float) -> None:
    baseline = back.baseline or 0.0
    room = allowance(state.metric, baseline)
    state.value = left
    state.verdict = Verdict.PASSED if left <= room else Verdict.FAILED
    now, then = format_value(min(back.latest), state.unit), format_value(baseline, state.unit)
    state.evidence = (
        f"{state.metric.title} {now} at the end of cool-down, {then} {back.taken};"
        f" {format_value(left, state.unit)} left over, {format_value(room, state.unit)} allowed"
    )
