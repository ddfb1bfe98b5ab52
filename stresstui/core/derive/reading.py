"""Readings: what a sample means. Rates come from a sample and the one before; sums run over the system under test."""

from operator import attrgetter
from typing import Final

import msgspec

from stresstui.core.derive.group import GAUGES, Group, group_of
from stresstui.core.derive.memory import add_memory
from stresstui.core.derive.rates import BYTE_RATES, Rates
from stresstui.core.derive.sockets import OF_SOCKETS, add_sockets
from stresstui.core.model.certainty import Certainty
from stresstui.core.model.sample import HostSample, Sample


class Reading(msgspec.Struct, frozen=True):
    """Values derived at one instant, by metric name. A metric that could not be derived is absent."""

    t: float
    """Seconds since the run started."""
    values: dict[str, float]
    """Values in base units."""
    certainty: dict[str, Certainty] = {}
    """How certain a value is, by name; what is not in it is exact."""
    most: dict[str, float] = {}
    """What a value that is a lower bound is at most, by name, where that is known."""
    source: dict[str, str] = {}
    """Where a value comes from that may come from several places, by name."""


_HOST: Final = {
    "load1": "load1", "mem_available": "mem_available", "time_wait": "time_wait", "backlog": "orphan_backlog",
    "retransmissions_total": "retrans_segs", "listen_overflows_total": "listen_overflows",
    "udp_datagrams_total": "udp_in_datagrams", "udp_receive_errors_total": "udp_rcvbuf_errors",
    "attempts_total": "active_opens", "attempt_failures_total": "attempt_fails", "shmem": "shmem",
}  # fmt: skip
HOST_COUNTERS: Final = tuple(name for name in _HOST if name.endswith("_total"))
"""Names of the host's counters in a reading."""
_ESTIMATE: Final = Certainty.ESTIMATE
_host_of: Final = attrgetter(*_HOST.values())


def derive(before: Sample | None, sample: Sample, last: Reading | None = None, group: Group | None = None) -> Reading:
    """Derive the reading of a sample, given the sample before it (None at the start and after a gap) and ``last``.

    ``group`` is what its processes add up to, where that is known.
    """
    group = group or group_of(sample)
    reading = Reading(sample.t, {}, {}, {}, {})
    values, certainty = reading.values, reading.certainty
    between_tables = sample.sockets_t is not None and sample.sockets_t < sample.t
    _copy_host(values, sample.host)
    if group.under_test:
        values["processes"] = float(len(group.under_test))
        _copy_sums(values, group, between_tables=between_tables)
        add_memory(values, certainty, sample, group)
        _copy_tree(values, sample)
    if before is not None and sample.t > before.t:
        _add_rates(reading, Rates(before, sample, group) if group.under_test else None)
    if group.under_test:
        add_sockets(values, certainty, reading.most, sample)
        _carry_byte_rates(reading, sample, last)
    return reading


def _copy_sums(values: dict[str, float], group: Group, *, between_tables: bool) -> None:
    """Copy what every process could be read for; one unreadable process leaves the sum unknown, not smaller.

    Between two socket tables a process that is new holds sockets that nobody has counted yet: its absence is no gap.
    """
    for name, field in GAUGES.items():
        partly = between_tables and name in OF_SOCKETS and group.reads_any(field)
        if partly or not group.unread[field]:
            values[name] = float(group.totals[field])


def _copy_host(values: dict[str, float], host: HostSample) -> None:
    for name, number in zip(_HOST, _host_of(host), strict=True):
        if number is not None:
            values[name] = float(number)


def _copy_tree(values: dict[str, float], sample: Sample) -> None:
    if sample.zombies is not None:
        values["zombies"] = float(sample.zombies)
    if sample.cgroup is not None and sample.cgroup.oom_kills is not None:
        values["oom_kills_total"] = float(sample.cgroup.oom_kills)


def _add_rates(reading: Reading, rates: Rates | None) -> None:
    if rates is not None:
        rates.add_cpu(reading.values, reading.certainty)
        rates.add_bytes(reading.values, reading.certainty, reading.source)
        rates.add_host(reading.values)


def _carry_byte_rates(reading: Reading, sample: Sample, last: Reading | None) -> None:
    """Between two tables of bytes, their rates stay what they were over the last span."""
    told_t = sample.sockets.bytes_t if sample.sockets is not None else sample.sockets_t
    if last is None or told_t is None or told_t >= sample.t:
        return
    for name in BYTE_RATES:
        if name not in reading.values and name in last.values:
            reading.values[name] = last.values[name]
            reading.certainty[name] = last.certainty.get(name, _ESTIMATE)
            if name in last.source:
                reading.source[name] = last.source[name]
