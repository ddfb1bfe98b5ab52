"""Facts: ``exit_status``, ``tests_run``, ``tests_failed``, ``duration``, which are known when the run has ended."""

import msgspec

from stresstui.core.criteria.base import UNSERVED, End, Judge, Observation
from stresstui.core.criteria.certainty import settles, unless_silent
from stresstui.core.criteria.finding import Conclusion, Finding
from stresstui.core.criteria.state import Verdict
from stresstui.core.derive.child import Facts
from stresstui.core.model.certainty import Certainty


class FactJudge(Judge):
    """Judges what is known of the child at the end."""

    def assess(self, seen: Observation) -> Finding | None:  # noqa: ARG002 - a fact is not observed
        """Nothing can be said before the end."""
        return None

    def assess_end(self, end: End) -> Conclusion:
        """Compare the fact with its threshold."""
        fact = self._fact(end)
        if fact.value is None:
            return Conclusion(Verdict.PASSED if fact.good else Verdict.INCONCLUSIVE, fact.said)
        if fact.bound and not settles(self.state.rule, fact.value, Certainty.AT_LEAST):
            return Conclusion(Verdict.INCONCLUSIVE, fact.said, fact.value)
        if self.state.rule.holds(fact.value):
            return unless_silent(self.state.rule, Conclusion(Verdict.PASSED, fact.said, fact.value), end.facts)
        if self.state.rule.metric == "duration" and end.facts.stopped_by:
            return Conclusion(Verdict.INCONCLUSIVE, f"{fact.said}: stopped by {end.facts.stopped_by}", fact.value)
        if end.served is not None and not self._failed_before(end, end.served):
            return Conclusion(Verdict.INCONCLUSIVE, f"{fact.said}; {UNSERVED}", fact.value)
        return Conclusion(Verdict.FAILED, fact.said, fact.value, breached_at=end.facts.exited_at or 0.0)

    def _failed_before(self, end: End, served: Facts) -> bool:
        """Whether what was known when a service ended had broken the rule for good."""
        before = self._fact(msgspec.structs.replace(end, facts=served, served=None))
        settled = before.value is not None and settles(self.state.rule, before.value, Certainty.AT_LEAST)
        return settled and not self.state.rule.holds(before.value or 0.0)

    def _fact(self, end: End) -> "_Fact":
        match self.state.rule.metric:
            case "exit_status":
                return self._exit_status(end.facts)
            case "duration":
                share = end.duration_share
                of_plan = f"{self.state.show(share)} of the planned duration"
                return _Fact(share, "no planned duration" if share is None else of_plan)
            case name:
                return _tests(end.facts, failed=name == "tests_failed")

    def _exit_status(self, facts: Facts) -> "_Fact":
        if facts.planned or facts.told_to_end or facts.exit_status is None:
            # What was stopped on purpose ended well, whatever its status says; but not if it had to be killed.
            broke = facts.had_to_be_killed or facts.is_left or facts.crashed_by_signal
            good = facts.planned and not broke and self.state.rule.holds(0.0)
            return _Fact(None, facts.describe_exit(), good=good)
        return _Fact(float(facts.exit_status), facts.describe_exit())


class _Fact(msgspec.Struct, frozen=True):
    """What is known of a fact."""

    value: float | None
    said: str
    bound: bool = False
    """True where the truth may be more."""
    good: bool = False
    """True where no value is needed to know that the rule holds."""


def _tests_of(count: int) -> str:
    return "1 test" if count == 1 else f"{count} tests"


def _why_open(facts: Facts) -> str:
    if facts.planned:
        return "stopped as planned before its end; it hangs, or needs a longer --duration"
    if facts.stopped_by:
        return f"stopped by {facts.stopped_by} before its end"
    return "it was cut off, or its output was" if facts.exited_at is not None else "it has not ended yet"


def _tests(facts: Facts, *, failed: bool) -> _Fact:
    if not facts.harness:
        return _Fact(None, "no test harness was seen in the output")
    said = f"{_tests_of(facts.tests_run)} run, {facts.tests_failed} failed"
    if facts.tests_open:
        said = f"{facts.tests_ended} of {_tests_of(facts.tests_run)} ended, {facts.tests_failed} failed"
        said += f"; no summary came: {_why_open(facts)}"
        return _Fact(float(facts.tests_failed if failed else facts.tests_ended), said, bound=True)
    if facts.tests_unsaid and not failed:
        several = facts.tests_unsaid > 1
        said += f"; {facts.tests_unsaid} test program{'s' if several else ''} did not say how many "
        said += "they ran" if several else "it ran"
        return _Fact(float(facts.tests_run), said, bound=True)
    if failed and not facts.tests_run:
        return _Fact(None, f"{said}: what did not run cannot fail")
    return _Fact(float(facts.tests_failed if failed else facts.tests_run), said)
