"""What one tunnel's load has come to: counts, failures by cause, and latencies."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from stresstui.lab.net.latency import Latency

CAUSES = ("refused", "reset", "timeout", "socks", "corrupt", "eof", "other")
"""Why a connection can fail; each is a counter of its own."""
_TIMES = ("connect", "latency", "udp")


@dataclass(slots=True)
class Tally:
    """The running counts of one driver."""

    offered: int = 0
    """Connections that were due by the plan."""
    missed: int = 0
    """Connections that were due but not started because the concurrency cap was reached."""
    opened: int = 0
    """Connections that reached the target."""
    connections: int = 0
    """Connections that finished and were closed properly."""
    unanswered_closes: int = 0
    """Closes that the far end did not answer in time; counted apart from failures."""
    failures: Counter[str] = field(default_factory=Counter)
    """Failed connections by cause."""
    corrupt: int = 0
    """Times that other bytes came back than were sent."""
    requests: int = 0
    """Round trips completed."""
    requests_missed: int = 0
    """Requests of long-lived connections that were due but could not be sent: not open, or too far behind."""
    bytes: int = 0
    """Payload bytes that came back and were right; one direction counted."""
    datagrams: int = 0
    """UDP round trips completed."""
    lost: int = 0
    """Datagrams without an answer in time."""
    reordered: int = 0
    """Datagrams that came back after a later one."""
    reordered_in_stalls: int = 0
    """The same while the lab itself stalled the wire, or had just done so: the burst is its doing."""
    lost_in_stalls: int = 0
    """Datagrams sent then that were lost."""
    bulk: int = 0
    """Those of the bytes that came over long-lived connections."""
    disturbance: tuple[float, float] = (0.0, 0.0)
    """From when to when (monotonic seconds) throughput and datagrams say little, because the lab stalled the wire."""
    forgiving: bool = False
    """True while keys are being changed: what fails meanwhile is counted apart."""
    forgiven: int = 0
    """Connections that failed meanwhile."""
    connect: Latency = field(default_factory=Latency)
    """From the intended start to the entrance's success reply."""
    latency: Latency = field(default_factory=Latency)
    """Round trips of requests, from their intended time."""
    udp: Latency = field(default_factory=Latency)
    """Round trips of datagrams, from their intended time."""

    def failed(self, cause: str) -> None:
        """Count a failed connection; an unknown cause counts as ``other``."""
        if self.forgiving:
            self.forgiven += 1
            return
        self.failures[cause if cause in CAUSES else "other"] += 1

    def disturbed(self, when: float) -> bool:
        """Say whether an instant (monotonic seconds) lies in the lab's own latest disturbance."""
        return self.disturbance[0] <= when < self.disturbance[1]

    def turn(self) -> None:
        """Begin the next interval of every latency window."""
        for name in _TIMES:
            getattr(self, name).turn()

    def take(self) -> dict[str, Any]:
        """Return what was counted since the last time, as JSON can hold it, and count from zero again."""
        counts = {name: value for name in _counters() if (value := getattr(self, name))}
        for name in counts:
            setattr(self, name, 0)
        failures = dict(self.failures)
        self.failures.clear()
        times = {name: list(getattr(self, name).turn().items()) for name in _TIMES}
        return {"counts": counts, "failures": failures, "times": times}

    def add(self, taken: Mapping[str, Any]) -> None:
        """Add what another tally has counted; what is here then is what one tally would have counted alone."""
        for name, count in taken["counts"].items():
            setattr(self, name, getattr(self, name) + count)
        self.failures.update(taken["failures"])
        for name, counts in taken["times"].items():
            getattr(self, name).add(dict(counts))

    def metrics(self, *, udp: bool) -> dict[str, float]:
        """Return everything as named metrics; percentiles without data are left out."""
        counts: dict[str, float] = {
            "connections_total": self.connections,
            "connection_failures_total": self.failures.total(),
            **{f"failures_{cause}_total": self.failures[cause] for cause in CAUSES},
            "unanswered_closes_total": self.unanswered_closes,
            "offered_total": self.offered,
            "missed_total": self.missed,
            "requests_total": self.requests,
            "requests_missed_total": self.requests_missed,
            "bytes_total": self.bytes,
            "corrupt_bytes_total": self.corrupt,
        }
        if udp:
            counts["udp_round_trips_total"] = self.datagrams
            counts["udp_lost_total"] = self.lost
            counts["udp_reordered_total"] = self.reordered
            counts["udp_lost_in_stalls_total"] = self.lost_in_stalls
            counts["udp_reordered_in_stalls_total"] = self.reordered_in_stalls
        return counts | self.connect.recent("connect") | self.latency.recent("latency") | self.udp.recent("udp")

    def summary(self) -> list[str]:
        """Return lines for people: the histograms since the start."""
        named = (("connect", self.connect), ("latency", self.latency), ("udp", self.udp))
        return [times.summary(name) for name, times in named if times.count]


def _counters() -> list[str]:
    return [one.name for one in fields(Tally) if one.type is int]
