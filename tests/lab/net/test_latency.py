"""The latency windows: exact within the histogram's precision, forgetful after ten intervals, never growing."""

import gc

import pytest

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
