import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstui.tui.draw.axis import make_axis


@pytest.mark.parametrize(
    ("values", "rows", "whole", "ticks"),
    [
        ([186.1, 187.9], 6, False, (186.0, 187.0, 188.0)),
        ([28, 28], 4, True, (27, 28)),
        ([0, 0], 4, True, (0, 1)),
        ([0.0, 7.2], 4, False, (0, 2.5, 5, 7.5)),
        ([28, 1200], 4, True, (0, 400, 800, 1200)),
        ([60, 68], 4, True, (60, 63, 66, 69)),
        ([], 4, False, (0, 1)),
        ([-5.0, 5.0], 4, False, (-5, 0, 5, 10)),
        ([12.0, 13.0], 2, False, (12, 13)),
        ([187.0, 258.0], 4, False, (180, 210, 240, 270)),
    ],
)
def test_round_numbers(values: list[float], rows: int, *, whole: bool, ticks: tuple[float, ...]) -> None:
    assert make_axis(values, rows, whole=whole).ticks == pytest.approx(ticks)


def test_labels_tell_the_ticks_apart() -> None:
    axis = make_axis([0.0, 7.2], 4)
    assert [axis.label(tick) for tick in axis.ticks] == ["0.0", "2.5", "5.0", "7.5"]
    assert make_axis([28, 1200], 4, whole=True).label(1200) == "1,200"


def test_zero_belongs_to_the_picture_where_values_come_near_it() -> None:
    assert make_axis([40, 100], 4).from_zero
    assert not make_axis([60, 100], 4).from_zero


@given(
    st.lists(st.floats(min_value=-1e12, max_value=1e12), min_size=1, max_size=5),
    st.integers(min_value=1, max_value=30),
    st.booleans(),
)
def test_every_value_is_on_the_axis(values: list[float], rows: int, whole: bool) -> None:  # noqa: FBT001 - drawn
    axis = make_axis(values, rows, whole=whole)
    slack = 1e-6 * (axis.high - axis.low)
    assert axis.low < axis.high
    assert all(axis.low - slack <= value <= axis.high + slack for value in values)
    assert 2 <= len(axis.ticks) <= max(2, rows), "a row of its own for each tick"
    at = [min(rows - 1, int(axis.share(tick) * rows + 1e-6)) for tick in axis.ticks]
    assert rows == 1 or len({after - before for before, after in itertools.pairwise(at)}) == 1, "they stand evenly"
    labels = [axis.label(tick) for tick in axis.ticks]
    assert len(set(labels)) == len(labels)
