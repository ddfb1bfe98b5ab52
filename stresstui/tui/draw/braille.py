"""Braille: columns of values to rows of characters, two columns and four levels a cell."""

from collections.abc import Sequence
from typing import Final

_BLANK: Final = 0x2800
_LEFT: Final = (0, 0x40, 0x44, 0x46, 0x47)
_RIGHT: Final = (0, 0x80, 0xA0, 0xB0, 0xB8)
_ASCII: Final = " .:|#"
LEVELS: Final = 4
"""Levels in one row."""


def columns_in(cells: int, *, braille: bool) -> int:
    """How many columns fit into a number of cells."""
    return cells * 2 if braille else cells


def sparkline(values: Sequence[float | None], rows: int, top: float, *, braille: bool) -> list[str]:
    """Draw columns from 0 up to ``top``, rows from above; None stays blank, and any value shows at least one dot."""
    heights = [_height(value, rows * LEVELS, top) for value in values]
    draw = _braille_row if braille else _ascii_row
    return [draw(heights, (rows - 1 - row) * LEVELS) for row in range(rows)]


def _height(value: float | None, levels: int, top: float) -> int:
    if value is None:
        return 0
    return max(1, min(levels, round(value / top * levels))) if top > 0 else 1


def _braille_row(heights: list[int], base: int) -> str:
    cells = [min(LEVELS, max(0, height - base)) for height in heights]
    if len(cells) % 2:
        cells.append(0)
    bits = (_LEFT[left] | _RIGHT[right] for left, right in zip(cells[::2], cells[1::2], strict=True))
    return "".join(chr(_BLANK + bit) if bit else " " for bit in bits)


def _ascii_row(heights: list[int], base: int) -> str:
    return "".join(_ASCII[min(LEVELS, max(0, height - base))] for height in heights)
