"""Layout: what the monitor shows in so many cells; named sizes, and what each has room for. Nothing is drawn here."""

from enum import StrEnum
from typing import Final

import msgspec

from stresstui.tui.draw.figures import VITALS


class Size(StrEnum):
    """The named sizes, from small to large."""

    NARROW = "narrow"
    """One column: a line for each vital, then the criteria."""
    WIDE = "wide"
    """Charts beside the criteria, events below those: 120x35."""
    BROAD = "broad"
    """And processes and events in a column of their own: 160x45."""


WIDE_FROM: Final = (118, 30)
"""Cells and lines from which on the vitals stand beside the criteria."""
BROAD_FROM: Final = (150, 40)
"""Cells and lines from which on processes and events have a column."""
HIGH: Final = 42
"""Lines from which on a narrow screen has room for the output below the lists."""
CHART_LINES: Final = 7
"""Lines of a chart with its frame, at least."""
_LOAD_FROM: Final = 12
"""Lines from which on there is one for the load."""
_OUTPUT_LEAST: Final = 6
_OUTPUT_ASKED: Final = 0.3
"""Part of the lines that the output takes where a person asks for it, and there is none to spare."""
_EVENTS_LEAST: Final = 6
_EVENTS_MOST: Final = 14
_GROUPS: Final = 4
_EVENTS_NARROW: Final = 4
_EVENTS_FROM: Final = 16
"""Lines from which on a narrow screen has events: below that the worst criteria need theirs."""
_WORST: Final = 2
"""Lines for the worst criterion under its title; what is judged comes before what is measured."""
_KEYS: Final = 1
_HEADER: Final = 2


class Layout(msgspec.Struct, frozen=True):
    """Who gets which lines."""

    size: Size
    vitals: int
    """How many vitals there are."""
    lists: bool
    """Whether the criteria are in sight."""
    criteria: int | None
    """Lines of the criteria; None = what is left."""
    output: int | None
    """Lines of the output; 0 = none, None = what is left."""
    side: int | None
    """Lines of the events, and of the processes beside them; 0 = none, None = what is left."""
    load: int
    """Lines of the load: 0, 1, or 3 with a frame."""
    abreast: bool = False
    """Whether on a narrow screen the events stand beside the criteria: it is wide, and only low."""


def lay_out(
    width: int,
    height: int,
    *,
    rows: int,
    folded: int = 0,
    known: int = len(VITALS),
    taken: int = 0,
    output: bool | None = None,
) -> Layout:
    """Choose the layout of a screen.

    ``rows`` are the lines that all criteria take, ``folded`` those for the rests of their titles, ``known`` the vitals
    that have data, ``taken`` the lines of a banner and a time bar, and ``output`` what the person wants of the output;
    None = where there is room.
    """
    if width < WIDE_FROM[0] or height < WIDE_FROM[1]:
        return _narrow(width, height, taken, output=output)
    broad = width >= BROAD_FROM[0] and height >= BROAD_FROM[1]
    load = 3 if height >= BROAD_FROM[1] else 1
    body = height - _HEADER - load - _KEYS - taken
    vitals = max(len(VITALS), min(known, body // CHART_LINES))
    rows += min(folded, max(0, body - rows - _EVENTS_LEAST))
    rows += min(_GROUPS, max(0, body - rows - _EVENTS_LEAST - _OUTPUT_LEAST))  # blank lines between groups
    left = body - rows
    side = max(_EVENTS_LEAST, min(_EVENTS_MOST, left // 2))
    shown = left - side if left - side >= _OUTPUT_LEAST else 0
    if output is not None:
        shown = max(left - side, _OUTPUT_LEAST, int(height * _OUTPUT_ASKED)) if output else 0
    fits = side + shown <= left
    return Layout(
        Size.BROAD if broad else Size.WIDE, vitals, lists=True, criteria=rows if fits else None, output=shown,
        side=side if shown else None if fits else _EVENTS_LEAST, load=load,
    )  # fmt: skip


def _narrow(width: int, height: int, taken: int, *, output: bool | None) -> Layout:
    shown = height >= HIGH if output is None else output
    lists = not shown or height >= HIGH
    side = max(_EVENTS_NARROW, height // 6) if height >= _EVENTS_FROM else 0
    load = 1 if height >= _LOAD_FROM else 0
    lines = None if shown else 0
    vitals = max(0, min(len(VITALS), height - _HEADER - load - _KEYS - taken - _WORST))
    abreast = width >= WIDE_FROM[0] and not shown
    return Layout(
        Size.NARROW, vitals, lists=lists, criteria=None, output=lines, side=None if abreast and side else side,
        load=load, abreast=abreast,
    )  # fmt: skip
