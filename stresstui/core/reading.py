"""Readings: what a sample means. Rates come from a sample and the one before; sums run over the system under test."""

from operator import attrgetter
from typing import Final

import msgspec

from stresstui.core.sample import HostSample, ProcessSample, Role, Sample


class Reading(msgspec.Struct, frozen=True):
    """Values derived at one instant, by metric name. A metric that could not be derived is absent."""

    t: float
    """Seconds since the run started."""
    values: dict[str, float]
    """Values in base units."""
    estimated: frozenset[str] = frozenset()
    """Names whose value is an estimate."""


# Kept apart because Python 3.11 takes longer to look a member of an enumeration up than to compare with it.
_SUT: Final = Role.SUT
_SUMS: Final = {
    "rss": "rss", "vsz": "vsz", "fds": "fds", "threads": "threads", "established": "established",
    "close_wait": "close_wait", "listen": "listen", "udp_sockets": "udp",
}  # fmt: skip
_HOST: Final = {
    "load1": "load1", "mem_available": "mem_available", "time_wait": "time_wait", "backlog": "orphan_backlog",
    "retransmissions_total": "retrans_segs", "listen_overflows_total": "listen_overflows",
    "udp_receive_errors_total": "udp_rcvbuf_errors", "attempts_total": "active_opens",
    "attempt_failures_total": "attempt_fails",
}  # fmt: skip
HOST_COUNTERS: Final = tuple(name for name in _HOST if name.endswith("_total"))
"""Names of the host's counters in a reading."""
_gauges_of: Final = attrgetter(*_SUMS.values())
_host_of: Final = attrgetter(*_HOST.values())
_counters_of: Final = attrgetter("cpu_s", "bytes_in", "bytes_out")
_FROM_ZERO: Final = (0.0, 0, 0)


def watched(sample: Sample) -> list[ProcessSample]:
    """The processes of the system under test."""
    return [process for process in sample.processes if process.role is _SUT]


def derive(before: Sample | None, sample: Sample) -> Reading:
    """Derive the reading of a sample, given the one before it (None at the start and after a gap)."""
    under_test = watched(sample)
    values: dict[str, float] = {}
    if under_test:
        values["processes"] = float(len(under_test))
        _sum_gauges(values, under_test)
    _copy_host(values, sample.host)
    estimated = _correct_sockets(values, sample)
    if before is not None and sample.t > before.t:
        _derive_rates(values, before, sample, under_test)
    return Reading(sample.t, values, estimated)


def _sum_gauges(values: dict[str, float], processes: list[ProcessSample]) -> None:
    """Sum what every process could be read for; one unreadable process leaves the sum unknown, not smaller."""
    for name, numbers in zip(_SUMS, zip(*map(_gauges_of, processes), strict=True), strict=True):
        try:
            values[name] = float(sum(numbers))
        except TypeError:  # a None among them
            continue


def _copy_host(values: dict[str, float], host: HostSample) -> None:
    for name, number in zip(_HOST, _host_of(host), strict=True):
        if number is not None:
            values[name] = float(number)


def _correct_sockets(values: dict[str, float], sample: Sample) -> frozenset[str]:
    """Between two exact socket tables, scale the last count by what the kernel's own count has done since."""
    if sample.sockets_t is None or sample.sockets_t >= sample.t or "established" not in values:
        return frozenset()
    now, then = sample.host.curr_estab, sample.host.curr_estab_at_dump
    if now is not None and then:
        values["established"] = float(round(values["established"] * now / then))
    return frozenset(("established", "close_wait", "listen", "udp_sockets"))


def _derive_rates(values: dict[str, float], before: Sample, sample: Sample, processes: list[ProcessSample]) -> None:
    """Derive rates from per-process counters, keyed by pid and start time; a new process counts from 0."""
    if not processes:
        return
    elapsed = sample.t - before.t
    known = {(process.pid, process.started): process for process in before.processes}
    nows = [_counters_of(process) for process in processes]
    thens = [
        _counters_of(known[key]) if (key := (process.pid, process.started)) in known else _FROM_ZERO
        for process in processes
    ]
    cpu, received, sent = map(_growth, zip(*nows, strict=True), zip(*thens, strict=True))
    if cpu is not None and all(now[0] is not None for now in nows):
        values["cpu_cores"] = 100.0 * cpu / elapsed
        values["cpu"] = min(100.0, values["cpu_cores"] / max(1, sample.cpus))
    if received is not None:
        values["bytes_in"] = received / elapsed
    if sent is not None:
        values["bytes_out"] = values["throughput"] = sent / elapsed


def _growth(nows: tuple[float | None, ...], thens: tuple[float | None, ...]) -> float | None:
    """Sum the growth of a counter over processes; None where it could be read of none of them."""
    steps = [now - then for now, then in zip(nows, thens, strict=True) if now is not None and then is not None]
    if not steps:
        return None
    return float(sum(steps)) if min(steps) >= 0 else sum(max(0.0, step) for step in steps)
