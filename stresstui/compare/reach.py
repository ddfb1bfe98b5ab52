"""How small a difference a comparison sees, and how many runs see a smaller one."""

from typing import Final

from stresstui.compare.student import quantile

POWER: Final = 0.8
"""What would have been seen: a change that this part of such comparisons calls."""
RUNS_MAX: Final = 1000
"""Runs a side beyond which nobody is told to go."""


def seen_from(error: float, freedom: float, level: float) -> float:
    """The smallest difference that is called with POWER where ``level`` is the chance of a false call.

    ``error`` is the difference's standard error, known by ``freedom``.
    """
    return (quantile(level, freedom) + quantile(2 * (1 - POWER), freedom)) * error


def runs_for(difference: float, spread: float, borrowed: float, level: float) -> int:
    """Runs a side that see a difference where runs scatter by ``spread`` (both in one unit); RUNS_MAX for more.

    ``borrowed`` are degrees of freedom beside those of the runs.
    """
    low, high = 1, RUNS_MAX
    while high - low > 1:
        middle = (low + high) // 2
        error = spread * (2 / middle) ** 0.5
        enough = seen_from(error, 2 * middle - 2 + borrowed, level) <= difference
        low, high = (low, middle) if enough else (middle, high)
    return high
