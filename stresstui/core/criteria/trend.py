"""Trends: ``growth(metric)``, judged by its whole confidence interval and by what the data could have shown."""

import dataclasses
import math
from typing import Final

from stresstui.core.criteria.aggregates import Crossing
from stresstui.core.criteria.attribution import OF_PROCESSES, Background
from stresstui.core.criteria.idle import Valleys
from stresstui.core.criteria.state import MISSING_ALLOWED, CriterionState, Verdict, describe_missing, mark_crossing
from stresstui.core.growth import GrowthDetector, Judgement, Kind, Patience, State
from stresstui.core.model.metric import Metric
from stresstui.core.model.units import format_duration, three_digits

EVALUATE_EVERY: Final = 60.0
"""Seconds between two evaluations: the alarm's persistence is tuned to it."""
SHORTEST_JUDGED: Final = 300.0
"""Seconds of soak below which no trend is called steady."""
AT_REST_WORTH: Final = 1.25
"""What the idle valleys show is worth so many times what the whole soak shows, because no load is in it."""
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
    """The growth of one metric over the soak, and in its idle valleys, where those tell it more finely."""

    def __init__(self, metric: Metric, patience: Patience | None = None) -> None:
        """Begin without data; ``patience`` is what is known of the length of the soak."""
        self.detector = GrowthDetector(kind_of(metric), patience)
        self.judgement: Judgement | None = None
        self.count = 0
        self.at_rest = 0
        """In how many idle valleys the judgement was found; 0 = in the whole soak."""
        self._due: float | None = None
        self._valleys = Valleys() if metric.name in OF_PROCESSES else None
        self._resting = GrowthDetector(kind_of(metric), patience)
        self._rests = 0

    @property
    def rising(self) -> float | None:
        """Slope per hour of what grows, base units; None where nothing does."""
        found = self.judgement
        grows = found is not None and found.state in (State.GROWING, State.LEAKING)
        return found.slope_per_hour if found and grows and (found.slope_per_hour or 0.0) > 0 else None

    def observe(self, t: float, x: float, resting_since: float | None = None) -> None:
        """Take in a value at ``t`` seconds; the offered load may have been at rest since then."""
        self.count += 1
        self.detector.add(t, x)
        valley = self._valleys.follow(t, x, resting_since) if self._valleys else None
        if valley:
            self._rests += 1
            self._resting.add(*valley)

    def gap(self, t: float) -> None:
        """Nothing was observed until ``t`` seconds."""
        for detector in (self.detector, self._resting):
            detector.gap(t)

    def segment(self, t: float) -> None:
        """Other processes begin at ``t`` seconds."""
        for detector in (self.detector, self._resting):
            detector.segment(t)

    def evaluate(self, t: float) -> Judgement | None:
        """Evaluate when a minute has passed; None when it is not time yet."""
        if self._due is None:
            self._due = t + EVALUATE_EVERY
        if t < self._due:
            return None
        self._due = t + EVALUATE_EVERY
        return self.judge()

    def judge(self) -> Judgement:
        """Judge now: by the valleys where they would have shown about as little growth as the whole soak."""
        whole, rest = self.detector.evaluate(), self._resting.evaluate()
        finer = rest.state is not State.UNDECIDED and _shows(rest) < AT_REST_WORTH * _shows(whole)
        self.at_rest = self._rests if finer else 0
        self.judgement = dataclasses.replace(rest, reason=f"At rest: {rest.reason}") if finer else whole
        return self.judgement


def _shows(judgement: Judgement) -> float:
    least = judgement.resolvable_per_hour
    return math.inf if least is None else abs(least)


def judge_trend(state: CriterionState, judgement: Judgement, t: float, background: Background | None = None) -> None:
    """Bring a growth criterion up to date. A cleared alarm stays listed, but the verdict follows the trend."""
    state.value = _per_second(judgement.slope_per_hour)
    state.evidence = _said(judgement)
    if judgement.state is State.UNDECIDED and not state.active:
        return
    excuse = ""
    if judgement.state is State.LEAKING and _wholly_outside(state, judgement):
        excuse = _explained_by_load(state, background)
        state.evidence += excuse or _named(state, background)
        if not excuse:
            mark_crossing(state, t, Crossing.FIRM, state.value)
            return
    milder = judgement.state in (State.GROWING, State.LEAKING)
    if state.verdict is Verdict.BREACHED:
        state.verdict = Verdict.OK
    mark_crossing(state, t, Crossing.OPEN if milder else Crossing.NONE, state.value)


def _said(judgement: Judgement) -> str:
    if judgement.state is not State.GROWING or not judgement.settles_in_s:
        return judgement.reason
    more = format_duration(math.ceil(judgement.settles_in_s / EVALUATE_EVERY) * EVALUATE_EVERY)
    return f"{judgement.reason.rstrip('.')}: {more} more would do."


def _named(state: CriterionState, background: Background | None) -> str:
    """Name the processes behind the growth, as the end of a sentence; empty where none can be told."""
    if background is None:
        return ""
    names = background.name_culprits(state.metric.name, state.rule.threshold.scale, state.shown_unit)
    return f"; mostly {names}" if names else ""


def _explained_by_load(state: CriterionState, background: Background | None) -> str:
    """Say that the growth follows the offered load, where a trend beside the load would keep the rule; else empty."""
    beside = background.beside_the_load(state.metric.name) if background else None
    if beside is None or not any(state.rule.holds(slope) for slope in (beside.low, beside.slope, beside.high)):
        return ""
    rest = format_slope(state, beside.slope * _HOUR)
    return f"; it follows the offered load, {rest} is left beside it: not called a leak"


def _per_second(per_hour: float | None) -> float | None:
    return None if per_hour is None else per_hour / _HOUR


def _wholly_outside(state: CriterionState, judgement: Judgement) -> bool:
    """Whether no slope in the confidence interval would keep the rule."""
    slopes = judgement.ci or ((judgement.slope_per_hour,) * 2 if judgement.slope_per_hour is not None else ())
    return bool(slopes) and not any(state.rule.holds(slope / _HOUR) for slope in slopes if slope is not None)


def _wholly_inside(state: CriterionState, judgement: Judgement) -> bool:
    decided = judgement.state is not State.UNDECIDED and not judgement.leak
    return decided and judgement.ci is not None and all(state.rule.holds(slope / _HOUR) for slope in judgement.ci)


def _would_have_shown(state: CriterionState, judgement: Judgement) -> bool:
    """Whether growth at the limit would have shown: a pass that could not have failed is none."""
    resolvable = judgement.resolvable_per_hour
    return resolvable is not None and abs(resolvable) <= abs(state.rule.threshold.value) * _HOUR


def conclude_trend(state: CriterionState, trend: Trend, background: Background | None = None) -> None:
    """Give the final verdict on growth: passed and failed only when the whole confidence interval says so."""
    if not trend.count:
        state.verdict, state.evidence = Verdict.INCONCLUSIVE, f"{state.metric.title}: no data in the soak"
        return
    judgement = trend.judge()
    state.value = _per_second(judgement.slope_per_hour)
    state.evidence = describe_trend(state, judgement, trend.at_rest)
    if judgement.leak and judgement.state is State.GROWING:
        state.evidence += "; it was still rising when the run ended"
    elif judgement.state is not State.STEADY:
        state.evidence += f"; {_said(judgement).rstrip('.')}"
    if judgement.leak and _wholly_outside(state, judgement):
        excuse = _explained_by_load(state, background)
        state.verdict = Verdict.INCONCLUSIVE if excuse else Verdict.FAILED
        state.evidence += excuse or _named(state, background)
    elif state.missing > MISSING_ALLOWED:
        state.verdict = Verdict.INCONCLUSIVE
        state.evidence += f"; {describe_missing(state)}"
    elif _wholly_inside(state, judgement) and _would_have_shown(state, judgement):
        state.verdict = Verdict.PASSED
    else:
        state.verdict = Verdict.INCONCLUSIVE
        state.evidence += _what_would_settle(state, trend, judgement)


def describe_trend(state: CriterionState, judgement: Judgement, valleys: int = 0) -> str:
    """Say the slope with its interval, and the smallest growth that this run could have shown."""
    over = format_duration(judgement.active_s) + (f" in {valleys} idle valleys" if valleys else "")
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


def _what_would_settle(state: CriterionState, trend: Trend, judgement: Judgement) -> str:
    limit = state.rule.threshold
    floor = kind_of(state.metric).floor(trend.detector.level())
    needed = _time_needed(abs(limit.value), floor, judgement)
    if judgement.state is State.GROWING:
        return ""
    if needed is None or judgement.leak:
        return f"; not enough to settle {limit}"
    return f"; about {format_duration(needed)} more would settle {limit}"


def _time_needed(limit: float, floor: float, judgement: Judgement) -> float | None:
    """Seconds more until growth at the limit (base units per second) would exceed what matters and what is noise."""
    if not limit:
        return None
    noise = judgement.active_s * (abs(judgement.resolvable_per_hour or 0.0) / _HOUR / limit) ** (2 / 3)
    more = max(floor / limit, noise, SHORTEST_JUDGED) - judgement.active_s
    return math.ceil(more / 60.0) * 60.0 if more > 0 else judgement.settles_in_s
