import math
import random
from collections.abc import Iterator

import pytest

from stresstui.core.growth import GrowthDetector, Judgement, Kind, State, replay
from stresstui.core.growth.history import LIMIT, History
from stresstui.core.growth.window import look
from stresstui.core.growth.window_tests import lasting

MB = 1e6
HOUR = 3600.0


def every(step: float, seconds: float) -> Iterator[float]:
    return (i * step for i in range(int(seconds / step) + 1))


def rising(per_hour: float, seconds: float = HOUR, start: float = 50 * MB) -> list[tuple[float, float]]:
    chance = random.Random(3)
    return [(t, start + per_hour * t / HOUR + chance.gauss(0, 0.2 * MB)) for t in every(5, seconds)]


def judged(detector: GrowthDetector, points: list[tuple[float, float]]) -> Judgement:
    due = points[0][0] + 60
    for t, value in points:
        detector.add(t, value)
        if t >= due:
            detector.evaluate()
            due += 60
    return detector.evaluate()


@pytest.mark.parametrize("kind", Kind)
def test_no_data_is_undecided_and_never_a_leak(kind: Kind) -> None:
    judgement = GrowthDetector(kind).evaluate()
    assert (judgement.state, judgement.leak, judgement.slope_per_hour) == (State.UNDECIDED, False, None)
    assert judgement.settles_in_s is not None
    assert judgement.settles_in_s > 0


@pytest.mark.parametrize("seconds", [0, 30, 60, 90])
def test_too_short_is_neither_steady_nor_a_leak(seconds: float) -> None:
    for points in (rising(500 * MB, seconds), [(t, 5.0) for t in every(1, seconds)]):
        judgement = judged(GrowthDetector(Kind.RSS), points)
        assert judgement.state is State.UNDECIDED
        assert not judgement.leak


def test_a_leak_is_called_with_its_slope_its_interval_and_its_beginning() -> None:
    judgement = judged(GrowthDetector(Kind.RSS), rising(60 * MB))
    assert judgement.state is State.LEAKING
    assert judgement.leak
    assert judgement.slope_per_hour == pytest.approx(60 * MB, rel=0.02)
    assert judgement.ci is not None
    assert judgement.ci[0] < 60 * MB < judgement.ci[1]
    assert judgement.since is not None
    assert judgement.since < 0.2 * HOUR
    assert judgement.settles_in_s is None
    assert "MiB/h" in judgement.reason


def test_growth_is_pending_before_it_is_a_leak() -> None:
    detector, states = GrowthDetector(Kind.RSS), []
    for t, value in rising(200 * MB):
        detector.add(t, value)
        if t % 60 == 0 and t:
            states.append(detector.evaluate().state)
    first = states.index(State.LEAKING)
    assert states[first - 1] is State.GROWING
    assert State.LEAKING not in states[:first]


@pytest.mark.parametrize(("late", "lasts"), [(1.0, True), (1.5, True), (0.8, True), (0.5, False), (0.0, False)])
def test_a_rise_lasts_while_its_latest_third_is_nearly_as_fast(late: float, lasts: bool) -> None:  # noqa: FBT001  # a table
    times = list(every(5, 600))
    values = [min(t, 400.0) + late * max(0.0, t - 400) for t in times]
    window = look(times, values, values, 0)
    assert window is not None
    assert lasting(window) is lasts


def test_a_rise_seen_in_few_values_is_called_later() -> None:
    def called(step: float) -> float | None:
        return replay([(t, 100 * MB + 2e4 * t) for t in every(step, 1800)], Kind.RSS).first_alarm_t

    assert called(5) == 420
    assert called(20) == 540


def test_steady_says_what_it_would_have_shown() -> None:
    judgement = judged(GrowthDetector(Kind.RSS), rising(0.0))
    assert judgement.state is State.STEADY
    assert judgement.resolvable_per_hour is not None
    assert 0.9 * MB < judgement.resolvable_per_hour < 3 * MB


def test_a_warm_up_settles() -> None:
    points = [(t, 100 * MB - 60 * MB * math.exp(-t / 900)) for t in every(5, HOUR)]
    seen = {judged(GrowthDetector(Kind.RSS), points[: len(points) * part // 8]).state for part in range(4, 8)}
    assert State.SETTLING in seen
    assert not replay(points, Kind.RSS).leak


def test_after_a_warm_up_the_interval_is_of_what_came_then() -> None:
    chance = random.Random(2)
    points = [(t, 100 * MB - 60 * MB * math.exp(-t / 200) + chance.gauss(0, 0.1 * MB)) for t in every(5, 4 * HOUR)]
    judgement = judged(GrowthDetector(Kind.RSS), points)
    assert judgement.state is State.STEADY
    assert judgement.ci is not None
    assert -0.2 * MB < judgement.ci[0] < 0 < judgement.ci[1] < 0.2 * MB


def test_an_alarm_ends_when_the_rise_has_ended() -> None:
    points = [(t, 50 * MB + 40 * MB * min(1, t / HOUR)) for t in every(5, 4 * HOUR)]
    found = replay(points, Kind.RSS)
    assert len(found.alarms) == 1
    assert found.alarms[0][1] is not None
    assert found.alarms[0][1] > HOUR
    assert not found.leak


@pytest.mark.parametrize("kept", [0.05, 0.4])
def test_an_alarm_ends_sooner_when_what_rose_is_given_back(kept: float) -> None:
    """Less than half of what had risen is left."""
    points = [(t, 100 * MB * (1 + (t / HOUR / 2 if t < 2 * HOUR else kept))) for t in every(10, 6 * HOUR)]
    (alarm,) = replay(points, Kind.RSS).alarms
    assert alarm[1] is not None
    assert 2 * HOUR < alarm[1] < 2 * HOUR + 20 * 60


def test_falling_throughput_is_degrading_and_rising_is_not() -> None:
    chance = random.Random(1)
    points = [(t, 80 * MB * (1 - 0.3 * t / HOUR) * (1 + chance.gauss(0, 0.03))) for t in every(5, HOUR)]
    found = replay(points, Kind.THROUGHPUT)
    assert found.leak
    assert found.slope_per_hour == pytest.approx(-24 * MB, rel=0.15)
    mirrored = [(t, 160 * MB - value) for t, value in points]
    assert not replay(mirrored, Kind.THROUGHPUT).leak


def test_throughput_that_stalls_to_nothing_now_and_then_is_not_degrading() -> None:
    chance = random.Random(1)
    points = [(t, 0.0 if chance.random() < 0.1 else 5e7) for t in every(5, HOUR)]
    assert replay(points, Kind.THROUGHPUT).alarms == []


def test_active_time_stands_still_in_a_gap() -> None:
    detector = GrowthDetector(Kind.FDS)
    for t in every(5, 600):
        detector.add(t, 10)
    detector.gap(4200)
    detector.add(4200, 10)
    for t in every(5, 595):
        detector.add(4205 + t, 10)
    assert detector.evaluate().active_s == pytest.approx(1200, abs=10)


@pytest.mark.parametrize("planned", [None, 600.0])
def test_what_fills_up_did_so_while_nobody_looked(planned: float | None) -> None:
    straight = [(t, 50 * MB + 0.1 * MB * t) for t in every(1, 600) if not 200 < t < 370]
    assert replay(straight, Kind.RSS, planned).leak
    assert not replay([point for point in straight if point[0] < 530], Kind.RSS, planned).leak


def test_a_restart_clears_the_past_but_not_the_alarm() -> None:
    detector = GrowthDetector(Kind.RSS)
    assert judged(detector, rising(100 * MB)).state is State.LEAKING
    detector.segment(HOUR + 5)
    detector.add(HOUR + 5, 20 * MB)
    judgement = detector.evaluate()
    assert judgement.state is State.LEAKING
    assert judgement.active_s == 0
    steady = [(HOUR + 5 + t, 20 * MB + t % 7) for t in every(5, 2 * HOUR)]
    assert judged(detector, steady).state is State.STEADY


def test_a_jump_at_a_restart_is_no_trend() -> None:
    detector = GrowthDetector(Kind.RSS)
    judged(detector, rising(0.0))
    detector.segment(HOUR + 5)
    later = [(HOUR + 5 + t, value + 400 * MB) for t, value in rising(0.0)]
    assert judged(detector, later).state is State.STEADY


def test_memory_is_bounded() -> None:
    history = History()
    for i in range(40_000):
        history.add(i * 3.0, float(i))
    times, means, lows = history.snapshot()
    assert LIMIT // 2 <= len(times) <= LIMIT
    assert len(times) == len(means) == len(lows) == len(history.bins)
    assert means == sorted(means)
    assert all(low <= mean for low, mean in zip(lows, means, strict=True))


def test_evaluations_do_not_depend_on_when_nothing_new_came() -> None:
    one, two = GrowthDetector(Kind.RSS), GrowthDetector(Kind.RSS)
    for t, value in rising(30 * MB):
        one.add(t, value)
        two.add(t, value)
    two.evaluate()
    assert one.evaluate().slope_per_hour == two.evaluate().slope_per_hour


def test_nan_is_ignored() -> None:
    detector = GrowthDetector(Kind.GAUGE_UP)
    for t in every(5, 900):
        detector.add(t, math.nan if t % 10 else 7.0)
    judgement = detector.evaluate()
    assert judgement.state is State.STEADY
    assert judgement.slope_per_hour == 0.0


@pytest.mark.parametrize(("lost", "called"), [(0.045, False), (0.12, True)])
def test_a_small_fall_of_throughput_is_not_called_while_the_run_goes_on(lost: float, called: bool) -> None:  # noqa: FBT001  # a table
    chance = random.Random(4)
    falling = [(t, 50 * MB * (1 - lost * t / 1800) * chance.uniform(0.995, 1.005)) for t in every(5, 1800)]
    found = replay(falling, Kind.THROUGHPUT)
    assert bool(found.alarms) is called
    assert found.leak
