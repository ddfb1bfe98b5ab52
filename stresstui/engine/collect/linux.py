"""The fast path: O(processes) for every sample, and the socket table as often as a percent of a core allows."""

import os
import time
from collections.abc import Sequence
from typing import Any, Final

from stresstui.core.model.sample import HostSample, ProcessSample, Role, Sample
from stresstui.engine.collect.cpu_budget import Cadence
from stresstui.engine.collect.net.fd_indexes import Holder
from stresstui.engine.collect.net.net_counters import Activity, Continued, NetCounters
from stresstui.engine.collect.net.owned_sockets import Holding
from stresstui.engine.collect.net.sock_diag import CLOSE_WAIT, ESTABLISHED, LISTEN
from stresstui.engine.collect.net.sockets import Sockets
from stresstui.engine.collect.proc import host, procfs
from stresstui.engine.collect.proc.allowance import Allowance
from stresstui.engine.collect.proc.cgroup import OwnGroup
from stresstui.engine.collect.proc.descriptors import count_fds
from stresstui.engine.collect.proc.digits import rounded
from stresstui.engine.collect.proc.facts import Classify, RoleVersion, Roots, never_changes
from stresstui.engine.collect.proc.memory_details import MemoryDetails, memory_in_files
from stresstui.engine.collect.proc.own_cost import MonitorCost
from stresstui.engine.collect.proc.process import Process
from stresstui.engine.collect.proc.process_tree import Tree
from stresstui.engine.collect.proc.shared_segments import SharedSegments
from stresstui.engine.collect.unreadable import Unreadable

_SUT: Final = Role.SUT


class LinuxCollector:
    """Collector for Linux; needs no privilege for processes of the same user."""

    def __init__(
        self,
        roots: Roots,
        classify: Classify,
        role_version: RoleVersion = never_changes,
        *,
        monitor_pid: int | None = None,
        cadence: Cadence | None = None,
    ) -> None:
        self._tree = Tree(roots, classify, role_version, without=monitor_pid)
        self._monitor = MonitorCost(monitor_pid)
        self._sockets = Sockets(cadence or Cadence())
        self._details = MemoryDetails()
        self._group = OwnGroup(monitor_pid)
        self._segments = SharedSegments()
        self._namespace = _Namespace()
        self._pressure = host.Pressure()
        self._allowance = Allowance()
        self._suspension = host.Suspension()
        self._unreadable = Unreadable()
        self._told_before: tuple[ProcessSample, ...] = ()

    def collect(self, t: float) -> Sample:
        """Read one sample at ``t`` seconds since the run's start."""
        began = time.thread_time()
        processes = self._tree.refresh()
        under_test = [p for p in processes if p.role is _SUT]
        pids = [p.stat.pid for p in under_test or processes]
        counters = self._namespace.read(pids)
        fds = [p.fds if p.rests else p.count_fds() for p in processes]
        if self._sockets.due(t, counters["curr_estab"], any_there=bool(processes)):
            holders = [Holder(p.key, count, p.view) for p, count in zip(processes, fds, strict=True)]
            self._sockets.refresh(t, holders, counters, {p.key for p in under_test}, self._namespace.activity)
        self._details.refresh(t, processes)
        told = self._told(processes, self._with_other_tables(processes, fds), asked=self._sockets.t == t)
        if self._sockets.t == t:
            self._unreadable.observe(told, self._sockets.held)
        monitor_cpu_s, monitor_rss = self._monitor.read()
        allowed = self._allowance.read(t, pids)
        return Sample(
            t=t,
            processes=told,
            host=self._host(counters),
            cpus=allowed.cpus,
            quota=allowed.quota,
            throttled_s=allowed.throttled_s,
            sockets_t=self._sockets.t,
            sockets=self._sockets.sample,
            zombies=self._tree.zombies,
            memory_files=self._memory_files(under_test),
            orphans_cpu_s=rounded(self._tree.orphans_cpu_s, 2),
            lets_go=self._tree.any_lets_go,
            details_t=self._details.t,
            cgroup=self._group.read(t, pids),
            suspended_s=self._suspension.since_last(),
            monitor_cpu_s=rounded(monitor_cpu_s, 3),
            monitor_rss=monitor_rss,
            cost_s=rounded(self._cost_since(began), 6),
        )

    def _with_other_tables(self, processes: Sequence[Process], fds: list[int | None]) -> list[int | None]:
        """Add the descriptors that threads have in tables of their own, of which a process shows none."""
        others = self._sockets.other_tables
        if not others:
            return fds
        counts = [[own, *map(count_fds, others.get(p.key, ()))] for p, own in zip(processes, fds, strict=True)]
        return [None if own is None else sum(filter(None, (own, *more))) for own, *more in counts]

    def _memory_files(self, under_test: Sequence[Process]) -> int | None:
        """Bytes in memory that these hold without having to map it; None where that may not be read."""
        segments = self._segments.resident({p.stat.pid for p in under_test})
        held = memory_in_files(self._sockets.memory_files({p.key for p in under_test}))
        return None if held is None else held + segments

    def _cost_since(self, began: float) -> float:
        cost_s = time.thread_time() - began
        self._sockets.took(cost_s)
        return cost_s

    def troubles(self) -> list[str]:
        """What could not be read since the last call."""
        return self._unreadable.take()

    def close(self) -> None:
        """Close the kept descriptors."""
        self._tree.close()
        self._namespace.close()
        self._pressure.close()
        self._monitor.close()

    def _host(self, counters: dict[str, int | None]) -> HostSample:
        available, shmem = host.memory()
        read: dict[str, Any] = {**counters, **self._pressure.read()}
        return HostSample(
            load1=rounded(host.load1(), 2),
            mem_available=available,
            shmem=shmem,
            curr_estab_at_dump=self._sockets.curr_estab,
            orphan_backlog=self._sockets.not_accepted,
            **read,
        )

    def _told(
        self, processes: Sequence[Process], counts: Sequence[int | None], *, asked: bool
    ) -> tuple[ProcessSample, ...]:
        """Say what was read of processes; of many that are idle, most is what it was.

        With ``asked`` their sockets were looked for just now.
        """
        told: list[ProcessSample] = []
        sockets = self._sockets.held
        for process, fds in zip(processes, counts, strict=True):
            held, memory = sockets.get(process.key), process.memory
            if (fds is None or (asked and process.key not in sockets)) and process.has_ended():
                continue  # what it had is gone, and not unknown
            # What its children used cannot have changed where its stat has not.
            of = (process.stat, process.role, fds, held, memory.details, memory.pss)
            if process.told is None or process.told_of != of:
                unseen = self._tree.children_cpu_s(process.stat.pid)
                process.told, process.told_of = _process(process, fds, held, unseen), of
            told.append(process.told)
        # The same object where nothing has changed: whoever takes it in sees at once that there is nothing to do.
        now = tuple(told)
        if now != self._told_before:
            self._told_before = now
        return self._told_before


class _Namespace:
    """Counters of the network namespace that the run is in."""

    def __init__(self) -> None:
        self._of = procfs.net_namespace(os.getpid())
        self._counters = NetCounters()
        self._continued = Continued()

    def read(self, pids: Sequence[int]) -> dict[str, int | None]:
        """Read those of the first process's namespace; of the last one while there is none."""
        now = procfs.net_namespace(pids[0]) if pids else None
        other = now is not None and now != self._of
        if other:
            self._counters.close()
            self._counters = NetCounters(pids[0])
            self._of = now
        return self._continued.take(self._counters.read(), other=other)

    @property
    def activity(self) -> Activity | None:
        """How busy its connections were when last read; None where that is unknown."""
        counts = self._counters.activity
        return None if counts is None or self._of is None else Activity(self._of, counts)

    def close(self) -> None:
        self._counters.close()


def _process(process: Process, fds: int | None, held: Holding | None, unseen: float) -> ProcessSample:
    stat, parts = process.stat, process.memory.details
    states = held.states if held else {}
    return ProcessSample(
        pid=stat.pid,
        started=stat.started,
        name=stat.name,
        role=process.role or Role.SUT,
        ppid=stat.ppid,
        cpu_s=rounded(stat.cpu_s, 2),
        children_cpu_s=rounded(unseen, 2),
        rss=stat.rss + parts.huge,
        vsz=stat.vsz,
        fds=fds,
        threads=stat.threads,
        established=states.get(ESTABLISHED, 0) if held else None,
        close_wait=states.get(CLOSE_WAIT, 0) if held else None,
        listen=states.get(LISTEN, 0) if held else None,
        backlog=held.backlog if held else None,
        udp=held.udp if held else None,
        bytes_in=held.received if held else None,
        bytes_out=held.acked if held else None,
        rss_anon=None if parts.anon is None else parts.anon + parts.huge,
        rss_file=parts.file,
        rss_shmem=parts.shmem,
        swap=parts.swap,
        pss=process.memory.pss,
        stopped=stat.state == "T",
    )
