"""Whether a run that was given less time than its scenario can pass at all, said when it begins."""

import math
from typing import Final

from stresstui.core.criteria.base import Judge
from stresstui.core.criteria.growing.evidence import SHORTEST_JUDGED
from stresstui.core.criteria.growing.history import kind_of
from stresstui.core.criteria.growing.trend import TrendJudge
from stresstui.core.model.event import Started
from stresstui.core.model.scenario import Scenario, Severity, warm_up_share
from stresstui.core.model.units import format_duration

_ROUND_TO: Final = 300.0
"""Seconds; what could do is said in steps of these ..."""
_FINELY: Final = 10.0
"""... and of these below them."""
_ROOM: Final = 1.1
"""What could do is said with so much room."""


def soak_needed(judge: Judge) -> float:
    """Seconds of soak below which a criterion can say nothing, whatever it measures; 0 where any length may do."""
    if judge.state.spec.severity is not Severity.FAIL:
        return 0.0
    rule = judge.state.rule
    covered = rule.after + (rule.window or 0.0)
    return max(covered, rule.after + _of_a_trend(judge)) if isinstance(judge, TrendJudge) else covered


def _of_a_trend(judge: TrendJudge) -> float:
    """The same of growth that is judged by whether it lasts."""
    limit = abs(judge.state.rule.threshold.value)
    least = kind_of(judge.state.metric, judge.state.rule.operator).floor(0.0)  # of more the floor is higher still
    return max(SHORTEST_JUDGED, least / limit if limit else 0.0)


def why_too_short(scenario: Scenario, started: Started, judges: list[Judge]) -> str:
    """Say that a run cannot pass in the time that it was given, why, and in which it could; else empty."""
    if started.duration is None or not judges:
        return ""
    slowest = max(judges, key=soak_needed)
    needed, soak = soak_needed(slowest), started.duration - started.warm_up
    if not needed or soak > needed:
        return ""
    could = format_duration(_plan_for(needed, scenario, started.warm_up))
    given, rule = format_duration(started.duration), slowest.state.spec.rule
    return f"{given} is too short to pass: {rule} takes {format_duration(needed)} of soak; --duration {could} could"


def _plan_for(soak: float, scenario: Scenario, warm_up: float) -> float:
    """The shortest plan, rounded up, that leaves so much soak behind the warm-up, scaled or as it was given."""
    wanted = soak * _ROOM
    scaled = min(wanted + scenario.warm_up, wanted / (1.0 - warm_up_share(scenario)))
    plan = max(scaled, wanted + warm_up)
    step = _FINELY if plan < _ROUND_TO else _ROUND_TO
    return math.ceil(plan / step) * step
