"""The load of each of the guide's tests, as numbers that options can change."""

import dataclasses
from dataclasses import dataclass
from typing import Literal

KIB = 1024
MIB = 1024 * KIB

Closing = Literal["fin", "rst"]


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """What the driver does through one tunnel."""

    rate: float = 20.0
    """Short connections per second, started on a grid."""
    concurrency: int = 256
    """The most short connections at once; one that is due beyond it is missed, and counted."""
    payloads: tuple[int, ...] = (4 * KIB, 16 * KIB, 64 * KIB)
    """Bytes that a short connection echoes; one is drawn from these for each."""
    requests: int = 2
    """Round trips of a short connection."""
    flows: int = 8
    """Long-lived connections."""
    flow_block: int = 64 * KIB
    """Bytes of one request of a long-lived connection."""
    flow_rate: float = 5.0 * MIB
    """Bytes per second over all long-lived connections; 0 sends as fast as the tunnel takes it."""
    datagrams: float = 40.0
    """UDP datagrams per second, where the protocol relays UDP."""
    datagram_size: int = 512
    """Bytes of one datagram."""
    load: float = 0.0
    """Seconds of load in a wave; 0 is load without a pause."""
    idle: float = 0.0
    """Seconds of the valley after it."""
    close: Closing = "fin"
    """How connections end: properly, or with RST, which leaves no TIME_WAIT."""
    seed: int = 1
    """Seed of the payload and of every draw."""


_WAVES = LoadPlan(rate=60.0, flows=16, load=30.0, idle=30.0)

PROFILES: dict[str, LoadPlan] = {
    "steady": LoadPlan(),
    "connection_rate": LoadPlan(rate=150.0, concurrency=512, payloads=(KIB,), requests=1, flows=0, datagrams=0.0),
    "large_transfer": LoadPlan(rate=1.0, flows=4, flow_block=256 * KIB, flow_rate=100.0 * MIB, datagrams=0.0),
    "memory_leak": _WAVES,
    "fd_leak": dataclasses.replace(_WAVES, rate=80.0, payloads=(4 * KIB,), flows=32, flow_rate=2.0 * MIB),
}
"""The plans by the name that ``--profile`` takes."""


def small_part(plan: LoadPlan) -> LoadPlan:
    """Return a plan for a tunnel that carries a small part beside others: a few connections, some of them at once."""
    return dataclasses.replace(
        plan,
        rate=min(plan.rate, 2.0),
        payloads=(4 * KIB,),
        flows=2,
        flow_block=4 * KIB,
        flow_rate=64.0 * KIB,
        datagrams=0.0,
    )


def adapted(
    plan: LoadPlan,
    *,
    rate: float | None = None,
    concurrency: int | None = None,
    payload: int | None = None,
    throughput: float | None = None,
    flows: int | None = None,
    close: Closing = "fin",
    seed: int = 1,
    duration: float | None = None,
) -> LoadPlan:
    """Return a plan with a person's options in it; waves are shortened so that three fit into a known duration."""
    shorter = 1.0
    if duration is not None and plan.load > 0:
        shorter = min(1.0, duration / (3 * (plan.load + plan.idle)))
    return dataclasses.replace(
        plan,
        rate=plan.rate if rate is None else rate,
        concurrency=plan.concurrency if concurrency is None else concurrency,
        payloads=plan.payloads if payload is None else (payload,),
        flow_rate=plan.flow_rate if throughput is None else throughput,
        flows=plan.flows if flows is None else flows,
        close=close,
        seed=seed,
        load=plan.load * shorter,
        idle=plan.idle * shorter,
    )
