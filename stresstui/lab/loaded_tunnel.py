"""A tunnel with the load through it, and what several of them come to together."""

import operator
from collections.abc import Mapping
from dataclasses import dataclass

from stresstui.lab.load.driver import Driver
from stresstui.lab.testbed.tunnel import Tunnel

Metrics = Mapping[str, float]
_HIGHEST = ("_p50", "_p99", "_p999", "_on", "_seconds")
_LOWEST = ("_percent", "_per_connection", "concurrent_streams")
_OF_A_SIDE = ("streams_per_connection", "concurrent_streams", "connections_total", "connection_failures_total")


@dataclass(slots=True)
class LoadedTunnel:
    """A tunnel with the driver that loads it."""

    tunnel: Tunnel
    driver: Driver

    def metrics(self) -> dict[str, float]:
        """Return the driver's and the protocol's metrics together."""
        found = self.driver.metrics() | dict(self.tunnel.readings())
        wire = found.get("handshakes_total") or found.get("wire_connections_total")
        if wire:
            found["streams_per_connection"] = self.driver.tally.opened / wire
        wires = found.get("wire_connections_open")
        if wires and self.driver.loading:
            found["concurrent_streams"] = self.driver.streams / wires
        return found


def merged(each: Mapping[str, Metrics], sides: Mapping[str, Metrics] | None = None) -> dict[str, float]:
    """Return one tunnel's metrics as they are; of several the sums, the worst gauges, and each under its prefix.

    What a side counts is part of the sums, so that nothing that fails there is hidden; of its gauges only shares are.
    """
    found = dict(next(iter(each.values()))) if len(each) == 1 else _together(each)
    for prefix, metrics in (sides or {}).items():
        for name, value in metrics.items():
            if name in found and name.endswith(("_total", "_percent")):
                found[name] = _joined(name, found[name], value)
        found |= {f"{prefix}_{name}": metrics[name] for name in _OF_A_SIDE if name in metrics}
    return found


def _together(each: Mapping[str, Metrics]) -> dict[str, float]:
    found: dict[str, float] = {}
    for metrics in each.values():
        for name, value in metrics.items():
            found[name] = _joined(name, found[name], value) if name in found else value
    return found | {f"{prefix}_{name}": value for prefix, metrics in each.items() for name, value in metrics.items()}


def _joined(name: str, one: float, other: float) -> float:
    if name.endswith(_HIGHEST):
        return max(one, other)
    return min(one, other) if name.endswith(_LOWEST) else operator.add(one, other)
