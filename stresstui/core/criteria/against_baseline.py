"""``vs(baseline, latency_ms_p99) < +10%``: the mean of the soak against that of the runs kept as the baseline."""

from typing import Final

import msgspec

from stresstui.core.criteria.aggregates import measure_for
from stresstui.core.criteria.base import End, Judge, Observation
from stresstui.core.criteria.finding import Conclusion, Finding
from stresstui.core.criteria.measured import MeasureJudge
from stresstui.core.criteria.rule import Rule
from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.model.metric import Metric
from stresstui.core.model.units import Quantity, format_value

_SHOWN: Final = {"bytes": ("MiB", 2.0**20), "bytes/s": ("MB/s", 1e6), "count": ("", 1.0), "count/s": ("/s", 1.0)}
"""Unit in which the limit is shown, and its size; any other metric's unit is shown as it is."""


def against_baseline(state: CriterionState, reference: float | None) -> Judge:
    """The judge of a rule on the baseline, whose mean is ``reference`` in base units; None where there is none."""
    if reference is None:
        return NoBaselineJudge(state)
    state.rule = absolute(state.rule, state.metric, reference)
    return AgainstBaselineJudge(state, reference)


def absolute(rule: Rule, metric: Metric, reference: float) -> Rule:
    """The same rule as one on the mean of the soak, given the mean of the baseline, base units."""
    limit = reference + abs(reference) * rule.threshold.value / 100.0
    unit, scale = _SHOWN.get(metric.unit, (metric.unit, 1.0))
    threshold = Quantity(limit / scale, unit, metric.unit, scale)
    return msgspec.structs.replace(rule, aggregate="mean", threshold=threshold)


class AgainstBaselineJudge(MeasureJudge):
    """Judges the mean of the soak, and says what it is held against."""

    def __init__(self, state: CriterionState, reference: float) -> None:
        super().__init__(state, measure_for(state.rule, state.metric))
        self._reference = reference

    def assess_end(self, end: End) -> Conclusion:
        """As any mean, with the baseline's."""
        found = super().assess_end(end)
        base = format_value(self._reference, self.state.metric.unit)
        return msgspec.structs.replace(found, evidence=f"{found.evidence}; the baseline has {base}")


class NoBaselineJudge(Judge):
    """Judges nothing: there is nothing to compare with."""

    def assess(self, seen: Observation) -> Finding | None:  # noqa: ARG002 - it has nothing to hold it against
        """Nothing can be said."""
        return None

    def assess_end(self, end: End) -> Conclusion:  # noqa: ARG002 - the same
        """What is missing."""
        said = f"the baseline has no value of {self.name}: 'stresstui baseline set' keeps the numbers of good runs"
        return Conclusion(Verdict.INCONCLUSIVE, said)
