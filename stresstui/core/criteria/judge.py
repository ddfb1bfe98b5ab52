"""A Judge follows one criterion through a run: it feeds its measure in the phases that count and gives its verdict."""

from typing import Final

import msgspec

from stresstui.core.criteria.aggregates import Crossing, Measure, measure_for, recent_for
from stresstui.core.criteria.attribution import Background
from stresstui.core.criteria.baseline_return import Return, conclude_return, judge_return
from stresstui.core.criteria.rule import check_rule, parse_rule
from stresstui.core.criteria.state import CriterionState, Verdict, conclude_measure, judge_measure, mark_crossing
from stresstui.core.criteria.trend import Trend, conclude_trend, judge_trend
from stresstui.core.derive.child import Facts
from stresstui.core.derive.reading import HOST_COUNTERS
from stresstui.core.growth import Patience
from stresstui.core.model.event import Captured, Phase
from stresstui.core.model.metric import COLLECTED
from stresstui.core.model.scenario import CriterionSpec, Scenario
from stresstui.core.model.units import format_duration

NO_SAMPLE: Final = -1
"""Missed samples, where the values judged do not come from a sample."""
STALE_SHARE: Final = 0.1
"""Part of the soak for which a reported metric may be silent at the end."""
# Kept apart because Python 3.11 takes longer to look a member of an enumeration up than to compare with it.
_SOAK: Final = Phase.SOAK
_COOL_DOWN: Final = Phase.COOL_DOWN
_UNDER_RUN: Final = (_SOAK, Phase.WARM_UP, _COOL_DOWN)


class End(msgspec.Struct, frozen=True):
    """What is known of a run when it is judged for the last time."""

    facts: Facts
    """What happened to the child."""
    soaked: float
    """Seconds of soak."""
    duration_share: float | None
    """Time under load in percent of the plan; None where the plan has no end."""
    processes_left: bool
    """Whether processes of the system under test outlived the child."""
    whole: bool
    """Whether the run went to the end of its plan."""
    left_open: Captured | None
    """Descriptors that were open at the end of cool-down and not before the load."""


class Judge:
    """What all judges share: the criterion's state and the moments at which a run turns to them."""

    def __init__(self, state: CriterionState) -> None:
        self.state = state
        self.name = state.metric.name

    def follow(self, t: float, value: float | None, phase: Phase, rest: float | None, missed: int) -> None:
        """Take in the metric's value at an instant, None where it could not be read.

        ``rest`` is how often the soak so far is still to come, ``missed`` how many samples are missing before this one
        (NO_SAMPLE where the value does not come from a sample).
        """

    def leave(self) -> None:
        """A sample of cool-down shows no process of the system under test."""

    def take_baseline(self, t: float, baseline: dict[str, float], idle: dict[str, float], patience: Patience) -> None:
        """The soak begins; ``patience`` is what is known of its length."""

    def conclude(self, end: End) -> None:
        """Give the final verdict."""


class Coverage:
    """How much of what was due in the soak could be read, for one criterion."""

    def __init__(self, state: CriterionState) -> None:
        self._collected = state.metric.name in COLLECTED
        self._after = state.rule.after
        self._began: float | None = None
        self._due = 0
        self._had = 0
        self._last: float | None = None

    def begin(self, t: float) -> None:
        """The soak begins."""
        self._began = t

    def judged_at(self, t: float) -> bool:
        """Whether the rule's ``after`` has passed."""
        return not self._after or (self._began is not None and t - self._began >= self._after)

    def take(self, t: float, value: float | None, missed: int) -> None:
        """Take in what an instant brought; ``missed`` is NO_SAMPLE where it was not a sample."""
        if missed >= 0:
            self._due += 1 + missed
        if value is not None:
            self._had += 1
            self._last = t

    def missing(self, soaked: float) -> float:
        """Share of what was due that is missing, 0 to 1; of reported metrics only silence at the end is known."""
        if self._collected:
            return max(0.0, 1.0 - self._had / self._due) if self._due else 0.0
        if self._last is None or self._began is None or not soaked:
            return 0.0
        silent = self._began + soaked - self._last
        return max(0.0, silent / soaked) if silent > max(STALE_SHARE * soaked, 5.0) else 0.0


class MeasureJudge(Judge):
    """Rules over readings."""

    def __init__(self, state: CriterionState, measure: Measure) -> None:
        super().__init__(state)
        self.measure = measure
        self.recent = recent_for(state.rule)
        self.coverage = Coverage(state)
        self._phases = _UNDER_RUN if state.rule.aggregate == "count" else (_SOAK,)

    def take_baseline(self, t: float, baseline: dict[str, float], idle: dict[str, float], patience: Patience) -> None:
        """Remember when the soak began, for ``after``."""
        del baseline, idle, patience
        self.coverage.begin(t)

    def follow(self, t: float, value: float | None, phase: Phase, rest: float | None, missed: int) -> None:
        """Feed the measure and judge."""
        if phase not in self._phases or not self.coverage.judged_at(t):
            return
        self.coverage.take(t, value, missed)
        if value is not None:
            self.measure.observe(t, value)
            judge_measure(self.state, self.measure, t, rest)
            if self.recent is not None:
                self.recent.observe(t, value)
                self.state.recent = self.recent.value

    def conclude(self, end: End) -> None:
        """Give the final verdict."""
        self.state.missing = self.coverage.missing(end.soaked)
        window = "the run" if self.state.rule.aggregate == "count" else f"{format_duration(end.soaked)} of soak"
        conclude_measure(self.state, self.measure, window, whole=end.whole)


class TrendJudge(Judge):
    """``growth(metric)``."""

    def __init__(self, state: CriterionState) -> None:
        super().__init__(state)
        self.trend = Trend(state.metric)
        self.background: Background | None = None
        self.coverage = Coverage(state)

    def take_baseline(self, t: float, baseline: dict[str, float], idle: dict[str, float], patience: Patience) -> None:
        """Remember when the soak began, for ``after``, and how long there is to wait for certainty."""
        del baseline, idle
        self.coverage.begin(t)
        self.trend = Trend(self.state.metric, patience)

    def follow(self, t: float, value: float | None, phase: Phase, rest: float | None, missed: int) -> None:
        """Feed the detector; judge once a minute."""
        del rest
        if phase is not _SOAK or not self.coverage.judged_at(t):
            return
        self.coverage.take(t, value, missed)
        if value is None:
            return
        if missed > 0:
            self.trend.gap(t)
        self.trend.observe(t, value, self.background.load.resting_since if self.background else None)
        judgement = self.trend.evaluate(t)
        if judgement is not None:
            judge_trend(self.state, judgement, t, self.background)

    def conclude(self, end: End) -> None:
        """Give the final verdict."""
        self.state.missing = self.coverage.missing(end.soaked)
        conclude_trend(self.state, self.trend, self.background)


class ReturnJudge(Judge):
    """``settles(metric)``."""

    def __init__(self, state: CriterionState) -> None:
        super().__init__(state)
        self.back = Return()

    def take_baseline(self, t: float, baseline: dict[str, float], idle: dict[str, float], patience: Patience) -> None:
        """Take the value before the load where there was one, for memory the one after warm-up."""
        del t, patience
        name = self.state.metric.name
        self.back.loaded = baseline.get(name)
        if name in idle and self.state.metric.unit != "bytes":
            self.back.baseline, self.back.taken = idle[name], "before the load began"
        else:
            self.back.baseline = self.back.loaded

    def follow(self, t: float, value: float | None, phase: Phase, rest: float | None, missed: int) -> None:
        """Watch the metric; judge it in cool-down."""
        del t, rest, missed
        if value is None:
            return
        self.back.last_live = value
        if phase is _COOL_DOWN:
            self.back.observe(value)
            judge_return(self.state, self.back)

    def leave(self) -> None:
        """Nothing of it is left."""
        self.back.leave()

    def conclude(self, end: End) -> None:
        """Give the final verdict."""
        if end.facts.ended_itself and not self.back.latest and not end.processes_left:
            self.back.leave()
        self.back.exited = self.back.exited and self.back.last_live is not None
        conclude_return(self.state, self.back, stopped=end.facts.planned, left_open=end.left_open)


class FactJudge(Judge):
    """``exit_status``, ``tests_run``, ``tests_failed``, ``duration``: known when the run has ended."""

    def conclude(self, end: End) -> None:
        """Give the final verdict."""
        facts = end.facts
        value, said = self._fact(facts, end.duration_share)
        self.state.value = value
        if value is None:
            known_good = self.state.rule.metric == "exit_status" and facts.planned
            self.state.verdict = Verdict.PASSED if known_good else Verdict.INCONCLUSIVE
        else:
            holds = self.state.rule.holds(value)
            mark_crossing(self.state, facts.exited_at or 0.0, Crossing.NONE if holds else Crossing.FIRM, value)
            self.state.verdict = Verdict.PASSED if holds else Verdict.FAILED
        self.state.evidence = said

    def _fact(self, facts: Facts, duration_share: float | None) -> tuple[float | None, str]:
        name = self.state.rule.metric
        if name == "exit_status":
            status = None if facts.exit_status is None or facts.planned else float(facts.exit_status)
            return status, facts.describe_exit()
        if name == "duration":
            share = (
                "no planned duration" if duration_share is None else f"{duration_share:.1f} % of the planned duration"
            )
            return duration_share, share
        if not facts.libtest:
            return None, "no test harness was seen in the output"
        number = facts.tests_run if name == "tests_run" else facts.tests_failed
        return float(number), f"{facts.tests_run} tests run, {facts.tests_failed} failed"


def make_judges(scenario: Scenario, specs: tuple[CriterionSpec, ...]) -> list[Judge]:
    """Make the judge of every criterion; raise RuleError where a rule does not fit."""
    return [_make_judge(scenario, spec) for spec in specs]


def _make_judge(scenario: Scenario, spec: CriterionSpec) -> Judge:
    rule = check_rule(parse_rule(spec.rule), scenario)
    metric = scenario.metric(rule.metric)
    if metric is None:
        raise ValueError(f"metric {rule.metric} vanished between check and use")
    state = CriterionState(spec, rule, metric, host_wide=metric.name in HOST_COUNTERS)
    if rule.aggregate == "growth" and rule.window is None:
        return TrendJudge(state)
    if rule.aggregate == "settles":
        return ReturnJudge(state)
    if rule.aggregate == "fact":
        return FactJudge(state)
    return MeasureJudge(state, measure_for(rule, metric))
