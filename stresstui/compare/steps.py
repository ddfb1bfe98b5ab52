"""Where a row of runs changed: E-divisive (Matteson and James, 2014), the energy statistic with a permutation test."""

import itertools
import random
import statistics
from typing import Final

import msgspec

CERTAIN: Final = 0.005
"""Probability, by chance, of a split as good as one that is called."""
_SHUFFLES: Final = 999
_SHORTEST: Final = 3
"""Runs on either side of a step: fewer may be luck."""
LONGEST: Final = 60
"""Runs that are looked at, the newest."""


class Step(msgspec.Struct, frozen=True):
    """A place where the values changed."""

    at: int
    """Index of the first value behind it."""
    before: float
    """Median of the values before it, back to the step before."""
    after: float
    """Median of those behind it, up to the next."""


def steps_of(values: list[float], seed: int = 0) -> list[Step]:
    """Find the steps in a row of values, oldest first."""
    source = random.Random(seed)  # noqa: S311 - chance for a test, no secret
    borders = sorted({0, len(values), *_split(values, 0, source)})
    parts = [values[a:b] for a, b in itertools.pairwise(borders)]
    return [
        Step(border, statistics.median(before), statistics.median(after))
        for border, before, after in zip(borders[1:-1], parts, parts[1:], strict=False)
    ]


def _split(values: list[float], offset: int, source: random.Random) -> list[int]:
    """Borders inside a part, found by splitting it where that is best, for as long as that is no chance."""
    if len(values) < 2 * _SHORTEST:
        return []
    best, place = _best(values)
    shuffled = list(values)
    beaten = 0
    allowed = CERTAIN * (_SHUFFLES + 1) - 1
    for _ in range(_SHUFFLES):
        source.shuffle(shuffled)
        beaten += _best(shuffled)[0] >= best
        if beaten > allowed:
            return []
    left = _split(values[:place], offset, source)
    return [*left, offset + place, *_split(values[place:], offset + place, source)]


def _best(values: list[float]) -> tuple[float, int]:
    """The largest energy distance between both sides of a split, scaled by their sizes, and where that is.

    The sums of distances are moved along with the split, so that all splits together take n squared steps.
    """
    n = len(values)
    left = right = between = 0.0
    for i in range(n):
        for j in range(i + 1, n):
            right += abs(values[i] - values[j])
    best, place = -1.0, _SHORTEST
    for split in range(1, n - _SHORTEST + 1):
        moved = values[split - 1]
        to_left = sum(abs(moved - other) for other in values[: split - 1])
        to_right = sum(abs(moved - other) for other in values[split:])
        left, right, between = left + to_left, right - to_right, between - to_left + to_right
        if split < _SHORTEST:
            continue
        rest = n - split
        distance = 2 * between / (split * rest)
        distance -= 2 * left / (split * (split - 1)) + 2 * right / (rest * (rest - 1))
        scaled = split * rest / n * distance
        if scaled > best:
            best, place = scaled, split
    return best, place
