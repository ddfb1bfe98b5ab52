"""Rules that hold a run against its scenario's baseline."""

import pytest

from stresstui.core.criteria.rule import RuleError, check_rule, parse_rule
from stresstui.core.criteria.state import Verdict
from stresstui.core.model.scenario import Scenario
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
