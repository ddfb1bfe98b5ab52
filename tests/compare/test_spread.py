"""Student's t, the block bootstrap, and the numbers that a run gives."""

import random
import statistics

import pytest
from scipy import stats

from stresstui.compare.numbers import numbers_of
from stresstui.compare.spread import block_length, mean_of
from stresstui.compare.student import quantile, two_sided
from stresstui.core.model.event import Phase
from stresstui.core.run.usual import HOST_WIDE
from tests.core.story import MIB, Story


@pytest.mark.parametrize("freedom", [1.0, 1.7, 4.0, 8.0, 30.0, 400.0])
@pytest.mark.parametrize("t", [0.0, 0.3, 1.0, 2.5, 6.0, 40.0])
def test_student_is_the_known_one(t: float, freedom: float) -> None:
    expected = 2 * stats.t.sf(t, freedom)
    assert two_sided(t, freedom) == pytest.approx(expected, rel=1e-8, abs=1e-14)
    assert two_sided(-t, freedom) == pytest.approx(expected, rel=1e-8, abs=1e-14)


def test_its_quantile_is_its_inverse() -> None:
    for probability in (0.5, 0.05, 0.001):
        assert two_sided(quantile(probability, 6.5), 6.5) == pytest.approx(probability, rel=1e-6)


def noise(source: random.Random, again: float, count: int = 400) -> list[float]:
    x, values = 0.0, []
    for _ in range(count):
        x = again * x + source.gauss(0, 1)
        values.append(x)
    return values


@pytest.mark.parametrize(("again", "rough"), [(0.0, 0.05), (0.7, 0.166)])
def test_the_error_of_a_mean_takes_in_that_values_resemble_each_other(again: float, rough: float) -> None:
    source = random.Random(3)
    found = statistics.fmean(mean_of(noise(source, again)).error for _ in range(20))
    assert rough * 0.75 < found < rough * 1.25  # 1 / (1 - again) / sqrt(400)


def test_the_error_is_that_of_resamples_of_blocks() -> None:
    source = random.Random(8)
    values, count = noise(source, 0.9, 35), 35
    length = block_length(values)
    whole, rest = divmod(count, length)
    assert (whole, length, rest) == (2, 12, 11)
    around = values + values

    def resample() -> float:
        starts = [source.randrange(count) for _ in range(whole + 1)]
        lengths = [length] * whole + [rest]
        return sum(sum(around[at : at + long]) for at, long in zip(starts, lengths, strict=True)) / count

    drawn = statistics.stdev(resample() for _ in range(4000)) / (1 - length / count) ** 0.5
    assert mean_of(values).error == pytest.approx(drawn, rel=0.05)


def test_blocks_grow_with_resemblance() -> None:
    source = random.Random(4)
    assert block_length(noise(source, 0.0)) <= 4 < block_length(noise(source, 0.95))
    square = [float(i // 20 % 2) + source.gauss(0, 0.01) for i in range(400)]
    assert block_length(square) >= 20


def test_what_is_steady_has_no_error() -> None:
    assert mean_of([4.0] * 12).error == 0.0


def test_a_run_gives_its_soak_and_no_host() -> None:
    story = Story("max(fds) < 9").warm(rss=10 * MIB).soak(30, rss=20 * MIB, report=lambda t: {"work_total": 5 * t})
    numbers = numbers_of(story.cool(rss=90 * MIB).exit(planned=True).end().state())
    soak = numbers.phases["soak"]
    assert set(soak["rss"].values) == {20.0 * MIB}
    assert "load1" not in soak
    assert statistics.fmean(soak["work_total"].values) == pytest.approx(5.0)
    assert (soak["work_total"].unit, soak["work_total"].falls) == ("count/s", True)
    assert set(numbers.phases) == {"soak"}


def test_what_is_the_host_s_or_is_read_too_seldom_is_not_compared() -> None:
    assert {"load1", "retransmissions_total", "udp_datagrams_total", "time_wait"} <= HOST_WIDE
    state = Story("max(fds) < 9").whole(pss=50 * MIB).state()
    assert state.summaries["pss"].samples
    assert "pss" not in numbers_of(state).phases["soak"]
    assert numbers_of(state).judged == ["fds"]


def test_every_phase_is_given_where_asked_for() -> None:
    state = Story("max(fds) < 9", cool_down=20.0).warm(rss=10 * MIB).soak(30).cool(rss=90 * MIB).end().state()
    numbers = numbers_of(state, (Phase.WARM_UP, Phase.COOL_DOWN))
    assert "rss" in numbers.phases["warm_up"]
    assert set(numbers.phases["cool_down"]["rss"].values) == {90.0 * MIB}
