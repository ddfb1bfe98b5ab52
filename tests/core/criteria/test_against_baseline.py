"""Rules that hold a run against its scenario's baseline."""

import pytest

from stresstui.core.criteria.rule import RuleError, check_rule, parse_rule
from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.model.event import Phase
from stresstui.core.model.sample import HostSample
from stresstui.core.model.scenario import MetricSpec, Scenario
from tests.core.story import MIB, Story


@pytest.mark.parametrize(
    ("rule", "reference", "rss", "verdict"),
    [
        ("vs(baseline, rss) < +10%", 50.0, 54, Verdict.PASSED),
        ("vs(baseline, rss) < +10%", 50.0, 56, Verdict.FAILED),
        ("vs(baseline,rss) < 10%", 50.0, 40, Verdict.PASSED),
        ("vs(baseline, rss) > -10%", 50.0, 44, Verdict.FAILED),
        ("vs(baseline, rss) > -10%", 50.0, 46, Verdict.PASSED),
        ("vs(baseline, rss) <= +0%", 50.0, 50, Verdict.PASSED),
    ],
)
def test_the_mean_of_the_soak_is_held_against_the_baseline(
    rule: str, reference: float, rss: int, verdict: Verdict
) -> None:
    story = Story(rule, reference={"rss": reference * MIB}).warm(rss=900 * MIB).soak(rss=rss * MIB)
    criterion = story.cool(rss=900 * MIB).exit(planned=True).end().criterion()
    assert criterion.verdict is verdict
    assert criterion.value == rss * MIB
    assert "the baseline has 50.0 MiB" in criterion.evidence


@pytest.mark.parametrize(
    ("rule", "reach", "rss", "verdict"),
    [
        ("vs(baseline, rss) < +10%", 0.2, 54, Verdict.PASSED),
        ("vs(baseline, rss) < +10%", 0.2, 59, Verdict.INCONCLUSIVE),
        ("vs(baseline, rss) < +10%", 0.2, 61, Verdict.FAILED),
        ("vs(baseline, rss) < +10%", 0.05, 56, Verdict.FAILED),
        ("vs(baseline, rss) <= +0%", 0.2, 52, Verdict.INCONCLUSIVE),
        ("vs(baseline, rss) > -10%", 0.2, 41, Verdict.INCONCLUSIVE),
        ("vs(baseline, rss) > -10%", 0.2, 39, Verdict.FAILED),
        ("vs(baseline, rss) < -10%", 0.2, 49, Verdict.FAILED),  # no equal run keeps it: nothing of it is chance
        ("vs(baseline, rss) > +10%", 0.2, 51, Verdict.FAILED),
    ],
)
def test_what_an_equal_run_may_be_by_chance_fails_nothing(rule: str, reach: float, rss: int, verdict: Verdict) -> None:
    story = Story(rule, reference={"rss": 50.0 * MIB}, reference_reach={"rss": reach}).warm().soak(rss=rss * MIB)
    criterion = story.exit(planned=True).end().criterion()
    assert criterion.verdict is verdict, criterion.evidence
    assert f"one more may be {reach:.1%} off" in criterion.evidence
    assert ("by chance" in criterion.evidence) is (verdict is Verdict.INCONCLUSIVE)


def test_without_a_baseline_nothing_passes() -> None:
    for reference in ({}, {"fds": 3.0}):
        state = Story("vs(baseline, rss) < +10%", reference=reference).whole().state()
        assert state.criteria[0].verdict is Verdict.INCONCLUSIVE
        assert "baseline set" in state.criteria[0].evidence
        assert state.exit_code == 3


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("vs(rss) < +10%", "vs\\(baseline, METRIC\\)"),
        ("vs(before, rss) < +10%", "vs\\(baseline, METRIC\\)"),
        ("vs(baseline, rss) < 10MiB", "in percent"),
        ("vs(baseline, rss) < +10% for 5s", "leave out 'for'"),
        ("vs(baseline, rs) < +10%", "did you mean 'rss'"),
        ("vs(baseline, attempts_total) < +10%", "is a counter"),
        ("vsx(rss) < 1", "unknown aggregate"),
    ],
)
def test_a_mistake_is_told_with_its_mend(rule: str, said: str) -> None:
    with pytest.raises(RuleError, match=said):
        check_rule(parse_rule(rule), Scenario(name="s"))


def beside_others(
    rule: str, *, busy: range, usual: float = 5.0, bent: float = 50.0, own: float = 0.2
) -> CriterionState:
    """A run whose host has every CPU wanted by others in some seconds of its soak, and has other times then."""
    reference = {"wait_ms": 5.0, "cpu": 10.0}
    story = Story(rule, warm_up=5.0, duration=65.0, metrics={"wait_ms": MetricSpec()}, reference=reference).warm()
    story.phase(Phase.SOAK)
    waited = spent = 0.0
    for second in range(60):
        pressed = second in busy
        waited += 1.0 if pressed else 0.05
        spent += own if pressed else 0.2
        story.sample(host=HostSample(cpu_stall_s=waited), cpu_s=spent)
        story.report(wait_ms=bent if pressed else usual)
        story.t += 1.0
    return story.exit(planned=True).end().criterion()


def test_what_a_saturated_host_bends_is_left_out_as_of_the_baseline() -> None:
    for bent in (5.0, 0.1):
        found = beside_others("vs(baseline, wait_ms) < +10%", busy=range(10, 15), bent=bent)
        assert (found.verdict, found.value) == (Verdict.PASSED, 5.0)
        assert "the host was saturated or had just been in 25%" in found.evidence
    slow = beside_others("vs(baseline, wait_ms) < +10%", busy=range(10, 15), usual=6.0, bent=0.1)
    assert (slow.verdict, slow.value) == (Verdict.FAILED, 6.0)


def test_what_is_kept_only_without_those_seconds_is_no_pass() -> None:
    found = beside_others("vs(baseline, wait_ms) < +10%", busy=range(10, 15))
    assert (found.verdict, found.value) == (Verdict.INCONCLUSIVE, 5.0)
    assert "its own load may be what saturated the host" in found.evidence


def test_where_most_is_left_out_nothing_is_settled() -> None:
    found = beside_others("vs(baseline, wait_ms) < +10%", busy=range(60), bent=9.0, usual=9.0)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "a run on a host with room would settle it" in found.evidence
    assert "had just been in 98%" in found.evidence


def test_the_cpu_that_saturates_the_host_is_left_in() -> None:
    found = beside_others("vs(baseline, cpu) < +10%", busy=range(10, 30), own=0.9)
    assert found.verdict is Verdict.FAILED
    assert found.value == pytest.approx(21.9, abs=0.5)
