"""Readings: what a sample means. Rates come from a sample and the one before; sums run over the system under test."""

from operator import attrgetter
from typing import Final

import msgspec

from stresstui.core.model.certainty import Certainty
from stresstui.core.model.sample import HostSample, ProcessSample, Role, Sample


class Reading(msgspec.Struct, frozen=True):
    """Values derived at one instant, by metric name. A metric that could not be derived is absent."""

    t: float
    """Seconds since the run started."""
    values: dict[str, float]
    """Values in base units."""
    certainty: dict[str, Certainty] = {}
    """How certain a value is, by name; what is not in it is exact."""


_SUT: Final = Role.SUT
_SUMS: Final = {
    "rss": "rss", "vsz": "vsz", "fds": "fds", "threads": "threads", "established": "established",
    "close_wait": "close_wait", "listen": "listen", "udp_sockets": "udp",
}  # fmt: skip
_HOST: Final = {
    "load1": "load1", "mem_available": "mem_available", "time_wait": "time_wait", "backlog": "orphan_backlog",
    "retransmissions_total": "retrans_segs", "listen_overflows_total": "listen_overflows",
    "udp_datagrams_total": "udp_in_datagrams", "udp_receive_errors_total": "udp_rcvbuf_errors",
    "attempts_total": "active_opens", "attempt_failures_total": "attempt_fails",
}  # fmt: skip
HOST_COUNTERS: Final = tuple(name for name in _HOST if name.endswith("_total"))
"""Names of the host's counters in a reading."""
_ESTIMATE: Final = Certainty.ESTIMATE
_OF_SOCKETS: Final = frozenset(("established", "close_wait", "listen", "udp_sockets"))
_BYTE_RATES: Final = ("bytes_in", "bytes_out", "throughput")
_gauges_of: Final = attrgetter(*_SUMS.values())
_host_of: Final = attrgetter(*_HOST.values())
_counters_of: Final = attrgetter("cpu_s", "bytes_in", "bytes_out")
_FROM_ZERO: Final = (0.0, 0, 0)


def watched(sample: Sample) -> list[ProcessSample]:
    """The processes of the system under test."""
    return [process for process in sample.processes if process.role is _SUT]


def derive(before: Sample | None, sample: Sample, last: Reading | None = None) -> Reading:
    """Derive the reading of a sample, given the sample before it (None at the start and after a gap) and ``last``."""
    under_test = watched(sample)
    values: dict[str, float] = {}
    between_tables = sample.sockets_t is not None and sample.sockets_t < sample.t
    if under_test:
        values["processes"] = float(len(under_test))
        _sum_gauges(values, under_test, between_tables=between_tables)
    _copy_host(values, sample.host)
    if before is not None and sample.t > before.t:
        _derive_rates(values, before, sample, under_test)
    if not between_tables or not under_test:
        return Reading(sample.t, values)
    _correct_sockets(values, sample)
    return Reading(sample.t, values, dict.fromkeys([*_OF_SOCKETS, *_carry_byte_rates(values, last)], _ESTIMATE))


def _sum_gauges(values: dict[str, float], processes: list[ProcessSample], *, between_tables: bool) -> None:
    """Sum what every process could be read for; one unreadable process leaves the sum unknown, not smaller.

    Between two socket tables a process that is new holds sockets that nobody has counted yet: its absence is no gap.
    """
    for name, numbers in zip(_SUMS, zip(*map(_gauges_of, processes), strict=True), strict=True):
        if None not in numbers:
            values[name] = float(sum(numbers))
        elif between_tables and name in _OF_SOCKETS:
            values[name] = float(sum(number for number in numbers if number is not None))


def _copy_host(values: dict[str, float], host: HostSample) -> None:
    for name, number in zip(_HOST, _host_of(host), strict=True):
        if number is not None:
            values[name] = float(number)


def _correct_sockets(values: dict[str, float], sample: Sample) -> None:
    """Between two exact socket tables, scale the last count by what the kernel's own count has done since."""
    now, then = sample.host.curr_estab, sample.host.curr_estab_at_dump
    if now is not None and then and "established" in values:
        values["established"] = float(round(values["established"] * now / then))


def _carry_byte_rates(values: dict[str, float], last: Reading | None) -> list[str]:
    """Between two exact socket tables, byte rates stay what they were over the last span; return their names."""
    carried: list[str] = [
        name for name in _BYTE_RATES if name not in values and last is not None and name in last.values
    ]
    for name in carried:
        values[name] = last.values[name] if last else 0.0
    return carried


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
    # Bytes are known as of the socket tables: their rate is over the time between two of those.
    if sample.sockets_t is not None and before.sockets_t is not None:
        elapsed = sample.sockets_t - before.sockets_t
    if received is not None and elapsed > 0:
        values["bytes_in"] = received / elapsed
    if sent is not None and elapsed > 0:
        values["bytes_out"] = values["throughput"] = sent / elapsed


def _growth(nows: tuple[float | None, ...], thens: tuple[float | None, ...]) -> float | None:
    """Sum the growth of a counter over processes; None where it could be read of none of them."""
    steps = [now - then for now, then in zip(nows, thens, strict=True) if now is not None and then is not None]
    if not steps:
        return None
    return float(sum(steps)) if min(steps) >= 0 else sum(max(0.0, step) for step in steps)
