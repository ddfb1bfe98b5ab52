"""The load of several boxes on one server, as one: counts added up, times merged, beside what the relays there saw."""

from collections.abc import Mapping, Sequence
from typing import Final

from stresstui.core.run.fold import RunState
from stresstui.core.run.stop import reached_plan
from stresstui.fleet.record import FleetRun, State
from stresstui.fleet.verdict import Compared, Joint, Times
from stresstui.lab.net.latency import Latency, read_counts

COUNTER: Final = "_total"
"""How names of counts end, which are added up."""
_REACHED: Final = "reached_total"
"""Connections of a client that came to the target, proofs included."""
_FAILED: Final = "connection_failures_total"
"""How counts of failed connections end: each tunnel's beside the main one has its own."""
_ROUND_TRIPS: Final = {"latency_ms": "requests_total", "udp_ms": "udp_round_trips_total"}
"""Histograms, and the counters that say how many times each must have."""
_AT_THE_TARGET: Final = ("connections to the target", "bytes to and from the target")
_ON_THE_WIRE: Final = {
    "handshakes_total": "handshakes on the wire",
    "wire_connections_total": "connections on the wire",
}

Side = tuple[FleetRun, RunState | None]
"""A run with what is known of it."""


def joints_of(runs: Sequence[FleetRun], states: Mapping[int, RunState]) -> list[Joint]:
    """The loads of several boxes that are in a record, in its order."""
    found: list[Joint] = []
    for load in sorted({run.load for run in runs if run.load}):
        sides = [(run, states.get(index)) for index, run in enumerate(runs) if run.load == load]
        server = next(side for side in sides if side[0].part == "server")
        found.append(join(server, [side for side in sides if side[0].part == "client"]))
    return found


def join(server: Side, clients: Sequence[Side]) -> Joint:
    """One load; inconclusive where a side is missing or ended early, or the two sides' counts differ."""
    known = [state for _, state in clients if state is not None]
    counts = _summed(known)
    times, doubts = _merged(known, counts)
    compared = _compared(counts, server[1])
    over = all(run.over for run, _ in (server, *clients))
    reasons = _reasons(_missing(server, clients), doubts, _differences(compared, counts)) if over else []
    return Joint(
        scenario=server[0].wanted.name,
        server=server[0].box,
        clients=tuple(run.box for run, _ in clients),
        outcome="running" if not over else "inconclusive" if reasons else "passed",
        reasons=tuple(reasons),
        seconds=max((state.under_load for state in known), default=0.0),
        counts=counts,
        rates=_rates(known),
        times=times,
        compared=compared,
    )


def _reasons(missing: list[str], doubts: list[str], differences: list[str]) -> list[str]:
    """Why it is inconclusive; that counts differ where a side is missing is what follows from that."""
    return [*missing, *doubts, *(() if missing else differences)]


def _summed(states: Sequence[RunState]) -> dict[str, float]:
    counts: dict[str, float] = {}
    for state in states:
        for name, value in state.workload.totals.items():
            if name.endswith(COUNTER):
                counts[name] = counts.get(name, 0.0) + value
    return counts


def _rates(states: Sequence[RunState]) -> dict[str, float]:
    """Connections and bytes in a second, each box's mean over its own time under load, added up."""
    found: dict[str, float] = {}
    for state in states:
        for name in ("connections_total", "bytes_total"):
            if state.under_load > 0 and name in state.workload.totals:
                found[name] = found.get(name, 0.0) + state.workload.totals[name] / state.under_load
    return found


def _merged(states: Sequence[RunState], counts: Mapping[str, float]) -> tuple[dict[str, Times], list[str]]:
    """Percentiles of all boxes' times together, and what speaks against them: a percentile of percentiles is none."""
    merged: dict[str, Latency] = {}
    doubts: list[str] = []
    for state in states:
        for name, text in state.workload.times.items():
            try:
                merged.setdefault(name, Latency()).add(read_counts(text))
            except ValueError as error:
                doubts.append(f"times of {name} cannot be read: {error}")
    for name, counter in _ROUND_TRIPS.items():
        have = merged[name].count if name in merged else 0
        if have != counts.get(counter, 0):
            doubts.append(f"the merged {name} have {have:,} times of {counts.get(counter, 0):,.0f} round trips")
    return {name: _times(one) for name, one in merged.items() if one.count}, doubts


def _times(one: Latency) -> Times:
    p50, p99, p999 = (1e3 * one.percentile(percent) for percent in (50.0, 99.0, 99.9))
    return Times(count=one.count, p50=p50, p99=p99, p999=p999, longest=1e3 * one.longest)


def _compared(counts: Mapping[str, float], server: RunState | None) -> tuple[Compared, ...]:
    """What drivers and relays counted at both ends."""
    saw = server.workload.totals if server is not None else {}
    pairs = [
        (_AT_THE_TARGET[0], counts.get(_REACHED), saw.get("target_connections_total")),
        (_AT_THE_TARGET[1], _doubled(counts.get("returned_bytes_total")), saw.get("target_bytes_total")),
        *((title, counts.get(name), saw.get(name)) for name, title in _ON_THE_WIRE.items()),
    ]
    return tuple(Compared(title, told, seen) for title, told, seen in pairs if told is not None and seen is not None)


def _doubled(value: float | None) -> float | None:
    """What came back went there before."""
    return None if value is None else 2 * value


def _missing(server: Side, clients: Sequence[Side]) -> list[str]:
    """Sides without which the sums are not whole, each with its box."""
    run, state = server
    whole = _whole(server)
    found = [] if whole else [f"what the relays on {run.box} saw is not whole: it {_how(run, state)}"]
    gone = [client for client in clients if not (_whole(client) and _loaded(client))]
    for run, state in gone:
        rest = f"{len(clients) - len(gone)} of {len(clients)} boxes loaded to the end"
        found.append(f"{run.box} {_how(run, state)}; {rest}")
    return found


def _loaded(client: Side) -> bool:
    return client[1] is not None and bool(client[1].workload.totals.get(_REACHED))


def _whole(side: Side) -> bool:
    run, state = side
    return run.state is State.ENDED and state is not None and not state.facts.cause and reached_plan(state)


def _how(run: FleetRun, state: RunState | None) -> str:
    if run.state is State.LOST and run.directory:
        return f"was lost ({run.why})"
    if run.state is not State.ENDED:
        return f"never came ({run.why or run.state})"
    if state is None or state.facts.cause:
        return f"never came ({state.workload.detail if state is not None else 'nothing is known of it'})"
    return "made no connection" if run.part == "client" and not _loaded((run, state)) else "ended early"


def _differences(compared: Sequence[Compared], counts: Mapping[str, float]) -> list[str]:
    """Counts of the two ends that differ by more than the clients' own failures explain."""
    failed = sum(value for name, value in counts.items() if name.endswith(_FAILED))
    if len(compared) < len(_AT_THE_TARGET):
        return ["the servers' relays told nothing to compare with"]
    return [
        f"{one.what}: the clients count {one.clients:,.0f}, the servers' relays {one.server:,.0f}"
        for one in compared
        if one.clients != one.server and not (failed and _explained(one, failed))
    ]


def _explained(one: Compared, failed: float) -> bool:
    """Whether failed connections explain it: what they sent may have arrived, and nothing have come back."""
    return one.server >= one.clients if "bytes" in one.what else abs(one.server - one.clients) <= failed
