"""Whether one counter is printed by several at once: its lines then jump between counts of which each only rises.

A program that was started again counts from 0, below all that was left off. Of several that print in turn each goes on
a little above where it was, so a fall that leads there tells of two counts; some lives of one look like that by chance.
"""

from bisect import bisect_left
from typing import Final

import msgspec

COUNTS_KEPT: Final = 64
"""Counts that are told apart, the highest of them."""
_RETURNS_LEAST: Final = 2
_NEAR: Final = 0.5
"""Share of a value that the count which it goes on from has at least: a beginning is no such thing."""


class Writers(msgspec.Struct):
    """The counts behind one name, as few as can explain its lines, if each only rises."""

    tips: list[float]
    """Where each stands, lowest first; the first is where the name stood when it first fell."""
    begun: int = 0
    """Falls below all of them, as of a program that was started again."""
    returns: int = 0
    """Falls to a little above one of them, as of another program that goes on."""
    several: bool = False
    """Whether that can hardly be one program that was started again."""

    def take(self, last: float, value: float) -> None:
        """Take in the value that followed on ``last``; one that was there before says nothing."""
        at = bisect_left(self.tips, value)
        if at < len(self.tips) and self.tips[at] == value:
            return
        if value < last:
            self._fall(at, value)
        if at:
            self.tips[at - 1] = value
        else:
            self.tips.insert(0, value)
            del self.tips[:-COUNTS_KEPT]

    def _fall(self, at: int, value: float) -> None:
        """Of lives that begin by chance above one another the beginnings grow with the root of the returns."""
        self.begun += not at
        self.returns += at > 0 and self.tips[at - 1] >= _NEAR * value
        self.several = self.several or self.returns >= max(_RETURNS_LEAST, self.begun**2 / 2)
