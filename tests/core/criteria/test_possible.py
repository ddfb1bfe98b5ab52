import pytest

from stresstui.core.criteria.possible import check_possible
from stresstui.core.criteria.rule import RuleError, check_rule, parse_rule
from stresstui.core.model.scenario import MetricSpec, Scenario

SCENARIO = Scenario(name="s", metrics={"done_total": MetricSpec(), "balance": MetricSpec()})


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ("count(done_total) < 0", "hold"), ("count(done_total) <= -1", "hold"), ("count(done_total) == -1", "hold"),
        ("exit_status > 255", "hold"), ("exit_status == 256", "hold"), ("max(rss) < 0", "hold"),
        ("mean(cpu) < -5%", "hold"), ("cv(throughput) < 0", "hold"), ("tests_failed < 0", "hold"),
        ("count(done_total) > -1", "fail"), ("exit_status <= 255", "fail"), ("exit_status != 256", "fail"),
        ("last(fds) >= -3", "fail"),
    ],
)  # fmt: skip
def test_what_says_nothing_is_refused(rule: str, what: str) -> None:
    with pytest.raises(RuleError, match=f"can never {what}, as "):
        check_possible(check_rule(parse_rule(rule), SCENARIO))


@pytest.mark.parametrize(
    "rule",
    [
        "count(done_total) >= 0", "count(done_total) <= 0", "count(done_total) > 0", "count(done_total) == 0",
        "count(done_total) != 0", "exit_status == 255", "exit_status < 255", "exit_status != 0", "max(balance) < 0",
        "min(balance) > -5", "growth(rss) < -1MiB/h", "growth(throughput) > -1MB/s/h", "settles(fds)",
        "vs(baseline, rss) < -1%", "duration >= 100%", "max(cpu) < 1000%",
    ],
)  # fmt: skip
def test_what_a_run_can_keep_and_break_is_none(rule: str) -> None:
    check_possible(check_rule(parse_rule(rule), SCENARIO))
