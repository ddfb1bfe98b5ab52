"""Growth in words: its slope with its interval, whose it is, what explains it, and what would settle it."""

import math
from typing import Final

from stresstui.core.criteria.growing.attribution import Background
from stresstui.core.criteria.growing.history import Trend, kind_of
from stresstui.core.criteria.state import CriterionState
from stresstui.core.growth import Judgement, State
from stresstui.core.model.units import format_duration, format_value

SHORTEST_JUDGED: Final = 300.0
"""Seconds of soak below which no trend is called steady."""
_HOUR: Final = 3600.0
_HOURS_A_DAY: Final = 24.0
_MINUTE: Final = 60.0


def said(judgement: Judgement) -> str:
    """What the detector says, and for how much longer it would have to be so."""
    if judgement.state is not State.GROWING or not judgement.settles_in_s:
        return judgement.reason
    more = format_duration(_whole_minutes(judgement.settles_in_s))
    return f"{judgement.reason.rstrip('.')}: {more} more would do."


def added(judgement: Judgement) -> str:
    """What is to be said of it beside its slope, as the end of a sentence."""
    if judgement.leak and judgement.state is State.GROWING:
        return "; it was still rising when the run ended"
    return "" if judgement.state is State.STEADY else _clause(said(judgement))


def _clause(sentence: str) -> str:
    """A sentence as the end of another."""
    return f"; {sentence[:1].lower()}{sentence[1:].rstrip('.')}"


def within(state: CriterionState, judgement: Judgement) -> str:
    """What is to be said of it where the whole interval keeps the rule, as the end of a sentence."""
    slope = judgement.slope_per_hour or 0.0
    if judgement.state not in (State.GROWING, State.LEAKING) or not slope:
        return "" if judgement.state is State.STEADY else _clause(judgement.reason)
    way = "rising" if slope > 0 else "falling"
    return f"; {way}, within the limit: at this pace {'+' if slope > 0 else '-'}{_a_day(state, abs(slope))} a day"


def _a_day(state: CriterionState, per_hour: float) -> str:
    return format_value(round(per_hour * _HOURS_A_DAY, 1), state.metric.unit)


def named(state: CriterionState, background: Background | None) -> str:
    """Name the processes behind the growth, as the end of a sentence; empty where none can be told."""
    if background is None:
        return ""
    names = background.name_culprits(state.metric.name, state.rule.threshold.scale, state.shown_unit)
    return f"; mostly {names}" if names else ""


def explained_by_load(state: CriterionState, background: Background | None) -> str:
    """Say that the growth follows the offered load, where a trend beside the load would keep the rule; else empty."""
    beside = background.beside_the_load(state.metric.name) if background else None
    if beside is None or not any(state.rule.holds(slope) for slope in (beside.low, beside.slope, beside.high)):
        return ""
    rest = format_slope(state, beside.slope * _HOUR)
    return f"; it follows the offered load, {rest} is left beside it: not called a leak"


def per_second(per_hour: float | None) -> float | None:
    """A slope per hour as one per second."""
    return None if per_hour is None else per_hour / _HOUR


def describe_trend(state: CriterionState, judgement: Judgement, valleys: int = 0) -> str:
    """Say the slope with its interval, and the smallest growth that this run could have shown."""
    over = format_duration(judgement.active_s) + (f" in {valleys} idle valleys" if valleys else "")
    if judgement.slope_per_hour is None or judgement.ci is None:
        return f"{state.metric.title}: no slope can be told from {over}"
    slope, low, high = (format_slope(state, x) for x in (judgement.slope_per_hour, *judgement.ci))
    text = f"{state.metric.title} {slope} (95 % between {low} and {high}) over {over}"
    if judgement.resolvable_per_hour is not None:
        least = format_slope(state, judgement.resolvable_per_hour)
        falls = kind_of(state.metric, state.rule.operator).sign < 0
        text += f"; {f'a fall of {least}' if falls else f'growth above {least}'} would have shown"
    return text


def format_slope(state: CriterionState, per_hour: float) -> str:
    """Show a slope given per hour in the rule's unit."""
    shown = state.show_number(state.in_shown_unit(per_hour / _HOUR) or 0.0)
    return f"{shown} {state.shown_unit}" if state.shown_unit[:1].isalpha() else f"{shown}{state.shown_unit}"


def what_would_settle(state: CriterionState, trend: Trend, judgement: Judgement) -> str:
    """What is missing for a verdict, as the end of a sentence."""
    limit = state.rule.threshold
    floor = kind_of(state.metric, state.rule.operator).floor(trend.detector.level())
    needed = _time_needed(_pace(state, judgement), floor, judgement)
    if judgement.state is State.GROWING:
        return ""
    if needed is None or judgement.leak:
        return f"; not enough to settle {limit}"
    seen = judgement.ci is not None and judgement.active_s < SHORTEST_JUDGED
    young = seen and needed <= _whole_minutes(SHORTEST_JUDGED - judgement.active_s)
    why = f"nothing is called steady within {format_duration(SHORTEST_JUDGED)}: " if young else ""
    return f"; {why}about {format_duration(needed)} more would settle {limit}"


def _pace(state: CriterionState, judgement: Judgement) -> float:
    """The slope that there is to see, base units per second: the limit, or what is surely beyond it."""
    ends = [end / _HOUR for end in judgement.ci or ()]
    beyond = bool(ends) and not any(state.rule.holds(end) for end in ends)
    return max(abs(state.rule.threshold.value), min(map(abs, ends)) if beyond else 0.0)


def _time_needed(pace: float, floor: float, judgement: Judgement) -> float | None:
    """Seconds more until growth at this pace (base units per second) would exceed what matters and what is noise."""
    if not pace:
        return None
    noise = judgement.active_s * (abs(judgement.resolvable_per_hour or 0.0) / _HOUR / pace) ** (2 / 3)
    more = max(floor / pace, noise, SHORTEST_JUDGED) - judgement.active_s
    return _whole_minutes(more) if more > 0 else judgement.settles_in_s


def _whole_minutes(seconds: float) -> float:
    return math.ceil(seconds / _MINUTE) * _MINUTE
