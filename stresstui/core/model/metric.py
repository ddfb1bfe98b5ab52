"""Metrics: named quantities with a unit and a kind, and the ones that every run has."""

from enum import StrEnum
from typing import Final

import msgspec


class MetricKind(StrEnum):
    """How a metric's numbers behave."""

    GAUGE = "gauge"
    COUNTER = "counter"
    RATE = "rate"


class Metric(msgspec.Struct, frozen=True, omit_defaults=True):
    """A named quantity."""

    name: str
    """Name in rules, in the journal and in result.json."""
    kind: MetricKind
    """Gauge, counter or rate."""
    unit: str
    """Base unit: ``bytes``, ``count``, ``%``, ``s``, ``ms``, with ``/s`` for rates."""
    title: str
    """Name for people."""
    falls: bool = False
    """True where a falling value is the bad direction, as for throughput."""


def _gauge(name: str, unit: str, title: str, *, falls: bool = False) -> Metric:
    return Metric(name, MetricKind.GAUGE, unit, title, falls)


def _counter(name: str, unit: str, title: str) -> Metric:
    return Metric(name, MetricKind.COUNTER, unit, title)


def _rate(name: str, unit: str, title: str, *, falls: bool = False) -> Metric:
    return Metric(name, MetricKind.RATE, unit, title, falls)


_COLLECTED: Final = (
    _gauge("rss", "bytes", "RSS"),
    _gauge("vsz", "bytes", "Virtual size"),
    _gauge("memory", "bytes", "Memory, own, shared and swapped out"),
    _gauge("rss_anon", "bytes", "RSS, own memory"),
    _gauge("rss_file", "bytes", "RSS, files"),
    _gauge("rss_shmem", "bytes", "RSS, shared memory"),
    _gauge("pss", "bytes", "PSS"),
    _gauge("swap", "bytes", "Swapped out"),
    _gauge("fds", "count", "File descriptors"),
    _gauge("threads", "count", "Threads"),
    _gauge("processes", "count", "Processes"),
    _gauge("zombies", "count", "Ended processes that nobody waited for"),
    _gauge("established", "count", "ESTABLISHED"),
    _gauge("close_wait", "count", "CLOSE_WAIT"),
    _gauge("listen", "count", "LISTEN"),
    _gauge("udp_sockets", "count", "UDP sockets"),
    _gauge("accept_queue", "count", "Waiting to be accepted"),
    _gauge("syn_sent", "count", "SYN_SENT"),
    _gauge("syn_recv", "count", "SYN_RECV"),
    _gauge("fin_wait1", "count", "FIN_WAIT1"),
    _gauge("fin_wait2", "count", "FIN_WAIT2"),
    _gauge("last_ack", "count", "LAST_ACK"),
    _gauge("closing", "count", "CLOSING"),
    _gauge("time_wait_ports", "count", "TIME_WAIT, of its ports"),
    _rate("cpu", "%", "CPU, of the CPUs the run may use"),
    _rate("cpu_cores", "%", "CPU, of one core"),
    _rate("throughput", "bytes/s", "Throughput", falls=True),
    _rate("bytes_in", "bytes/s", "Bytes in"),
    _rate("bytes_out", "bytes/s", "Bytes out"),
    _gauge("load1", "count", "Load average"),
    _gauge("mem_available", "bytes", "Memory available", falls=True),
    _gauge("shmem", "bytes", "Shared memory and tmpfs, host"),
    _rate("cpu_pressure", "%", "Time waited for a CPU, host"),
    _rate("cpu_throttled", "%", "Time in which its CPU quota was used up"),
    _rate("io_pressure", "%", "Time waited for a disk, host"),
    _rate("io_full_pressure", "%", "Time all waited for a disk, host"),
    _rate("memory_pressure", "%", "Time waited for memory, host"),
    _rate("memory_full_pressure", "%", "Time all waited for memory, host"),
    _rate("steal", "%", "CPU taken by other machines, of one core"),
    _gauge("time_wait", "count", "TIME_WAIT, host"),
    _gauge("backlog", "count", "Not yet accepted, host"),
    _counter("attempts_total", "count", "Connection attempts"),
    _counter("attempt_failures_total", "count", "Connection failures"),
    _counter("retransmissions_total", "count", "Retransmissions, host"),
    _counter("listen_overflows_total", "count", "Accept queue overflows, host"),
    _counter("oom_kills_total", "count", "Processes killed for want of memory"),
    _counter("udp_datagrams_total", "count", "UDP datagrams received, host"),
    _counter("udp_receive_errors_total", "count", "UDP receive-buffer errors, host"),
)
_CHILD: Final = (
    _counter("panics", "count", "Panics"),
    _counter("crashes", "count", "Crashes and panics"),
    _counter(
        "oom_errors", "count", "Messages that something ran out, kills for want of memory, none left of descriptors"
    ),
    _counter("leaked_processes", "count", "Processes that outlived the child"),
    _gauge("exit_status", "count", "Exit status"),
    _gauge("tests_run", "count", "Tests run"),
    _gauge("tests_failed", "count", "Tests failed"),
    _gauge("duration", "%", "Time under load, of the plan"),
)
BUILT_IN: Final[dict[str, Metric]] = {metric.name: metric for metric in (*_COLLECTED, *_CHILD)}
"""Metrics that every run has, whatever its workload reports."""
COLLECTED: Final = frozenset(metric.name for metric in _COLLECTED)
"""Names of the metrics that come from samples."""


def infer(name: str, *, unit: str = "", kind: str = "", title: str = "", falls: bool = False) -> Metric:
    """Make the metric that a workload's name stands for, by OpenMetrics naming; explicit words win."""
    inferred = MetricKind(kind) if kind else MetricKind.COUNTER if name.endswith("_total") else MetricKind.GAUGE
    return Metric(name, inferred, unit or _unit_of(name), title or name.replace("_", " "), falls)


def _unit_of(name: str) -> str:
    words = name.split("_")
    for word, unit in (("bytes", "bytes"), ("percent", "%"), ("ms", "ms"), ("seconds", "s")):
        if word in words:
            return unit
    return "count"
