"""Axes: the stretch of values that a chart shows, and the round numbers that stand beside it."""

import math
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

_STEPS: Final = (1.0, 2.0, 2.5, 3.0, 4.0, 5.0, 10.0)
_ZERO_FROM: Final = 0.5
"""A smallest value of at most this part of the largest is shown with zero: there zero is part of the picture."""
_SPAN_LEAST: Final = 0.01
"""Part of the level that an axis covers at least, so that noise does not fill it."""


_ROWS_A_TICK: Final = 4
"""Rows of a tall chart between two ticks."""
_TICKS_MOST: Final = 5
"""Ticks of a low chart, at most."""
_TICKS_WANTED: Final = 3
_WORSE: Final = 0.3
"""What fewer ticks than wanted are worth, as part of the picture that would show nothing."""


_FEW_DECADES: Final = 2
"""Decades up to which an axis of ratios has ticks inside them."""
_CLOSE: Final = 2.0
"""Ratio of the largest to the least value below which its ticks are as far apart as on any other axis."""


class Axis(msgspec.Struct, frozen=True):
    """A stretch of values with its ticks, in shown units."""

    low: float
    """Value at the lower edge."""
    high: float
    """Value at the upper edge; greater than ``low``."""
    ticks: tuple[float, ...]
    """Round numbers from the lower edge on."""
    digits: int
    """Decimals that tell the ticks apart."""
    log: bool = False
    """Whether equal heights are equal ratios."""

    @property
    def from_zero(self) -> bool:
        """Whether heights can be compared: an axis that begins elsewhere shows change only."""
        return self.low == 0.0 and not self.log

    def share(self, value: float) -> float:
        """Where a value lies, 0 at the lower edge and 1 at the upper one; outside of both beyond."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low) if value > 0.0 else -1.0
        return (value - self.low) / (self.high - self.low)

    def label(self, tick: float) -> str:
        """A tick as text."""
        digits = max(self.digits, -math.floor(math.log10(tick) + 1e-9)) if self.log else self.digits
        return f"{tick:,.{digits}f}"

    @property
    def gutter(self) -> int:
        """Cells that the labels take, with the edge beside them."""
        return max(len(self.label(tick)) for tick in self.ticks) + 1

    def labels(self, rows: int, gutter: int, edge: str) -> list[str]:
        """What stands at the left of each row from above, ``gutter`` cells wide: the ticks that fall into it."""
        made = [" " * (gutter - 1) + edge[0]] * rows
        for tick in self.ticks:
            row = rows - 1 - min(rows - 1, int(self.share(tick) * rows))
            made[row] = f"{self.label(tick):>{gutter - 1}}{edge[1]}"
        return made


def make_axis(values: Iterable[float], rows: int, *, whole: bool = False) -> Axis:
    """Make the axis of a chart of so many rows; ``whole`` for counts, which have no ticks between integers."""
    found = [value for value in values if math.isfinite(value)] or [0.0]
    whole = whole or not any(found)
    low, high = min(found), max(found)
    if low >= 0.0 and low <= _ZERO_FROM * high:
        low = 0.0
    least = max(_SPAN_LEAST * abs(high), 1.0 if whole else 1e-9)
    if high - low < least:
        middle = (low + high) / 2
        low, high = middle - least / 2, middle + least / 2
        low = max(0.0, low) if min(found) >= 0.0 else low
    return min(_fits(low, high, rows, whole=whole), key=lambda fit: fit[0])[1]


def _fits(low: float, high: float, rows: int, *, whole: bool) -> Iterator[tuple[float, Axis]]:
    """Axes whose ticks stand so many rows apart, evenly: how bad, and which.

    An axis goes to its last row, whether a tick falls on it or not; so the ticks stand evenly whatever divides what.
    """
    gaps = max(1, rows - 1)
    most = max(_TICKS_MOST, rows // _ROWS_A_TICK + 1)
    for apart in range(1, gaps + 1):
        ticks = gaps // apart + 1
        if ticks > most and apart < gaps:
            continue
        steps = gaps / apart
        step = _step((high - low) / steps, whole=whole)
        while (first := math.floor(low / step + 1e-9)) * step + steps * step < high - 1e-9 * step:
            step = _step(step * 1.01, whole=whole)
        digits = next((n for n in range(12) if math.isclose(round(step, n), step, rel_tol=1e-6)), 12)
        axis = Axis(first * step, (first + steps) * step, tuple((first + n) * step for n in range(ticks)), digits)
        few = ticks < max(_TICKS_WANTED, rows // (2 * _ROWS_A_TICK))
        yield steps * step / (high - low) + _WORSE * few, axis


def make_log_axis(values: Iterable[float], rows: int, *, whole: bool = False) -> Axis:
    """Make an axis of equal ratios: of decades, of 1, 2 and 5 where it has few, or round where values lie close.

    As ``make_axis`` where no value is above zero, which no ratio reaches.
    """
    found = list(values)
    above = [value for value in found if math.isfinite(value) and value > 0.0]
    if not above:
        return make_axis(found, rows, whole=whole)
    low, high = min(above), max(above)
    first = math.floor(math.log10(low) + 1e-9)
    last = max(first + 1, math.ceil(math.log10(high) - 1e-9))
    if last - first > _FEW_DECADES:
        every = max(1, math.ceil((last - first) / max(1, rows - 1)))
        ticks = tuple(10.0**power for power in range(first, last + 1, every))
        return Axis(10.0**first, 10.0**last, ticks, 0, log=True)
    if high / low < _CLOSE:
        close = make_axis((low, high), rows, whole=whole)
        if close.low > 0.0:
            return msgspec.structs.replace(close, log=True)
    return _of_few(
        low, high, [factor * 10.0**power for power in range(first, last + 1) for factor in (1.0, 2.0, 5.0)], rows
    )


def _of_few(low: float, high: float, round_ones: list[float], rows: int) -> Axis:
    """From the round number below the least value to the one above the largest."""
    begin = max(number for number in round_ones if number <= low * (1 + 1e-9))
    end = min(number for number in round_ones if number >= high * (1 - 1e-9) and number > begin)
    between = [number for number in round_ones if begin <= number <= end]
    if len(between) > rows:
        between = [begin, end]
    return Axis(begin, end, tuple(between), 0, log=True)


def _step(least: float, *, whole: bool) -> float:
    """The smallest round number that is at least ``least``."""
    power = 10.0 ** math.floor(math.log10(least)) if least > 0 else 1.0
    steps = [factor * power for factor in _STEPS]
    found = [step for step in steps if step >= least * (1 - 1e-9) and (not whole or step.is_integer())]
    return found[0] if found else 10.0 * power if power >= 1.0 else 1.0
