"""The fast path: O(processes) for every sample, and the socket table as often as one percent of a core allows."""

import time
from collections.abc import Sequence

from stresstui.core.model.sample import HostSample, ProcessSample, Role, Sample
from stresstui.engine.collect.cpu_budget import Cadence
from stresstui.engine.collect.net.net_counters import NetCounters
from stresstui.engine.collect.net.sock_diag import CLOSE_WAIT, ESTABLISHED, LISTEN
from stresstui.engine.collect.net.socket_owners import Holder, Holding
from stresstui.engine.collect.net.sockets import Sockets
from stresstui.engine.collect.proc import host, procfs
from stresstui.engine.collect.proc.digits import rounded
from stresstui.engine.collect.proc.facts import Classify, RoleVersion, Roots, never_changes
from stresstui.engine.collect.proc.own_cost import MonitorCost
from stresstui.engine.collect.proc.process_tree import Process, Tree


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
        self._namespace = _Namespace()
        self._suspension = host.Suspension()

    def collect(self, t: float) -> Sample:
        """Read one sample at ``t`` seconds since the run's start."""
        began = time.thread_time()
        processes = self._tree.refresh()
        fds = {p.key: _count_fds(p) for p in processes}
        under_test = [p for p in processes if p.role is Role.SUT] or processes
        watched = [p.stat.pid for p in under_test]
        counters = self._namespace.read(watched)
        holders = [Holder(p.key, fds[p.key], p.stat.pid) for p in processes]
        self._sockets.refresh(t, holders, counters, {p.key for p in under_test})
        monitor_cpu_s, monitor_rss = self._monitor.read()
        return Sample(
            t=t,
            processes=tuple(_process(p, fds[p.key], self._sockets.held.get(p.key)) for p in processes),
            host=HostSample(
                load1=rounded(host.load1(), 2),
                mem_available=host.mem_available(),
                curr_estab_at_dump=self._sockets.curr_estab,
                orphan_backlog=self._sockets.not_accepted,
                **counters,
            ),
            cpus=host.cpus(watched),
            sockets_t=self._sockets.t,
            sockets=self._sockets.sample,
            suspended_s=self._suspension.since_last(),
            monitor_cpu_s=rounded(monitor_cpu_s, 3),
            monitor_rss=monitor_rss,
            cost_s=rounded(time.thread_time() - began, 6),
        )

    def close(self) -> None:
        """Close the kept descriptors."""
        self._tree.close()
        self._namespace.close()
        self._monitor.close()


class _Namespace:
    """Counters of the network namespace that the run is in."""

    def __init__(self) -> None:
        self._of: int | None = None
        self._counters = NetCounters()

    def read(self, pids: Sequence[int]) -> dict[str, int | None]:
        """Read those of the first process's namespace; of the last one while there is none."""
        now = procfs.net_namespace(pids[0]) if pids else None
        if now is not None and now != self._of:
            self._counters.close()
            self._counters = NetCounters(pids[0])
            self._of = now
        return self._counters.read()

    def close(self) -> None:
        self._counters.close()


def _count_fds(process: Process) -> int | None:
    # A first thread that ended before the others shows no descriptors, though the process has them.
    return None if process.stat.state == "Z" else procfs.count_fds(process.stat.pid)


def _process(process: Process, fds: int | None, held: Holding | None) -> ProcessSample:
    stat = process.stat
    return ProcessSample(
        pid=stat.pid,
        started=stat.started,
        name=stat.name,
        role=process.role or Role.SUT,
        ppid=stat.ppid,
        cpu_s=rounded(stat.cpu_s, 2),
        rss=stat.rss,
        vsz=stat.vsz,
        fds=fds,
        threads=stat.threads,
        established=held.states.get(ESTABLISHED, 0) if held else None,
        close_wait=held.states.get(CLOSE_WAIT, 0) if held else None,
        listen=held.states.get(LISTEN, 0) if held else None,
        backlog=held.backlog if held else None,
        udp=held.udp if held else None,
        bytes_in=held.received if held else None,
        bytes_out=held.acked if held else None,
    )
