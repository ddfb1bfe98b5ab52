"""The latency windows: exact within the histogram's precision, forgetful after ten intervals, never growing."""

import gc

import pytest
from hdrh.histogram import HdrHistogram
from hypothesis import given
from hypothesis import strategies as st

from stresstui.lab.net.latency import WINDOW, Latency


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
