import random
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstui.core.criteria.growing.history import AT_REST_WORTH, Trend
from stresstui.core.criteria.growing.idle import REST_PART, SETTLE_S, VALLEY_S, OfferedLoad, Valleys
from stresstui.core.criteria.state import Verdict
from stresstui.core.growth import Judgement, Patience, State
from stresstui.core.model.metric import BUILT_IN
from stresstui.core.model.scenario import MetricSpec
from tests.core.story import MIB, Story


def resting(loads: list[float], name: str = "active_connections") -> list[float | None]:
    load, out = OfferedLoad(), []
    for t, value in enumerate(loads):
        load.observe(float(t), {name: value, "bytes_total": 5.0})
        out.append(load.resting_since)
    return out


@pytest.mark.parametrize(
    ("loads", "since"),
    [
        ([], []),
        ([0.0, 0.0], [None, None]),
        ([9.0, 0.0, 0.0, 9.0, 0.0], [None, 1.0, 1.0, None, 4.0]),
        ([100.0, 100 * REST_PART, 100 * REST_PART + 0.1], [None, 1.0, None]),
        ([2.0, 1.0, 40.0, 2.0], [None, None, None, 3.0]),
    ],
)
def test_when_a_load_is_at_rest(loads: list[float], since: list[float | None]) -> None:
    assert resting(loads) == since


def test_a_workload_that_reports_no_load_never_rests() -> None:
    assert resting([9.0, 0.0, 0.0], name="connections_total") == [None, None, None]


def points(values: dict[float, float], since: Mapping[float, float | None]) -> list[tuple[float, float]]:
    valleys = Valleys()
    found = [valleys.observe(t, value, since.get(t)) for t, value in values.items()]
    return [valley for valley in found if valley]


def test_a_valley_is_the_median_once_settled() -> None:
    values = {float(t): 100.0 if t < 10 else float(t) for t in range(20)} | {20.0: 500.0}
    since = dict.fromkeys(map(float, range(8, 20)), 8.0)
    settled = [float(t) for t in range(20) if t - 8 >= SETTLE_S]
    assert points(values, since) == [(20.0, settled[len(settled) // 2])]


def test_a_short_rest_is_no_valley_and_a_long_one_is_several() -> None:
    short = {float(t): 5.0 for t in range(20)}
    assert points(short, dict.fromkeys(map(float, range(10, 10 + int(SETTLE_S) + 2)), 10.0)) == []
    long = {float(t): 5.0 for t in range(400)}
    found = points(long, dict.fromkeys(long, 0.0))
    assert len(found) == int((400 - SETTLE_S) // VALLEY_S)
    assert {value for _, value in found} == {5.0}


@given(st.lists(st.tuples(st.floats(0, 1e9), st.booleans()), max_size=300))
def test_valleys_are_values_that_were_seen_at_rest(rows: list[tuple[float, bool]]) -> None:
    valleys, since, seen = Valleys(), None, []
    for t, (value, rests) in enumerate(rows):
        since = (since if since is not None else float(t)) if rests else None
        if since is not None and t - since >= SETTLE_S:
            seen.append(value)
        found = valleys.observe(float(t), value, since)
        if found:
            assert min(seen) <= found[1] <= max(seen)
            assert found[0] == t


def waves(seconds: int, leak: float, swelling: float) -> Iterator[tuple[float, float, float | None]]:
    """Half a minute of load, half a minute without; the load's memory may swell, and some may be lost for good."""
    chance = random.Random(5)
    for t in range(seconds):
        busy = t % 60 < 30
        under_load = (40 + swelling * t / 3600) * MIB * chance.uniform(0.5, 1.5) if busy else 0.0
        yield float(t), 80 * MIB + leak * MIB * t / 3600 + under_load, None if busy else float(t // 60 * 60 + 30)


def judged(seconds: int, *, leak: float = 0.0, swelling: float = 0.0, metric: str = "rss") -> tuple[Trend, Judgement]:
    trend = Trend(BUILT_IN[metric], "<", Patience(3600.0))
    for t, value, since in waves(seconds, leak, swelling):
        trend.observe(t, value, since)
        trend.evaluate(t)
    return trend, trend.judge()


def test_a_small_leak_shows_in_the_valleys() -> None:
    trend, found = judged(3000, leak=6.0)
    assert found.state is State.LEAKING
    assert found.reason.startswith("At rest: ")
    assert trend.at_rest == 49
    assert found.slope_per_hour == pytest.approx(6 * MIB, rel=0.05)
    whole = trend.detector.evaluate()
    assert whole.resolvable_per_hour is not None
    assert found.resolvable_per_hour is not None
    assert found.resolvable_per_hour < AT_REST_WORTH * whole.resolvable_per_hour


def test_a_load_that_swells_is_no_leak() -> None:
    trend, found = judged(3000, swelling=200.0)
    assert trend.detector.evaluate().state is not State.STEADY
    assert found.state is State.STEADY
    assert not found.leak
    assert found.slope_per_hour == pytest.approx(0.0, abs=0.01 * MIB)


def test_before_a_dozen_valleys_the_whole_soak_decides() -> None:
    trend, found = judged(500, leak=6.0)
    assert trend.at_rest == 0
    assert not found.reason.startswith("At rest")


class Told(Trend):
    """A trend that is told what both of its detectors find."""

    def __init__(self, whole: Judgement, rest: Judgement) -> None:
        super().__init__(BUILT_IN["rss"], "<")
        self._rests = 5
        self.detector.evaluate = lambda **_: whole  # type: ignore[method-assign] # fake judgements are the point
        self._resting.evaluate = lambda **_: rest  # type: ignore[method-assign]


def found(state: State, shows: float | None) -> Judgement:
    return Judgement(state, 1.0, (0.5, 1.5), None, shows, 3600.0, None, leak=False, reason="So.")


@pytest.mark.parametrize(
    ("whole", "rest", "at_rest"),
    [
        (found(State.STEADY, 5.0), found(State.LEAKING, 1.0), 5),
        (found(State.STEADY, None), found(State.STEADY, 1.0), 5),
        (found(State.LEAKING, 1.0), found(State.STEADY, 1.2), 5),
        (found(State.STEADY, 5.0), found(State.UNDECIDED, 1.0), 0),
        (found(State.LEAKING, 1.0), found(State.STEADY, 5.0), 0),
        (found(State.STEADY, 5.0), found(State.SETTLING, None), 0),
    ],
)
def test_what_shows_less_growth_decides(whole: Judgement, rest: Judgement, at_rest: int) -> None:
    trend = Told(whole, rest)
    assert trend.judge().state is (rest if at_rest else whole).state
    assert trend.at_rest == at_rest


def test_the_offered_load_of_a_run_tells_its_valleys() -> None:
    story = Story("growth(rss) < 1MiB/h", metrics={"active_connections": MetricSpec()}, duration=3060.0, warm_up=60.0)
    values = {t: (value, since) for t, value, since in waves(3000, 6.0, 0.0)}
    story.warm().soak(
        rss=lambda t: int(values[t - 60][0]), report=lambda t: {"active_connections": float(values[t - 60][1] is None)}
    )
    criterion = story.cool().exit(planned=True).end().criterion()
    assert criterion.verdict is Verdict.FAILED
    assert "idle valleys" in criterion.evidence


def test_throughput_has_no_valleys() -> None:
    assert judged(1500, metric="throughput")[0].at_rest == 0


def test_a_restart_begins_the_valleys_anew() -> None:
    trend, found = judged(1500)
    assert found.state is State.STEADY
    trend.segment(1500.0)
    assert trend.judge().state is State.UNDECIDED
