import pytest

from stresstui.tui.screens.layout import Size, lay_out

ROWS = 21
"""Sixteen criteria under three headings, in a frame."""


@pytest.mark.parametrize(
    ("size", "name", "vitals", "output"),
    [
        ((40, 10), Size.NARROW, 4, False),
        ((80, 24), Size.NARROW, 4, False),
        ((80, 50), Size.NARROW, 4, True),
        ((117, 60), Size.NARROW, 4, True),
        ((118, 30), Size.WIDE, 4, False),
        ((120, 35), Size.WIDE, 4, False),
        ((149, 60), Size.WIDE, 7, True),
        ((160, 45), Size.BROAD, 5, True),
        ((200, 60), Size.BROAD, 7, True),
        ((300, 20), Size.NARROW, 4, False),
        ((30, 8), Size.NARROW, 3, False),
        ((30, 6), Size.NARROW, 1, False),
        ((30, 4), Size.NARROW, 0, False),
    ],
)
def test_each_size_shows_what_it_has_room_for(size: tuple[int, int], name: Size, vitals: int, *, output: bool) -> None:
    layout = lay_out(*size, rows=ROWS, known=7)
    assert (layout.size, layout.vitals, layout.output != 0) == (name, vitals, output)


@pytest.mark.parametrize("height", range(30, 90))
@pytest.mark.parametrize("output", [None, True, False])
def test_what_is_given_is_there(height: int, *, output: bool | None) -> None:
    layout = lay_out(160, height, rows=ROWS, known=7, output=output)
    body = height - 2 - layout.load - 1
    assert (layout.output or 0) + (layout.criteria or 0) + (layout.side or 0) <= body
    assert layout.vitals * 7 <= max(body, 28)
    assert (layout.output != 0) is (output if output is not None else layout.output != 0)


def test_what_is_low_and_wide_has_its_lists_side_by_side() -> None:
    low, tall = lay_out(300, 20, rows=ROWS), lay_out(117, 20, rows=ROWS)
    assert (low.abreast, low.side, tall.abreast, tall.side) == (True, None, False, 4)
    assert not lay_out(300, 20, rows=ROWS, output=True).abreast


def test_a_banner_takes_lines_of_the_vitals_and_not_of_the_worst_criterion() -> None:
    assert lay_out(40, 10, rows=ROWS, taken=4).vitals == 1


def test_criteria_are_whole_before_there_is_output() -> None:
    for height in range(30, 90):
        layout = lay_out(120, height, rows=ROWS)
        if layout.output:
            assert layout.criteria is not None
            assert layout.criteria >= ROWS
