"""Facts: ``exit_status``, ``tests_run``, ``tests_failed``, ``duration``, which are known when the run has ended."""

from stresstui.core.criteria.base import End, Judge, Observation
from stresstui.core.criteria.finding import Conclusion, Finding
from stresstui.core.criteria.state import Verdict
from stresstui.core.derive.child import Facts


class FactJudge(Judge):
    """Judges what is known of the child at the end."""

    def assess(self, seen: Observation) -> Finding | None:  # noqa: ARG002 - a fact is not observed
        """Nothing can be said before the end."""
        return None

    def assess_end(self, end: End) -> Conclusion:
        """Compare the fact with its threshold."""
        rule = self.state.rule
        value, said = _fact(rule.metric, end.facts, end.duration_share)
        if value is None:
            known_good = rule.metric == "exit_status" and end.facts.planned
            return Conclusion(Verdict.PASSED if known_good else Verdict.INCONCLUSIVE, said)
        if rule.holds(value):
            return Conclusion(Verdict.PASSED, said, value)
        return Conclusion(Verdict.FAILED, said, value, breached_at=end.facts.exited_at or 0.0)


def _fact(name: str, facts: Facts, duration_share: float | None) -> tuple[float | None, str]:
    if name == "exit_status":
        status = None if facts.exit_status is None or facts.planned else float(facts.exit_status)
        return status, facts.describe_exit()
    if name == "duration":
        share = "no planned duration" if duration_share is None else f"{duration_share:.1f} % of the planned duration"
        return duration_share, share
    if not facts.libtest:
        return None, "no test harness was seen in the output"
    number = facts.tests_run if name == "tests_run" else facts.tests_failed
    return float(number), f"{facts.tests_run} tests run, {facts.tests_failed} failed"
