"""Where a row of runs changed."""

import random

from stresstui.compare.steps import steps_of


def row(source: random.Random, *levels: tuple[float, int]) -> list[float]:
    return [source.gauss(level, 0.015 * level) for level, count in levels for _ in range(count)]


def test_a_step_of_five_percent_is_seen_within_three_runs() -> None:
    seen = 0
    for seed in range(10):
        steps = steps_of(row(random.Random(seed), (100.0, 27), (105.0, 3)))
        seen += any(abs(step.at - 27) <= 1 for step in steps)
    assert seen >= 8


def test_the_newest_step_is_seen_sooner_than_one_anywhere() -> None:
    """Of 40 histories; 33; without a look of its own at the newest runs 26."""
    seen = 0
    for seed in range(40):
        steps = steps_of(row(random.Random(100 + seed), (100.0, 40), (105.0, 3)))
        seen += any(abs(step.at - 40) <= 1 for step in steps)
    assert seen >= 31


def test_what_only_scatters_has_no_step() -> None:
    assert sum(len(steps_of(row(random.Random(seed), (100.0, 30)))) for seed in range(20)) <= 1


def test_each_step_is_told_with_what_was_before_and_behind() -> None:
    steps = steps_of(row(random.Random(1), (100.0, 15), (120.0, 15), (90.0, 15)))
    assert [step.at for step in steps] == [15, 30]
    assert [round(step.before, -1) for step in steps] == [100, 120]
    assert [round(step.after, -1) for step in steps] == [120, 90]


def test_few_runs_tell_nothing() -> None:
    assert steps_of([1.0, 1.0, 9.0, 9.0]) == []
    assert steps_of([]) == []
    assert steps_of([5.0] * 20) == []
