"""Rules over readings: ``max(rss) < 512MiB``, ``mean(cpu) < 80%``, ``rate(connections_total, 10s) > 100/s for 5s``."""

from typing import Final

from stresstui.core.criteria.aggregates import Crossing, Extreme, Measure, recent_for
from stresstui.core.criteria.base import UNSERVED, Baseline, Coverage, End, Judge, Observation
from stresstui.core.criteria.bracket import Bracket
from stresstui.core.criteria.certainty import Blur, memory_of, unless_silent
from stresstui.core.criteria.finding import (
    MISSING_ALLOWED,
    Conclusion,
    Finding,
    describe_breaches,
    describe_missing,
)
from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.model.certainty import Certainty
from stresstui.core.model.event import Phase
from stresstui.core.model.units import format_duration

# Bound to names as in core.model.event.
_NONE: Final = Crossing.NONE
_OK: Final = Verdict.OK
_EXACT: Final = Certainty.EXACT
_SOAK: Final = (Phase.SOAK,)
_PART_OF_HOLD: Final = 0.5
"""Part of a rule's ``for``, or of the soak where that is shorter, that a crossing may last at the end of a pass."""
_UNDER_RUN: Final = (Phase.SOAK, Phase.WARM_UP, Phase.COOL_DOWN)
"""A counter of bad things counts them from the beginning of the load to the end."""


class MeasureJudge(Judge):
    """Judges an aggregate of a metric's values."""

    def __init__(self, state: CriterionState, measure: Measure) -> None:
        super().__init__(state)
        self.measure = measure
        self._recent = recent_for(state.rule)
        self._coverage = Coverage(state)
        self._blur = Blur(state.rule, memory_of(state.rule))
        self._bracket = Bracket(state.rule, self._blur.memory)
        self._last_t = self._seen_t = 0.0
        self._phases = _UNDER_RUN if state.rule.aggregate == "count" else _SOAK

    def begin_soak(self, baseline: Baseline) -> None:
        """Remember when that was, for ``after``."""
        self._coverage.begin(baseline.t)

    def assess(self, seen: Observation) -> Finding | None:
        """Feed the measure and compare it with the threshold."""
        if seen.phase not in self._phases or not self._coverage.judged_at(seen.t):
            return None
        self._coverage.count(seen)
        if seen.value is None or self._leaves_out(seen, seen.value):
            return None
        measure = self.measure
        self._bracket.observe(seen, seen.value, measure)
        measure.observe(seen.t, seen.value)
        self._seen_t = seen.t
        recent = self._recent
        if recent is not None:
            recent.observe(seen.t, seen.value)
        value = measure.value
        blur = self._blur
        if seen.certainty is not _EXACT or seen.strained:
            blur.observe(seen)
        if value is None:
            return Finding(None, None)
        crossing = None if seen.unserved else measure.crossing(seen.remaining_ratio)
        if blur.hazy:
            return self._weigh(seen, value, crossing)
        if recent is None and crossing is _NONE and self.state.verdict is _OK and value == self.state.value:
            return None  # most readings change nothing
        worst = measure.current if isinstance(measure, Extreme) else value
        return Finding(value, crossing, worst, None if recent is None else recent.value)

    def _leaves_out(self, seen: Observation, value: float) -> bool:
        """Leave a value out that an investigation bent."""
        if not seen.burdened or not self._blur.leaves_out(seen):
            return False
        self.measure.leave_out(seen.t, value)
        return True

    def _weigh(self, seen: Observation, value: float, crossing: Crossing | None) -> Finding:
        """Leave the verdict as it is where the values are too uncertain to move it."""
        measure, recent, blur = self.measure, self._recent, self._blur
        judged = measure.current if isinstance(measure, Extreme) and measure.momentary else value
        blur.values, self._last_t = measure.count, seen.t
        blur.turn(seen.t)
        settled = judged is None or self._settles(seen.t, judged, self._bracket.most(seen.t, judged=True))
        blur.open += not settled
        worst = measure.current if isinstance(measure, Extreme) else value
        return Finding(value, crossing if settled else None, worst, None if recent is None else recent.value)

    def _settles(self, t: float, value: float, most: float | None) -> bool:
        """Whether a value at ``t``, with what it is at most if it is a lower bound, says for sure if the rule holds."""
        return self._blur.settles(t, value, bracketed=self._bracket.settles(value, most))

    def assess_end(self, end: End) -> Conclusion:
        """Settle a rule over readings, and say why."""
        missing = self._coverage.missing(end.soaked)
        verdict, said = self._settled(end, missing)
        found = Conclusion(verdict, said, self.measure.value, missing, self._blur.of_value)
        return unless_silent(self.state.rule, found, end.facts)

    def _settled(self, end: End, missing: float) -> tuple[Verdict, str]:
        state, measure = self.state, self.measure
        window = "the run" if state.rule.aggregate == "count" else f"{format_duration(end.soaked)} of soak"
        if measure.value is None and not state.breach_count:
            why = "it never covered its window" if measure.count else "no data"
            if self._blur.left_out:
                why += self._blur.why()
            return Verdict.INCONCLUSIVE, f"{state.metric.title}: {why} in {window}"
        said = self._said(window)
        if state.breach_count:
            return Verdict.FAILED, f"{said}; {describe_breaches(state)}"
        unsettled = self._still_past(end) if self._is_settled() else self._blur.why()
        if unsettled is not None:
            return Verdict.INCONCLUSIVE, said + unsettled
        if measure.value is not None and not measure.momentary and not state.rule.holds(measure.value):
            return self._crossed(f"{said}; limit {state.rule.operator} {state.rule.threshold}", end)
        reached = state.rule.aggregate == "count" and state.rule.lower  # what was counted stays, whatever is silent
        if missing > MISSING_ALLOWED and not reached:
            return Verdict.INCONCLUSIVE, f"{said}; {describe_missing(missing)}"
        return Verdict.PASSED, f"{said}, counted for the whole host" if state.host_wide else said

    def _still_past(self, end: End) -> str | None:
        """What to say of a crossing that the end of the run cut short of being a breach; None without one."""
        state = self.state
        if not state.rule.hold or state.crossed_at is None:
            return None
        lasted = self._seen_t - state.crossed_at
        if lasted < _PART_OF_HOLD * min(state.rule.hold, end.soaked):
            return None
        hold, past = format_duration(state.rule.hold), format_duration(lasted)
        return f"; past its limit for its last {past}, and {hold} of that is a breach"

    def _is_settled(self) -> bool:
        """Whether enough of the values are certain enough for a verdict on the side that they are on."""
        measure, blur = self.measure, self._blur
        if not blur.hazy or measure.value is None:
            return True
        if measure.momentary:
            return not blur.mostly_open
        if self._settles(self._last_t, measure.value, self._bracket.most(self._last_t)):
            return True
        return self.state.rule.holds(measure.value) and not (blur.mostly_bounds or blur.mostly_busy)

    def _said(self, window: str) -> str:
        state = self.state
        most = self._bracket.most(self._last_t)
        kind = self._blur.kind if most is None or most == self.measure.value else f" to {state.show(most)}"
        shown = state.show(self.measure.value) + kind
        said = f"{state.spec.rule}: {shown} over {window}, {self.measure.count} values"
        if state.rule.hold and self.measure.momentary and self.measure.value is not None and not state.breach_count:
            past = not state.rule.holds(self.measure.value) and state.crossed_at is None
            said += f", never past its limit for {format_duration(state.rule.hold)}" if past else ""
        return said if state.recent is None else f"{said}, {state.show(state.recent)} in its last minute"

    def _crossed(self, said: str, end: End) -> tuple[Verdict, str]:
        """Settle a rule that does not hold at the end and was never firmly breached."""
        if self.state.host_wide and not self.state.rule.lower:
            return Verdict.INCONCLUSIVE, f"{said}; counted for the whole host: another program may be behind it"
        if end.served is not None:
            return Verdict.INCONCLUSIVE, f"{said}; {UNSERVED}"
        if not end.whole:
            return Verdict.INCONCLUSIVE, f"{said}; the rest of the plan could have changed that"
        if end.full is not None and self.measure.reaching:
            left = f"the {format_duration(end.full)} of the scenario may bring what this shorter run did not"
            return Verdict.INCONCLUSIVE, f"{said}; {left}"
        return Verdict.FAILED, said
