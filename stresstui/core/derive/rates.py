"""Rates of a reading: what counters did between two samples."""

from operator import attrgetter
from typing import Final

from stresstui.core.derive.group import COUNTERS, Group
from stresstui.core.model.certainty import Certainty
from stresstui.core.model.sample import ProcessSample, Role, Sample, cpus_allowed

BYTE_RATES: Final = ("bytes_in", "bytes_out", "throughput")
"""Metrics of bytes over connections."""
_SUT: Final = Role.SUT
_BUILD: Final = Role.BUILD
_ESTIMATE: Final = Certainty.ESTIMATE
_AT_LEAST: Final = Certainty.AT_LEAST
_counters_of: Final = attrgetter(*COUNTERS)
_FROM_ZERO: Final = (0.0, 0.0, 0, 0)
_STALLS: Final = {
    "cpu_pressure": "cpu_stall_s", "io_pressure": "io_stall_s", "memory_pressure": "memory_stall_s",
    "io_full_pressure": "io_full_stall_s", "memory_full_pressure": "memory_full_stall_s", "steal": "steal_s",
}  # fmt: skip
_stalls_of: Final = attrgetter(*_STALLS.values())
_HEADERS: Final = 52
"""Bytes of IPv4 and TCP with time stamps in each packet."""
_LESS_FOR_UDP: Final = 24
"""Bytes that those of IPv4 and UDP are less."""
_FEW_DATAGRAMS: Final = 0.05
"""Share of the loopback's packets below which datagrams say little of its bytes, such as those of a resolver."""


class Rates:
    """What one pair of samples says; a new process counts from 0."""

    def __init__(self, before: Sample, sample: Sample, group: Group) -> None:
        """``group`` is of ``sample``, which is later than ``before``."""
        self.before, self.sample = before, sample
        self._group = group
        self.elapsed = sample.t - before.t
        self.cpu, self.children, self.received, self.sent = self._growths()

    def _growths(self) -> list[float | None]:
        group, pairs = self._group, self._pairs()
        nows = [_counters_of(now) for _, now in pairs]
        thens = [_FROM_ZERO if then is None else _counters_of(then) for then, _ in pairs]
        columns = zip(zip(*nows, strict=True), zip(*thens, strict=True), strict=True) if pairs else [((), ())] * 4
        growths = [_growth(now, then) for now, then in columns]
        for place, name in enumerate(COUNTERS):
            read = len(group.under_test) - group.unread[name]
            if growths[place] is None and read > sum(now[place] is not None for now in nows):
                growths[place] = 0.0  # of others it could be read, and has not grown
        return growths

    def _pairs(self) -> list[tuple[ProcessSample | None, ProcessSample]]:
        """Those under test that are not the same object as before, with what they were: what is the same is idle."""
        before, group = self.before.processes, self._group
        if group.since is before:
            return [(then, now) for then, now in group.changed if now.role is _SUT]
        same = set(map(id, before)).intersection(map(id, group.under_test))
        known = {process.key: process for process in before if id(process) not in same}
        return [(known.get(process.key), process) for process in group.under_test if id(process) not in same]

    def add_cpu(self, values: dict[str, float], certainty: dict[str, Certainty]) -> None:
        """Add the CPU of the processes, of children that came and went between samples too."""
        cpu = self._of_cgroup()
        if cpu is None and self.cpu is not None and not self._group.unread["cpu_s"]:
            cpu = self.cpu + (self.children or 0.0) + self._of_orphans()
            if self.sample.lets_go:
                certainty.update(cpu=_AT_LEAST, cpu_cores=_AT_LEAST)
        if cpu is not None:
            values["cpu_cores"] = 100.0 * cpu / self.elapsed
            values["cpu"] = min(100.0, values["cpu_cores"] / cpus_allowed(self.sample))

    def _of_cgroup(self) -> float | None:
        now, then = self.sample.cgroup, self.before.cgroup
        if now is None or then is None or now.cpu_s is None or then.cpu_s is None:
            return None
        return max(0.0, now.cpu_s - then.cpu_s)

    def _of_orphans(self) -> float:
        """What forked away may come from any process of the tree: it is told where all are under test."""
        others = () if self._group.since is self.before.processes else self.before.processes
        only = len(self._group.under_test) == len(self.sample.processes) and all(p.role is _SUT for p in others)
        return max(0.0, self.sample.orphans_cpu_s - self.before.orphans_cpu_s) if only else 0.0

    def add_bytes(self, values: dict[str, float], certainty: dict[str, Certainty], source: dict[str, str]) -> None:
        """Add the rates of bytes: of sockets where those have all, else of the loopback where it is the run's alone."""
        now, then = self.sample.sockets, self.before.sockets
        uncounted = self._sends_datagrams()
        wanting = now is not None and now.alone and (now.unseen or self.sent is None or uncounted)
        if wanting and (moved := self._over_loopback()) is not None:
            for name in BYTE_RATES:
                values[name] = moved / self.elapsed
                certainty[name], source[name] = _ESTIMATE, "octets of the loopback, less headers"
            return
        # Bytes are known as of the socket tables: their rate is over the time between two of those.
        ends = [_bytes_t(self.before), _bytes_t(self.sample)]
        elapsed = self.elapsed if None in ends else (ends[1] or 0.0) - (ends[0] or 0.0)
        if elapsed <= 0:
            return
        if self.received is not None:
            values["bytes_in"] = self.received / elapsed
        if self.sent is not None:
            values["bytes_out"] = values["throughput"] = self.sent / elapsed
        for name in BYTE_RATES if now is not None and then is not None else ():
            source[name] = "counters of each socket"
            if now is not None and (now.unseen or uncounted):
                certainty[name] = _AT_LEAST

    def _sends_datagrams(self) -> bool:
        """Whether much of the run's bytes may be datagrams, of which no socket tells how many it sent."""
        return bool(self._group.totals["udp"]) and (not self.sent or self._are_datagrams_many())

    def _are_datagrams_many(self) -> bool:
        now, then = self.sample.host, self.before.host
        datagrams = (now.udp_in_datagrams or 0) - (then.udp_in_datagrams or 0)
        return datagrams > _FEW_DATAGRAMS * ((now.lo_packets or 0) - (then.lo_packets or 0))

    def _over_loopback(self) -> float | None:
        """Payload that the loopback interface carried; None where a driver or a service may have moved it."""
        now, then = self.sample.host, self.before.host
        if now.lo_bytes is None or then.lo_bytes is None or now.lo_packets is None or then.lo_packets is None:
            return None
        if any(process.role is not _SUT and process.role is not _BUILD for process in self.sample.processes):
            return None
        if self._are_datagrams_many() and not self._group.totals["udp"]:
            return None  # others' connections are known, their datagrams are not
        datagrams = (now.udp_in_datagrams or 0) - (then.udp_in_datagrams or 0)
        payload = now.lo_bytes - then.lo_bytes - _HEADERS * (now.lo_packets - then.lo_packets)
        return max(0.0, payload + _LESS_FOR_UDP * datagrams)

    def add_host(self, values: dict[str, float]) -> None:
        """Add the shares of time in which something was waited for, and what other machines took of one core.

        The kernel weighs its CPUs anew at each look, so that its count of a second can be more than that second.
        """
        pairs = zip(_STALLS, _stalls_of(self.sample.host), _stalls_of(self.before.host), strict=True)
        for name, now, then in pairs:
            if now is not None and then is not None:
                share = 100.0 * max(0.0, now - then) / self.elapsed
                values[name] = share if name == "steal" else min(100.0, share)
        throttled, before = self.sample.throttled_s, self.before.throttled_s
        same = self.sample.quota == self.before.quota  # that of another group, or over other periods, is no difference
        if same and throttled is not None and before is not None:
            values["cpu_throttled"] = min(100.0, 100.0 * max(0.0, throttled - before) / self.elapsed)


def _bytes_t(sample: Sample) -> float | None:
    return sample.sockets.bytes_t if sample.sockets is not None else sample.sockets_t


def _growth(nows: tuple[float | None, ...], thens: tuple[float | None, ...]) -> float | None:
    """Sum the growth of a counter over processes; None where it could be read of none of them."""
    steps = [now - then for now, then in zip(nows, thens, strict=True) if now is not None and then is not None]
    if not steps:
        return None
    return float(sum(steps)) if min(steps) >= 0 else sum(max(0.0, step) for step in steps)
