"""One trailing window of the history, reduced to the few numbers that tell a leak from a wave."""

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from stresstui.core.growth.lines import Line, fit, theil_sen

BLOCKS = 20
"""A window is cut into this many blocks of equally many bins."""

FEWEST = 8
"""Fewer blocks than this say nothing."""


@dataclass(frozen=True, slots=True)
class Window:
    """A trailing window cut into blocks; upwards is the bad direction."""

    begin: int
    """Index of its first bin."""
    xs: list[float]
    """Centres of the blocks, active seconds."""
    means: list[float]
    """Means of the blocks."""
    medians: list[float]
    """Medians of the blocks."""
    lows: list[float]
    """Minima of the blocks."""
    line: Line
    """Least-squares line through the means, per second."""
    low_line: Line
    """Least-squares line through the minima, per second."""

    @property
    def span(self) -> float:
        """From the first block's centre to the last one's, active seconds."""
        return self.xs[-1] - self.xs[0]

    @property
    def level(self) -> float:
        """Median of the blocks' medians."""
        return median(self.medians)

    @property
    def best(self) -> Line:
        """The more certain of the two lines."""
        return self.low_line if self.low_line.error < self.line.error else self.line

    def slope(self, ys: list[float]) -> float:
        """Return the Theil-Sen slope of block values, per second."""
        return theil_sen(self.xs, ys)

    def misfit(self, ys: list[float]) -> float:
        """Return the sum of squared residuals of a least-squares line through block values."""
        n = len(ys)
        mean_x, mean_y = sum(self.xs) / n, sum(ys) / n
        xs, ys = [x - mean_x for x in self.xs], [y - mean_y for y in ys]
        across = sum(x * y for x, y in zip(xs, ys, strict=True))
        return max(0.0, sum(y * y for y in ys) - across * across / sum(x * x for x in xs))

    def halves(self, ys: list[float]) -> tuple[float, float]:
        """Return the Theil-Sen slopes of the earlier and the later half, per second."""
        half = (len(ys) + 1) // 2
        return theil_sen(self.xs[:half], ys[:half]), theil_sen(self.xs[-half:], ys[-half:])


def look(times: list[float], means: list[float], lows: list[float], begin: int) -> Window | None:
    """Cut the bins from `begin` on into blocks; None when they are too few."""
    count = len(times) - begin
    blocks = min(BLOCKS, count)
    if blocks < FEWEST:
        return None
    cuts = [begin + count * i // blocks for i in range(blocks + 1)]
    pieces = list(pairwise(cuts))
    xs = [sum(times[a:b]) / (b - a) for a, b in pieces]
    block_means = [sum(means[a:b]) / (b - a) for a, b in pieces]
    block_lows = [min(lows[a:b]) for a, b in pieces]
    medians = [median(means[a:b]) for a, b in pieces]
    return Window(begin, xs, block_means, medians, block_lows, fit(xs, block_means), fit(xs, block_lows))
