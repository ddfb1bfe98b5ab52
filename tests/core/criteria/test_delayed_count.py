"""What is counted while the host stands still neither fails nor passes a criterion."""

import pytest

from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.derive.strain import counts_delays
from stresstui.core.model.event import Reported
from stresstui.core.model.metric import infer
from stresstui.core.model.scenario import MetricSpec
from tests.core.story import Story

NAME = "round_trip_failures_total"


def soaking(rule: str = f"count({NAME}) == 0") -> Story:
    """Five seconds of soak in which nothing failed."""
    told = Story(rule, warm_up=2.0, duration=60.0, metrics={NAME: MetricSpec()}).warm().phase_of("soak")
    return told.run(5, report=lambda _: {NAME: 0.0})


def stand_still(told: Story, seconds: int = 13, fails: int = 0) -> Story:
    """The next sample comes later than it was due; what failed meanwhile is reported shortly before it."""
    told.t += seconds
    if fails:
        told.report(**{NAME: fails})
    return told.sample(missed=seconds)


def ended(told: Story) -> CriterionState:
    told.t += 1
    said = next((e.values for e in reversed(told.events) if isinstance(e, Reported)), {})
    told.run(62 - told.t, report=lambda _: said)
    return told.cool().exit(planned=True).end().criterion()


def test_a_failure_while_the_host_stood_still_decides_nothing() -> None:
    told = stand_still(soaking(), fails=1)
    assert told.criterion().verdict is Verdict.PENDING
    found = ended(told)
    assert (found.verdict, found.breach_count) == (Verdict.INCONCLUSIVE, 0)
    assert found.evidence.endswith(
        "; 1 more came while the host stood still or within 10s of it, and whose fault that is cannot be told:"
        " a run on a host with room would settle it"
    )


def test_what_is_heard_only_after_a_stop_at_the_end_decides_nothing() -> None:
    told = soaking()
    told.t += 20
    told.report(**{NAME: 1.0})
    found = told.exit(planned=True).end().criterion()
    assert (found.verdict, found.breach_count) == (Verdict.INCONCLUSIVE, 0)


@pytest.mark.parametrize(("later", "verdict"), [(9, Verdict.INCONCLUSIVE), (12, Verdict.FAILED)])
def test_what_waited_may_fail_for_some_seconds_more(later: int, verdict: Verdict) -> None:
    told = stand_still(soaking())
    told.t += 1
    told.run(later - 1)
    told.report(**{NAME: 1.0})
    assert ended(told).verdict is verdict


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        (f"count({NAME}) == 0", Verdict.FAILED),
        (f"count({NAME}) < 3", Verdict.INCONCLUSIVE),
        (f"count({NAME}) < 9", Verdict.PASSED),
        (f"count({NAME}) > 9", Verdict.FAILED),
    ],
)
def test_what_failed_before_counts_as_ever(rule: str, verdict: Verdict) -> None:
    told = soaking(rule)
    told.report(**{NAME: 2.0}).run(2)
    found = ended(stand_still(told, fails=4))
    assert found.verdict is verdict


def test_a_sample_of_before_that_comes_late_does_not_tell() -> None:
    told = soaking()
    told.t += 14
    told.report(**{NAME: 1.0})
    told.t -= 14
    told.sample()
    told.t += 14
    assert ended(told.sample(missed=13)).verdict is Verdict.INCONCLUSIVE


def test_a_host_that_is_late_by_less_excuses_nothing() -> None:
    assert ended(stand_still(soaking(), seconds=2, fails=1)).verdict is Verdict.FAILED


def test_what_is_reported_after_the_last_sample_is_judged() -> None:
    told = soaking()
    told.run(53 - told.t).cool().report(**{NAME: 1.0})
    assert told.exit(planned=True).end().criterion().verdict is Verdict.FAILED


@pytest.mark.parametrize(
    ("name", "so"),
    [
        ("connection_failures_total", True),
        ("hy1_wire_connections_lost_total", True),
        ("read_timeouts_total", True),
        ("udp_receive_errors_total", True),
        ("corrupt_bytes_total", False),
        ("auth_wrong_decisions_total", False),
        ("crashes", False),
        ("failures_percent", False),
    ],
)
def test_which_counters_count_what_takes_too_long(name: str, *, so: bool) -> None:
    assert counts_delays(infer(name)) is so
