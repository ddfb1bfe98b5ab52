"""``vs(baseline, latency_ms_p99) < +10%``: the mean of the soak against that of the runs kept as the baseline."""

from typing import Final

import msgspec

from stresstui.core.criteria.aggregates import Crossing, Measure, measure_for
from stresstui.core.criteria.base import End, Judge, Observation
from stresstui.core.criteria.finding import Conclusion, Finding
from stresstui.core.criteria.measured import MeasureJudge
from stresstui.core.criteria.rule import Rule
from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.derive.strain import LOOK_BACK_S, TIMES, is_left_out
from stresstui.core.model.metric import Metric
from stresstui.core.model.units import Quantity, format_value

_SHOWN: Final = {"bytes": ("MiB", 2.0**20), "bytes/s": ("MB/s", 1e6), "count": ("", 1.0), "count/s": ("/s", 1.0)}
"""Unit in which the limit is shown, and its size; any other metric's unit is shown as it is."""
_OUT_ALLOWED: Final = 0.5
"""Part of the values that may be left out because the host was saturated: the others still tell."""
_LONG_AGO: Final = float("-inf")


def against_baseline(state: CriterionState, reference: float | None, reach: float = 0.0, unlike: str = "") -> Judge:
    """The judge of a rule on the baseline, whose mean is ``reference`` in base units; None where there is none.

    ``reach`` is how far from it, as a share, one more equal run may be by chance; 0 where that is not known. ``unlike``
    is why its runs are none that this one can be held against.
    """
    if reference is None:
        return NoBaselineJudge(state, unlike)
    chance = _chance(state.rule, state.metric, reference, reach)
    state.rule = absolute(state.rule, state.metric, reference)
    return AgainstBaselineJudge(state, reference, chance, reach)


def _chance(rule: Rule, metric: Metric, reference: float, reach: float) -> Rule | None:
    """The rule that every equal run keeps, where that allows more; None where an equal run would not keep ``rule``."""
    asked, could = rule.threshold.value, 100.0 * reach if rule.upper else -100.0 * reach
    if not reach or asked * could < 0 or abs(could) <= abs(asked) or not (rule.upper or rule.lower):
        return None
    wider = Quantity(could, "%", "%", 1.0)
    return absolute(msgspec.structs.replace(rule, threshold=wider), metric, reference)


def absolute(rule: Rule, metric: Metric, reference: float) -> Rule:
    """The same rule as one on the mean of the soak, given the mean of the baseline, base units."""
    limit = reference + abs(reference) * rule.threshold.value / 100.0
    unit, scale = _SHOWN.get(metric.unit, (metric.unit, 1.0))
    threshold = Quantity(limit / scale, unit, metric.unit, scale)
    return msgspec.structs.replace(rule, aggregate="mean", threshold=threshold)


class _Strained:
    """What is left out because the host was saturated, as it is left out of the baseline's own runs.

    What the change under test needs may be what saturates the host. So it is remembered what the mean would be with it.
    """

    def __init__(self, state: CriterionState) -> None:
        self._rule, self._state = state.rule, state
        self._left_out = is_left_out(state.metric)
        self._after = LOOK_BACK_S if state.metric.unit in TIMES else 0.0
        self._until = _LONG_AGO
        self._sum, self._count = 0.0, 0

    def takes(self, seen: Observation, value: float) -> bool:
        """Whether a value belongs here."""
        if not self._left_out:
            return False
        if seen.strained:
            self._until = seen.t + self._after
        if seen.t > self._until:
            return False
        self._sum, self._count = self._sum + value, self._count + 1
        return True

    def temper(self, found: Conclusion, measure: Measure) -> Conclusion:
        """Say what was left out, and take a verdict back that rests on that."""
        if not self._count:
            return found
        share = self._count / (self._count + measure.count)
        said = (
            f"{found.evidence}; the host was saturated or had just been in {share:.0%} of that time, which is left out"
        )
        if share > _OUT_ALLOWED or measure.value is None:
            return _open(found, f"{said}: a run on a host with room would settle it")
        mean = (self._sum + measure.value * measure.count) / (self._count + measure.count)
        if found.verdict is Verdict.PASSED and not self._rule.holds(mean):
            shown = self._state.show(mean)
            return _open(found, f"{said}; with it the mean is {shown}, and its own load may be what saturated the host")
        return msgspec.structs.replace(found, evidence=said)


def _open(found: Conclusion, said: str) -> Conclusion:
    return msgspec.structs.replace(found, verdict=Verdict.INCONCLUSIVE, evidence=said)


class AgainstBaselineJudge(MeasureJudge):
    """Judges the mean of the soak, and says what it is held against."""

    def __init__(self, state: CriterionState, reference: float, chance: Rule | None, reach: float) -> None:
        super().__init__(state, measure_for(state.rule, state.metric))
        self._reference, self._chance, self._reach = reference, chance, reach
        self._strained = _Strained(state)

    def assess(self, seen: Observation) -> Finding | None:
        """As any mean, but nothing is firm that may be chance."""
        found = super().assess(seen)
        if found is None or found.crossing is not Crossing.FIRM or not self._may_be_chance():
            return found
        return msgspec.structs.replace(found, crossing=Crossing.OPEN)

    def assess_end(self, end: End) -> Conclusion:
        """As any mean, with the baseline's."""
        found = self._strained.temper(super().assess_end(end), self.measure)
        base = format_value(self._reference, self.state.metric.unit)
        return msgspec.structs.replace(found, evidence=f"{found.evidence}; the baseline has {base}{self._apart()}")

    def _leaves_out(self, seen: Observation, value: float) -> bool:
        """As the baseline, also what a saturated host bends."""
        return super()._leaves_out(seen, value) or self._strained.takes(seen, value)

    def _crossed(self, said: str, end: End) -> tuple[Verdict, str]:
        verdict, said = super()._crossed(said, end)
        if verdict is Verdict.FAILED and self._may_be_chance():
            mend = "longer runs, a quieter machine or a wider limit tell more"
            return Verdict.INCONCLUSIVE, f"{said}; an equal run may be as far off by chance: {mend}"
        return verdict, said

    def _may_be_chance(self) -> bool:
        value = self.measure.value
        return self._chance is not None and value is not None and self._chance.holds(value)

    def _apart(self) -> str:
        return f", and its runs differ so that one more may be {self._reach:.1%} off" if self._reach else ""


class NoBaselineJudge(Judge):
    """Judges nothing: there is nothing to compare with."""

    def __init__(self, state: CriterionState, unlike: str) -> None:
        super().__init__(state)
        self._unlike = unlike

    def assess(self, seen: Observation) -> Finding | None:  # noqa: ARG002 - it has nothing to hold it against
        """Nothing can be said."""
        return None

    def assess_end(self, end: End) -> Conclusion:  # noqa: ARG002 - the same
        """What is missing."""
        said = f"the baseline has no value of {self.name}: 'stresstui baseline set' keeps the numbers of good runs"
        if self._unlike:
            said = f"the baseline is of runs that this one cannot be held against: {self._unlike}"
        return Conclusion(Verdict.INCONCLUSIVE, said)
