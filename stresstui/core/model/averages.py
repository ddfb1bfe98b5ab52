"""Mean and median, to the last bit those of ``statistics``: that takes half a MiB and 3 ms of each process to load."""

import math
from collections.abc import Collection, Iterable


def fmean(values: Collection[float]) -> float:
    """Mean of at least one value, whose sum is rounded once."""
    return math.fsum(values) / len(values)


def median(values: Iterable[float]) -> float:
    """The middle one of at least one value, or the mean of the two in the middle."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
