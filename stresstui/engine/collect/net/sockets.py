"""The last socket table, read when its turn comes, and what a sample says of it."""

import time
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from stresstui.core.model.sample import SocketSample
from stresstui.engine.collect.cpu_budget import Cadence
from stresstui.engine.collect.net import sock_diag
from stresstui.engine.collect.net.fd_indexes import Holder
from stresstui.engine.collect.net.net_counters import Activity
from stresstui.engine.collect.net.owned_sockets import Holding
from stresstui.engine.collect.net.socket_owners import Holdings, not_accepted
from stresstui.engine.collect.net.socket_table import count_of_ports
from stresstui.engine.collect.proc.facts import Key
from stresstui.engine.collect.proc.procfs import View

_NAMES: Final = {
    sock_diag.SYN_SENT: "syn_sent",
    sock_diag.SYN_RECV: "syn_recv",
    sock_diag.NEW_SYN_RECV: "syn_recv",
    sock_diag.FIN_WAIT1: "fin_wait1",
    sock_diag.FIN_WAIT2: "fin_wait2",
    sock_diag.TIME_WAIT: "time_wait",
    sock_diag.LAST_ACK: "last_ack",
    sock_diag.CLOSING: "closing",
}
"""States that are rare or that no process holds, as a sample names them."""


class Sockets:
    """What is known of the tree's sockets."""

    def __init__(self, cadence: Cadence) -> None:
        self._cadence = cadence
        self._holdings = Holdings()
        self._had_holders = False
        self._read_t: float | None = None
        self._in_all_s = 0.0
        self._opens: int | None = None
        self._unseen = 0
        self._waiting: Counter[str] = Counter()
        self._all_waiting: Counter[str] = Counter()
        self.t: float | None = None
        """Instant of the last table."""
        self.held: dict[Key, Holding | None] = {}
        """Sockets by process; None where they may not be read."""
        self.curr_estab: int | None = None
        """The kernel's total at the last table."""
        self.not_accepted: int | None = None
        """Connections that nobody has accepted."""
        self.sample: SocketSample | None = None
        """The last table as a sample tells it."""
        self.other_tables: dict[Key, list[View]] = {}
        """Where /proc shows descriptors that threads have in tables of their own, by process."""

    def due(self, t: float, total: int | None, *, any_there: bool) -> bool:
        """Say whether it is time for a table; ``total`` is the kernel's own count now.

        ``any_there`` says whether there are processes: the first ones are not to wait because of a table before them.
        """
        return self._cadence.due(t, total) or (any_there and not self._had_holders)

    def took(self, cost_s: float) -> None:
        """Tell what a sample took in all, seconds of CPU time."""
        self._in_all_s += cost_s

    def refresh(
        self,
        t: float,
        holders: Sequence[Holder],
        counters: dict[str, int | None],
        watched: Collection[Key],
        activity: Activity | None = None,
    ) -> None:
        """Read the table; ``counters`` and ``activity`` are those of the namespace now, ``watched`` is under test."""
        total = counters["curr_estab"]
        self._had_holders = self._had_holders or bool(holders)
        began = time.thread_time()
        try:
            self.held = self._holdings.count(holders, counters["time_wait"], activity)
        except OSError:
            self.t, self.held, self.curr_estab, self.not_accepted, self.sample = None, {}, None, None, None
        else:
            self.t, self.curr_estab = t, total
            self.not_accepted = not_accepted(self._holdings.unheld)
            self.sample = self._sampled(t, counters, watched)
            self.other_tables = self._holdings.indexes.other_tables()
        # What is read only once of each process must not put off the next table, which may have to go on with that.
        cost = time.thread_time() - began - self._holdings.indexes.built_s
        beside = 0.0 if self._read_t is None or t <= self._read_t else max(0.0, self._in_all_s / (t - self._read_t))
        self._cadence.spent(t, 0.0 if self._holdings.indexes.building else cost, total, beside=beside)
        self._read_t, self._in_all_s = t, began - time.thread_time()

    def memory_files(self, keys: Collection[Key]) -> dict[View, list[str]] | None:
        """As of the last table, what ``FdIndexes.memory_files`` says; None where there was no table."""
        return self._holdings.indexes.memory_files(keys) if self.t is not None else None

    def _sampled(self, t: float, counters: dict[str, int | None], watched: Collection[Key]) -> SocketSample:
        holdings, before = self._holdings, self.sample
        self._count_unheld(counters)
        own = Counter(self._waiting)
        for key, holding in self.held.items():
            if holding and len(holding.states) > 1 and key in watched:
                own.update({_NAMES[s]: n for s, n in holding.states.items() if s in _NAMES})
        everybodys = Counter(own)
        everybodys.update(self._all_waiting)
        everybodys.subtract(self._waiting)
        self._count_unseen(counters)
        unseen, bytes_t = (before.unseen, before.bytes_t) if before else (0, None)
        if holdings.with_bytes:
            unseen, bytes_t, self._unseen = self._unseen, t, 0
        return SocketSample(
            states=dict(+own),
            all_states=dict(+everybodys) if everybodys != own else {},
            by_ports=bool(holdings.ports),
            time_wait_by_ports=bool(holdings.ports) and holdings.has_time_wait,
            unattributed=holdings.unattributed,
            bytes_t=bytes_t,
            unseen=unseen,
            alone=holdings.alone_on_loopback,
        )

    def _count_unheld(self, counters: dict[str, int | None]) -> None:
        """Count what no process holds; of very many in TIME_WAIT nothing but their number is known."""
        holdings = self._holdings
        found, own = Counter[str](), Counter[str]()
        for state, ports in holdings.unheld:
            if name := _NAMES.get(state):
                found[name] += 1
                own[name] += not holdings.ports.isdisjoint(ports)
        if holdings.has_time_wait:
            found["time_wait"] = len(holdings.time_wait)
            own["time_wait"] = count_of_ports(holdings.time_wait, holdings.ports)
        else:
            found["time_wait"] = counters["time_wait"] or 0
        self._all_waiting, self._waiting = found, own

    def _count_unseen(self, counters: dict[str, int | None]) -> None:
        """Connections that ended since the table before, or that were opened and no table has shown."""
        active, passive = counters["active_opens"], counters["passive_opens"]
        opens = None if active is None or passive is None else active + passive
        come, gone = self._holdings.come_and_gone
        self._unseen += gone
        if opens is not None and self._opens is not None:
            self._unseen += max(0, opens - self._opens - come)
        self._opens = opens
