"""What earlier runs of a kind say of what runs differ by."""

import random

import pytest

from stresstui.compare.earlier import FREEDOM_MAX, Scatter, pooled, scatter_of, times_noisier
from stresstui.compare.judge import Change, compare
from tests.compare.noise import METRICS, QUIET, run


def row(source: random.Random, *levels: tuple[float, int], share: float = 0.02) -> list[float]:
    return [level * source.lognormvariate(0.0, share) for level, count in levels for _ in range(count)]


def test_what_runs_differ_by_is_told_as_a_share_between_the_places_where_they_changed() -> None:
    source = random.Random(1)
    same = scatter_of({"rss": row(source, (1e8, 50))})["rss"]
    assert same.variance**0.5 == pytest.approx(0.02, rel=0.2)
    assert (same.freedom, same.runs) == (FREEDOM_MAX, 50)
    stepped = scatter_of({"rss": row(source, (1e8, 12), (2e8, 12))})["rss"]
    assert stepped.variance**0.5 == pytest.approx(0.02, rel=0.4)
    assert stepped.freedom == 22.0


def test_few_runs_and_what_was_nothing_tell_nothing() -> None:
    source = random.Random(2)
    assert scatter_of({"rss": row(source, (1e8, 9)), "close_wait": [0.0] * 30}) == {}
    assert scatter_of({"fds": [40.0] * 20})["fds"].variance == 0.0


def test_todays_runs_weigh_by_how_many_they_are_and_borrow_nothing_of_quieter_days() -> None:
    earlier = Scatter(0.0001, 24.0, 25)
    variance, freedom = pooled(0.0002, 8.0, earlier, 1.0)
    assert variance == pytest.approx((8 * 0.0002 + 24 * 0.0001) / 32)
    assert freedom == 32.0
    assert pooled(0.00026, 8.0, earlier, 1.0) == (0.00026, 8.0)
    assert pooled(0.00026, 8.0, earlier, 2.0)[1] == 32.0
    assert pooled(0.00001, 8.0, earlier, 1.0)[0] > 0.00007  # days that happen to be alike prove little


def test_a_noisier_day_is_one_for_all_metrics() -> None:
    source, earlier = random.Random(6), Scatter(1.0, 24.0, 25)

    def drawn(variance: float) -> list[tuple[float, float, Scatter]]:
        return [(variance * source.gammavariate(4.0, 0.25), 8.0, earlier) for _ in range(200)]

    assert times_noisier(drawn(1.0)) == pytest.approx(1.0, abs=0.15)
    assert times_noisier(drawn(2.0)) == pytest.approx(2.0, rel=0.15)
    assert times_noisier(drawn(0.3)) == 1.0
    assert times_noisier([]) == 1.0


def test_more_is_seen_beside_earlier_runs_and_that_is_said() -> None:
    source = random.Random(3)
    rows = [run(source, 40).phases["soak"] for _ in range(33)]
    earlier = scatter_of({name: [one[name].level for one in rows] for name in rows[0]})
    alone = beside = 0
    for _ in range(40):
        sides = [run(source, 40) for _ in range(5)], [run(source, 40, rss=1.02) for _ in range(5)]
        for known in ({}, earlier):
            found = {one.metric: one.change for one in compare(*sides, earlier=known).comparisons}
            worse = found["rss"] is Change.WORSE
            alone, beside = (alone, beside + worse) if known else (alone + worse, beside)
    assert beside > alone
    assert beside >= 34
    said = compare([run(source)] * 3, [run(source)] * 3, earlier=earlier).remarks
    assert "what runs differ by is told by 33 earlier ones of the same kind too" in said


def test_equal_sides_are_hardly_ever_called_different_beside_earlier_runs() -> None:
    source = random.Random(4)
    called = 0
    for _ in range(6):
        rows = [run(source, 30).phases["soak"] for _ in range(20)]
        earlier = scatter_of({name: [one[name].level for one in rows] for name in rows[0]})
        for _ in range(10):
            sides = [run(source, 30) for _ in range(5)], [run(source, 30) for _ in range(5)]
            found = compare(*sides, earlier=earlier).comparisons
            called += any(one.change in (Change.WORSE, Change.BETTER) for one in found)
    assert called <= 5


def test_a_row_of_quieter_days_makes_nothing_worse() -> None:
    """Without ``times_noisier`` 22 of 120 reports call something."""
    source, called = random.Random(8), 0
    quiet = {name: 0.6 * QUIET.get(name, 1.0) for name in METRICS}
    for _ in range(12):
        rows = [run(source, 30, quiet).phases["soak"] for _ in range(20)]
        earlier = scatter_of({name: [one[name].level for one in rows] for name in rows[0]})
        for _ in range(10):
            sides = [run(source, 30) for _ in range(5)], [run(source, 30) for _ in range(5)]
            found = compare(*sides, earlier=earlier).comparisons
            called += any(one.change in (Change.WORSE, Change.BETTER) for one in found)
    assert called <= 10


def test_one_run_a_side_is_held_against_what_earlier_ones_differed_by() -> None:
    """Instead of what is assumed; with a row of quieter days too it calls hardly anything that is not there."""
    source, seen, called = random.Random(5), 0, 0
    quiet = {name: 0.7 * QUIET.get(name, 1.0) for name in METRICS}
    for number in range(20):
        rows = [run(source, 30, quiet if number % 2 else QUIET).phases["soak"] for _ in range(25)]
        earlier = scatter_of({name: [one[name].level for one in rows] for name in rows[0]})
        for _ in range(4):
            base, same, more = run(source, 30), run(source, 30), run(source, 30, rss=1.05)
            found = compare([base], [same], earlier=earlier).comparisons
            called += any(one.change in (Change.WORSE, Change.BETTER) for one in found)
            changed = {one.metric: one.change for one in compare([base], [more], earlier=earlier).comparisons}
            seen += changed["rss"] is Change.WORSE
    assert called <= 4
    assert seen >= 55


def test_what_is_assumed_is_said_where_earlier_runs_do_not_tell_it() -> None:
    source = random.Random(5)
    sides = [run(source)], [run(source)]
    known = {name: Scatter(1e-4, 30.0, 31) for name in ("rss", "throughput", "latency_ms_p99")}
    said = compare(*sides, earlier=known).remarks
    assert not any("it is assumed" in one for one in said)
    assert any("31 earlier ones of the same kind too, whose variance counts twice" in one for one in said)
    assert any("it is assumed" in one for one in compare(*sides, earlier={"rss": known["rss"]}).remarks)
    noisy = compare(*sides, earlier={"rss": Scatter(0.04, 30.0, 31)}).comparisons
    wide = next(one for one in noisy if one.metric == "rss")
    assert wide.high - wide.low > 0.4 * wide.before
