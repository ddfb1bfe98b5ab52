"""Where a row of runs changed: E-divisive (Matteson and James, 2014), the energy statistic with a permutation test.

Who looks after every run has seen the older places before, so most of the error that is allowed is spent on the newest
ones: a step is seen sooner, and hardly more are seen that are none.
"""

import itertools
import random
import statistics
from typing import Final

import msgspec

CERTAIN: Final = 0.002
"""Probability, by chance, of a split as good as one that is called anywhere ..."""
CERTAIN_NEWEST: Final = 0.004
"""... and of one among the newest."""
_NEWEST: Final = 8
"""Runs behind a step that is among the newest, at most."""
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
    found = _split(values, 0, source)
    last = values[max(found, default=0) :]
    newest = _place(last, len(last) - _NEWEST, CERTAIN_NEWEST, source)
    if newest is not None:
        found.append(len(values) - len(last) + newest)
    borders = [0, *found, len(values)]
    parts = [values[a:b] for a, b in itertools.pairwise(borders)]
    return [
        Step(border, statistics.median(before), statistics.median(after))
        for border, before, after in zip(borders[1:-1], parts, parts[1:], strict=False)
    ]


def _split(values: list[float], offset: int, source: random.Random) -> list[int]:
    """Borders inside a part, found by splitting it where that is best, for as long as that is no chance."""
    place = _place(values, 0, CERTAIN, source)
    if place is None:
        return []
    left = _split(values[:place], offset, source)
    return [*left, offset + place, *_split(values[place:], offset + place, source)]


def _place(values: list[float], first: int, certain: float, source: random.Random) -> int | None:
    """The best place to split at, from ``first`` on; None where as good a one is likely by chance."""
    if len(values) < 2 * _SHORTEST:
        return None
    best, place = _best(values, first)
    shuffled = list(values)
    beaten = 0
    allowed = certain * (_SHUFFLES + 1) - 1
    for _ in range(_SHUFFLES):
        source.shuffle(shuffled)
        beaten += _best(shuffled, first)[0] >= best
        if beaten > allowed:
            return None
    return place


def _best(values: list[float], first: int) -> tuple[float, int]:
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
        if split < max(first, _SHORTEST):
            continue
        rest = n - split
        distance = 2 * between / (split * rest)
        distance -= 2 * left / (split * (split - 1)) + 2 * right / (rest * (rest - 1))
        scaled = split * rest / n * distance
        if scaled > best:
            best, place = scaled, split
    return best, place
