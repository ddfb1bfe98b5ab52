"""What a look cost the run: its numbers during it against those of as long before it."""

from typing import Final

from stresstui.core.model.metric import infer
from stresstui.core.model.units import format_value
from stresstui.core.run.fold import RunState

SHOWN: Final = ("throughput", "latency_ms_p99", "cpu")
"""What is told, where the run has it."""
LEAST_S: Final = 60.0
"""Seconds before a look that are compared with, at least."""


def cost_of(state: RunState, began: float, ended: float) -> list[str]:
    """Say what became of the run's numbers between two instants of it; empty where nothing is known of either."""
    span = max(LEAST_S, ended - began)
    said = []
    for name in SHOWN:
        before, during = _mean(state, name, began - span, began), _mean(state, name, began, ended)
        if before is None or during is None:
            continue
        metric = state.scenario.metric(name) or infer(name)
        change = f" ({100 * (during / before - 1):+.0f} %)" if before else ""
        then, now = format_value(before, metric.unit), format_value(during, metric.unit)
        said.append(f"{metric.title} {then} -> {now}{change}")
    return said


def _mean(state: RunState, name: str, start: float, end: float) -> float | None:
    series = state.series.get(name)
    if series is None:
        return None
    inside = [b for b in series.buckets if b.count and b.start >= start and b.start + series.width <= end]
    count = sum(bucket.count for bucket in inside)
    return sum(bucket.mean * bucket.count for bucket in inside) / count if count else None
