import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstui.core.criteria.aggregates import Crossing, Extreme, Measure, aggregate_of, measure_for
from stresstui.core.criteria.rule import check_rule, parse_rule
from stresstui.core.criteria.state import Verdict
from stresstui.core.model.scenario import MetricSpec, Scenario
from tests.core.story import Story

SCENARIO = Scenario(name="s", metrics={"wait_ms": MetricSpec(), "jobs_total": MetricSpec(), "drift": MetricSpec()})
NONE, OPEN, FIRM, AHEAD = Crossing


def measure(text: str) -> Measure:
    rule = check_rule(parse_rule(text), SCENARIO)
    metric = SCENARIO.metric(rule.metric)
    assert metric is not None
    return measure_for(rule, metric)


def fed(text: str, values: list[float], step: float = 1.0) -> Measure:
    found = measure(text)
    for index, value in enumerate(values):
        found.observe(index * step, value)
    return found


@pytest.mark.parametrize(
    ("rule", "values", "value", "crossing"),
    [
        ("max(fds) < 10", [3, 9, 5], 9, NONE),
        ("max(fds) < 10", [3, 12, 5], 12, NONE),
        ("max(fds) < 10", [3, 12, 15], 15, FIRM),
        ("max(fds) > 10", [3, 5], 5, AHEAD),
        ("max(fds) >= 10", [3, 10, 5], 10, NONE),
        ("min(fds) > 5", [9, 7], 7, NONE),
        ("min(fds) > 5", [9, 4], 4, FIRM),
        ("min(fds) < 5", [9, 7], 7, AHEAD),
        ("min(fds) <= 5", [9, 5, 8], 5, NONE),
        ("last(fds) == 4", [9, 4], 4, NONE),
        ("last(fds) == 4", [4, 9], 9, AHEAD),
        ("last(fds) != 4", [9, 4], 4, OPEN),
        ("last(fds) >= 9", [4, 5], 5, AHEAD),
        ("last(fds) < 5", [4, 9], 9, OPEN),
        ("last(fds) < 5", [9, 4], 4, NONE),
        ("last(fds) < 5 for 3s", [4, 9], 9, FIRM),
        ("max(fds) != 7", [6, 7], 7, OPEN),
        ("max(fds) == 7", [5, 6], 6, AHEAD),
        ("max(fds) == 7", [5, 7, 6], 7, NONE),
        ("max(fds) == 7", [5, 8, 7], 8, FIRM),
        ("min(fds) == 7", [9, 8], 8, AHEAD),
        ("min(fds) == 7", [9, 6, 7], 6, FIRM),
        ("mean(fds) < 10", [8, 10], 9, NONE),
        ("p50(fds) < 10", [20, 20], 20, OPEN),
        ("cv(fds) < 5%", [9, 11], 10, OPEN),
        ("count(jobs_total) >= 5", [0, 3], 3, AHEAD),
        ("count(jobs_total) >= 5", [0, 6], 6, NONE),
        ("count(jobs_total) == 5", [0, 3], 3, AHEAD),
        ("count(jobs_total) == 5", [0, 6], 6, FIRM),
        ("count(jobs_total) < 5", [0, 5], 5, FIRM),
        ("rate(jobs_total) > 2/s", [10, 11, 14], 2, OPEN),
        ("rate(jobs_total) > 1/s", [10, 11, 14], 2, NONE),
    ],
)
def test_measures_over_the_soak(rule: str, values: list[float], value: float, crossing: Crossing) -> None:
    found = fed(rule, values)
    assert found.value == pytest.approx(value, rel=0.01)
    assert found.crossing(1.0) is crossing
    assert found.count == len(values)


def test_no_value_is_no_crossing() -> None:
    rules = (
        "max(fds) < 1", "mean(fds) < 1", "p99(fds) < 1", "cv(fds) < 1%", "rate(jobs_total) < 1/s",
        "count(jobs_total) < 1", "max(fds, 5s) < 1",
    )  # fmt: skip
    for rule in rules:
        found = measure(rule)
        assert (found.value, found.crossing(None), found.crossing(0.0)) == (None, NONE, NONE)


def test_one_counter_value_has_no_rate() -> None:
    assert fed("rate(jobs_total) > 1/s", [5]).value is None


def test_an_extreme_knows_its_newest_value() -> None:
    found = fed("max(fds) < 10", [12, 5])
    assert isinstance(found, Extreme)
    assert (found.value, found.current) == (12, 5)


@pytest.mark.parametrize(
    ("rule", "value", "rest", "crossing"),
    [
        ("mean(cpu) < 80%", 90, None, OPEN),
        ("mean(cpu) < 80%", 90, 1.0, OPEN),
        ("mean(cpu) < 80%", 90, 0.126, OPEN),
        ("mean(cpu) < 80%", 90, 0.124, FIRM),
        ("mean(cpu) > 50%", 20, 1.0, OPEN),
        ("mean(cpu) > 50%", 20, 0.5, FIRM),
        ("mean(cpu_cores) > 50%", 20, 0.01, OPEN),
        ("mean(throughput) > 50MB/s", 1e6, 0.001, OPEN),
        ("mean(wait_ms) < 20ms", 30, 0.4, FIRM),
        ("mean(drift) < 20", 30, 0.001, OPEN),
        ("mean(fds) == 20", 30, 0.001, OPEN),
    ],
)
def test_a_mean_is_firm_only_when_it_cannot_come_back(
    rule: str, value: float, rest: float | None, crossing: Crossing
) -> None:
    assert fed(rule, [value]).crossing(rest) is crossing


@given(st.lists(st.floats(0, 100), min_size=1, max_size=30), st.lists(st.floats(0, 100), min_size=1, max_size=30))
def test_no_rest_can_save_a_mean_called_lost(seen: list[float], rest: list[float]) -> None:
    found = fed("mean(cpu) < 80%", seen)
    if found.crossing(len(rest) / len(seen)) is FIRM:
        assert math.fsum([*seen, *rest]) / (len(seen) + len(rest)) >= 80 - 1e-9


@given(st.lists(st.floats(1e-3, 1e12), min_size=1, max_size=200), st.sampled_from([50, 95, 99]))
def test_percentiles_are_within_one_percent(values: list[float], share: int) -> None:
    exact = sorted(values)[math.ceil(len(values) * share / 100) - 1]
    assert fed(f"p{share}(wait_ms) < 1s", values).value == pytest.approx(exact, rel=0.01)


@pytest.mark.parametrize("rule", ["p99(drift) <= 10", "p50(drift) == 10", "p95(drift) >= 10", "p50(drift) < 10.01"])
def test_a_percentile_at_its_limit_is_not_past_it(rule: str) -> None:
    found = fed(rule, [10] * 99 + [9.99])
    assert found.crossing(None) is NONE
    assert found.value == pytest.approx(10, rel=0.01)


def test_negative_values_have_percentiles() -> None:
    assert fed("p50(drift) < 0", [-5, -5, -4, 3]).value == -5
    assert fed("p99(drift) < -1", [-5, -4]).crossing(None) is NONE


def test_values_that_are_not_positive_have_percentiles() -> None:
    assert fed("p50(drift) < 1", [0, 0, -5, 8]).value == 0
    assert fed("p99(drift) < 1", [0, 0, -5, 8]).value == pytest.approx(8, rel=0.01)


@given(st.lists(st.floats(1, 1e6), min_size=2, max_size=60))
def test_the_variation_coefficient_is_the_textbooks(values: list[float]) -> None:
    expected = 100 * statistics.pstdev(values) / statistics.fmean(values)
    assert fed("cv(fds) < 5%", values).value == pytest.approx(expected, abs=1e-6)
    assert aggregate_of("cv", values) == pytest.approx(expected, abs=1e-6)


def test_variation_around_zero_is_not_defined() -> None:
    assert fed("cv(drift) < 5%", [-1, 1]).value is None
    assert aggregate_of("cv", [-1, 1]) is None


@pytest.mark.parametrize(
    ("name", "value"), [("max", 9), ("min", 1), ("mean", 4.5), ("last", 3), ("p50", 3), ("p95", 9), ("p99", 9)]
)
def test_aggregates_of_a_list(name: str, value: float) -> None:
    assert aggregate_of(name, [9, 1, 5, 3]) == value
    assert aggregate_of(name, []) is None


@pytest.mark.parametrize(
    ("rule", "values", "value"),
    [
        ("min(throughput, 5s) > 1MB/s", [9, 9, 9, 9], None),
        ("min(throughput, 5s) > 1MB/s", [9, 1, 9, 9, 9, 9], 1),
        ("min(throughput, 5s) > 1MB/s", [9, 1, 9, 9, 9, 9, 9], 9),
        ("max(fds, 5s) < 1", [1, 9, 2, 3, 4, 5], 9),
        ("mean(fds, 4s) < 1", [100, 1, 2, 3, 4], 2.5),
        ("last(fds, 2s) < 1", [1, 2, 3], 3),
        ("p50(fds, 4s) < 1", [100, 1, 2, 3, 4], 2),
        ("rate(jobs_total, 4s) > 1/s", [0, 0, 10, 20, 20], 5),
        ("rate(jobs_total, 2s) > 1/s", [0, 0, 10, 20, 20], 5),
        ("rate(jobs_total, 2s) > 1/s", [0, 0, 10, 30, 30, 30], 0),
    ],
)
def test_windows(rule: str, values: list[float], value: float | None) -> None:
    assert fed(rule, values).value == value


def test_a_window_is_judged_as_it_is() -> None:
    assert fed("min(fds, 2s) > 5", [9, 9, 9]).crossing(None) is NONE
    assert fed("min(fds, 2s) > 5", [9, 9, 3]).crossing(None) is FIRM


@given(st.lists(st.integers(0, 50), min_size=6, max_size=40), st.integers(2, 10))
def test_a_window_holds_the_newest_seconds(values: list[int], window: int) -> None:
    found = fed(f"max(fds, {window}s) < 5", [float(value) for value in values])
    if len(values) > window:
        assert found.value == max(values[-window:])


def test_growth_over_a_window_is_the_plain_slope() -> None:
    rising = Story("growth(fds, 20s) < 30/min for 5s", duration=120.0).warm().soak(60, fds=lambda t: int(10 + t))
    found = rising.criterion()
    assert (found.verdict, found.shown_value) == (Verdict.BREACHED, "60.0/min")
    assert found.breaches[0].began == pytest.approx(28.0, abs=2.0)
    calm = Story("growth(fds, 20s) < 30/min for 5s", duration=120.0).warm().soak(60, fds=lambda t: int(10 + t / 4))
    assert calm.criterion().verdict is Verdict.OK
