"""Where a row of runs changed: E-divisive (Matteson and James, 2014), the energy statistic with a permutation test.

Who looks after every run has seen the older places before, so the newest are asked of by themselves: do the last three,
four or five differ from all before them, by Student's t? That sees a step sooner than permutations, of which three runs
allow few, and calls hardly more that are none, also where runs scatter with heavy tails.
"""

import itertools
import math
import random
import statistics
from typing import Final

import msgspec

from stresstui.compare.student import two_sided

CERTAIN: Final = 0.002
"""Probability, by chance, of a split as good as one that is called anywhere ..."""
CERTAIN_NEWEST: Final = 0.001
"""... and of a difference as large of three, of four or of five newest runs from those before."""
_NEWEST: Final = 5
"""Runs that are the newest, at most: a step that is older was seen when it was new."""
_AS_GOOD: Final = 10.0
"""Times the least chance that a newer place may have: who looks after each run would have seen an older one before."""
_RECENT: Final = _NEWEST + 2
"""Runs behind a step that may be the same as one of the newest."""
_SHUFFLES: Final = 999
_SHORTEST: Final = 3
"""Runs on either side of a step: fewer may be luck."""
_NOTHING: Final = 1e-9
"""Part of a difference that is no scatter but rounding."""
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


def steps_of(values: list[float], seed: int = 0, *, times: bool = False) -> list[Step]:
    """Find the steps in a row of values, oldest first; ``times`` differ by factors."""
    source = random.Random(seed)  # noqa: S311 - chance for a test, no secret
    looked_at = list(map(math.log, values)) if times and min(values, default=0.0) > 0 else values
    found = _split(looked_at, 0, source)
    older = [border for border in found if len(values) - border > _RECENT]
    newest = _newest(looked_at[max(older, default=0) :])
    if newest is not None:  # it knows the place better than what looks for one anywhere
        found = [*older, len(values) - newest]
    borders = [0, *found, len(values)]
    parts = [values[a:b] for a, b in itertools.pairwise(borders)]
    return [
        Step(border, statistics.median(before), statistics.median(after))
        for border, before, after in zip(borders[1:-1], parts, parts[1:], strict=False)
    ]


def _newest(values: list[float]) -> int | None:
    """How many of the newest differ from those before; None where as large a difference is likely by chance."""
    most = min(_NEWEST, len(values) - _SHORTEST)
    chances = [(_chance(values[:-count], values[-count:]), count) for count in range(_SHORTEST, most + 1)]
    least, _ = min(chances, default=(1.0, 0))
    if least > CERTAIN_NEWEST:
        return None
    return next(count for chance, count in chances if chance <= _AS_GOOD * least)


def _chance(before: list[float], behind: list[float]) -> float:
    """Probability of as large a difference of means by chance: Student's t with what both scatter by together."""
    difference = statistics.fmean(behind) - statistics.fmean(before)
    freedom = len(before) + len(behind) - 2.0
    squares = sum(statistics.pvariance(side) * len(side) for side in (before, behind))
    error = math.sqrt(squares / freedom * (1 / len(before) + 1 / len(behind)))
    if error <= _NOTHING * abs(difference):
        return 0.0 if difference else 1.0
    return two_sided(difference / error, freedom)


def _split(values: list[float], offset: int, source: random.Random) -> list[int]:
    """Borders inside a part, found by splitting it where that is best, for as long as that is no chance."""
    place = _place(values, source)
    if place is None:
        return []
    left = _split(values[:place], offset, source)
    return [*left, offset + place, *_split(values[place:], offset + place, source)]


def _place(values: list[float], source: random.Random) -> int | None:
    """The best place to split at; None where as good a one is likely by chance."""
    if len(values) < 2 * _SHORTEST:
        return None
    best, place = _best(values)
    shuffled = list(values)
    beaten = 0
    allowed = CERTAIN * (_SHUFFLES + 1) - 1
    for _ in range(_SHUFFLES):
        source.shuffle(shuffled)
        beaten += _best(shuffled)[0] >= best
        if beaten > allowed:
            return None
    return place


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
