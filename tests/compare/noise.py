"""Runs whose values are noise that resembles itself, as a program's do."""

import random

from stresstui.compare.numbers import Numbers, Values

METRICS = (
    # name, unit, mean, standard deviation, resemblance, what runs differ by, whether less is worse
    ("rss", "bytes", 1e8, 0.01, 0.95, 0.004, False),
    ("throughput", "bytes/s", 5e6, 0.10, 0.6, 0.01, True),
    ("latency_ms_p99", "ms", 20.0, 0.30, 0.3, 0.02, False),
    ("fds", "count", 100.0, 0.02, 0.9, 0.01, False),
)


def run(source: random.Random, count: int = 120, **changes: float) -> Numbers:
    """A run; ``changes`` multiply the means of metrics."""
    soak = {
        name: Values(unit, name, falls, list(_values(source, (mean * changes.get(name, 1.0), sd, again, apart), count)))
        for name, unit, mean, sd, again, apart, falls in METRICS
    }
    return Numbers("run", "noise", "lab", 60.0, "passed", {"soak": soak})


def _values(source: random.Random, how: tuple[float, float, float, float], count: int) -> list[float]:
    mean, sd, again, apart = how
    level, x, values = mean * (1 + source.gauss(0, apart)), 0.0, []
    for _ in range(count):
        x = again * x + source.gauss(0, sd * mean * (1 - again * again) ** 0.5)
        values.append(level + x)
    return values
