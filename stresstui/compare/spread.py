"""How uncertain the mean of one run's values is, though each value resembles the one before it.

The circular block bootstrap (Politis and Romano, 1992), its block length chosen from the autocorrelation (Politis and
White, 2004, corrected by Patton, Politis and White, 2009).
"""

import math
import statistics
from itertools import accumulate
from typing import Final

import msgspec

_LAGS_IN_A_ROW: Final = 5
_LONGEST: Final = 3


class Mean(msgspec.Struct, frozen=True):
    """A mean and how far it can be trusted."""

    value: float
    """Mean of the values."""
    error: float
    """Its standard error within the run."""
    blocks: int
    """How many blocks that are about independent the values make."""


def mean_of(values: list[float]) -> Mean:
    """Mean of a run's values with its standard error."""
    mean = statistics.fmean(values)
    if max(values) == min(values):
        return Mean(mean, 0.0, len(values))
    length = block_length(values)
    # A part of a period, such as a pause of the load, lies in the run once more or once less.
    return Mean(mean, _error(values, length), max(2, len(values) // length))


def _error(values: list[float], length: int) -> float:
    """Standard deviation of the mean of a resample made of blocks that begin anywhere and wrap around.

    It needs no draws: blocks are drawn independently, so their variances add up. Blocks vary about the mean of the
    same values, so by the share that each is of the whole too little; that is given back.
    """
    n = len(values)
    whole, rest = divmod(n, length)
    sums = list(accumulate((*values, *values[:length]), initial=0.0))
    full = statistics.pvariance([sums[i + length] - sums[i] for i in range(n)])
    part = statistics.pvariance([sums[i + rest] - sums[i] for i in range(n)]) if rest else 0.0
    return math.sqrt((whole * full + part) / (1 - length / n)) / n


def block_length(values: list[float]) -> int:
    """Length of a block that keeps what belongs together; at least 1, at most a third of the values."""
    n = len(values)
    longest = max(1, math.ceil(min(_LONGEST * math.sqrt(n), n / 3)))
    most = min(n - 1, math.ceil(math.sqrt(n)) + max(_LAGS_IN_A_ROW, math.ceil(math.log10(n))))
    covariances = _autocovariances(values, min(n - 1, 2 * most))
    if covariances[0] <= 0:
        return 1
    lag = min(2 * _last_lag(covariances, n, most), len(covariances) - 1)
    if lag == 0:
        return 1
    weights = [1.0 if 2 * k <= lag else 2 * (1 - k / lag) for k in range(lag + 1)]
    spectrum = covariances[0] + 2 * sum(w * c for w, c in zip(weights[1:], covariances[1 : lag + 1], strict=True))
    slope = 2 * sum(w * k * c for k, (w, c) in enumerate(zip(weights, covariances[: lag + 1], strict=True)))
    if spectrum <= 0:
        return longest  # what swings back: only long blocks hold whole swings
    length = math.cbrt(2 * slope * slope / (4 / 3 * spectrum * spectrum) * n)
    return max(1, min(longest, math.ceil(length)))


def _last_lag(covariances: list[float], n: int, most: int) -> int:
    """The smallest lag that is followed by several at which nothing resembles anything any more."""
    limit = 2 * math.sqrt(math.log10(n) / n)
    small = [abs(c) / covariances[0] < limit for c in covariances]
    for lag in range(most):
        after = small[lag + 1 : lag + 1 + _LAGS_IN_A_ROW]
        if len(after) == _LAGS_IN_A_ROW and all(after):
            return lag
    return most


def _autocovariances(values: list[float], lags: int) -> list[float]:
    n, mean = len(values), statistics.fmean(values)
    centred = [value - mean for value in values]
    return [sum(a * b for a, b in zip(centred, centred[lag:], strict=False)) / n for lag in range(lags + 1)]
