"""Plots: layers of values over time as rows of characters, each element in one role, the data above all else."""

from collections.abc import Sequence
from typing import Final

import msgspec

from stresstui.tui.draw.axis import Axis
from stresstui.tui.draw.ink import Piece

_BLANK: Final = 0x2800
_DOTS: Final = ((0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08))
"""Bits of a braille cell: left and right column, from below."""
_FULL: Final = tuple(sum(column) for column in _DOTS)
_ASCII_DOTS: Final = ("_", ".", "-", "'")
_NOTHING: Final = (0, "text")
LEVELS: Final = 4
"""Levels in one row."""


class Layer(msgspec.Struct, frozen=True):
    """One element of a plot."""

    values: Sequence[float | None]
    """One value a column; None where there is nothing to draw."""
    role: str
    """What it is drawn in."""
    filled: bool = False
    """True for an area down to the lower edge, else a line."""
    every: int = 1
    """Draws only each so-many-th column: dotted."""


def columns_in(cells: int, *, braille: bool) -> int:
    """How many columns fit into a number of cells."""
    return cells * 2 if braille else cells


def plot(layers: Sequence[Layer], cells: int, rows: int, axis: Axis, *, braille: bool) -> list[list[Piece]]:
    """Draw layers, the first on top, into rows of ``cells`` cells, rows from above."""
    return _draw(layers, [_levels(layer, axis, rows) for layer in layers], cells, rows, braille=braille)


class Plotter:
    """Plots the same chart again and again; where no dot has moved since, it is not drawn anew."""

    def __init__(self) -> None:
        self._asked: object = None
        self._drawn: list[list[Piece]] = []

    def plot(self, layers: Sequence[Layer], cells: int, rows: int, axis: Axis, *, braille: bool) -> list[list[Piece]]:
        """As ``plot``."""
        looks = [(layer.role, layer.filled, layer.every) for layer in layers]
        levels = [_levels(layer, axis, rows) for layer in layers]
        asked = (cells, rows, braille, looks, levels)
        if asked != self._asked:
            self._asked, self._drawn = asked, _draw(layers, levels, cells, rows, braille=braille)
        return self._drawn


def _draw(
    layers: Sequence[Layer], levels: Sequence[Sequence[int | None]], cells: int, rows: int, *, braille: bool
) -> list[list[Piece]]:
    grids = [_grid(layer, own, cells, rows, braille=braille) for layer, own in zip(layers, levels, strict=True)]
    char = _braille_char if braille else _ascii_char
    drawn: list[list[Piece]] = []
    for row in range(rows - 1, -1, -1):
        across = zip(*(grid[row * cells : (row + 1) * cells] for grid in grids), strict=True)
        marks = [_top(layers, dots) if any(dots) else _NOTHING for dots in across]
        drawn.append(_merge([(char(dots) if dots else " ", role) for dots, role in marks]))
    return drawn


def _top(layers: Sequence[Layer], cell: tuple[int, ...]) -> tuple[int, str]:
    dots, role = _NOTHING
    for layer, own in zip(layers, cell, strict=True):
        if own:
            dots, role = own, layer.role
            break
    return dots, role


def _levels(layer: Layer, axis: Axis, rows: int) -> list[int | None]:
    """The level of each value, from below; None where there is none, or it lies outside the axis."""
    top, low, span = rows * LEVELS - 1, axis.low, axis.high - axis.low
    if axis.log:
        found = [None if value is None else round(axis.share(value) * top) for value in layer.values]
    else:  # as Axis.share: a call for each of a thousand values would cost more than all the rest
        found = [None if value is None else round((value - low) / span * top) for value in layer.values]
    return [level if level is not None and 0 <= level <= top else None for level in found]


def _grid(layer: Layer, levels: Sequence[int | None], cells: int, rows: int, *, braille: bool) -> list[int]:
    """Set the dots of a layer: four levels for each row, in one or two columns for each cell."""
    grid = [0] * (cells * rows)
    per_cell = 2 if braille else 1
    top = rows * LEVELS - 1
    before: int | None = None
    every, filled = layer.every, layer.filled
    for column, level in enumerate(levels[: cells * per_cell]):
        if level is not None and column % every == 0:
            first, last = _reach(level, before, filled=filled)
            at, bits = column // per_cell, _DOTS[column % per_cell if braille else 0]
            if filled and level >= LEVELS:  # full cells up to the one that holds the level
                for row in range(level // LEVELS):
                    grid[row * cells + at] |= _FULL[column % per_cell if braille else 0]
                first = level // LEVELS * LEVELS
            for dot in range(max(0, first), min(top, last) + 1):
                grid[dot // LEVELS * cells + at] |= bits[dot % LEVELS]
        before = level
    return grid


def _reach(level: int, before: int | None, *, filled: bool) -> tuple[int, int]:
    """From which to which level a column is drawn: a line meets the column before it half-way."""
    if filled:
        return 0, level
    if before is None or abs(before - level) <= 1:
        return level, level
    return (before + 1, level) if before < level else (level, before - 1)


def _braille_char(dots: int) -> str:
    return chr(_BLANK + dots)


def _ascii_char(dots: int) -> str:
    levels = [level for level in range(LEVELS) if dots & _DOTS[0][level]]
    return _ASCII_DOTS[levels[0]] if len(levels) == 1 else "|"


def _merge(cells: Sequence[Piece]) -> list[Piece]:
    """Join neighbours of one role."""
    merged: list[Piece] = []
    for text, role in cells:
        if merged and (merged[-1][1] == role or text == " "):
            merged[-1] = (merged[-1][0] + text, merged[-1][1])
        else:
            merged.append((text, role))
    return merged
