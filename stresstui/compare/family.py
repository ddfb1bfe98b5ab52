"""Many metrics at once: each may be called by chance in one comparison of a hundred, and a report in one of twenty.

Holm's step-down method with weights (Holm, 1979, section 4): what is asked of every comparison keeps its hundredth
however many other metrics are compared beside it, and those share what is left.
"""

from collections.abc import Sequence
from typing import Final

ALPHA: Final = 0.05
"""Probability that a report of two equal sides calls any change."""
MOST: Final = 0.01
"""Probability at most with which one metric is called by chance, however few there are."""
ASKED: Final = {"rss": 0.02, "throughput": 0.05, "latency_ms_p99": 0.1}
"""What a comparison is to see of these, as a share; what it could not is said with the runs that would have."""


def weights_of(metrics: Sequence[str]) -> list[float]:
    """Share of ALPHA that each of these starts with; together 1 at most."""
    each = MOST / ALPHA
    asked = [metric in ASKED for metric in metrics]
    others, left = asked.count(False), 1.0 - each * sum(asked)
    if left < 0.0 or (others and not left):  # of several phases: more is asked for than there is to share
        return [1.0 / len(metrics)] * len(metrics)
    return [each if one else min(each, left / others) for one in asked]


def called(probabilities: Sequence[float], weights: Sequence[float]) -> list[bool]:
    """Which of many are called, so that with probability 1 - ALPHA none of the equal ones is."""
    found = [False] * len(probabilities)
    left = 1.0
    for index in sorted(range(len(probabilities)), key=lambda one: probabilities[one] / weights[one]):
        if probabilities[index] > min(MOST, ALPHA * weights[index] / left):
            break
        found[index] = True
        left -= weights[index]
    return found
