"""Trends: ``growth(metric)``, judged by its whole confidence interval and by what the data could have shown."""

from typing import Final

import msgspec

from stresstui.core.criteria.aggregates import Crossing
from stresstui.core.criteria.base import Baseline, Coverage, End, Judge, Observation
from stresstui.core.criteria.certainty import Blur, memory_of
from stresstui.core.criteria.finding import MISSING_ALLOWED, Conclusion, Finding, describe_missing
from stresstui.core.criteria.growing import evidence as words
from stresstui.core.criteria.growing.attribution import Background
from stresstui.core.criteria.growing.history import Trend
from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.growth import Judgement, State
from stresstui.core.model.certainty import Certainty
from stresstui.core.model.event import Phase

# Bound to a name as in core.model.event.
_SOAK: Final = Phase.SOAK
_EXACT: Final = Certainty.EXACT
_HOUR: Final = 3600.0
_RISING: Final = (State.GROWING, State.LEAKING)


class TrendJudge(Judge):
    """Judges how a metric grows over the soak."""

    def __init__(self, state: CriterionState) -> None:
        super().__init__(state)
        self.trend = Trend(state.metric, state.rule.operator)
        self.background: Background | None = None
        """What the trend is held against: the processes behind it, the load beside it."""
        self._coverage = Coverage(state)
        self._blur = Blur(state.rule, memory_of(state.rule))

    def begin_soak(self, baseline: Baseline) -> None:
        """Remember when that was, for ``after``, and how long there is to wait for certainty."""
        self._coverage.begin(baseline.t)
        self.trend = Trend(self.state.metric, self.state.rule.operator, baseline.patience)

    def note_restart(self, t: float) -> None:
        """What came before is another process's past, not a drop or a jump."""
        self.trend.segment(t)

    def assess(self, seen: Observation) -> Finding | None:
        """Feed the detector; judge once a minute, and more often at a start."""
        if seen.phase is not _SOAK or not self._coverage.judged_at(seen.t):
            return None
        self._coverage.count(seen)
        if seen.value is None or self._blur.leaves_out(seen):
            return None
        if seen.missed > 0:
            self.trend.gap(seen.t)
        self.trend.observe(seen.t, seen.value, self.background.load.resting_since if self.background else None)
        if seen.certainty is not _EXACT or seen.strained:
            self._blur.observe(seen)
        judgement = self.trend.evaluate(seen.t)
        if judgement is None:
            return None
        found = assess_trend(self.state, judgement, self.background)
        self._blur.values = self.trend.count
        return msgspec.structs.replace(found, crossing=None) if self._blur.mostly_hazy else found

    def assess_end(self, end: End) -> Conclusion:
        """Judge all that was seen."""
        self._blur.values = self.trend.count
        missing = self._coverage.missing(end.soaked)
        return self._blur.temper(conclude_trend(self.state, self.trend, self.background, missing, over=end.whole))


def assess_trend(state: CriterionState, judgement: Judgement, background: Background | None = None) -> Finding:
    """Say what a growth criterion is worth; an alarm that cleared stays listed, but the verdict follows the trend."""
    value = words.per_second(judgement.slope_per_hour)
    evidence = words.said(judgement)
    if judgement.state is State.UNDECIDED and not state.active:
        return Finding(value, None, evidence=evidence)
    if judgement.state is State.LEAKING and _wholly_outside(state, judgement):
        excuse = words.explained_by_load(state, background)
        evidence += excuse or words.named(state, background)
        if not excuse:
            return Finding(value, Crossing.FIRM, value, evidence=evidence)
    open_still = judgement.state in _RISING and not _within(state, judgement)
    crossing = Crossing.OPEN if open_still else Crossing.NONE
    return Finding(value, crossing, value, evidence=evidence, forgives=True)


def _wholly_outside(state: CriterionState, judgement: Judgement) -> bool:
    """Whether no slope in the confidence interval would keep the rule."""
    slopes = judgement.ci or ((judgement.slope_per_hour,) * 2 if judgement.slope_per_hour is not None else ())
    return bool(slopes) and not any(state.rule.holds(slope / _HOUR) for slope in slopes if slope is not None)


def _within(state: CriterionState, judgement: Judgement) -> bool:
    """Whether every slope in the confidence interval keeps the rule: what rises so slowly may rise."""
    decided = judgement.state is not State.UNDECIDED and judgement.ci is not None
    return decided and all(state.rule.holds(slope / _HOUR) for slope in judgement.ci or ())


def _would_have_shown(state: CriterionState, judgement: Judgement) -> bool:
    """Whether growth at the limit would have shown: a pass that could not have failed is none."""
    resolvable = judgement.resolvable_per_hour
    return resolvable is not None and abs(resolvable) <= abs(state.rule.threshold.value) * _HOUR


def conclude_trend(
    state: CriterionState,
    trend: Trend,
    background: Background | None = None,
    missing: float = 0.0,
    *,
    over: bool = False,
) -> Conclusion:
    """Settle growth: passed and failed only when the whole confidence interval says so.

    ``over`` tells that the run went to the end of its plan: more cannot be waited for.
    """
    if not trend.count:
        return Conclusion(Verdict.INCONCLUSIVE, f"{state.metric.title}: no data in the soak", None, missing)
    judgement = trend.judge(over=over)
    evidence = words.describe_trend(state, judgement, trend.at_rest)
    evidence += words.within(state, judgement) if _within(state, judgement) else words.added(judgement)
    value = words.per_second(judgement.slope_per_hour)
    if judgement.leak and _wholly_outside(state, judgement):
        excuse = words.explained_by_load(state, background)
        verdict = Verdict.INCONCLUSIVE if excuse else Verdict.FAILED
        return Conclusion(verdict, evidence + (excuse or words.named(state, background)), value, missing)
    if missing > MISSING_ALLOWED:
        return Conclusion(Verdict.INCONCLUSIVE, f"{evidence}; {describe_missing(missing)}", value, missing)
    if _within(state, judgement) and _would_have_shown(state, judgement):
        return Conclusion(Verdict.PASSED, evidence, value, missing)
    more = words.what_would_settle(state, trend, judgement)
    return Conclusion(Verdict.INCONCLUSIVE, evidence + more, value, missing)
