"""The same sample through psutil, for macOS; slower, and without bytes or waiting connections of single sockets.

The host's octets are those of all its interfaces where the system has no /proc.
"""

import socket
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TypeVar

import msgspec
import psutil

from stresstui.core.model.sample import HostSample, ProcessSample, Role, Sample
from stresstui.engine.collect.cpu_budget import Cadence
from stresstui.engine.collect.net.net_counters import NetCounters
from stresstui.engine.collect.proc import host
from stresstui.engine.collect.proc.allowance import allowed
from stresstui.engine.collect.proc.digits import rounded
from stresstui.engine.collect.proc.facts import Classify, Key, ProcessFacts, RoleVersion, Roots, never_changes
from stresstui.engine.collect.proc.role_cache import RoleCache
from stresstui.engine.collect.unreadable import Unreadable

T = TypeVar("T")

_GONE = (psutil.NoSuchProcess, psutil.ZombieProcess)


class _Process(msgspec.Struct):
    handle: psutil.Process
    started: float
    name: str = ""
    argv: tuple[str, ...] = ()
    ppid: int = 0
    role: Role | None = None
    held: Counter[str] | None = msgspec.field(default=None)
    asked: bool = False

    @property
    def pid(self) -> int:
        return self.handle.pid

    @property
    def key(self) -> Key:
        return (self.handle.pid, self.started)


class PortableCollector:
    """Collector for any system that psutil knows."""

    def __init__(
        self,
        roots: Roots,
        classify: Classify,
        role_version: RoleVersion = never_changes,
        *,
        monitor_pid: int | None = None,
        cadence: Cadence | None = None,
    ) -> None:
        self._tree = _Tree(roots, classify, role_version, monitor_pid)
        self._monitor = psutil.Process(monitor_pid) if monitor_pid is not None else None
        self._cadence = cadence or Cadence()
        self._counters = NetCounters()
        self._suspension = host.Suspension()
        self._unreadable = Unreadable()
        self._sockets_t: float | None = None
        self._curr_estab: int | None = None

    def collect(self, t: float) -> Sample:
        """Read one sample at ``t`` seconds since the run's start."""
        began = time.thread_time()
        processes = self._tree.refresh()
        counters = self._host_counters()
        if self._cadence.due(t, counters["curr_estab"]):
            self._read_sockets(t, processes, counters["curr_estab"])
            self._curr_estab = counters["curr_estab"]
        sampled = tuple(s for s in map(_sampled, processes) if s)
        self._unreadable.observe(sampled, {p.key for p in processes if p.asked})
        watched = [s.pid for s in sampled if s.role is Role.SUT] or [s.pid for s in sampled]
        monitor_cpu_s, monitor_rss = self._monitor_cost()
        may_use = allowed(watched)
        return Sample(
            t=t,
            processes=sampled,
            host=HostSample(
                load1=rounded(host.load1(), 2),
                mem_available=psutil.virtual_memory().available,
                curr_estab_at_dump=self._curr_estab,
                **counters,
            ),
            cpus=may_use.cpus,
            quota=may_use.quota,
            throttled_s=may_use.throttled_s,
            sockets_t=self._sockets_t,
            suspended_s=self._suspension.since_last(),
            monitor_cpu_s=rounded(monitor_cpu_s, 3),
            monitor_rss=monitor_rss,
            cost_s=rounded(time.thread_time() - began, 6),
        )

    def troubles(self) -> list[str]:
        """What could not be read since the last call."""
        return self._unreadable.take()

    def close(self) -> None:
        """Close the kept descriptors."""
        self._counters.close()

    def _host_counters(self) -> dict[str, int | None]:
        counters = self._counters.read()
        if counters["in_octets"] is None and (moved := psutil.net_io_counters()):
            counters |= {"in_octets": moved.bytes_recv, "out_octets": moved.bytes_sent}
        return counters

    def _read_sockets(self, t: float, processes: Sequence[_Process], total: int | None) -> None:
        began = time.thread_time()
        seen: set[object] = set()
        for process in processes:
            process.held, process.asked = _held(process.handle, seen), True
        self._sockets_t = t
        self._cadence.spent(t, time.thread_time() - began, total)

    def _monitor_cost(self) -> tuple[float | None, int | None]:
        if self._monitor is None:
            return None, None
        try:
            cpu = self._monitor.cpu_times()
            return cpu.user + cpu.system, self._monitor.memory_info().rss
        except psutil.Error:
            return None, None


class _Tree:
    """The processes of the run; the same promises as the fast path's tree."""

    def __init__(self, roots: Roots, classify: Classify, version: RoleVersion, without: int | None) -> None:
        self._roots = roots
        self._without = without
        self._known: dict[int, _Process] = {}
        self._root_started: dict[int, float] = {}
        self._roles = RoleCache(classify, version)

    def refresh(self) -> list[_Process]:
        self._known = {pid: p for pid, p in self._known.items() if p.handle.is_running()}
        asked = dict.fromkeys(self._roots())
        self._root_started = {pid: s for pid, s in self._root_started.items() if pid in asked}
        ordered: dict[int, _Process] = {}
        for pid in (*asked, *self._known):
            for handle in _descent(pid):
                if handle.pid not in ordered and (process := self._adopt(handle, asked)):
                    ordered[handle.pid] = process
        self._known = ordered
        listed = [p for p in ordered.values() if p.pid != self._without and self._classified(p)]
        self._roles.keep({p.key for p in ordered.values()})
        return listed

    def _adopt(self, handle: psutil.Process, asked: Collection[int]) -> _Process | None:
        try:
            process = self._known.get(handle.pid) or _Process(handle, handle.create_time())
        except psutil.Error:
            return None
        started = process.started
        if handle.pid in asked and self._root_started.setdefault(handle.pid, started) != started:
            return None
        return process

    def _classified(self, process: _Process) -> bool:
        """Ask for the role; False where it is of no interest, or has ended."""
        try:
            _identify(process)
        except _GONE:
            return False
        parent = self._known.get(process.ppid)

        def facts(parent_role: Role | None) -> ProcessFacts:
            return ProcessFacts(
                pid=process.pid,
                ppid=process.ppid,
                started=process.started,
                name=process.name,
                exe=_exe(process.pid),
                argv=process.argv,
                parent_role=parent_role,
            )

        mark = (process.name, process.argv)
        process.role = self._roles.of(process.key, mark, parent.role if parent else None, facts)
        return process.role is not None


def _identify(process: _Process) -> None:
    with process.handle.oneshot():
        if process.handle.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD):
            raise psutil.ZombieProcess(process.pid)
        process.name = process.handle.name()
        process.ppid = process.handle.ppid()
    try:
        process.argv = tuple(process.handle.cmdline())
    except psutil.AccessDenied:
        process.argv = ()


def _exe(pid: int) -> str | None:
    try:
        # A handle remembers the executable, though the process may have executed another.
        return psutil.Process(pid).exe() or None
    except psutil.Error:
        return None


def _descent(pid: int) -> Iterator[psutil.Process]:
    try:
        start = psutil.Process(pid)
        yield start
        yield from start.children(recursive=True)
    except psutil.Error:
        return


def _held(handle: psutil.Process, seen: set[object]) -> Counter[str] | None:
    """Count sockets; a connection that several processes share counts for the eldest only."""
    try:
        connections = handle.net_connections(kind="inet")
    except psutil.Error:
        return None
    held: Counter[str] = Counter()
    for c in connections:
        place = (c.type, c.laddr, c.raddr)
        if c.raddr and place in seen:
            continue
        seen.add(place)
        held["UDP" if c.type == socket.SOCK_DGRAM else c.status] += 1
    return held


def _sampled(process: _Process) -> ProcessSample | None:
    """Read its counters; None where it has ended meanwhile."""
    handle, held = process.handle, process.held
    try:
        with handle.oneshot():
            cpu = _allowed(handle.cpu_times)
            memory = _allowed(handle.memory_info)
            threads = _allowed(handle.num_threads)
        fds = _allowed(handle.num_fds)
    except _GONE:
        return None
    return ProcessSample(
        pid=process.pid,
        started=process.started,
        name=process.name,
        role=process.role or Role.SUT,
        ppid=process.ppid,
        cpu_s=round(cpu.user + cpu.system, 2) if cpu else None,
        rss=memory.rss if memory else None,
        vsz=memory.vms if memory else None,
        fds=fds,
        threads=threads,
        established=None if held is None else held[psutil.CONN_ESTABLISHED],
        close_wait=None if held is None else held[psutil.CONN_CLOSE_WAIT],
        listen=None if held is None else held[psutil.CONN_LISTEN],
        udp=None if held is None else held["UDP"],
    )


def _allowed(read: Callable[[], T]) -> T | None:
    """Read a counter; None where that is not allowed."""
    try:
        return read()
    except psutil.AccessDenied:
        return None
