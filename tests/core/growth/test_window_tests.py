"""What is straight from its first reading on."""

import math
from collections.abc import Callable

import pytest

from stresstui.core.growth.window import look
from stresstui.core.growth.window_tests import Objection, WindowFinding, straight


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
