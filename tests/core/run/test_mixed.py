"""A counter that several print under one name settles no rule that reads it."""

import pytest

from stresstui.core.criteria.state import Verdict
from stresstui.core.model.outcome import Outcome
from stresstui.core.model.scenario import MetricSpec
from tests.core.story import MIB, Story

METRICS = {"jobs_total": MetricSpec(), "connections_total": MetricSpec(), "bytes_total": MetricSpec()}


def printed_by_four(*rules: str, name: str = "jobs_total") -> Story:
    """Four that print one name in turn, each from a count of its own: 1,204 in all."""
    story = Story(*rules, metrics=METRICS).warm()
    for round_ in range(1, 8):
        for ahead in (1, 0, 3, 2):
            story.report(**{name: 43.0 * round_ - ahead * (round_ - 1) / 6})
    return story.soak().exit(planned=True)


@pytest.mark.parametrize(
    "rule",
    [
        "count(jobs_total) >= 1300",
        "count(jobs_total) < 2000",
        "rate(jobs_total) > 1/s",
        "growth(rss, per=jobs_total) < 1MiB",
    ],
)
def test_neither_passed_nor_failed(rule: str) -> None:
    story = printed_by_four(rule).end()
    assert story.state().outcome is Outcome.INCONCLUSIVE
    (criterion,) = story.state().criteria
    assert criterion.verdict is Verdict.INCONCLUSIVE
    assert criterion.value is None
    assert "jobs_total is printed by several at once" in criterion.evidence
    assert "print one sum, or a name for each" in criterion.evidence


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ("count(jobs_total) >= 300", Verdict.PASSED),
        ("count(jobs_total) == 0", Verdict.FAILED),
        ("count(jobs_total) < 300", Verdict.FAILED),
    ],
)
def test_what_one_of_them_counted_alone_settles(rule: str, verdict: Verdict) -> None:
    (criterion,) = printed_by_four(rule).end().state().criteria
    assert criterion.verdict is verdict
    assert criterion.value == 301
    assert "one of them alone counted 301" in criterion.evidence


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("connections_total", "rate(attempts_total) > 1/s"),
        ("bytes_total", "max(throughput) > 1MiB/s"),
        ("bytes_total", "min(throughput) < 1B/s"),
    ],
)
def test_so_does_nothing_that_is_made_of_it(name: str, rule: str) -> None:
    (criterion,) = printed_by_four(rule, name=name).end().state().criteria
    assert criterion.verdict is Verdict.INCONCLUSIVE
    assert f"{name} is printed by several" in criterion.evidence


def test_other_rules_are_judged() -> None:
    story = printed_by_four("max(rss) < 1GiB", "count(connections_total) >= 5")
    story.report(connections_total=7.0).run(1, rss=10 * MIB).end()
    assert [criterion.verdict for criterion in story.state().criteria] == [Verdict.PASSED, Verdict.PASSED]


def test_a_breach_ends_that_was_seen_before() -> None:
    story = printed_by_four("count(jobs_total) < 60")
    (criterion,) = story.state().criteria
    assert criterion.breach_count
    assert not criterion.active
    assert criterion.shown_verdict is Verdict.NO_DATA
    (said,) = (entry.text for entry in story.state().entries if "several" in entry.text)
    assert said == (
        "jobs_total is printed by several at once, so what they counted together is not known:"
        " print one sum, or a name for each"
    )


def test_a_restart_is_judged() -> None:
    story = Story("count(jobs_total) == 700", metrics=METRICS).warm()
    for number in (0, 100, 200, 300, 400, 0, 100, 200, 300, 300, 300):
        story.report(jobs_total=float(number))
    (criterion,) = story.soak(report=lambda _: {"jobs_total": 300.0}).exit(planned=True).end().state().criteria
    assert criterion.verdict is Verdict.PASSED
