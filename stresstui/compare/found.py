"""What a comparison finds: of each metric, and all together."""

from enum import StrEnum
from typing import Final

import msgspec

SEVERAL: Final = 3
"""Runs a side from which on they tell what runs differ by."""
SOAK: Final = "soak"
"""The phase of which earlier runs are known."""


class Change(StrEnum):
    """What became of a metric."""

    WORSE = "worse"
    BETTER = "better"
    NONE = "no change"
    """None that could be told from chance; ``seen_from`` says what could."""
    SMALL = "too small to matter"
    """Certain, and less than what was asked for."""


class Comparison(msgspec.Struct, frozen=True):
    """One metric in one phase."""

    phase: str
    metric: str
    title: str
    unit: str
    before: float
    """Mean of the base side, base unit; of times that of their logarithms, as a time."""
    after: float
    """Mean of the other side."""
    low: float
    """Lower end of the 95 % interval of the difference, base unit."""
    high: float
    """Upper end."""
    p: float
    """Probability of such a difference by chance, not corrected."""
    change: Change
    """What is made of it over all metrics."""
    seen_from: float
    """The smallest difference that this comparison would have called in four of five cases, base unit."""
    runs: int | None = None
    """Runs a side that would have seen what is asked of this metric; None where these did, or that is not known."""

    @property
    def difference(self) -> float:
        """After less before."""
        return self.after - self.before

    def share(self, difference: float) -> float | None:
        """A difference as a share of the base's mean; None where that is 0."""
        return difference / abs(self.before) if self.before else None


class Report(msgspec.Struct, frozen=True):
    """All metrics."""

    base: list[str]
    """Names of the runs of the base side."""
    other: list[str]
    """Names of the runs that are compared with it."""
    comparisons: list[Comparison]
    """What changed first, the surest before the others."""
    remarks: list[str]
    """Why it is to be read with care."""
    unlike: list[str] = []
    """Why what differs may be no change of what is under test: no verdict rests on such a comparison."""
    open: list[str] = []
    """What could not be compared, and why: where nothing became worse it is open whether something did."""

    @property
    def worse(self) -> list[Comparison]:
        """What became worse."""
        return [one for one in self.comparisons if one.change is Change.WORSE]
