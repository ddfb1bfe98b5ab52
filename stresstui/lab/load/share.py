"""A load that is more than one process can make, shared out over several."""

import dataclasses
import math
import os

from stresstui.lab.load.profiles import LoadPlan

RATE_OF_ONE = 5_000.0
"""Connections per second that one process makes on any machine of today, verified; it is half of what a core does."""
BYTES_OF_ONE = 500e6
"""Bytes per second, likewise."""
_OTHER_SEED = 1_000_003


def wanted(plan: LoadPlan, cores: int | None = None) -> int:
    """Say how many processes a plan asks for: no more than half of the cores, which the system under test needs too."""
    cores = cores or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    asked = max(plan.rate / RATE_OF_ONE, plan.flow_rate / BYTES_OF_ONE if plan.flows else 0.0)
    return max(1, min(math.ceil(asked), cores // 2))


def parts(plan: LoadPlan, count: int) -> list[LoadPlan]:
    """Share a plan out; the parts come to the whole, and no two send the same bytes. The first has the datagrams."""
    count = max(1, min(count, plan.concurrency))
    return [
        dataclasses.replace(
            plan,
            rate=plan.rate / count,
            concurrency=_part(plan.concurrency, at, count),
            flows=_part(plan.flows, at, count),
            flow_rate=plan.flow_rate * _part(plan.flows, at, count) / plan.flows if plan.flows else plan.flow_rate,
            datagrams=plan.datagrams if at == 0 else 0.0,
            seed=plan.seed + at * _OTHER_SEED,
        )
        for at in range(count)
    ]


def _part(whole: int, at: int, count: int) -> int:
    return whole // count + (at < whole % count)
