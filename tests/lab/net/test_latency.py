"""The latency windows: exact within the histogram's precision, forgetful after ten intervals, never growing."""

import gc
import random

import pytest
from hdrh.histogram import HdrHistogram
from hypothesis import given
from hypothesis import strategies as st

from stresstui.lab.net.latency import WINDOW, Latency, read_counts, write_counts


def test_no_data_is_no_number() -> None:
    assert Latency().recent("x") == {}
    assert Latency().summary("x") == "x: none"


def test_percentiles_are_right_within_one_percent() -> None:
    times = Latency()
    for milliseconds in range(1, 1001):
        times.record(milliseconds / 1000)
    found = times.recent("x")
    assert found["x_ms_p50"] == pytest.approx(500, rel=0.01)
    assert found["x_ms_p99"] == pytest.approx(990, rel=0.01)
    assert found["x_ms_p999"] == pytest.approx(999, rel=0.01)


def test_the_window_forgets_and_the_total_does_not() -> None:
    times = Latency()
    times.record(1.0)
    for _ in range(WINDOW - 1):
        times.turn()
        assert times.recent("x")["x_ms_p50"] == pytest.approx(1000, rel=0.01)
    times.turn()
    assert times.recent("x") == {}
    times.record(0.002)
    assert times.recent("x")["x_ms_p999"] == pytest.approx(2, rel=0.01)
    assert "n=2" in times.summary("x")


def test_turning_makes_no_garbage() -> None:
    times = Latency()
    gc.collect()
    before = len(gc.get_objects())
    for _ in range(200):
        times.record(0.01)
        times.recent("x")
        times.turn()
    assert len(gc.get_objects()) - before < 100


@given(st.lists(st.integers(0, 5_000_000_000), min_size=1, max_size=300), st.integers(0, 300))
def test_every_number_is_that_of_an_hdr_histogram(durations: list[int], parted_at: int) -> None:
    times, reference = Latency(), HdrHistogram(1, 3_600_000_000, 2)
    others = Latency()
    for at, duration in enumerate(durations):
        (others if at < parted_at else times).record(duration / 1e6)
        reference.record_value(min(max(1, duration), 3_600_000_000))
    times.add(others.turn())
    found = times.recent("x")
    for label, percent in (("p50", 50.0), ("p99", 99.0), ("p999", 99.9)):
        expected = reference.get_value_at_percentile(percent)
        assert found[f"x_ms_{label}"] * 1e3 == pytest.approx(expected, abs=1e-6)
        assert times.percentile(percent) * 1e6 == pytest.approx(expected, abs=1e-6)
    assert times.longest * 1e6 == pytest.approx(reference.get_highest_equivalent_value(reference.get_max_value()))
    assert times.count == reference.get_total_count() == len(durations)


def test_a_turn_hands_over_what_its_interval_recorded_and_nothing_twice() -> None:
    times = Latency()
    times.record(0.001)
    times.record(0.001)
    first = times.turn()
    times.record(0.5)
    second = times.turn()
    assert (sum(first.values()), sum(second.values()), times.turn()) == (2, 1, {})
    assert times.count == 3


def test_what_several_recorded_is_merged_as_if_one_had_recorded_it_all() -> None:
    draw = random.Random(5)
    each = [[draw.lognormvariate(mean, 1.0) / 1e3 for _ in range(4000)] for mean in (0.0, 1.0, 3.0)]
    several = [Latency() for _ in each]
    for one, durations in zip(several, each, strict=True):
        for number, duration in enumerate(durations):
            one.record(duration)
            if number == 2000:
                one.turn()
    merged = Latency()
    for one in several:
        merged.add(read_counts(write_counts([one])))
    assert merged.total() == read_counts(write_counts(several))
    every = sorted(duration for durations in each for duration in durations)
    assert merged.count == len(every)
    for percent in (50.0, 99.0, 99.9):
        exact = every[round(percent * len(every) / 100) - 1]
        assert merged.percentile(percent) == pytest.approx(exact, rel=0.01)
    averaged = sum(one.percentile(99.0) for one in several) / len(several)
    assert averaged != pytest.approx(merged.percentile(99.0), rel=0.2)  # what must never be done


@pytest.mark.parametrize("text", ["", "a:1", "1", "1:-1", "-1:1", "99999999:1"])
def test_what_is_no_histogram_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no histogram"):
        read_counts(text)
    assert write_counts([Latency()]) == ""
