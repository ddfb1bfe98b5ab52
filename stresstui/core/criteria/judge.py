"""Which judge follows a criterion: one kind of rule, one module."""

from stresstui.core.criteria.against_baseline import against_baseline
from stresstui.core.criteria.aggregates import measure_for
from stresstui.core.criteria.base import Judge
from stresstui.core.criteria.baseline_return import ReturnJudge
from stresstui.core.criteria.delayed_count import DelayedCountJudge
from stresstui.core.criteria.fact import FactJudge
from stresstui.core.criteria.growing.per_work import PerWorkJudge
from stresstui.core.criteria.growing.trend import TrendJudge
from stresstui.core.criteria.measured import MeasureJudge
from stresstui.core.criteria.rule import VERSUS, check_rule, parse_rule
from stresstui.core.criteria.state import CriterionState
from stresstui.core.derive.reading import HOST_COUNTERS
from stresstui.core.derive.strain import counts_delays
from stresstui.core.model.scenario import CriterionSpec, Scenario


def make_judges(scenario: Scenario, specs: tuple[CriterionSpec, ...]) -> list[Judge]:
    """Make the judge of every criterion; raise RuleError where a rule does not fit."""
    return [_make_judge(scenario, spec) for spec in specs]


def _make_judge(scenario: Scenario, spec: CriterionSpec) -> Judge:
    rule = check_rule(parse_rule(spec.rule), scenario)
    metric = scenario.metric(rule.metric)
    if metric is None:
        raise ValueError(f"metric {rule.metric} vanished between check and use")
    if rule.aggregate == VERSUS:
        reach = scenario.reference_reach.get(metric.name, 0.0)
        known = None if scenario.reference_unlike else scenario.reference.get(metric.name)
        return against_baseline(CriterionState(spec, rule, metric), known, reach, scenario.reference_unlike)
    state = CriterionState(spec, rule, metric, host_wide=metric.name in HOST_COUNTERS)
    if rule.per:
        return PerWorkJudge(state)
    if rule.aggregate == "growth" and rule.window is None:
        return TrendJudge(state)
    if rule.aggregate == "settles":
        return ReturnJudge(state)
    if rule.aggregate == "fact":
        return FactJudge(state)
    delayed = rule.aggregate == "count" and not rule.lower and counts_delays(metric)
    return (DelayedCountJudge if delayed else MeasureJudge)(state, measure_for(rule, metric))
