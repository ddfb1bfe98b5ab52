"""One trailing window of the history, reduced to the few numbers that tell a leak from a wave."""

from functools import cached_property
from itertools import pairwise

import msgspec

from stresstui.core.growth.regression import Line, fit, theil_sen
from stresstui.core.growth.tuning import TUNING
from stresstui.core.model.averages import median


class Carrier(msgspec.Struct, frozen=True):
    """One way to see the level of a window: means, medians, minima, or minima of pairs of blocks."""

    xs: list[float]
    """Active seconds."""
    ys: list[float]
    """Levels."""
    line: Line
    """The least-squares line through them, per second."""
    t: float
    """How certain the slope is, in standard errors."""

    def halves(self) -> tuple[float, float]:
        """Return the Theil-Sen slopes of the earlier and the later half, per second."""
        half = (len(self.ys) + 1) // 2
        return theil_sen(self.xs[:half], self.ys[:half]), theil_sen(self.xs[-half:], self.ys[-half:])

    def keeps(self, part: float) -> bool:
        """Tell whether the latest third rises more than `part` times as fast as all of it."""
        late = max(TUNING.late_fewest, len(self.xs) // TUNING.late_part)
        return theil_sen(self.xs[-late:], self.ys[-late:]) > part * max(0.0, theil_sen(self.xs, self.ys))

    def misfit(self) -> float:
        """Return the sum of squared residuals of the line."""
        n = len(self.xs)
        mean_x, mean_y = sum(self.xs) / n, sum(self.ys) / n
        slope = self.line.least_squares
        return sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in zip(self.xs, self.ys, strict=True))


def _carrier(xs: list[float], ys: list[float], worth: float = 1.0) -> Carrier:
    line = fit(xs, ys)
    return Carrier(xs, ys, line, line.t * worth)


class Window(msgspec.Struct, frozen=True, dict=True):
    """A trailing window cut into blocks; upwards is the bad direction."""

    begin: int
    """Index of its first bin."""
    means: Carrier
    """The blocks' means."""
    middles: list[float]
    """The blocks' medians."""
    least: list[float]
    """The blocks' minima."""

    @property
    def span(self) -> float:
        """From the first block's centre to the last one's, active seconds."""
        return self.means.xs[-1] - self.means.xs[0]

    @property
    def rise(self) -> float:
        """What the means rise over the span."""
        return self.means.line.slope * self.span

    @cached_property
    def medians(self) -> Carrier:
        """The blocks' medians."""
        return _carrier(self.means.xs, self.middles)

    @cached_property
    def lows(self) -> Carrier:
        """The blocks' minima: what a leak lifts and a sawtooth does not."""
        return _carrier(self.means.xs, self.least)

    @property
    def finest(self) -> Line:
        """The line with the smallest error, whichever way it goes."""
        return min(self.means.line, self.medians.line, self.lows.line, key=lambda line: line.error)

    @cached_property
    def best(self) -> Carrier:
        """The carrier whose rise is the most certain."""
        carriers = [self.means, self.medians, self.lows]
        xs = [(a + b) / 2 for a, b in zip(self.means.xs[::2], self.means.xs[1::2], strict=False)]
        if len(xs) >= TUNING.fewest_pairs:
            pairs = [min(a, b) for a, b in zip(self.least[::2], self.least[1::2], strict=False)]
            carriers.append(_carrier(xs, pairs, TUNING.pair_worth))
        return max(carriers, key=lambda carrier: carrier.t)


def look(times: list[float], means: list[float], lows: list[float], begin: int) -> Window | None:
    """Cut the bins from `begin` on into blocks; None when they are too few."""
    count = len(times) - begin
    blocks = min(TUNING.blocks, count)
    if blocks < TUNING.fewest:
        return None
    cuts = [begin + count * i // blocks for i in range(blocks + 1)]
    pieces = list(pairwise(cuts))
    xs = [sum(times[a:b]) / (b - a) for a, b in pieces]
    level = _carrier(xs, [sum(means[a:b]) / (b - a) for a, b in pieces])
    return Window(begin, level, [median(means[a:b]) for a, b in pieces], [min(lows[a:b]) for a, b in pieces])
