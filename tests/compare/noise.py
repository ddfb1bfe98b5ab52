"""Runs as real ones scatter: between runs, within them, and together.

Measured on ten real runs each of high_connection_rate and ech_24h (32 s of soak, two cores shared with four other
loads, pressure of 20 to 98 %); of the two the larger spread. Load is offered at a fixed rate, so throughput hardly
differs; times differ by factors, with what else the machine does.
"""

import math
import random
from collections.abc import Mapping
from typing import NamedTuple

from stresstui.compare.numbers import Numbers, Values


class Spread(NamedTuple):
    """How a metric scatters; shares of its mean."""

    unit: str
    mean: float
    within: float
    """Standard deviation of a run's values."""
    again: float
    """Resemblance of each value to the one before it."""
    apart: float
    """What runs differ by beside that."""
    busy: float = 0.0
    """How much of that they owe to how busy the machine was: correlation with what all metrics share."""
    falls: bool = False


METRICS: Mapping[str, Spread] = {
    "rss": Spread("bytes", 1.1e8, 0.006, 0.9, 0.0063, 0.4),
    "memory": Spread("bytes", 3.5e7, 0.014, 0.89, 0.0074, 0.5),
    "fds": Spread("count", 140.0, 0.1, 0.0, 0.041, 0.5),
    "threads": Spread("count", 27.0, 0.016, 0.7, 0.035, 0.4),
    "established": Spread("count", 61.0, 0.057, 0.5, 0.17),
    "cpu": Spread("%", 9.0, 0.1, 0.0, 0.078, -0.5),
    "throughput": Spread("bytes/s", 6.5e6, 0.034, 0.23, 0.0042, 0.5, falls=True),
    "connections_total": Spread("count/s", 150.0, 0.011, -0.33, 0.0005, falls=True),
    "latency_ms_p50": Spread("ms", 1.7, 0.14, 0.87, 0.27, 0.7),
    "latency_ms_p99": Spread("ms", 20.0, 0.51, 0.85, 0.51, 0.9),
}
NONE = ("close_wait", "connection_failures_total")
"""What stays at 0."""
QUIET: Mapping[str, float] = {"latency_ms_p50": 0.1, "latency_ms_p99": 0.05}
"""Part of that scatter of times that a machine of one's own might have: no measurement, a case to be seen."""


def run(source: random.Random, count: int = 120, part: Mapping[str, float] = QUIET, /, **changes: float) -> Numbers:
    """A run; ``part`` of its usual scatter is what a metric has, ``changes`` multiply means."""
    busy = source.gauss(0, 1)
    soak = {
        name: Values(
            one.unit, name, one.falls, _values(source, one, count, busy, part.get(name, 1.0), changes.get(name, 1.0))
        )
        for name, one in METRICS.items()
    }
    nothing = {name: Values("count", name, falls=False, values=[0.0] * count) for name in NONE}
    return Numbers("run", "noise", "lab", 60.0, "passed", {"soak": soak | nothing})


def _values(source: random.Random, one: Spread, count: int, busy: float, part: float, change: float) -> list[float]:  # noqa: PLR0917 - what a value is made of
    apart = one.apart * (one.busy * busy + math.sqrt(1 - one.busy**2) * source.gauss(0, 1))
    level, new = math.log(one.mean * change) + part * apart, math.sqrt(1 - one.again**2)
    x, values = source.gauss(0, 1), []
    for _ in range(count):
        x = one.again * x + new * source.gauss(0, 1)
        values.append(math.exp(level + part * one.within * x))
    return values
