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
    """Of 40 histories; without a look of its own at the newest runs 26, with one by permutations 33."""
    seen = 0
    for seed in range(40):
        steps = steps_of(row(random.Random(100 + seed), (100.0, 40), (105.0, 3)))
        seen += any(abs(step.at - 40) <= 1 for step in steps)
    assert seen >= 37


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


def test_the_newest_step_is_placed_at_its_first_run() -> None:
    """Of 60 of them 59; 57 where the least chance alone says the place."""
    placed = 0
    for seed in range(60):
        source = random.Random(300 + seed)
        before = source.randrange(27, 48)
        steps = steps_of(row(source, (100.0, before), (106.0, 3)))
        placed += any(step.at == before for step in steps)
    assert placed >= 58


def test_times_step_by_factors() -> None:
    source = random.Random(7)
    times = [source.lognormvariate(0.0, 0.8) for _ in range(30)] + [source.lognormvariate(-2.5, 0.8) for _ in range(3)]
    assert steps_of(times) == []
    assert [step.at for step in steps_of(times, times=True)] == [30]
    assert steps_of([0.0] * 20 + [9.0] * 3, times=True)  # what is 0 has no logarithm


def test_heavy_tails_make_no_steps() -> None:
    """By Student's t alone a quarter in a hundred runs."""
    new = 0
    for seed in range(25):
        source = random.Random(1000 + seed)
        values, known = [source.lognormvariate(0.0, 0.5) for _ in range(6)], set[int]()
        for _ in range(20):
            values.append(source.lognormvariate(0.0, 0.5))
            places = {step.at for step in steps_of(values)} - known
            new, known = new + len(places), known | places
    assert new <= 5


def test_what_never_moved_and_then_did_is_a_step() -> None:
    assert [step.at for step in steps_of([5.0] * 20 + [6.0] * 3)] == [20]
