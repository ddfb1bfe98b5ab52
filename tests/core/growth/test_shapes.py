"""Shapes that were missed or falsely called in the field, each beside its twin."""

import math
import random
from collections.abc import Callable

import pytest

from stresstui.core.growth import GrowthDetector, Kind, State, replay
from tests.core.growth.fresh import fresh

MB = 1e6
HOUR = 3600.0


def trace(
    curve: Callable[[float], float], end: float, step: float = 10.0, noise: float = 0.05
) -> list[tuple[float, float]]:
    """Readings of a curve in megabytes."""
    chance = random.Random(3)
    return [(i * step, (curve(i * step) + chance.gauss(0, noise)) * MB) for i in range(int(end / step) + 1)]


def warm_up(t: float) -> float:
    return 30 - 20 * math.exp(-t / 1800)


def test_a_warm_up_that_comes_down_to_a_rate_is_a_leak_and_one_that_ends_or_is_a_logarithm_is_not() -> None:
    leaks = replay(trace(lambda t: warm_up(t) + 2.5 * t / HOUR, 4 * HOUR), Kind.RSS, 4 * HOUR)
    assert leaks.leak
    assert leaks.slope_per_hour == pytest.approx(2.5 * MB, rel=0.25)
    assert not replay(trace(warm_up, 4 * HOUR), Kind.RSS, 4 * HOUR).leak
    slow = trace(lambda t: 20 + 6 * math.log1p(t / 120), 4 * HOUR, noise=0.001)
    assert not replay(slow, Kind.RSS, 4 * HOUR).leak


@pytest.mark.parametrize("height", [15, 25])
def test_a_warm_up_under_noise_is_not_taken_for_a_line_from_the_first_reading_on(height: float) -> None:
    slow = trace(lambda t: 100 - height * math.expm1(-t / 2500), HOUR - 10, noise=1.5)
    assert replay(slow, Kind.RSS, 4 * HOUR).alarms == []


def teeth(t: float) -> float:
    """Teeth of 100 s that grow to five times their height within the hour."""
    return (4 + 16 * t / HOUR) * (t % 100) / 100


def test_teeth_that_grow_with_the_load_over_a_floor_that_stays_are_no_leak() -> None:
    still = replay(trace(lambda t: 50 + teeth(t), HOUR), Kind.RSS, HOUR)
    assert (still.leak, still.alarms) == (False, [])
    assert replay(trace(lambda t: 50 + teeth(t) + 20 * t / HOUR, HOUR), Kind.RSS, HOUR).leak


def restarted(t: float) -> float:
    """Falls back to its start at odd times, two of which are alike."""
    return t - max(at for at in (0.0, 1344.0, 2602.0, 3223.0, 5293.0, 6198.0, 8284.0, 9260.0) if at <= t)


def test_a_process_that_rises_again_after_each_restart_leaks_and_one_that_only_warms_up_does_not() -> None:
    leaks = replay(trace(lambda t: 5 + 60 * restarted(t) / HOUR, 3 * HOUR), Kind.RSS, 3 * HOUR)
    assert leaks.leak
    assert leaks.first_alarm_t is not None
    assert leaks.first_alarm_t < 1.5 * HOUR
    assert leaks.alarms[-1][1] is None
    warms = replay(trace(lambda t: 5 + 60 * -math.expm1(-restarted(t) / 120), 3 * HOUR), Kind.RSS, 3 * HOUR)
    assert (warms.leak, warms.alarms) == (False, [])


def test_a_rise_over_a_restart_needs_no_second_hold() -> None:
    """Each life is too short for the hold that the plan asks for; together they are long enough."""
    detector = GrowthDetector(Kind.RSS)
    for minute in range(60):
        if minute and minute % 9 == 0:
            detector.segment(minute * 60.0)
        for second in range(0, 60, 5):
            detector.add(minute * 60.0 + second, (50 + 2 * (minute % 9) + second / 30) * MB)
        judgement = detector.evaluate()
    assert judgement.state is State.LEAKING


def incidents(t: float, until: float) -> float:
    marks = [0.03, 0.14, 0.22, 0.31, 0.45, 0.52, 0.66, 0.74, 0.83, 0.95]
    return sum(4 for at in marks if t / (4 * HOUR) >= at * until)


def test_incidents_that_go_on_leak_and_those_that_have_ended_do_not() -> None:
    assert replay(trace(lambda t: 40 + incidents(t, 1.0), 4 * HOUR), Kind.RSS, 4 * HOUR).leak
    assert not replay(trace(lambda t: 40 + incidents(t, 0.55), 4 * HOUR), Kind.RSS, 4 * HOUR).leak


@pytest.mark.parametrize("end", [700, 900, 1100])
def test_what_is_said_never_contradicts_the_verdict(end: int) -> None:
    found = replay(trace(lambda t: 40 + 30 * max(0.0, t - end / 2) / HOUR, end, step=5), Kind.RSS)
    assert found.leak is (found.state is State.LEAKING)
    assert found.leak is not ("not yet" in found.reason)


def collected(seed: int, lasts: float, spread: float) -> list[tuple[float, float]]:
    """A heap collected at about 100 MB, whatever time it took to get there, down to about 30."""
    chance = random.Random(seed)
    points, begun, length, high, low = list[tuple[float, float]](), 0.0, lasts, 100.0, 30.0
    for t in range(0, int(3 * HOUR), 5):
        if t - begun > length:
            begun, length = float(t), lasts * chance.uniform(1 - spread, 1 + spread)
            high, low = 100 * chance.gauss(1, 0.05), 30 * chance.gauss(1, 0.05)
        points.append((float(t), (low + (high - low) * (t - begun) / length) * MB))
    return points


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("lasts", "spread"), [(600.0, 0.1), (600.0, 0.5), (1200.0, 0.3), (2400.0, 0.6)])
def test_a_heap_that_is_collected_from_one_height_is_not_taken_for_restarts(
    seed: int, lasts: float, spread: float
) -> None:
    assert not replay(collected(seed, lasts, spread), Kind.RSS).leak
    assert not replay(collected(seed, lasts, spread), Kind.RSS, 3 * HOUR).leak


@pytest.mark.parametrize("part", [0.3, 0.5, 0.7])
def test_a_late_leak_is_told_within_a_tenth_of_what_has_passed(part: float) -> None:
    end = 2 * HOUR
    found = replay(trace(lambda t: 100 + 60 * max(0.0, t - part * end) / HOUR, end), Kind.RSS, end)
    assert found.first_alarm_t is not None
    assert part * end < found.first_alarm_t < 1.1 * part * end + 60


@pytest.mark.parametrize(("kind", "said"), [(Kind.RSS, "rising"), (Kind.THROUGHPUT, "falling")])
def test_what_rose_and_stands_is_told_without_denying_the_leak(kind: Kind, said: str) -> None:
    """The sentence of a leak does not say that nothing rises."""
    up = 1 if kind is Kind.RSS else -1
    found = replay(trace(lambda t: 60 + up * (min(t, 1500) / 50 + max(0, t - 1500) / 300), 2300), kind)
    assert found.leak
    back = "given that back" if kind is Kind.RSS else "recovered"
    assert found.reason.startswith(f"Was {said} steadily and has not {back} (")


@pytest.mark.parametrize(
    ("curve", "leak"),
    [
        (lambda t: 30 + 25 * (t // 10), True),
        (lambda t: 30 + 6 * t + 20 * abs(t % 40 - 20), True),
        (lambda t: 30 + 500 * t / (t + 30), False),
        (lambda t: 30 + 80 * min(4, t // 30), False),
        (lambda t: 30 + 15 * (t % 30), False),
    ],
)
def test_descriptors_that_rise_through_the_whole_of_a_short_test_leak(
    curve: Callable[[float], float], *, leak: bool
) -> None:
    end = 240.0
    points = [(float(t), float(int(curve(t)))) for t in range(int(end) + 1)]
    assert replay(points, Kind.FDS, end).leak is leak


@pytest.mark.parametrize("period", [70.0, 72.3, 74.2, 79.0, 143.1, 174.4])
def test_what_a_season_of_no_whole_number_of_readings_leaves_is_no_leak(period: float) -> None:
    """A collected heap that collects by the clock."""
    found = replay(trace(lambda t: 200 + 100 * (t / period % 1), HOUR, step=5.0, noise=0.3), Kind.RSS, HOUR)
    assert (found.leak, found.alarms) == (False, [])
    leaks = trace(lambda t: 200 + 100 * (t / period % 1) + 90 * t / HOUR, HOUR, step=5.0, noise=0.3)
    assert replay(leaks, Kind.RSS, HOUR).leak


@pytest.mark.parametrize("planned", [None, HOUR])
@pytest.mark.parametrize("full", [0.6, 0.75, 0.88])
def test_what_fills_evenly_and_is_full_is_no_leak_at_the_end(full: float, planned: float | None) -> None:
    found = replay(trace(lambda t: 200 + 300 * min(1, t / HOUR / full), HOUR, noise=0.5), Kind.RSS, planned)
    assert not found.leak
    assert found.state is State.SETTLING
    assert "it stands still now" in found.reason


@pytest.mark.parametrize("steps", [12, 30])
def test_a_leak_in_steps_stands_still_before_each_of_them(steps: int) -> None:
    found = replay(trace(lambda t: 150 + 8 * (t // (HOUR / steps)), HOUR - 20), Kind.RSS, HOUR)
    assert found.leak
    assert len(found.alarms) == 1


@pytest.mark.parametrize(("kind", "per_hour"), [(Kind.THROUGHPUT, 60), (Kind.BYTES_DOWN, 100)])
def test_what_has_fallen_to_nothing_is_not_steady_it_can_fall_no_further(kind: Kind, per_hour: float) -> None:
    """Nothing is left in the last two hours: the alarm sounds on, is the verdict, and no slope of the rest is named."""
    curve = trace(lambda t: max(0.0, 100 - per_hour * max(0.0, t / HOUR - 1)), 4 * HOUR)
    found = replay([(t, max(0.0, value)) for t, value in curve], kind, 4 * HOUR)
    assert found.alarms[-1][1] is None
    assert found.leak
    assert found.slope_per_hour is not None
    assert found.slope_per_hour < -20 * MB


def heap(full: float, every: float) -> list[tuple[float, float]]:
    """A heap that is collected at twice what lived, about `every` seconds, and grows until `full` of its 4 h."""
    chance, heap, goal, points = random.Random(0), 50.0, 100.0, list[tuple[float, float]]()
    for second in range(0, int(4 * HOUR) + 1, 10):
        lives = 50 * (1 + 1.5 * min(1.0, second / (full * 4 * HOUR)))
        heap += 500 / every * chance.uniform(0.3, 1.7)
        if heap > goal:
            heap, goal = lives, 2 * lives
        points.append((float(second), max(heap, lives) * MB))
    return points


@pytest.mark.parametrize(("full", "every"), [(0.7, 60.0), (0.65, 60.0)])
def test_a_heap_whose_goal_has_grown_to_its_bound_is_no_leak_at_the_end_and_one_without_a_bound_is(
    full: float, every: float
) -> None:
    rests = replay(heap(full, every), Kind.RSS, 4 * HOUR)
    assert rests.alarms
    assert not rests.leak
    assert replay(heap(1.0, every), Kind.RSS, 4 * HOUR).leak


@pytest.mark.parametrize(("seed", "length"), [(92002, HOUR), (92004, HOUR / 2)])
def test_what_was_called_is_no_leak_at_the_end_where_no_window_rises_any_more(seed: int, length: float) -> None:
    """Memory that wanders and comes back: it wandered upwards for a while."""
    wandered = next(trace for trace in fresh(range(seed, seed + 1), (length,)) if trace.name.startswith("near-unit"))
    found = replay(wandered.points, Kind.RSS, length)
    assert found.alarms
    assert not found.leak


def test_what_rises_on_more_slowly_has_not_come_to_rest() -> None:
    points = trace(lambda t: 60 + min(t, 1500) / 50 + max(0, t - 1500) / 300, 2300)
    assert replay(points, Kind.RSS, 2300).leak


def test_what_falls_on_below_nothing_has_not_come_to_an_end() -> None:
    found = replay(trace(lambda t: 1 - 50 * t / HOUR, 2 * HOUR), Kind.GAUGE_DOWN, 2 * HOUR)
    assert found.leak


def grown_in_steps(*at: float) -> list[tuple[float, float]]:
    """Six or seven steps in an hour, the last at .77 of it."""
    return trace(lambda t: 50.0 + 8 * sum(t / HOUR >= part for part in at), HOUR)


def test_what_grew_in_steps_and_stands_for_longer_than_ever_is_no_leak_where_nothing_follows() -> None:
    points = grown_in_steps(0.08, 0.2, 0.32, 0.42, 0.53, 0.65, 0.77)
    ended = replay(points, Kind.RSS, HOUR)
    assert ended.alarms
    assert (ended.leak, ended.state) == (False, State.SETTLING)
    assert replay(points, Kind.RSS, 2 * HOUR).leak  # it goes on
    assert replay(grown_in_steps(0.08, 0.2, 0.42, 0.53, 0.65, 0.77), Kind.RSS, HOUR).leak  # it paused like this before


def test_a_rise_that_no_look_took_for_lasting_in_an_hour_is_no_leak_at_its_end() -> None:
    """Memory that keeps most of what the largest request needed: it rises ever more rarely."""
    water = next(trace for trace in fresh(range(93005, 93006), (HOUR,)) if trace.name.startswith("high-water"))
    found = replay(water.points, Kind.RSS, HOUR)
    assert (found.leak, found.state) == (False, State.GROWING)
    assert "not yet for long enough" in found.reason


@pytest.mark.parametrize(("per_hour", "leak"), [(0.0, False), (60 * MB, True)])
@pytest.mark.parametrize("planned", [None, 1800.0])
def test_restarts_that_happen_to_repeat_and_then_stop_are_no_leak_whose_peaks_stand(
    per_hour: float, planned: float | None, *, leak: bool
) -> None:
    """Taken for a season, they leave moving means and minima that rise."""
    chance = random.Random(3)
    begun = (0, 22, 31, 42, 61, 84)
    falls = dict(zip(begun, (0.84, 0.57, 0.51, 0.84, 0.52, 0.5), strict=True))
    points = []
    for i in range(121):
        since = max(at for at in begun if at <= i)
        level = 115 * MB * (1 - falls[since] * math.exp(-(i - since) / 1.6) + chance.gauss(0, 0.002))
        points.append((15.0 * i, level + per_hour * i / 240))
    assert replay(points, Kind.RSS, planned).leak is leak


@pytest.mark.parametrize("plan", [None, 1800.0])
def test_what_was_called_and_is_given_back_at_the_end_is_no_leak(plan: float | None) -> None:
    found = replay(trace(lambda t: 50 + 40 * (t % 1730) / 1730 + 15 * (t % 90) / 90, 1800), Kind.RSS, plan)
    assert found.alarms
    assert (found.leak, found.state) == (False, State.SETTLING)
    assert "has given half of that back" in found.reason


@pytest.mark.parametrize("plan", [None, 3000.0])
def test_one_deep_fall_of_a_program_that_falls_by_itself_is_no_restart(plan: float | None) -> None:
    found = replay(trace(lambda t: 20 + 60 * (t % 1530) / 1530 + 60 * (t % 90) / 90, 3000), Kind.RSS, plan)
    assert not found.leak
