"""How certain a value of a reading is: a rule must not call a bound a breach on the side that the bound leaves open."""

from enum import StrEnum


class Certainty(StrEnum):
    """What is known of a value beside its number."""

    EXACT = "exact"
    """Counted, or read from the kernel at that instant."""
    ESTIMATE = "estimate"
    """Near the truth, on either side of it."""
    AT_LEAST = "at_least"
    """A lower bound: the truth is this or more, so it breaches no lower limit."""
    AT_MOST = "at_most"
    """An upper bound: the truth is this or less, so it breaches no upper limit."""
