"""Many metrics at once: how few are called by chance."""

import random

import pytest

from stresstui.compare.family import ALPHA, ASKED, MOST, called, weights_of


@pytest.mark.parametrize(
    ("probabilities", "expected"),
    [
        ([0.009], [True]),
        ([0.011], [False]),  # a hundredth, however few metrics there are
        ([0.009, 0.009], [True, True]),
        ([0.001, 0.011], [True, False]),
        ([0.006] * 10, [False] * 10),
        ([0.004] + [0.006] * 9, [True] + [False] * 9),
        ([0.0056, 0.004] + [0.5] * 8, [False, True] + [False] * 8),
        ([0.0054, 0.004] + [0.5] * 8, [True, True] + [False] * 8),
        ([], []),
    ],
)
def test_several_are_called_by_holms_steps(probabilities: list[float], expected: list[bool]) -> None:
    assert called(probabilities, [min(MOST / ALPHA, 1 / max(1, len(probabilities)))] * len(probabilities)) == expected


def test_what_is_asked_for_keeps_its_hundredth_beside_many_others() -> None:
    names = [*ASKED, *(f"m{number}" for number in range(20))]
    weights = weights_of(names)
    assert weights[: len(ASKED)] == [MOST / ALPHA] * len(ASKED)
    assert sum(weights) == pytest.approx(1.0)
    chances = [0.0095, 0.5, 0.5] + [0.0095] * 20
    assert called(chances, weights) == [True, False, False] + [False] * 20
    assert max(weights_of(["rss", "fds"])) <= MOST / ALPHA
    for several in ([*ASKED] * 3, [*ASKED, *ASKED, "fds"], []):
        assert sum(weights_of(several)) <= 1.0 + 1e-9


def test_equal_ones_are_called_in_five_reports_of_a_hundred_at_most() -> None:
    source = random.Random(31)
    weights = weights_of([*ASKED, *(f"m{number}" for number in range(9))])
    reports = [called([source.random() for _ in weights], weights) for _ in range(4000)]
    assert 0.03 < sum(map(any, reports)) / 4000 < 0.06
    for index in range(3):
        assert sum(report[index] for report in reports) / 4000 < 0.0145
