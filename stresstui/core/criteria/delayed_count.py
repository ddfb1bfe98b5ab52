"""Counts of what may merely have taken too long: ``count(connection_failures_total) == 0`` on a host that stalls."""

from typing import Final

import msgspec

from stresstui.core.criteria.aggregates import Crossing, Measure
from stresstui.core.criteria.base import NO_SAMPLE, End, Observation
from stresstui.core.criteria.finding import Conclusion, Finding, record
from stresstui.core.criteria.measured import MeasureJudge
from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.derive.strain import LOOK_BACK_S

_LONG_AGO: Final = float("-inf")
_STOOD: Final = f"came while the host stood still or within {LOOK_BACK_S:.0f}s of it"


class DelayedCountJudge(MeasureJudge):
    """Counts apart what came while the host stood still: whose fault that is cannot be told."""

    def __init__(self, state: CriterionState, measure: Measure) -> None:
        super().__init__(state, measure)
        self._waiting: Observation | None = None
        """The newest value since the last sample: only the next one says whether the host stood still."""
        self._doubted_until = _LONG_AGO
        self._counted = 0.0
        """All that was counted so far."""
        self._doubtful = 0.0
        """What of it came while the host stood still."""

    def assess(self, seen: Observation) -> Finding | None:
        """Count what came before a sample when that is there."""
        if seen.stalled:
            self._doubted_until = seen.t + LOOK_BACK_S
        if seen.missed == NO_SAMPLE:
            self._waiting = seen
            return None
        before, waited = None, self._waiting
        if waited is not None and waited.t <= seen.t:  # a sample of before a stop may come after it
            before, self._waiting = self._judged(waited), None
        return self._judged(seen) or before

    def _judged(self, seen: Observation) -> Finding | None:
        """Judge what is not in doubt; where the rest would break the rule, the criterion stays open."""
        if seen.value is None:
            return super().assess(seen)
        if seen.t <= self._doubted_until:
            self._doubtful += max(0.0, seen.value - self._counted)
        self._counted = seen.value
        found = super().assess(msgspec.structs.replace(seen, value=seen.value - self._doubtful))
        holds = found is None or found.crossing is Crossing.NONE
        value = self.measure.value
        return Finding(value, Crossing.OPEN, evidence=self._told()) if holds and self._may_break(value) else found

    def assess_end(self, end: End) -> Conclusion:
        """As any count, but what was doubtful decides nothing."""
        if self._waiting is not None and (found := self._judged(self._waiting)):
            record(self.state, self._waiting.t, found)
        return self._with_doubt(super().assess_end(end))

    def _with_doubt(self, found: Conclusion) -> Conclusion:
        if not self._doubtful:
            return found
        said = f"{found.evidence}; {self._told()}"
        if found.verdict is not Verdict.PASSED or not self._may_break(found.value):
            return msgspec.structs.replace(found, evidence=said)
        said += ", and whose fault that is cannot be told: a run on a host with room would settle it"
        return msgspec.structs.replace(found, verdict=Verdict.INCONCLUSIVE, evidence=said)

    def _may_break(self, value: float | None) -> bool:
        """Whether the rule breaks with what is doubtful."""
        return value is not None and self._doubtful > 0 and not self.state.rule.holds(value + self._doubtful)

    def _told(self) -> str:
        return f"{self.state.show(self._doubtful)} more {_STOOD}"
