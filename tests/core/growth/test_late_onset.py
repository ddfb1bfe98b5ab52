"""Leaks that begin late, and short tests that are over: told in time, and their clean twins never."""

import math
import random
from collections.abc import Callable

import pytest

from stresstui.core.growth import Kind, replay
from stresstui.core.growth.window_tests import find

HOUR = 3600.0
MIB = 2.0**20
Curve = Callable[[float, random.Random], float]


def trace(curve: Curve, hours: float, step: int = 10, seed: int = 5) -> list[tuple[float, float]]:
    noise = random.Random(seed)
    return [(float(t), curve(float(t), noise)) for t in range(0, int(hours * HOUR), step)]


def leaking(onset: float, per_hour: float, level: float, spread: float) -> Curve:
    return lambda t, noise: level + noise.gauss(0, spread) + max(0.0, t / HOUR - onset) * per_hour


@pytest.mark.parametrize("planned", [None, 24 * HOUR])
@pytest.mark.parametrize(
    ("kind", "curve", "onset"),
    [
        (Kind.RSS, leaking(5, 40 * MIB, 450 * MIB, 3 * MIB), 5.0),
        (Kind.RSS, leaking(9, 60 * MIB, 300 * MIB, 2 * MIB), 9.0),
        (Kind.FDS, leaking(5, 60, 300, 4), 5.0),
        (Kind.FDS, leaking(3, 100, 80, 6), 3.0),
    ],
)
def test_a_leak_that_begins_late_is_told_within_ninety_minutes(
    kind: Kind, curve: Curve, onset: float, planned: float | None
) -> None:
    found = replay(trace(curve, onset + 3), kind, planned)
    assert found.leak
    assert found.first_alarm_t is not None
    assert onset * HOUR < found.first_alarm_t <= (onset + 1.5) * HOUR


def opened(onset: float, count: float, per_hour: float, level: float = 60.0, spread: float = 0.0) -> Curve:
    """Whole descriptors: so many more, one after the other, then no more."""
    return lambda t, noise: float(
        int(level + noise.gauss(0, spread) + max(0.0, min(count, (t / HOUR - onset) * per_hour)))
    )


@pytest.mark.parametrize(("level", "spread"), [(60.0, 0.0), (300.0, 1.0)])
def test_a_few_descriptors_are_told_where_they_had_stood_still(level: float, spread: float) -> None:
    found = replay(trace(opened(5, math.inf, 4.67, level, spread), 7), Kind.FDS, 24 * HOUR)
    assert found.leak
    assert found.first_alarm_t is not None
    assert 5 * HOUR < found.first_alarm_t <= 6.5 * HOUR


@pytest.mark.parametrize(("count", "per_hour"), [(4, 8), (4, 4), (6, 12), (6, 6)])
def test_a_few_more_descriptors_that_stay_are_no_leak(count: float, per_hour: float) -> None:
    found = replay(trace(opened(5, count, per_hour), 8), Kind.FDS, 24 * HOUR)
    assert not found.leak
    assert not found.alarms


@pytest.mark.parametrize(
    ("spread", "rise", "late"),
    [(0.0, 0.9, False), (0.0, 1.2, True), (0.4, 1.2, False), (0.4, 1.9, True), (0.9, 2.0, False), (0.9, 2.9, True)],
)
def test_what_begins_late_rises_the_farther_the_less_calm_it_was_before(
    spread: float, rise: float, *, late: bool
) -> None:
    """In units of what matters; seen in the last sixth of 240 minutes."""
    times = [60.0 * minute for minute in range(240)]
    means = [100 + spread / 2 * (-1) ** minute + rise * max(0, minute - 199) / 40 for minute in range(240)]
    assert find(times, means, means, 1.0).late is late


@pytest.mark.parametrize(
    "curve",
    [
        lambda t, noise: 450 * MIB + noise.gauss(0, 3 * MIB) + (40 * MIB if t > 5 * HOUR else 0),
        lambda t, noise: 450 * MIB + noise.gauss(0, 3 * MIB) + 30 * MIB * math.sin(t / HOUR * 2),
        lambda t, noise: 450 * MIB + noise.gauss(0, 3 * MIB) + 40 * MIB * (t % (2 * HOUR)) / (2 * HOUR),
        lambda t, noise: 450 * MIB + noise.gauss(0, 3 * MIB) + (60 * MIB if 5 < t / HOUR < 5.5 else 0),
        lambda t, noise: 450 * MIB + 60 * MIB * (1 - math.exp(-max(0, t / HOUR - 5) * 8)) + noise.gauss(0, 3 * MIB),
    ],
    ids=["step", "wave", "sawtooth", "visit", "second warm-up"],
)
def test_what_happens_late_and_is_no_leak_is_not_called(curve: Curve) -> None:
    assert not replay(trace(curve, 8), Kind.RSS).leak


@pytest.mark.parametrize(
    ("curve", "seconds", "leak"),
    [
        (lambda t, _: 12 + 4 * t, 300, True),
        (lambda t, _: 20 + 8.3 * t, 160, True),
        (lambda t, _: 12 + (300 if t > 20 else 15 * t) + 3 * max(0, t - 20), 300, True),
        (lambda t, _: 12 + min(400, 8 * t), 300, False),
        (lambda t, _: 12 + 400 * (1 - math.exp(-t / 40)), 300, False),
        (lambda t, _: 12 + abs(t % 60 - 30) * 10, 300, False),
        (lambda t, noise: 300 + noise.gauss(0, 20), 300, False),
        (lambda t, _: 300 + t / 30, 300, False),
    ],
)
def test_a_short_test_that_is_over_is_judged_by_all_it_showed(curve: Curve, seconds: int, *, leak: bool) -> None:
    points = [(float(t), float(int(curve(t, random.Random(t))))) for t in range(seconds + 1)]
    assert replay(points, Kind.FDS, float(seconds)).leak is leak
    assert replay(points[: len(points) // 2], Kind.FDS, float(seconds)).leak is False
