"""What runs of a kind differed by before: five a side tell it badly, and two dozen earlier ones tell it well.

It is taken from between the places where the row of them changed (``steps``); a change that is too small to be found
makes it look larger than it is, which calls less, not more.
"""

import itertools
import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from stresstui.compare.moderate import digamma
from stresstui.compare.steps import LONGEST, steps_of

FEWEST: Final = 10
"""Earlier runs below which they tell nothing."""
FREEDOM_MAX: Final = 32.0
"""Degrees of freedom that they are worth at most."""
NOISIER: Final = 2.5
"""Times that variance from which on a metric differs by more than it did, and borrows nothing."""


class Scatter(msgspec.Struct, frozen=True):
    """What runs of a kind differ by in a metric."""

    variance: float
    """Of the logarithm of a run's mean: of what it differs by, as a share of it."""
    freedom: float
    """Degrees of freedom that it is known by."""
    runs: int
    """How many runs that were."""


def scatter_of(levels: Mapping[str, Sequence[float]]) -> dict[str, Scatter]:
    """By metric, given what each run came to, oldest first; what has been 0 or below has no share to differ by."""
    return {
        name: found
        for name, values in levels.items()
        if len(values) >= FEWEST and min(values) > 0 and (found := _scatter(list(map(math.log, values[-LONGEST:]))))
    }


def _scatter(logs: list[float]) -> Scatter | None:
    borders = [0, *(step.at for step in steps_of(logs)), len(logs)]
    parts = [logs[a:b] for a, b in itertools.pairwise(borders)]
    freedom = float(len(logs) - len(parts))
    if freedom < FEWEST - 1:
        return None
    squares = sum(statistics.pvariance(part) * len(part) for part in parts)
    return Scatter(squares / freedom, min(FREEDOM_MAX, freedom), len(logs))


def times_noisier(seen: Sequence[tuple[float, float, Scatter]]) -> float:
    """How many times the variance of earlier runs today's have, over all metrics: a busier day is one for all of them.

    Of each metric today's variance as ``Scatter`` has it, its degrees of freedom, and what was earlier; at least 1.
    """
    logs = [
        math.log(variance / earlier.variance) - _bias(freedom) + _bias(earlier.freedom)
        for variance, freedom, earlier in seen
        if variance and earlier.variance
    ]
    return max(1.0, math.exp(statistics.fmean(logs))) if logs else 1.0


def _bias(freedom: float) -> float:
    """What the logarithm of a variance is off by, on average, where so few tell it."""
    return digamma(freedom / 2) - math.log(freedom / 2)


def pooled(variance: float, freedom: float, earlier: Scatter, times: float) -> tuple[float, float]:
    """Today's variance with that of earlier runs, which counts so many times, and its degrees of freedom."""
    before = earlier.variance * times
    if variance > NOISIER * before:
        return variance, freedom
    together = freedom + earlier.freedom
    return (freedom * variance + earlier.freedom * before) / together, together
