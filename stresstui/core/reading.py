"""Readings: what a sample means. Rates come from a sample and the one before; sums run over the system under test."""

import msgspec

from stresstui.core.sample import HostSample, ProcessSample, Role, Sample

ProcessKey = tuple[int, float]


class Reading(msgspec.Struct, frozen=True):
    """Values derived at one instant, by metric name. A metric that could not be derived is absent."""

    t: float
    """Seconds since the run started."""
    values: dict[str, float]
    """Values in base units."""
    estimated: frozenset[str] = frozenset()
    """Names whose value is an estimate."""


_SUMS = (
    ("rss", "rss"),
    ("vsz", "vsz"),
    ("fds", "fds"),
    ("threads", "threads"),
    ("established", "established"),
    ("close_wait", "close_wait"),
    ("listen", "listen"),
    ("udp_sockets", "udp"),
)
_HOST = (
    ("load1", "load1"),
    ("mem_available", "mem_available"),
    ("time_wait", "time_wait"),
    ("backlog", "orphan_backlog"),
    ("retransmissions_total", "retrans_segs"),
    ("listen_overflows_total", "listen_overflows"),
    ("udp_receive_errors_total", "udp_rcvbuf_errors"),
    ("attempts_total", "active_opens"),
    ("attempt_failures_total", "attempt_fails"),
)


def watched(sample: Sample) -> list[ProcessSample]:
    """The processes of the system under test."""
    return [process for process in sample.processes if process.role is Role.SUT]


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
    for name, field in _SUMS:
        numbers = [getattr(process, field) for process in processes]
        if None not in numbers:
            values[name] = float(sum(numbers))


def _copy_host(values: dict[str, float], host: HostSample) -> None:
    for name, field in _HOST:
        number = getattr(host, field)
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
    elapsed = sample.t - before.t
    known = {process.key: process for process in before.processes}
    cpu = _delta(known, processes, "cpu_s")
    if cpu is not None and all(process.cpu_s is not None for process in processes):
        values["cpu_cores"] = 100.0 * cpu / elapsed
        values["cpu"] = min(100.0, values["cpu_cores"] / max(1, sample.cpus))
    for name, field in (("bytes_in", "bytes_in"), ("bytes_out", "bytes_out")):
        moved = _delta(known, processes, field)
        if moved is not None:
            values[name] = moved / elapsed
    if "bytes_out" in values:
        values["throughput"] = values["bytes_out"]


def _delta(known: dict[ProcessKey, ProcessSample], processes: list[ProcessSample], field: str) -> float | None:
    """Sum the growth of a per-process counter, keyed by pid and start time; None where nothing could be read."""
    total, seen = 0.0, False
    for process in processes:
        now = getattr(process, field)
        if now is None:
            continue
        then_process = known.get(process.key)
        then = getattr(then_process, field) if then_process is not None else 0
        if then is not None:
            total, seen = total + max(0.0, now - then), True
    return total if seen else None
