import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstui.core.criteria.rule import (
    AGGREGATES,
    FACTS,
    OPERATORS,
    Rule,
    RuleError,
    check_rule,
    measured_unit,
    parse_rule,
)
from stresstui.core.model.scenario import MetricSpec, Scenario

SCENARIO = Scenario(
    name="s", metrics={"wait_ms": MetricSpec(), "jobs_total": MetricSpec(), "share_percent": MetricSpec(falls=True)}
)


def checked(text: str) -> Rule:
    return check_rule(parse_rule(text), SCENARIO)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mean(cpu) < 80%", ("mean", "cpu", None, "<", 80.0, 0, 0)),
        ("rate(jobs_total, 10s) > 100/s for 5s", ("rate", "jobs_total", 10.0, ">", 100.0, 5, 0)),
        ("min(throughput,30s)>50MB/s", ("min", "throughput", 30.0, ">", 50e6, 0, 0)),
        ("max(rss) < 512MiB for 10s after 5m", ("max", "rss", None, "<", 512 * 2**20, 10, 300)),
        ("max(rss) < 512 MiB after 5m for 10s", ("max", "rss", None, "<", 512 * 2**20, 10, 300)),
        ("growth(rss) < 1MiB/h", ("growth", "rss", None, "<", 2**20 / 3600, 0, 0)),
        ("growth(fds) < 1/h", ("growth", "fds", None, "<", 1 / 3600, 0, 0)),
        ("growth(throughput) > -1MB/s/h", ("growth", "throughput", None, ">", -1e6 / 3600, 0, 0)),
        ("settles(fds)", ("settles", "fds", None, "<=", 0.0, 0, 0)),
        ("count(panics) == 0", ("count", "panics", None, "==", 0.0, 0, 0)),
        ("count(jobs_total) >= 5", ("count", "jobs_total", None, ">=", 5.0, 0, 0)),
        ("exit_status == 0", ("fact", "exit_status", None, "==", 0.0, 0, 0)),
        ("duration >= 99%", ("fact", "duration", None, ">=", 99.0, 0, 0)),
        ("p99(wait_ms) < 20ms", ("p99", "wait_ms", None, "<", 20.0, 0, 0)),
        ("p99(wait_ms, 1m) < 1s", ("p99", "wait_ms", 60.0, "<", 1000.0, 0, 0)),
        ("cv(throughput) < 15%", ("cv", "throughput", None, "<", 15.0, 0, 0)),
        ("growth(wait_ms) < 3.6s/h", ("growth", "wait_ms", None, "<", 1.0, 0, 0)),
        ("last(close_wait) != 3", ("last", "close_wait", None, "!=", 3.0, 0, 0)),
        ("  max ( rss ) < 0  ", ("max", "rss", None, "<", 0.0, 0, 0)),
    ],
)
def test_rules(text: str, expected: tuple[str, str, float | None, str, float, float, float]) -> None:
    found = checked(text)
    value = found.threshold.value
    assert (found.aggregate, found.metric, found.window, found.operator) == expected[:4]
    assert (value, found.hold, found.after) == pytest.approx(expected[4:])


NOTHING = "a rule begins with a measure such as max(rss) or exit_status"
NO_FACT = "is neither exit_status, tests_run, tests_failed, duration nor a measure such as max(rss)"
NO_LIMIT = "expected an operator and a threshold, such as < 80%, after 'max(rss)'"
NO_CLAUSE = "expected 'for DURATION' or 'after DURATION', once each, at"
NO_DURATION = "is not a duration; write one such as 90s, 10m, 24h or 1h30m"
GAUGES = "mean, min, max, last, p50, p95, p99, cv"
UNITS = "B, kB, KB, MB, GB, TB, KiB, MiB, GiB, TiB, %, us, ms, s, m, min, h, d"
COUNTER = "needs a gauge or a rate; use rate(jobs_total) or count(jobs_total)"
OWN = "[metrics.%s] declares one of the program's own"
ONCE = "exit_status is judged once, when the run has ended; leave out 'for' and 'after'"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", NOTHING),
        ("< 5", NOTHING),
        ("rss < 5MiB", f"'rss' {NO_FACT}; write what of it is meant, such as max(rss)"),
        ("max rss < 5MiB", f"'max' {NO_FACT}; write max(rss)"),
        ("NOT max(rss) > 5MiB", f"'NOT' {NO_FACT}"),
        ("exit_code == 0", f"'exit_code' {NO_FACT}; did you mean 'exit_status'?"),
        ("1 MiB/h > growth(rss)", "write the measure first: growth(rss) < 1 MiB/h"),
        ("80% >= mean(cpu, 10s)", "write the measure first: mean(cpu, 10s) <= 80%"),
        ("0 == count(panics)", "write the measure first: count(panics) == 0"),
        ("10 < max(fds) < 100", NOTHING),
        ("max(fds) => 5", "write >= instead of '=>'"),
        ("max(fds) \u2264 5", "write <= instead of '\u2264'"),
        ("max(fds) <> 5", "write != instead of '<>'"),
        ("count(panics) = 0", "write == instead of '='"),
        ("median(fds) < 5", "unknown aggregate 'median'; did you mean 'p50'?"),
        ("MAX(fds) < 5", "unknown aggregate 'MAX'; did you mean 'max'?"),
        ("max(RSS) < 5MiB", "unknown metric 'RSS'; did you mean 'rss'?"),
        ("max(open_files) < 5", "unknown metric 'open_files'; did you mean 'fds'?"),
        ("maxx(rss) < 5MiB", "unknown aggregate 'maxx'; did you mean 'max'?"),
        ("sum(rss) < 5MiB", f"unknown aggregate 'sum'; known are {GAUGES}, rate, count, growth, settles, vs"),
        ("settles(fds, 5s)", "settles(metric) takes no window and no threshold"),
        ("settles(fds) < 5", "settles(metric) takes no window and no threshold"),
        ("count(panics, 1h) == 0", "count() takes no window; write count(panics)"),
        ("max(rss)", NO_LIMIT),
        ("max(rss) =< 5", "write <= instead of '=<'"),
        ("max(rss) < 5xb", f"'5xb': unknown unit 'xb'; known are {UNITS}"),
        ("max(rss) < 5MiB for", f"{NO_CLAUSE} 'for'"),
        ("max(fds) < 5 for 1s for 2s", f"{NO_CLAUSE} 'for 2s'"),
        ("max(fds) < 5 for ever", f"'ever' {NO_DURATION}"),
        ("max(fds, soon) < 5", f"'soon' {NO_DURATION}"),
        ("max(fds, 0s) < 5", "a window of 0 s holds nothing; write one such as max(fds, 10s)"),
        ("max(fds) < 1e999", "'1e999' is more than any value can be; write a smaller number"),
        ("exit_status == 0 for 5s", ONCE),
        ("exit_status == 0 after 5s", ONCE),
        ("max(rsss) < 5MiB", "unknown metric 'rsss'; did you mean 'rss'?"),
        ("rate(ops_total) > 1/s", f"unknown metric 'ops_total'; 'stresstui metrics' lists them, {OWN % 'ops_total'}"),
        ("count(atempts_total) > 1", "unknown metric 'atempts_total'; did you mean 'attempts_total'?"),
        (
            "max(zebra) < 5",
            f"unknown metric 'zebra'; 'stresstui metrics' lists them, {OWN % 'zebra'}",
        ),
        ("rate(fds) > 5/s", f"fds is a gauge, and rate() needs a counter; use one of {GAUGES}"),
        ("rate(throughput) > 5/s", f"throughput is a rate, and rate() needs a counter; use one of {GAUGES}"),
        ("mean(jobs_total) > 5", f"jobs_total is a counter, and mean() {COUNTER}"),
        ("settles(jobs_total)", f"jobs_total is a counter, and settles() {COUNTER}"),
        ("max(rss) < 80%", "the threshold '80%' is not in bytes; write one such as 512MiB"),
        ("growth(rss) < 1MiB", "the threshold '1 MiB' is not in bytes/s; write one such as 50MB/s or 1MiB/h"),
        ("mean(cpu) < 80", "the threshold '80' is not in %; write one such as 80%"),
        ("cv(throughput) < 1MB/s", "the threshold '1 MB/s' is not in %; write one such as 80%"),
        ("rate(jobs_total) > 100", "the threshold '100' is not in count/s; write one such as 100/s or 1/h"),
        ("p99(wait_ms) < 20", "the threshold '20' is not in ms; write one such as 20ms"),
    ],
)
def test_every_mistake_says_its_mend(text: str, message: str) -> None:
    with pytest.raises(RuleError) as caught:
        checked(text)
    assert str(caught.value) == f"'{text}': {message}"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("mean(rss) < 1MiB", "bytes"), ("growth(rss) < 1MiB/h", "bytes/s"), ("rate(jobs_total) > 1/s", "count/s"),
        ("cv(rss) < 5%", "%"), ("max(share_percent) < 5%", "%"), ("growth(throughput) > 0", "bytes/s/s"),
    ],
)  # fmt: skip
def test_what_a_rule_measures_has_a_unit(text: str, unit: str) -> None:
    rule = checked(text)
    metric = SCENARIO.metric(rule.metric)
    assert metric is not None
    assert measured_unit(rule, metric) == unit


@given(st.sampled_from(sorted(OPERATORS)), st.integers(-3, 3), st.integers(-3, 3))
def test_an_operator_means_what_it_says(sign: str, value: int, limit: int) -> None:
    rule = parse_rule(f"max(fds) {sign} {limit}")
    expected = {"<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit,
                "==": value == limit, "!=": value != limit}[sign]  # fmt: skip
    assert rule.holds(value) is expected
    assert rule.upper == (sign in ("<", "<="))


@given(st.text(max_size=40))
def test_any_text_is_a_rule_or_a_rule_error(text: str) -> None:
    try:
        rule = parse_rule(text)
    except RuleError as error:
        assert str(error).startswith(f"'{text}'")  # noqa: PT017 - the message is what is tested, where there is one
    else:
        assert rule.aggregate in (*AGGREGATES, "fact")
        assert rule.aggregate != "fact" or rule.metric in FACTS
