import math
import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from stresstui.core.derive.series import Bucket, Series, Summary

VALUES = st.lists(st.tuples(st.floats(0, 40), st.integers(-1000, 1000)), min_size=1, max_size=120)


def added(points: list[tuple[float, int]], capacity: int) -> tuple[Series, list[tuple[float, int]]]:
    series, at, placed = Series(capacity=capacity), 0.0, []
    for step, value in points:
        at += step
        series.add(at, value)
        placed.append((at, value))
    return series, placed


@given(VALUES, st.floats(-5, 300))
def test_what_reaches_beyond_an_instant(points: list[tuple[float, int]], start: float) -> None:
    series, _ = added(points, 8)
    assert series.since(start) == [b for b in series.buckets if b.start + series.width > start]


@given(VALUES, st.sampled_from([2, 4, 8, 64]))
def test_merged_buckets_say_what_the_values_say(points: list[tuple[float, int]], capacity: int) -> None:
    series, placed = added(points, capacity)
    assert len(series.buckets) <= capacity
    assert math.log2(series.width).is_integer()
    for before, after in zip(series.buckets, series.buckets[1:], strict=False):
        assert after.start == before.start + series.width
    for bucket in series.buckets:
        assert bucket.start % series.width == 0
        inside = [value for at, value in placed if bucket.start <= at < bucket.start + series.width]
        assert bucket.count == len(inside)
        if inside:
            assert (bucket.low, bucket.high, bucket.total) == (min(inside), max(inside), sum(inside))
    values = [value for _, value in placed]
    whole = Summary(series).whole
    assert (whole.low, whole.high, whole.total, whole.count) == (min(values), max(values), sum(values), len(values))


def test_a_day_fits() -> None:
    series = Series()
    for t in range(86400):
        series.add(float(t), 1.0)
    assert (series.width, len(series.buckets)) == (128.0, 675)


def test_a_full_history_takes_little() -> None:
    """A supervisor keeps a hundred of them; each bucket as an object is 125 bytes and more."""
    tracemalloc.start()
    try:
        series = Series()
        for t in range(series.capacity):
            series.add(t + 0.001, 3.5 * t)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(series.buckets) == series.capacity
    assert taken < 32 * series.capacity


@given(VALUES)
def test_buckets_that_were_made_already_say_the_same(points: list[tuple[float, int]]) -> None:
    series, _ = added(points, 8)
    made = Series.of(series.buckets, series)
    assert made.buckets == series.buckets
    assert (made.width, made.edge, Summary(made).whole) == (series.width, series.edge, Summary(series).whole)
    assert made.newest == series.buckets[-1].high
    assert Series.of([], series).newest is None
    filled = [bucket for bucket in series.buckets if bucket.count]
    of_those = Series.of(filled, series)
    assert [bucket for bucket in of_those.buckets if bucket.count] == filled
    assert [bucket.start for bucket in of_those.buckets] == [bucket.start for bucket in series.buckets]


def test_nothing_read_is_an_empty_bucket() -> None:
    series, _ = added([(0, 5), (3, 7)], 64)
    assert [bucket.count for bucket in series.buckets] == [1, 0, 0, 1]


def test_what_is_asked_for_is_given() -> None:
    series, _ = added([(0, 1), (1, 2), (1, 3), (1, 4)], 64)
    assert [bucket.low for bucket in series.last(2)] == [3, 4]
    assert [bucket.low for bucket in series.between(0.5, 2.0)] == [1, 2]


def test_absorbing() -> None:
    one, two, empty = Bucket(0, 1, 3, 2, 2), Bucket(1, -1, 4, 5, 2), Bucket(2, 0, 0, 0, 0)
    one.absorb(two)
    one.absorb(empty)
    assert (one.low, one.total, one.high, one.count, one.mean) == (-1, 7, 5, 4, 1.75)
    empty.absorb(one)
    assert (empty.low, empty.high, empty.count) == (-1, 5, 4)


@given(st.lists(st.integers(-1000, 1000), max_size=50))
def test_a_summary_is_exact(values: list[int]) -> None:
    summary = Summary(Series(capacity=4))
    for index, value in enumerate(values):
        summary.series.add(index * 1.5, value)
    assert summary.samples == len(values)
    assert summary.mean == (sum(values) / len(values) if values else None)
    assert summary.last == (values[-1] if values else None)
    if values:
        assert (summary.low, summary.high) == (min(values), max(values))
