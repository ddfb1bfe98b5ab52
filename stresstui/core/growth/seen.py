"""What is judged of a history: upwards is bad, and a fall to nothing ends there."""

from math import log

from stresstui.core.growth.history import History
from stresstui.core.growth.kind import Kind
from stresstui.core.growth.tuning import TUNING
from stresstui.core.model.averages import median


def seen(history: History, kind: Kind) -> tuple[list[float], list[float], list[float]]:
    """Return active times, means and minima, upwards bad; of throughput the logarithms.

    What has fallen to nothing is judged by its way there, not by its rest.
    """
    times, means, lows = history.snapshot()
    if kind.sign > 0 or not means or max(means) > 0:  # what goes below nothing does not end there
        return times, means, lows
    least = TUNING.least_of_most * -min(means)
    if kind is Kind.THROUGHPUT:
        least = max(TUNING.least_part * median(-mean for mean in means), least, 1e-300)
    fell = next((place for place, mean in enumerate(reversed(means)) if -mean > least), 0)
    kept = len(times) - max(0, fell - 1)
    times, means, lows = times[:kept], means[:kept], lows[:kept]
    if kind is Kind.THROUGHPUT:
        means, lows = ([-log(max(-value, least)) for value in values] for values in (means, lows))
    return times, means, lows


def floor_of(kind: Kind, means: list[float]) -> float:
    """Return the smallest change that matters, in the unit of these means."""
    if kind is Kind.THROUGHPUT:
        return kind.floor(1.0)
    return kind.floor(median(means)) if means else 0.0
