"""What is straight from its first reading on."""

import math
from collections.abc import Callable

import msgspec
import pytest

from stresstui.core.growth.tuning import TUNING
from stresstui.core.growth.window import look
from stresstui.core.growth.window_tests import Objection, WindowFinding, fills, in_steps, straight, weight


def found(curve: Callable[[float], float], *objections: Objection) -> WindowFinding:
    times = [float(t) for t in range(0, 1000, 5)]
    values = [curve(t) for t in times]
    return WindowFinding(look(times, values, values, 0), 0, True, list(objections))


@pytest.mark.parametrize(
    ("constant", "is_straight"), [(400.0, False), (900.0, False), (1500.0, False), (4000.0, True), (math.inf, True)]
)
def test_a_warm_up_that_would_be_over_within_the_plan_is_not_straight(constant: float, *, is_straight: bool) -> None:
    def curve(t: float) -> float:
        return 100 + t if math.isinf(constant) else 1000 * (1 - math.exp(-t / constant))

    assert straight(found(curve), 2000.0) is is_straight


def test_what_rises_only_lately_is_not_straight() -> None:
    assert not straight(found(lambda t: 100 + t, Objection.SLOWING), 2000.0)
    assert not straight(WindowFinding(None, 0, False, []), 2000.0)


def bending(constant: float) -> Callable[[float], float]:
    return lambda t: 1000 * (1 - math.exp(-t / constant))


def test_a_moment_of_a_straight_rise_counts_for_more_than_of_one_that_bends() -> None:
    line = weight(found(lambda t: 100 + t))
    slowing = [weight(found(bending(constant))) for constant in (3000.0, 1000.0)]
    assert line == TUNING.weight_most
    assert line > slowing[0] > slowing[1] > TUNING.weight_least


def test_what_longer_windows_spoke_against_counts_for_less() -> None:
    counted = [weight(found(bending(3000.0), *[Objection.SLOWING] * n)) for n in (0, 1, 3)]
    assert counted[1] == pytest.approx(TUNING.weight_objected * counted[0])
    assert counted[2] == pytest.approx(TUNING.weight_objected**3 * counted[0])
    assert weight(found(bending(100.0), *[Objection.SLOWING] * 6)) == TUNING.weight_least
    assert weight(WindowFinding(None, 0, False, [])) == 0


@pytest.mark.parametrize(("part", "counted"), [(0.6, 0.6), (0.8, 0.8), (1.0, 1.0), (5.0, 1.0)])
def test_a_moment_counts_for_less_where_the_rise_is_hardly_certain(part: float, counted: float) -> None:
    rise = found(bending(3000.0), Objection.SLOWING)
    usual = weight(rise)
    assert rise.window is not None
    rise.window.__dict__["best"] = msgspec.structs.replace(rise.window.best, t=part * TUNING.weight_t)
    assert weight(rise) == pytest.approx(counted * usual)


@pytest.mark.parametrize(
    ("curve", "steps"),
    [
        (lambda t: 100 * math.expm1(t / 250), False),
        (lambda t: max(0.0, t - 400) ** 1.5, False),
        (lambda t: 100 + t, False),
        (lambda t: 100.0 + 20 * (t // 170), True),
        (lambda t: 100 + 10 * (t > 120) + 40 * (t > 500) + 30 * (t > 800), True),
    ],
    ids=["compounding", "late and mounting", "line", "stairs", "three steps"],
)
def test_what_mounts_ever_faster_is_none_of_few_steps(curve: Callable[[float], float], *, steps: bool) -> None:
    window = found(curve).window
    assert window is not None
    assert in_steps(window) is steps


@pytest.mark.parametrize(
    ("spoken", "full"),
    [
        ([], False),
        ([Objection.SLOWING] * 2, False),
        ([Objection.SMALL] * 3, False),
        ([Objection.SMALL, Objection.SMALL, Objection.SLOWING], True),
    ],
)
def test_what_slowed_down_before_it_rose_straight_may_only_fill(spoken: list[Objection], *, full: bool) -> None:
    assert fills(found(lambda t: 100 + t, *spoken)) is full


def test_what_bends_still_may_only_fill() -> None:
    assert not fills(found(bending(3000.0)))
    assert fills(found(bending(300.0)))
    assert fills(WindowFinding(None, 0, False, []))
