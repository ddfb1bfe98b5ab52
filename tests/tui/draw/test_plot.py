from collections.abc import Sequence

import pytest

from stresstui.tui.draw.axis import Axis
from stresstui.tui.draw.plot import Layer, Plotter, columns_in, plot

TO_8 = Axis(0.0, 8.0, (0.0, 8.0), 0)


def drawn(values: Sequence[float | None], rows: int, *, filled: bool = True, braille: bool = True) -> list[str]:
    cells = -(-len(values) // columns_in(1, braille=braille))
    rows_drawn = plot([Layer(values, "spark", filled=filled)], cells, rows, TO_8, braille=braille)
    return ["".join(text for text, _ in row) for row in rows_drawn]


@pytest.mark.parametrize(
    ("values", "rows", "filled", "lines"),
    [
        ([0, 8], 1, True, ["\u28f8"]),
        ([8, 8, None, 8], 1, True, ["\u28ff\u28b8"]),
        ([None, None], 1, True, [" "]),
        ([0, 0], 2, False, [" ", "\u28c0"]),
        ([8, 8], 2, False, ["\u2809", " "]),
        ([99, -5], 1, True, [" "]),
    ],
)
def test_braille(values: list[float | None], rows: int, lines: list[str], *, filled: bool) -> None:
    assert drawn(values, rows, filled=filled) == lines


def test_a_line_is_joined_and_a_gap_is_not() -> None:
    joined = drawn([0, 8], 2, filled=False)
    assert joined == ["\u28b8", "\u2878"]
    assert drawn([0, None, 8, 8], 1, filled=False) == ["\u2840\u2809"]


def test_without_braille_every_column_is_a_cell() -> None:
    assert drawn([0, 3, 5, 8], 1, filled=False, braille=False) == ["_.-'"]
    assert drawn([8, 8], 1, filled=True, braille=False) == ["||"]


def test_the_first_layer_is_on_top_and_each_keeps_its_role() -> None:
    data, limit = Layer([0, 0, None, None], "spark"), Layer([0, 0, 0, 0], "limit")
    assert plot([data, limit], 2, 1, TO_8, braille=True) == [[("\u28c0", "spark"), ("\u28c0", "limit")]]
    dotted = Layer([0, 0, 0, 0], "dim", every=4)
    assert plot([dotted], 2, 1, TO_8, braille=True) == [[("\u2840 ", "dim")]]


def test_a_plotter_draws_anew_what_has_moved_and_only_that() -> None:
    plotter = Plotter()
    first = plotter.plot([Layer([0, 8], "spark")], 1, 2, TO_8, braille=True)
    assert plotter.plot([Layer([0, 7.9], "spark")], 1, 2, TO_8, braille=True) is first
    for asked in (
        ([Layer([0, 4], "spark")], 1, 2, TO_8),
        ([Layer([0, 4], "breached")], 1, 2, TO_8),
        ([Layer([0, 4], "breached", every=2)], 1, 2, TO_8),
        ([Layer([0, 4], "breached", every=2)], 1, 3, TO_8),
        ([Layer([0, 4], "breached", every=2)], 1, 3, Axis(0.0, 4.0, (0.0, 4.0), 0)),
    ):
        assert plotter.plot(*asked, braille=True) == plot(*asked, braille=True)
