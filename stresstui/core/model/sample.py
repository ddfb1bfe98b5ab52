"""A Sample: raw counters of every process of the tree at one monotonic instant.

Raw on purpose: what the numbers mean is derived by ``core.reading``, by the live run and every later reader alike.
What could not be read is ``None``, never 0.
"""

from enum import StrEnum

import msgspec


class Role(StrEnum):
    """What a process is to the run; only the system under test is judged."""

    SUT = "sut"
    DRIVER = "driver"
    SERVICE = "service"
    BUILD = "build"


class ProcessSample(msgspec.Struct, frozen=True, omit_defaults=True):
    """Counters of one process."""

    pid: int
    """Process id; names a process only together with ``started``."""
    started: float
    """Start time, seconds since boot (Linux) or since the epoch; constant for the life of the process."""
    name: str
    """Short command name."""
    role: Role = Role.SUT
    """What it is to the run."""
    ppid: int = 0
    """Parent process id."""
    cpu_s: float | None = None
    """User and system CPU time, seconds, cumulative, without children."""
    rss: int | None = None
    """Resident set, bytes."""
    vsz: int | None = None
    """Virtual size, bytes."""
    fds: int | None = None
    """Open file descriptors."""
    threads: int | None = None
    """Threads."""
    established: int | None = None
    """TCP sockets in ESTABLISHED that it holds, as of ``Sample.sockets_t``."""
    close_wait: int | None = None
    """TCP sockets in CLOSE_WAIT that it holds, as of ``Sample.sockets_t``."""
    listen: int | None = None
    """TCP sockets in LISTEN that it holds, as of ``Sample.sockets_t``."""
    backlog: int | None = None
    """Connections waiting to be accepted on its listening sockets, as of ``Sample.sockets_t``."""
    udp: int | None = None
    """UDP sockets that it holds, as of ``Sample.sockets_t``."""
    bytes_in: int | None = None
    """Bytes received over its TCP sockets, cumulative as far as seen (short connections may be missed)."""
    bytes_out: int | None = None
    """Bytes acknowledged by peers over its TCP sockets, cumulative as far as seen."""

    @property
    def key(self) -> tuple[int, float]:
        """Identify the process for as long as the machine runs: pids are reused, start times are not."""
        return (self.pid, self.started)


class HostSample(msgspec.Struct, frozen=True, omit_defaults=True):
    """Counters of the host, or of the network namespace that the run is in; all cumulative unless said otherwise."""

    load1: float | None = None
    """Load average over one minute; a gauge."""
    mem_available: int | None = None
    """Memory available to new work without swapping, bytes; a gauge."""
    curr_estab: int | None = None
    """ESTABLISHED plus CLOSE_WAIT sockets of the network namespace, both loopback ends; a gauge (Tcp CurrEstab)."""
    curr_estab_at_dump: int | None = None
    """The same at the instant of the last exact socket table, so that a reader can correct its counts."""
    orphan_backlog: int | None = None
    """Connections not yet accepted by any process, as of the last socket table; a gauge."""
    time_wait: int | None = None
    """Sockets in TIME_WAIT; a gauge."""
    active_opens: int | None = None
    """Connection attempts from this namespace (Tcp ActiveOpens)."""
    passive_opens: int | None = None
    """Connections accepted (Tcp PassiveOpens)."""
    attempt_fails: int | None = None
    """Connection attempts that failed (Tcp AttemptFails)."""
    estab_resets: int | None = None
    """Connections reset while established (Tcp EstabResets)."""
    retrans_segs: int | None = None
    """Segments sent again (Tcp RetransSegs)."""
    listen_overflows: int | None = None
    """Connections dropped because an accept queue was full (TcpExt ListenOverflows)."""
    udp_in_datagrams: int | None = None
    """Datagrams delivered to sockets (Udp InDatagrams)."""
    udp_rcvbuf_errors: int | None = None
    """Datagrams dropped because a receive buffer was full (Udp RcvbufErrors)."""
    in_octets: int | None = None
    """Bytes received over IP, loopback included (IpExt InOctets)."""
    out_octets: int | None = None
    """Bytes sent over IP, loopback included (IpExt OutOctets)."""


class Sample(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything the collector read at one instant."""

    t: float
    """Seconds since the run started, on a monotonic clock that stands still while the machine is suspended."""
    processes: tuple[ProcessSample, ...] = ()
    """Every process of the tree, whatever its role."""
    host: HostSample = HostSample()
    """Counters of the host."""
    cpus: int = 1
    """CPUs that the run may use (affinity and cgroup quota considered), rounded up."""
    sockets_t: float | None = None
    """Instant of the last exact socket table, seconds like ``t``; equal to ``t`` when it was read for this sample."""
    missed: int = 0
    """Ticks of the grid that passed unread just before this sample."""
    suspended_s: float = 0.0
    """Seconds that the machine was suspended since the sample before."""
    monitor_cpu_s: float | None = None
    """CPU time of the supervisor itself, seconds, cumulative."""
    monitor_rss: int | None = None
    """Resident set of the supervisor itself, bytes."""
    cost_s: float | None = None
    """CPU time that reading this sample took, seconds."""
