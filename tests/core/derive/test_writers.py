"""Whether several print one counter, held against lives of one and lines of several that are known."""

import random
from itertools import accumulate, pairwise

import pytest

from stresstui.core.derive.writers import COUNTS_KEPT, Writers


def told(lines: list[float]) -> Writers:
    writers = Writers([])
    for last, value in pairwise(lines):
        if not writers.tips and value < last:
            writers.tips.append(last)
        if writers.tips:
            writers.take(last, value)
    return writers


def count(chance: random.Random, lines: int) -> list[float]:
    return list(accumulate(max(0.0, float(int(chance.gauss(100, 30)))) for _ in range(lines)))


def together(chance: random.Random, programs: int, lines: int) -> list[float]:
    """Lines of several programs in the order of chance."""
    each = [count(chance, lines) for _ in range(programs)]
    order = [number for number in range(programs) for _ in range(lines)]
    chance.shuffle(order)
    places = [iter(one) for one in each]
    return [next(places[number]) for number in order]


@pytest.mark.parametrize(("programs", "lines", "least"), [(2, 15, 38), (4, 10, 36), (8, 15, 38), (32, 30, 38)])
def test_several_programs_are_told(programs: int, lines: int, least: int) -> None:
    assert sum(told(together(random.Random(seed), programs, lines)).several for seed in range(40)) >= least


@pytest.mark.parametrize("lines", [2, 3, 5, 20])
@pytest.mark.parametrize("lives", [2, 5, 20, 100, 400])
def test_a_program_that_is_started_again_is_one(lives: int, lines: int) -> None:
    """Lives of two lines may lie above one another by chance, as those of two programs that print in turn do."""
    tellings = []
    for seed in range(40):
        chance = random.Random(seed)
        tellings.append(told([number for _ in range(lives) for number in count(chance, lines)]))
    assert sum(one.several for one in tellings) <= (10 if lines == 2 else 0)


def test_lives_that_are_all_alike_say_nothing() -> None:
    assert told([0.0, 500.0, 1000.0] * 500).returns == 0


def test_programs_that_rest_and_repeat_themselves_begin_nothing() -> None:
    writers = told([*[400.0, 300.0] * 50, *together(random.Random(7), 2, 15)])
    assert writers.begun < 5
    assert told([*[400.0, 300.0] * 50, 410.0, 310.0, 420.0, 320.0, 430.0]).several


def test_threads_that_print_one_count_out_of_order_are_several() -> None:
    assert told([1, 2, 4, 3, 6, 5, 8, 7, 10, 9]).several


def test_a_first_count_is_no_return_to_a_much_lower_one() -> None:
    assert told([900, 5, 950, 100, 990, 250]).returns == 0


def test_memory_is_bounded() -> None:
    writers = told([float(n) for n in range(1000, 0, -1)])
    assert len(writers.tips) == COUNTS_KEPT
    assert writers.tips == sorted(writers.tips)
    assert not writers.several
