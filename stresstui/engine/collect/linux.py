"""The fast path: O(processes) for every sample, and the socket table as often as one percent of a core allows."""

import os
import socket
import time
from collections.abc import Sequence

from stresstui.core.sample import HostSample, ProcessSample, Role, Sample
from stresstui.engine.collect import machine, netlink, nettext, proc
from stresstui.engine.collect.cadence import Cadence
from stresstui.engine.collect.holdings import Holder, Holding, Holdings, not_accepted
from stresstui.engine.collect.interface import Classify, Key, Roots
from stresstui.engine.collect.monitor import MonitorCost
from stresstui.engine.collect.netlink import Row
from stresstui.engine.collect.netstat import NetCounters
from stresstui.engine.collect.tree import Process, Tree

Table = tuple[list[Row], list[Row]]
"""TCP and UDP sockets."""


class LinuxCollector:
    """Collector for Linux; needs no privilege for processes of the same user."""

    def __init__(
        self,
        roots: Roots,
        classify: Classify,
        *,
        monitor_pid: int | None = None,
        cadence: Cadence | None = None,
    ) -> None:
        self._tree = Tree(roots, classify, without=monitor_pid)
        self._monitor = MonitorCost(monitor_pid)
        self._sockets = _Sockets(cadence or Cadence())
        self._namespace = _Namespace()
        self._suspension = machine.Suspension()

    def collect(self, t: float) -> Sample:
        """Read one sample at ``t`` seconds since the run's start."""
        began = time.thread_time()
        processes = self._tree.refresh()
        fds = {p.key: _count_fds(p) for p in processes}
        watched = [p.stat.pid for p in processes if p.role is Role.SUT] or [p.stat.pid for p in processes]
        counters = self._namespace.read(watched)
        self._sockets.refresh(t, [Holder(p.key, fds[p.key]) for p in processes], counters["curr_estab"])
        monitor_cpu_s, monitor_rss = self._monitor.read()
        return Sample(
            t=t,
            processes=tuple(_process(p, fds[p.key], self._sockets.held.get(p.key)) for p in processes),
            host=HostSample(
                load1=machine.load1(),
                mem_available=machine.mem_available(),
                curr_estab_at_dump=self._sockets.curr_estab,
                orphan_backlog=self._sockets.not_accepted,
                **counters,
            ),
            cpus=machine.cpus(watched),
            sockets_t=self._sockets.t,
            suspended_s=self._suspension.since_last(),
            monitor_cpu_s=monitor_cpu_s,
            monitor_rss=monitor_rss,
            cost_s=time.thread_time() - began,
        )

    def reclassify(self) -> None:
        """Forget every role."""
        self._tree.forget_roles()

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
        now = proc.net_namespace(pids[0]) if pids else None
        if now is not None and now != self._of:
            self._counters.close()
            self._counters = NetCounters(pids[0])
            self._of = now
        return self._counters.read()

    def close(self) -> None:
        self._counters.close()


class _Sockets:
    """The last socket table, joined with the processes."""

    def __init__(self, cadence: Cadence) -> None:
        self._cadence = cadence
        self._holdings = Holdings()
        self.t: float | None = None
        self.held: dict[Key, Holding | None] = {}
        self.curr_estab: int | None = None
        self.not_accepted: int | None = None

    def refresh(self, t: float, holders: Sequence[Holder], curr_estab: int | None) -> None:
        """Read the table if it is due."""
        if not self._cadence.due(t):
            return
        began = time.thread_time()
        try:
            tcp, udp = read_table([holder.key[0] for holder in holders])
        except OSError:
            self.t, self.held, self.curr_estab, self.not_accepted = None, {}, None, None
        else:
            self.t, self.curr_estab, self.not_accepted = t, curr_estab, not_accepted(tcp)
            self.held = self._holdings.attribute(holders, tcp, udp)
        self._cadence.spent(t, time.thread_time() - began)


def read_table(pids: Sequence[int]) -> Table:
    """Read the sockets of every namespace that these processes are in; raises OSError where none can be read."""
    own = proc.net_namespace(os.getpid())
    namespaces = {proc.net_namespace(pid): pid for pid in reversed(pids)}
    tcp, udp = _own_table()
    for namespace, pid in namespaces.items():
        if namespace not in (own, None):
            tcp += _text(pid, "tcp")
            udp += _text(pid, "udp")
    return tcp, udp


def _own_table() -> Table:
    try:
        return (
            list(netlink.dump(socket.IPPROTO_TCP, netlink.COUNTED_STATES)),
            list(netlink.dump(socket.IPPROTO_UDP, netlink.ALL_STATES)),
        )
    except OSError:
        return _text(os.getpid(), "tcp"), _text(os.getpid(), "udp")


def _text(pid: int, protocol: str) -> list[Row]:
    rows = (line.row for line in nettext.table(pid, protocol))
    return [row for row in rows if protocol == "udp" or netlink.COUNTED_STATES >> row.state & 1]


def _count_fds(process: Process) -> int | None:
    # A first thread that ended before the others shows no descriptors, though the process has them.
    return None if process.stat.state == "Z" else proc.count_fds(process.stat.pid)


def _process(process: Process, fds: int | None, held: Holding | None) -> ProcessSample:
    stat = process.stat
    return ProcessSample(
        pid=stat.pid,
        started=stat.started,
        name=stat.name,
        role=process.role or Role.SUT,
        ppid=stat.ppid,
        cpu_s=stat.cpu_s,
        rss=stat.rss,
        vsz=stat.vsz,
        fds=fds,
        threads=stat.threads,
        established=held.established if held else None,
        close_wait=held.close_wait if held else None,
        listen=held.listen if held else None,
        backlog=held.backlog if held else None,
        udp=held.udp if held else None,
        bytes_in=held.received if held else None,
        bytes_out=held.acked if held else None,
    )
