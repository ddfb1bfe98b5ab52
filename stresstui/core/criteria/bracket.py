"""What a measure of lower bounds is at most, where something is known above each of them."""

import copy
from typing import Final

import msgspec

from stresstui.core.criteria.aggregates import Extreme, Measure
from stresstui.core.criteria.base import Observation
from stresstui.core.criteria.rule import Rule
from stresstui.core.model.certainty import Certainty

_BOUNDS: Final = (Certainty.AT_LEAST, Certainty.AT_MOST)
_MONOTONE: Final = ("max", "min", "last", "mean", "p50", "p95", "p99")
"""Aggregates that do not fall when one of their values rises."""


class Bracket(msgspec.Struct):
    """The same measure, of the upper bounds of its values; there is none before the first of them comes."""

    rule: Rule
    memory: float
    """Seconds for which a value is part of the measure, as of ``Blur``."""
    above: Measure | None = None
    """What is measured of the upper bounds."""
    open_t: float | None = None
    """When a bound last came that has nothing on its other side, or an upper one alone."""

    def observe(self, seen: Observation, value: float, measure: Measure) -> None:
        """Take in a value before ``measure`` does, which up to the first bound is the same."""
        if self.above is None and seen.most is not None:
            self.above = copy.deepcopy(measure)
        if seen.most is None and seen.certainty in _BOUNDS:
            self.open_t = seen.t
        if self.above is not None:
            self.above.observe(seen.t, value if seen.most is None else seen.most)

    def most(self, t: float, *, judged: bool = False) -> float | None:
        """What the measure is at most at ``t`` seconds, or with ``judged`` the value that the rule judges there.

        None where that is not known, or nothing is a bound.
        """
        above = self.above
        if above is None or self.rule.aggregate not in _MONOTONE:
            return None
        if self.open_t is not None and self.open_t >= t - self.memory:
            return None
        return above.current if judged and isinstance(above, Extreme) and above.momentary else above.value

    def settles(self, value: float, most: float | None) -> bool:
        """Whether all that lies between a lower bound and ``most`` is on one side of the limit."""
        rule = self.rule
        return most is not None and (rule.upper or rule.lower) and rule.holds(value) is rule.holds(most)
