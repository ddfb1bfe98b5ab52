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
    children_cpu_s: float = 0.0
    """CPU time of children that it waited for, seconds, cumulative, without what samples told as theirs."""
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
    rss_anon: int | None = None
    """Resident memory of its own, bytes, as of ``Sample.details_t`` or later; so are those that follow."""
    rss_file: int | None = None
    """Resident pages of files, bytes."""
    rss_shmem: int | None = None
    """Resident shared memory, bytes; counted again for each process that maps it."""
    swap: int | None = None
    """Memory of its own that is swapped out, bytes."""
    pss: int | None = None
    """Resident memory with shared pages divided among who maps them, bytes; read about once a minute."""
    stopped: bool = False
    """Whether a signal has stopped it (SIGSTOP, SIGTSTP, SIGTTIN), so that it does nothing until it is continued."""

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
    lo_bytes: int | None = None
    """Bytes received over the loopback interface, headers included."""
    lo_packets: int | None = None
    """Packets received over the loopback interface."""
    shmem: int | None = None
    """Memory in shared memory and tmpfs, bytes; a gauge (meminfo Shmem)."""
    steal_s: float | None = None
    """CPU time that other virtual machines took, seconds, of all CPUs together."""
    cpu_stall_s: float | None = None
    """Seconds in which some task waited for a CPU (/proc/pressure)."""
    io_stall_s: float | None = None
    """Seconds in which some task waited for a disk."""
    memory_stall_s: float | None = None
    """Seconds in which some task waited for memory."""
    io_full_stall_s: float | None = None
    """Seconds in which all tasks waited for a disk."""
    memory_full_stall_s: float | None = None
    """Seconds in which all tasks waited for memory."""
    oom_kills: int | None = None
    """Processes of the machine that the kernel killed for want of memory (vmstat oom_kill)."""


class SocketSample(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the last socket table says of the system under test as a whole, and how far it can be trusted."""

    states: dict[str, int] = {}
    """Connections in states that are rare or that no process holds, by the state's name in small letters, those of the
    ports that it listens on or was seen to connect to included; a state without any is absent."""
    all_states: dict[str, int] = {}
    """The same of the whole network namespace, where that is more."""
    by_ports: bool = False
    """Whether any such port is known; without one, none of what no process holds could be told to be its own."""
    time_wait_by_ports: bool = False
    """The same of TIME_WAIT, which is not read one by one where there are very many."""
    unattributed: int = 0
    """Sockets whose owner could not be found before they were closed: each may be one of the counted processes'."""
    bytes_t: float | None = None
    """Instant of the newest table that told of bytes, seconds like ``Sample.t``."""
    unseen: int = 0
    """Connections since the table of bytes before that ended, so that bytes of theirs may be missing."""
    alone: bool = False
    """Whether all that is connected over the loopback belongs to the run's processes, and they to nothing else."""


class CgroupSample(msgspec.Struct, frozen=True, omit_defaults=True):
    """Counters of a control group that holds the system under test and nothing else."""

    cpu_s: float | None = None
    """CPU time of everything that ever ran in it, seconds, cumulative."""
    memory: int | None = None
    """Memory charged to it, bytes, page cache and kernel memory included."""
    anon: int | None = None
    """Memory of its processes' own, bytes."""
    file: int | None = None
    """Page cache, bytes; shared memory included."""
    shmem: int | None = None
    """Shared memory and tmpfs, bytes."""
    swap: int | None = None
    """Swapped out, bytes."""
    oom_kills: int | None = None
    """Processes in it that the kernel killed for want of memory, cumulative."""


class Inventory(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the system under test held open, descriptor by descriptor; read as rarely as keeps it cheap."""

    t: float
    """When it was read, seconds like ``Sample.t``."""
    kinds: dict[str, int] = {}
    """Descriptors by kind, as ``tcp``, ``file``, ``pipe``."""
    peers: dict[str, int] = {}
    """Sockets by direction, peer and state, as ``to 10.0.0.1:443`` or ``from 10.0.0.2 CLOSE_WAIT``."""
    cost_s: float = 0.0
    """CPU time that reading it took, seconds."""
    pause_s: float = 0.0
    """Seconds until it is read again, at least."""


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
    sockets: SocketSample | None = None
    """What that table says of the run as a whole; None where it was not read, or in journals older than this."""
    zombies: int | None = None
    """Processes of the tree that have ended and that their parent has not waited for."""
    memory_files: int | None = None
    """Bytes in files that only memory holds (memfd, /dev/shm) and that the system under test has open, and in
    segments of System V that it made, each once."""
    orphans_cpu_s: float = 0.0
    """CPU time of processes that forked away and were never sampled, seconds, cumulative."""
    lets_go: bool = False
    """Whether a process waits for no child that ends: CPU time of those that were never sampled is missing then."""
    details_t: float | None = None
    """Instant that the oldest of the processes' memory details is from, seconds like ``t``."""
    cgroup: CgroupSample | None = None
    """The control group of the system under test, where it has one of its own."""
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
    inventory: Inventory | None = None
    """What was open, where that was read one by one since the sample before."""
    quota: float | None = None
    """CPUs that the quota of its control group leaves it, where those are fewer than its affinity; may be a part."""
    throttled_s: float | None = None
    """Seconds in which that quota was used up, cumulative; None without one."""


def cpus_allowed(sample: Sample) -> float:
    """CPUs that the run may use, parts of one included."""
    return sample.quota or float(max(1, sample.cpus))


Pair = tuple[ProcessSample, ProcessSample]
"""A process as it was, and as it is."""


def moved(before: tuple[ProcessSample, ...], now: tuple[ProcessSample, ...]) -> list[Pair] | None:
    """Pair the processes that are not the same objects as before with what they were then.

    None where others are there now, or in another order. Of many that are idle nothing else need be looked at.
    """
    if len(before) != len(now):
        return None
    pairs = [pair for pair in zip(before, now, strict=True) if pair[0] is not pair[1]] if before is not now else []
    return pairs if all(then.key == after.key for then, after in pairs) else None
