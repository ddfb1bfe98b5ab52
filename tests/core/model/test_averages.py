import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstui.core.criteria.aggregates import slope
from stresstui.core.model.averages import fmean, median

VALUES = st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=30)


@given(VALUES)
def test_they_are_those_of_the_standard_library(values: list[float]) -> None:
    assert fmean(values) == statistics.fmean(values)
    assert median(values) == statistics.median(values)
    assert median(iter(values)) == statistics.median(values)


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(-1e12, 1e12)), min_size=2, max_size=30))
def test_so_is_the_line_through_points(points: list[tuple[float, float]]) -> None:
    times, values = zip(*points, strict=True)
    try:
        expected = statistics.linear_regression(times, values).slope
    except statistics.StatisticsError:
        assert slope(times, values) is None
    else:
        assert slope(times, values) == pytest.approx(expected)


def test_no_line_goes_through_one_instant() -> None:
    assert slope([], []) is None
    assert slope([1.0], [2.0]) is None
    assert slope([1.0, 1.0], [2.0, 3.0]) is None
