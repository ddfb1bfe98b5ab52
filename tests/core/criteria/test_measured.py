import pytest

from stresstui.core.criteria.aggregates import Crossing
from stresstui.core.criteria.finding import describe_breaches, mark_crossing
from stresstui.core.criteria.rule import check_rule, parse_rule
from stresstui.core.criteria.state import BREACHES_KEPT, Breach, CriterionState, Verdict
from stresstui.core.model import event as ev
from stresstui.core.model.event import Phase
from stresstui.core.model.scenario import CriterionSpec, MetricSpec, Scenario
from tests.core.story import Story

SCENARIO = Scenario(name="s")


def criterion(rule: str) -> CriterionState:
    parsed = check_rule(parse_rule(rule), SCENARIO)
    metric = SCENARIO.metric(parsed.metric)
    assert metric is not None
    return CriterionState(CriterionSpec(id="c", title="C", rule=rule), parsed, metric)


def soaking(rule: str, values: list[int | None]) -> CriterionState:
    story = Story(rule, warm_up=2.0, duration=600.0).warm().phase(Phase.SOAK)
    for value in values:
        story.run(1, fds=value)
    return story.criterion()


@pytest.mark.parametrize(
    ("rule", "values", "verdict", "breaches"),
    [
        ("max(fds) < 10", [], Verdict.NO_DATA, []),
        ("max(fds) < 10", [None, None], Verdict.NO_DATA, []),
        ("max(fds) < 10", [5], Verdict.OK, []),
        ("max(fds) < 10", [5, 12], Verdict.BREACHED, [(3, None, 12)]),
        ("max(fds) < 10", [12, 15, 11, 5], Verdict.BREACHED, [(2, 5, 15)]),
        ("max(fds) < 10", [12, 5, 11, 5], Verdict.BREACHED, [(2, 3, 12), (4, 5, 11)]),
        ("max(fds) < 10 for 3s", [12, 12, 12], Verdict.PENDING, []),
        ("max(fds) < 10 for 3s", [12, 12, 12, 14], Verdict.BREACHED, [(2, None, 14)]),
        ("max(fds) < 10 for 3s", [12, 12, 12, 5, 12], Verdict.PENDING, []),
        ("max(fds) < 10 for 3s", [12, 12, 12, 5], Verdict.OK, []),
        ("max(fds) < 10 for 2s", [12, 12, 12, 5, 12, 5, 12], Verdict.BREACHED, [(2, None, 12)]),
        ("max(fds) < 10 for 2s", [12, 12, 12, 5, 5, 5], Verdict.BREACHED, [(2, 5, 12)]),
        ("max(fds) < 10 after 3s", [12, 12, 12, 5], Verdict.OK, []),
        ("max(fds) < 10 after 3s", [12, 12, 12, 12], Verdict.BREACHED, [(5, None, 12)]),
        ("min(fds) > 10", [12, 5, 3, 12], Verdict.BREACHED, [(3, 5, 3)]),
        ("max(fds) > 10", [5, 5], Verdict.OPEN, []),
        ("max(fds) > 10", [5, 12, 5], Verdict.OK, []),
        ("max(fds) == 10", [10, 8, 15, 10], Verdict.BREACHED, [(4, None, 15)]),
        ("last(fds) == 10", [10, 8, 15, 10], Verdict.OK, []),
        ("last(fds) == 10", [10, 8, 15], Verdict.OPEN, []),
        ("last(fds) < 10", [12, 5, 12], Verdict.PENDING, []),
        ("last(fds) < 10 for 2s", [12, 12, 12, 5, 5, 5], Verdict.BREACHED, [(2, 5, 12)]),
        ("mean(fds) < 10", [20], Verdict.PENDING, []),
        ("mean(fds) < 10", [20, 1, 1], Verdict.OK, []),
        ("max(fds) < 10", [12, None, None], Verdict.BREACHED, [(2, None, 12)]),
    ],
)
def test_the_live_verdict(
    rule: str, values: list[int | None], verdict: Verdict, breaches: list[tuple[float, float | None, float]]
) -> None:
    found = soaking(rule, values)
    assert found.verdict is verdict
    assert [(b.began, b.ended, b.worst) for b in found.breaches] == breaches
    assert found.breach_count == len(breaches)
    assert found.active == bool(breaches and breaches[-1][1] is None)


def test_warm_up_and_cool_down_are_not_judged() -> None:
    story = Story("max(fds) < 10", warm_up=3.0).warm(fds=99).soak(fds=5).cool(fds=99).exit(planned=True).end()
    assert story.criterion().verdict is Verdict.PASSED


def test_counters_are_judged_from_warm_up_on() -> None:
    from stresstui.core.model import event as ev  # noqa: PLC0415 - one test needs it

    story = Story("count(oom_errors) == 0").phase(Phase.WARM_UP)
    story.add(ev.Matched(0.5, "oom", "too many open files"))
    assert story.criterion().verdict is Verdict.BREACHED


@pytest.mark.parametrize(
    ("rule", "values", "verdict", "evidence"),
    [
        ("max(fds) < 10", [None] * 58, "inconclusive", "File descriptors: no data in 58s of soak"),
        ("max(fds, 90s) < 10", [5] * 58, "inconclusive",
         "File descriptors: it never covered its window in 58s of soak"),
        ("max(fds) < 10", [5] * 58, "passed", "max(fds) < 10: 5 over 58s of soak, 58 values"),
        ("max(fds) < 10", [5] * 51 + [None] * 7, "inconclusive",
         "max(fds) < 10: 5 over 58s of soak, 51 values; 12% of the readings that were due are missing"),
        ("max(fds) < 10", [5] * 53 + [None] * 5, "passed", "max(fds) < 10: 5 over 58s of soak, 53 values"),
        ("max(fds) < 10", [12] + [None] * 57, "failed",
         "max(fds) < 10: 12 over 58s of soak, 1 values; breached once, first at 00:00:02, worst 12"),
        ("max(fds) > 10", [5] * 58, "failed", "max(fds) > 10: 5 over 58s of soak, 58 values; limit > 10"),
        ("mean(fds) < 10", [11] * 58, "failed",
         ("mean(fds) < 10: 11 over 58s of soak, 58 values, 11 in its last minute;"
          " breached once, first at 00:00:55, worst 11")),
        ("p95(fds) < 10", [5] * 40 + [20] * 18, "failed",
         "p95(fds) < 10: 20 over 58s of soak, 58 values; limit < 10"),
        ("cv(fds) < 5%", [5, 6] * 29, "failed", "cv(fds) < 5%: 9.09% over 58s of soak, 58 values; limit < 5%"),
        ("max(fds) < 10 for 5s", [5] * 55 + [12] * 3, "passed", "max(fds) < 10 for 5s: 12 over 58s of soak, 58 values"),
        ("last(fds) < 10", [12, 13] + [5] * 56, "passed", "last(fds) < 10: 5 over 58s of soak, 58 values"),
        ("last(fds) >= 12", [5] * 57 + [12], "passed", "last(fds) >= 12: 12 over 58s of soak, 58 values"),
        ("last(fds) >= 12", [12] * 57 + [5], "failed", "last(fds) >= 12: 5 over 58s of soak, 58 values; limit >= 12"),
        ("max(fds) < 10", [12, 5, 13, 5] + [5] * 54, "failed",
         "max(fds) < 10: 13 over 58s of soak, 58 values; breached 2 times, first at 00:00:02, worst 13"),
    ],
)  # fmt: skip
def test_the_final_verdict_and_why(rule: str, values: list[int | None], verdict: str, evidence: str) -> None:
    story = Story(rule, warm_up=2.0, duration=60.0).warm().phase(Phase.SOAK)
    for value in values:
        story.run(1, fds=value)
    found = story.cool().exit(planned=True).end().criterion()
    assert found.evidence == evidence
    assert found.verdict == verdict


def test_a_mean_over_its_limit_fails_also_where_no_end_was_planned() -> None:
    story = Story("mean(fds) < 10", duration=None, warm_up=0.0).warm().soak(30, fds=20).exit().end()
    assert story.criterion().verdict is Verdict.FAILED


def test_a_breach_is_not_forgotten_when_its_window_empties() -> None:
    story = Story("cv(fds, 3s) < 5%", warm_up=2.0).warm().phase(Phase.SOAK)
    for value in (5, 9, 5, 9, 0, 0, 0, 0):
        story.run(1, fds=value)
    found = story.soak(50, fds=0).cool().exit(planned=True).end().criterion()
    assert (found.value, found.verdict, found.breach_count) == (None, Verdict.FAILED, 1)


def test_what_a_cut_run_has_not_reached_yet_is_open() -> None:
    story = Story("max(fds) > 100", "max(fds) < 100").warm().soak(20)
    reached, kept = story.add(ev.StopRequested(story.t, by="user")).exit(0).end().state().criteria
    assert (reached.verdict, kept.verdict) == (Verdict.INCONCLUSIVE, Verdict.PASSED)
    assert reached.evidence.endswith("limit > 100; the rest of the plan could have changed that")


@pytest.mark.parametrize(
    ("rule", "done", "full", "verdict"),
    [
        ("count(done_total) >= 5", 3, 86400.0, Verdict.INCONCLUSIVE),
        ("count(done_total) == 5", 3, 86400.0, Verdict.INCONCLUSIVE),
        ("count(done_total) == 5", 6, 86400.0, Verdict.FAILED),
        ("count(done_total) < 3", 3, 86400.0, Verdict.FAILED),
        ("count(done_total) >= 5", 3, None, Verdict.FAILED),
        ("count(done_total) >= 5", 3, 40.0, Verdict.FAILED),
        ("count(done_total) >= 5", 5, 86400.0, Verdict.PASSED),
        ("max(fds) > 5", 3, 86400.0, Verdict.INCONCLUSIVE),
        ("max(fds) > 5", 3, None, Verdict.FAILED),
        ("mean(fds) > 5", 3, 86400.0, Verdict.FAILED),
    ],
)
def test_what_a_shortened_run_has_not_reached_is_open_where_its_scenario_is_longer(
    rule: str, done: int, full: float | None, verdict: Verdict
) -> None:
    story = Story(rule, metrics={"done_total": MetricSpec(title="Done")}, full_duration=full)
    story.warm().report(done_total=0).soak(50, fds=3).report(done_total=done)
    found = story.cool().exit(planned=True).end().criterion()
    assert found.verdict is verdict
    assert ("the 24h of the scenario may bring" in found.evidence) is (verdict is Verdict.INCONCLUSIVE)


def test_a_rule_that_flaps_is_counted_not_stored() -> None:
    state = criterion("max(fds) < 10")
    for t in range(0, 4000, 2):
        mark_crossing(state, t, Crossing.FIRM, 12.0)
        mark_crossing(state, t + 1, Crossing.NONE, 5.0)
    assert (state.breach_count, len(state.breaches)) == (2000, BREACHES_KEPT)
    assert state.breaches[-1] == Breach(398.0, 399.0, 12.0)
    assert describe_breaches(state) == "breached 2000 times, first at 00:00:00, worst 12"


def test_the_newest_breach_of_many_does_not_touch_the_kept_ones() -> None:
    state = criterion("max(fds) < 10")
    for t in range(0, 2 * BREACHES_KEPT, 2):
        mark_crossing(state, t, Crossing.FIRM, 12.0)
        mark_crossing(state, t + 1, Crossing.NONE, 5.0)
    mark_crossing(state, 1000, Crossing.FIRM, 99.0)
    assert state.active
    assert state.breaches[-1] == Breach(398.0, 399.0, 12.0)


@pytest.mark.parametrize(
    ("rule", "value", "shown", "margin"),
    [
        ("max(rss) < 1GiB", 2**29, "0.50 GiB", 0.5),
        ("growth(rss) < 1MiB/h", 2**21 / 3600, "2.00 MiB/h", -1.0),
        ("mean(cpu) < 80%", 60.0, "60.0%", 20.0),
        ("min(throughput) > 50MB/s", 30e6, "30.0 MB/s", -20.0),
        ("max(fds) < 100", 28.0, "28", 72.0),
        ("count(panics) == 0", 2.0, "2", -2.0),
        ("count(panics) == 0", 0.0, "0", 0.0),
        ("max(rss) < 0", 2**20, "1.00 MiB", -(2.0**20)),
        ("settles(rss)", 2**20, "1.00 MiB", None),
        ("max(fds) < 100", None, "-", None),
    ],
)
def test_values_are_shown_in_the_rules_unit(rule: str, value: float | None, shown: str, margin: float | None) -> None:
    state = criterion(rule)
    state.value = value
    assert state.shown_value == shown
    assert state.margin == (margin if margin is None else pytest.approx(margin))
    assert str(state.margin) != "-0.0"


def seldom(*, every: int, last: int) -> CriterionState:
    """A program that says its count every so many seconds of a minute's soak, the last time at a given one."""
    story = Story("rate(done_total, 20s) > 5/s", warm_up=5.0, duration=65.0, metrics={"done_total": MetricSpec()})
    for phase, seconds in ((Phase.WARM_UP, 5), (Phase.SOAK, 60)):
        story.phase(phase)
        for second in range(seconds):
            story.sample()
            if second % every == 0 and not (phase is Phase.SOAK and second > last):
                story.report(done_total=10.0 * story.t)
            story.t += 1.0
    return story.exit(planned=True).end().criterion()


@pytest.mark.parametrize(
    ("every", "last", "verdict"),
    [
        (10, 50, Verdict.PASSED),
        (10, 40, Verdict.INCONCLUSIVE),
        (5, 50, Verdict.INCONCLUSIVE),
        (1, 50, Verdict.INCONCLUSIVE),
        (1, 56, Verdict.PASSED),
    ],
)
def test_who_reports_seldom_is_silent_only_beyond_that(every: int, last: int, verdict: Verdict) -> None:
    assert seldom(every=every, last=last).verdict is verdict


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [("count(done_total) >= 100", Verdict.PASSED), ("count(done_total) < 9000", Verdict.INCONCLUSIVE)],
)
def test_a_count_that_was_reached_stays_so_when_the_program_falls_silent(rule: str, verdict: Verdict) -> None:
    story = Story(rule, warm_up=5.0, duration=65.0, metrics={"done_total": MetricSpec()}).warm().phase(Phase.SOAK)
    story.report(done_total=1.0).run(5).report(done_total=1000.0).run(55)
    found = story.exit(planned=True).end().criterion()
    assert found.verdict is verdict, found.evidence


@pytest.mark.parametrize(("said", "verdict"), [(0, Verdict.PASSED), (5, Verdict.FAILED)])
def test_what_was_counted_before_the_load_was_told_to_begin_counts(said: int, verdict: Verdict) -> None:
    story = Story("count(errors_total) == 0", warm_up=0.0, metrics={"errors_total": MetricSpec()})
    story.report(errors_total=said).warm().soak(60).report(errors_total=said)
    assert story.exit(planned=True).end().criterion().verdict is verdict


def test_a_count_that_was_said_once_and_early_is_known() -> None:
    story = Story("count(errors_total) == 0", warm_up=0.0, metrics={"errors_total": MetricSpec()})
    found = story.report(errors_total=5).warm().soak(60).exit(planned=True).end().criterion()
    assert (found.verdict, found.value) == (Verdict.FAILED, 5)


def test_no_more_than_all_readings_are_missing() -> None:
    story = Story("max(wait_ms) < 5ms", warm_up=0.0, metrics={"wait_ms": MetricSpec(unit="ms")})
    story.phase(Phase.WARM_UP).phase(Phase.SOAK).report(wait_ms=1.0)
    story.t += 8.0  # without a warm-up the first sample is the baseline, and it may be late
    found = story.run(50).exit(planned=True).end().criterion()
    assert "; 100% of the readings that were due are missing" in found.evidence


@pytest.mark.parametrize(
    ("values", "verdict", "said"),
    [
        ([3] * 20, "inconclusive", "past its limit for its last 19s, and 1m of that is a breach"),
        ([0] * 20 + [3] * 40, "inconclusive", "past its limit for its last 39s, and 1m of that is a breach"),
        ([0] * 60 + [3] * 5, "passed", ""),
        ([0] * 20 + [3] * 30 + [0] * 20, "passed", "never past its limit for 1m"),
        ([3] * 70, "failed", "breached once"),
    ],
)
def test_a_crossing_that_the_end_cut_short_is_open(values: list[float], verdict: str, said: str) -> None:
    story = Story("max(fds) < 1 for 1m").warm().phase(Phase.SOAK)
    for value in values:
        story.run(1, fds=value)
    found = story.cool().exit(planned=True).end().criterion()
    assert found.verdict == verdict
    assert said in (found.evidence or "")


@pytest.mark.parametrize(
    ("rule", "value", "shown"),
    [
        ("max(rss) < 1GiB", 3 << 20, "0.00293 GiB"),
        ("max(rss) < 1GiB", 0, "0.00 GiB"),
        ("max(rss) < 1GiB", 3 << 30, "3.00 GiB"),
        ("min(throughput) > 5MB/s", 2_000, "0.002 MB/s"),
        ("growth(rss) < 1GiB/h", 3.0, "0.00 GiB/h"),
        ("mean(cpu) < 80%", 0.001, "0.00%"),
    ],
)
def test_bytes_that_are_not_none_are_not_shown_as_none(rule: str, value: float, shown: str) -> None:
    assert criterion(rule).show(value) == shown
