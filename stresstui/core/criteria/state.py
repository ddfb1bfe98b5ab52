"""Verdicts: the state of one criterion, live and at the end, with its breaches and its evidence in words."""

from enum import StrEnum
from typing import Final

import msgspec

from stresstui.core.criteria.aggregates import Crossing, Extreme, Measure
from stresstui.core.criteria.rule import Rule, measured_unit
from stresstui.core.model.metric import Metric
from stresstui.core.model.scenario import CriterionSpec
from stresstui.core.model.units import format_duration, format_value, three_digits

# Kept apart because Python 3.11 takes longer to look a member of an enumeration up than to compare with it.
_NONE: Final = Crossing.NONE
BREACHES_KEPT: Final = 200
"""Intervals kept per criterion; a rule that flaps for a day is counted, not stored, beyond that."""


class Verdict(StrEnum):
    """Of one criterion: the first four while the run is on, the last three when it has ended."""

    NO_DATA = "no_data"
    OK = "ok"
    PENDING = "pending"
    BREACHED = "breached"
    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"


_OK: Final = Verdict.OK


class Breach(msgspec.Struct):
    """An interval in which a criterion was breached."""

    began: float
    """Seconds since the run started, from the first crossing on."""
    ended: float | None = None
    """Seconds since the run started; None while it goes on, or went on at the end."""
    worst: float | None = None
    """The value farthest over the threshold, base units."""


class CriterionState(msgspec.Struct):
    """One criterion as judged so far."""

    spec: CriterionSpec
    """As written."""
    rule: Rule
    """As parsed."""
    metric: Metric
    """What it reads."""
    verdict: Verdict = Verdict.NO_DATA
    """Live verdict; after the end the final one."""
    value: float | None = None
    """What was measured, base units of ``unit``."""
    evidence: str = ""
    """One sentence with numbers and window."""
    recent: float | None = None
    """What is measured over the last minute, where ``value`` is over the whole soak; base units."""
    host_wide: bool = False
    """True where the metric counts for the whole host, so that another program may be behind what it shows."""
    active: bool = False
    """True while a breach is going on."""
    cleared_at: float | None = None
    """Since when the threshold is no longer crossed, while the breach is not over yet."""
    crossed_at: float | None = None
    """When the threshold was crossed, for as long as it is."""
    breaches: list[Breach] = []
    """Intervals, oldest first; the first BREACHES_KEPT of them."""
    breach_count: int = 0
    """How many there were."""
    missing: float = 0.0
    """Share of the readings that were due in the soak and could not be had, 0 to 1."""

    @property
    def unit(self) -> str:
        """Base unit of ``value``."""
        return measured_unit(self.rule, self.metric)

    @property
    def shown_unit(self) -> str:
        """The unit in which result.json and the screen show value and limit."""
        return self.rule.threshold.unit or {"count": "", "count/s": "/s"}.get(self.unit, self.unit)

    def in_shown_unit(self, value: float | None) -> float | None:
        """Convert a value in base units to the shown one."""
        if value is None:
            return None
        return value / self.rule.threshold.scale

    @property
    def limit(self) -> float | None:
        """The threshold in the shown unit; None where the rule has none."""
        return None if self.rule.aggregate == "settles" else self.rule.threshold.number

    @property
    def margin(self) -> float | None:
        """Room to the threshold in the shown unit; negative when it is crossed."""
        value, limit = self.in_shown_unit(self.value), self.limit
        if value is None or limit is None:
            return None
        if self.rule.operator in ("==", "!="):
            return 0.0 - abs(value - limit)
        return limit - value if self.rule.upper else value - limit

    @property
    def shown_value(self) -> str:
        """The value for people, in the shown unit; ``-`` without data."""
        return self.show(self.value)

    def show(self, value: float | None) -> str:
        """Show a value in base units for people, in the shown unit; ``-`` for None."""
        if value is None or not self.rule.threshold.unit:
            return format_value(value, self.unit)
        number = three_digits(self.in_shown_unit(value) or 0.0)
        joint = " " if self.shown_unit[0].isalpha() else ""
        return f"{number}{joint}{self.shown_unit}"


def judge_measure(state: CriterionState, measure: Measure, t: float, rest: float | None) -> None:
    """Bring a criterion's live verdict up to date with its measure at ``t``."""
    state.value = measure.value
    if measure.value is None:
        return
    crossing = measure.crossing(rest)
    if crossing is _NONE and state.verdict is _OK:
        return
    worst = measure.current if isinstance(measure, Extreme) else measure.value
    mark_crossing(state, t, crossing, worst)


def mark_crossing(state: CriterionState, t: float, crossing: Crossing, worst: float | None) -> None:
    """Move the live verdict: a firm crossing that holds long enough is a breach, and a breach stays in the verdict.

    A breach is over when the rule has held again for as long as it had to be crossed before.
    """
    if crossing is Crossing.FIRM and not (state.host_wide and not state.rule.lower):
        state.cleared_at = None
        if state.crossed_at is None:
            state.crossed_at = t
        if state.active or t - state.crossed_at >= state.rule.hold:
            _breach(state, worst)
        elif state.verdict is not Verdict.BREACHED:
            state.verdict = Verdict.PENDING
        return
    _clear(state, t)
    if state.verdict is not Verdict.BREACHED:
        state.verdict = Verdict.OK if crossing is Crossing.NONE else Verdict.PENDING


def _clear(state: CriterionState, t: float) -> None:
    if state.active and state.rule.hold:
        if state.cleared_at is None:
            state.cleared_at = t
        if t - state.cleared_at < state.rule.hold:
            return
    end_breach(state, t if state.cleared_at is None else state.cleared_at)


def _breach(state: CriterionState, worst: float | None) -> None:
    state.verdict = Verdict.BREACHED
    if not state.active:
        state.active = True
        state.breach_count += 1
        if len(state.breaches) < BREACHES_KEPT:
            state.breaches.append(Breach(state.crossed_at or 0.0, None, worst))
    kept = state.breaches[-1]
    if worst is not None and state.breach_count <= BREACHES_KEPT and _is_worse(state.rule, worst, kept.worst):
        kept.worst = worst


def _is_worse(rule: Rule, value: float, than: float | None) -> bool:
    if than is None:
        return True
    if rule.operator in ("==", "!="):
        limit = rule.threshold.value
        return abs(value - limit) > abs(than - limit)
    return value > than if rule.upper else value < than


def end_breach(state: CriterionState, t: float) -> None:
    """Note that the threshold is no longer crossed."""
    state.crossed_at = state.cleared_at = None
    if state.active:
        state.active = False
        if state.breach_count <= BREACHES_KEPT:
            state.breaches[-1].ended = t


def conclude_measure(state: CriterionState, measure: Measure, window: str, *, whole: bool) -> None:
    """Give the final verdict of a rule over readings, and say why; ``whole`` tells that the run reached its plan."""
    value = measure.value
    if value is None and not state.breach_count:
        why = "it never covered its window" if measure.count else "no data"
        _settle(state, Verdict.INCONCLUSIVE, f"{state.metric.title}: {why} in {window}")
        return
    said = f"{state.spec.rule}: {state.shown_value} over {window}, {measure.count} values"
    if state.recent is not None:
        said += f", {state.show(state.recent)} in its last minute"
    if state.breach_count:
        _settle(state, Verdict.FAILED, f"{said}; {describe_breaches(state)}")
    elif value is not None and not measure.momentary and not state.rule.holds(value):
        _conclude_crossed(state, f"{said}; limit {state.rule.operator} {state.rule.threshold}", whole=whole)
    elif state.missing > MISSING_ALLOWED:
        _settle(state, Verdict.INCONCLUSIVE, f"{said}; {describe_missing(state)}")
    else:
        _settle(state, Verdict.PASSED, f"{said}, counted for the whole host" if state.host_wide else said)


def _conclude_crossed(state: CriterionState, said: str, *, whole: bool) -> None:
    """Settle a rule that does not hold at the end and was never firmly breached."""
    if state.host_wide and not state.rule.lower:
        _settle(state, Verdict.INCONCLUSIVE, f"{said}; counted for the whole host: another program may be behind it")
    elif whole:
        _settle(state, Verdict.FAILED, said)
    else:
        _settle(state, Verdict.INCONCLUSIVE, f"{said}; the rest of the plan could have changed that")


def describe_missing(state: CriterionState) -> str:
    """Say which share of the readings could not be had."""
    return f"{state.missing:.0%} of the readings that were due are missing"


MISSING_ALLOWED: Final = 0.1
"""Share of missing readings beyond which a pass would be a guess."""


def _settle(state: CriterionState, verdict: Verdict, evidence: str) -> None:
    state.verdict, state.evidence = verdict, evidence


def describe_breaches(state: CriterionState) -> str:
    """Say how often, since when and how badly a criterion was breached."""
    first = state.breaches[0]
    worst = first.worst
    for breach in state.breaches:
        if breach.worst is not None and _is_worse(state.rule, breach.worst, worst):
            worst = breach.worst
    times = "once" if state.breach_count == 1 else f"{state.breach_count} times"
    return f"breached {times}, first at {format_duration(first.began)}, worst {state.show(worst)}"
