"""Whether two sides differ: by chance not, and where they do it is seen."""

import random

import msgspec
import pytest

from stresstui.compare.judge import Change, Report, compare
from stresstui.compare.numbers import Numbers
from stresstui.compare.say import lines, markdown, rows, verdict
from tests.compare.noise import run


def changes(report: Report) -> dict[str, Change]:
    return {one.metric: one.change for one in report.comparisons}


def test_equal_sides_are_hardly_ever_called_different() -> None:
    source = random.Random(11)
    called = sum(
        any(change in (Change.WORSE, Change.BETTER) for change in changes(report).values())
        for _ in range(60)
        for report in [compare([run(source), run(source)], [run(source), run(source)])]
    )
    assert called <= 3  # 5 % of the reports


def test_what_became_worse_is_seen_with_five_runs_a_side() -> None:
    source = random.Random(12)
    base = [run(source) for _ in range(5)]
    slower = compare(base, [run(source, throughput=0.94) for _ in range(5)])
    assert changes(slower)["throughput"] is Change.WORSE
    assert changes(slower)["rss"] is Change.NONE
    assert slower.comparisons[0].metric == "throughput"
    assert changes(compare(base, [run(source, throughput=1.06) for _ in range(5)]))["throughput"] is Change.BETTER
    assert changes(compare(base, [run(source, rss=1.03) for _ in range(5)]))["rss"] is Change.WORSE


def test_one_run_a_side_sees_what_no_two_runs_differ_by() -> None:
    source = random.Random(13)
    base, same, worse = run(source), run(source), run(source, rss=1.5, throughput=0.5)
    assert set(changes(compare([base], [same])).values()) == {Change.NONE}
    found = compare([base], [worse])
    assert changes(found)["rss"] is Change.WORSE
    assert changes(found)["throughput"] is Change.WORSE
    assert any("one run a side" in remark for remark in found.remarks)


def test_few_of_anything_scatter_and_that_is_no_change() -> None:
    source = random.Random(20)
    base = run(source)
    few, fewer = (
        msgspec.structs.replace(base.phases["soak"]["fds"], values=[source.choice((low, low + 1)) for _ in range(60)])
        for low in (0.0, 2.0)
    )
    one, other = ([msgspec.structs.replace(base, phases={"soak": {"fds": side}})] for side in (few, fewer))
    assert changes(compare(one, other))["fds"] is Change.NONE


def test_only_what_is_watched_or_judged_is_compared_unless_every_metric_is_asked_for() -> None:
    source = random.Random(21)
    base = run(source)
    soak = base.phases["soak"] | {"odd": base.phases["soak"]["fds"], "own": base.phases["soak"]["rss"]}
    side = [msgspec.structs.replace(base, phases={"soak": soak}, judged=["own"])]
    assert "odd" not in changes(compare(side, side))
    assert "own" in changes(compare(side, side))
    assert "odd" in changes(compare(side, side, every=True))


def test_it_says_what_it_would_have_seen() -> None:
    source = random.Random(14)
    report = compare([run(source) for _ in range(5)], [run(source) for _ in range(5)])
    for one in report.comparisons:
        assert one.seen_from > 0
        assert one.low <= one.difference <= one.high
    seen = next(one for one in report.comparisons if one.metric == "throughput")
    share = seen.share(seen.seen_from)
    assert share is not None
    assert 0.01 < share < 0.1


def test_what_is_asked_for_and_would_not_have_shown_is_told_with_the_runs_that_show_it() -> None:
    source = random.Random(23)
    busy = compare([run(source, 40, {}) for _ in range(5)], [run(source, 40, {}) for _ in range(5)])
    found = {one.metric: one for one in busy.comparisons}
    runs = found["latency_ms_p99"].runs
    assert runs is not None
    assert 50 < runs < 1000
    assert f"10 % of latency_ms_p99 would have been seen with {runs}+{runs} runs" in " ".join(busy.remarks)
    assert found["throughput"].runs is None
    assert found["cpu"].runs is None  # nobody asked for a share of it
    source = random.Random(24)
    quiet = compare([run(source, 40) for _ in range(5)], [run(source, 40) for _ in range(5)])
    assert not any("would have been seen" in remark for remark in quiet.remarks)
    endless = compare(flats("latency_ms_p99", 1.0, 90.0, 2000.0), flats("latency_ms_p99", 2.0, 80.0, 3000.0))
    assert "more than 1000 runs a side" in " ".join(endless.remarks)
    two = compare([run(source, 40, {}) for _ in range(2)], [run(source, 40, {}) for _ in range(2)])
    assert not any("would have been seen" in remark for remark in two.remarks)  # what they differ by is assumed


def test_runs_of_times_differ_by_factors() -> None:
    report = compare(flats("latency_ms_p99", 10.0, 20.0, 40.0), flats("latency_ms_p99", 20.0, 40.0, 80.0))
    one = next(one for one in report.comparisons if one.metric == "latency_ms_p99")
    assert one.before == pytest.approx(20.0)
    assert one.after == pytest.approx(40.0)
    assert one.before + one.low > 0.0
    assert (one.before + one.low) * (one.before + one.high) == pytest.approx(40.0**2)
    nothing = compare(flats("latency_ms_p99", 0.0, 20.0), flats("latency_ms_p99", 0.0, 20.0))  # has no logarithm
    assert nothing.comparisons[0].before == 10.0


def test_what_never_moves_is_equal_or_is_not() -> None:
    base = run(random.Random(15))
    values = base.phases["soak"]["fds"]

    def flat(level: float) -> list:  # type: ignore[type-arg]
        soak = {"fds": msgspec.structs.replace(values, values=[level] * 50)}
        return [msgspec.structs.replace(base, phases={"soak": soak})] * 2

    assert changes(compare(flat(7.0), flat(7.0)))["fds"] is Change.NONE
    assert changes(compare(flat(7.0), flat(9.0)))["fds"] is Change.WORSE
    assert changes(compare(flat(0.0), flat(0.0)))["fds"] is Change.NONE
    assert "no change" in " ".join(lines(compare(flat(0.0), flat(0.0))))


def flats(metric: str, *levels: float) -> list[Numbers]:
    base = run(random.Random(22))
    values = base.phases["soak"][metric]
    return [
        msgspec.structs.replace(base, phases={"soak": {metric: msgspec.structs.replace(values, values=[level] * 50)}})
        for level in levels
    ]


@pytest.mark.parametrize(
    ("metric", "before", "after", "change"),
    [
        ("fds", [20, 20], [21, 21], Change.NONE),
        ("fds", [20] * 5, [20, 21, 20, 21, 21], Change.NONE),
        ("fds", [20] * 5, [22] * 5, Change.WORSE),
        ("throughput", [10.5e6, 10.51e6], [10.2e6, 10.21e6], Change.NONE),
        ("throughput", [10.5e6, 10.51e6], [7.5e6, 7.51e6], Change.WORSE),
        ("throughput", [10.5e6] * 3, [10.45e6] * 3, Change.NONE),
        ("throughput", [10.5e6] * 3, [9.9e6] * 3, Change.WORSE),
        ("latency_ms_p50", [1.0], [1.9], Change.NONE),
        ("latency_ms_p50", [1.0], [4.0], Change.WORSE),
        ("latency_ms_p99", [10.0], [40.0], Change.NONE),
        ("latency_ms_p99", [10.0], [80.0], Change.WORSE),
    ],
)
def test_runs_that_happen_to_be_alike_prove_little(
    metric: str, before: list[float], after: list[float], change: Change
) -> None:
    """As of real runs of the same thing: of two a side both pairs fell together, to the digit."""
    assert changes(compare(flats(metric, *before), flats(metric, *after)))[metric] is change


def test_a_certain_trifle_is_called_small() -> None:
    source = random.Random(16)
    base = [msgspec.structs.replace(run(source), run=str(n)) for n in range(5)]
    report = compare(base, base, at_least=0.01)
    assert Change.WORSE not in changes(report).values()
    slightly = compare(base, [run(source, rss=1.03) for _ in range(5)], at_least=0.2)
    assert changes(slightly)["rss"] is Change.SMALL


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("scenario", "other", "scenarios differ"),
        ("planned", 9.0, "lengths differ"),
        ("outcome", "aborted", "not whole"),
        ("soaked", 20.0, "soaks lasted 20s to 1m"),
    ],
)
def test_what_does_not_compare_well_is_said(field: str, value: object, said: str) -> None:
    source = random.Random(17)
    odd = msgspec.structs.replace(run(source), **{field: value})
    report = compare([msgspec.structs.replace(run(source), soaked=60.0)], [odd])
    assert any(said in reason for reason in report.unlike)
    marks = {row[0] for row in rows(report)}
    assert "- not judged" in marks
    assert not marks & {"= no change", "~ small"}
    assert verdict(report).startswith("NOT OF A KIND")


def test_nothing_in_common_is_no_pass() -> None:
    empty = msgspec.structs.replace(run(random.Random(18)), phases={"soak": {}})
    report = compare([empty], [empty])
    assert verdict(report) == "NOTHING TO COMPARE"
    assert "nothing to compare" in markdown(report)


def test_words_hold_every_metric() -> None:
    source = random.Random(19)
    report = compare([run(source)] * 2, [run(source, rss=1.5)] * 2)
    said = lines(report)
    assert said[2] == "WORSE: 1 worse, 0 better, 3 without a change that could be told" or "worse" in said[2]
    assert markdown(report).count("\n| ") >= 5
