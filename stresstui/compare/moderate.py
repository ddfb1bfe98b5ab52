"""What a handful of runs differ by, told better by all metrics together (Smyth, 2004, Stat. Appl. Genet. Mol. Biol. 3).

Five runs a side leave eight degrees of freedom for what runs differ by, and a test that is so unsure sees little. How
uncertain each run's mean is within the run is known well, though, and runs mostly differ by some multiple of that. How
far the metrics agree on the multiple says how much each may borrow from the others.
"""

import math
import statistics
from collections.abc import Sequence
from typing import Final

BORROWED_MAX: Final = 4.0
"""Degrees of freedom that are borrowed at most: in 4,000 simulated reports of equal runs more called too many."""
FEWEST: Final = 4
"""Metrics below which nothing is borrowed."""
_SERIES_FROM: Final = 6.0


def prior_of(ratios: Sequence[float], freedom: float) -> tuple[float, float]:
    """Degrees of freedom to borrow, and the multiple that the metrics agree on; 0 of them where they do not.

    ``ratios`` are what runs differ by over what they would by their own noise, squared, each known by ``freedom``.
    """
    if len(ratios) < FEWEST:
        return 0.0, 1.0
    logs = [math.log(ratio) - digamma(freedom / 2) + math.log(freedom / 2) for ratio in ratios]
    centre, spare = statistics.fmean(logs), statistics.variance(logs) - trigamma(freedom / 2)
    true = math.inf if spare <= 0 else 2 * _inverse_trigamma(spare)
    shift = 0.0 if math.isinf(true) else digamma(true / 2) - math.log(true / 2)
    return min(BORROWED_MAX, true), math.exp(centre + shift)


def shrunk(ratio: float, freedom: float, prior: tuple[float, float]) -> tuple[float, float]:
    """A ratio with what is borrowed, and its degrees of freedom."""
    borrowed, agreed = prior
    return (borrowed * agreed + freedom * ratio) / (borrowed + freedom), borrowed + freedom


def digamma(x: float) -> float:
    """Derivative of the logarithm of the gamma function, for x > 0."""
    lower = 0.0
    while x < _SERIES_FROM:
        lower += 1 / x
        x += 1
    square = 1 / (x * x)
    return math.log(x) - 1 / (2 * x) - square * (1 / 12 - square * (1 / 120 - square / 252)) - lower


def trigamma(x: float) -> float:
    """Its second derivative, for x > 0."""
    lower = 0.0
    while x < _SERIES_FROM:
        lower += 1 / (x * x)
        x += 1
    square = 1 / (x * x)
    return lower + 1 / x + square / 2 + square / x * (1 / 6 - square * (1 / 30 - square / 42))


def _inverse_trigamma(value: float) -> float:
    """Where ``trigamma`` has a value, by halving; it falls from endless to 0."""
    low, high = 1e-6, 1e6
    for _ in range(100):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if trigamma(middle) > value else (low, middle)
    return math.sqrt(low * high)
