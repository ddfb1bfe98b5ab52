"""The socket table of every network namespace that a tree is in, reduced to what is counted."""

import contextlib
import itertools
import os
import socket
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from stresstui.engine.collect.net import proc_net, sock_diag
from stresstui.engine.collect.net.connections import Connections
from stresstui.engine.collect.net.net_counters import Activity
from stresstui.engine.collect.net.sock_diag import ESTABLISHED, LISTEN, TIME_WAIT, Named, Ports, Run
from stresstui.engine.collect.proc import procfs
from stresstui.engine.collect.proc.procfs import View

BYTES_BITS: Final = 64
"""Bits of a packed number of bytes: received above, acknowledged below."""

_TIME_WAIT: Final = bytes([TIME_WAIT])
_A_QUESTION: Final = 8
"""Sockets that a table tells of in the time that it takes to ask for one."""
_CONNECTED_TOLD: Final = 500
"""Connections whose ports are looked at, at least: the first of the table."""


class Unheld(NamedTuple):
    """A connection that no process holds: not accepted yet, or closed and still busy."""

    state: int
    ports: Ports


def as_pair(ports: Ports) -> int:
    """Both ports as one number, as in ``Run.port_pairs``."""
    return socket.htons(ports.local) | socket.htons(ports.peer) << 16


def count_of_ports(pairs: Iterable[int], ports: Iterable[int]) -> int:
    """Count the pairs of which one is among ``ports``."""
    sent = set(map(socket.htons, ports))
    return sum(1 for pair in pairs if pair & 0xFFFF in sent or pair >> 16 in sent)


class Table(msgspec.Struct):
    """Sockets by inode, of all processes; what is not in ``others`` or ``udp`` is ESTABLISHED."""

    states: int = sock_diag.COUNTED_STATES
    """Mask of the TCP states that are asked for."""
    with_bytes: bool = False
    """Whether the kernel is asked for bytes."""
    live: set[int] = msgspec.field(default_factory=set)
    """All of them."""
    others: dict[int, int] = msgspec.field(default_factory=dict)
    """State of those that are not ESTABLISHED."""
    backlogs: dict[int, int] = msgspec.field(default_factory=dict)
    """Connections waiting on those that listen."""
    listening: dict[int, int] = msgspec.field(default_factory=dict)
    """Ports of those that listen."""
    elsewhere: set[int] = msgspec.field(default_factory=set)
    """Those whose peer is not on the loopback; those that listen may be in it or not."""
    connected: list[tuple[int, Ports]] = msgspec.field(default_factory=list)
    """Some of those that are connected, with their ports."""
    unheld: list[Unheld] = msgspec.field(default_factory=list)
    """Connections that no process holds."""
    time_wait: list[int] = msgspec.field(default_factory=list)
    """Pairs of ports of connections in TIME_WAIT, as in ``Run.port_pairs``."""
    udp: set[int] = msgspec.field(default_factory=set)
    """UDP sockets."""
    moved: list[tuple[int, int]] = msgspec.field(default_factory=list)
    """Inode and packed bytes of those that moved some since the table that ``told`` is from."""
    silent: set[View] = msgspec.field(default_factory=set)
    """Processes of whose sockets the kernel tells no bytes."""
    named: Named = msgspec.field(default_factory=Named)
    """TCP sockets of netlink, to ask for again."""

    def take(self, run: Run) -> None:
        """Take in TCP sockets of netlink, by columns."""
        inodes, states = run.inodes, run.states
        self.live.update(inodes)
        self.named.take(run)
        self.elsewhere.update(run.elsewhere())
        if self.with_bytes and len(self.connected) < _CONNECTED_TOLD:
            rows = zip(inodes, states, run.ports, strict=True)
            self.connected += [(inode, ports) for inode, state, ports in rows if inode and state != LISTEN]
        if states.count(ESTABLISHED) < len(states):
            self.others.update((i, s) for i, s in zip(inodes, states, strict=True) if s != ESTABLISHED)
            if LISTEN in states:
                self._take_listening(run, inodes, states)
        if 0 in inodes:
            self.unheld += [Unheld(s, p) for i, s, p in zip(inodes, states, run.ports, strict=True) if not i]

    def _take_listening(self, run: Run, inodes: list[int], states: bytes) -> None:
        for inode, state, queue, ports in zip(inodes, states, run.queues, run.ports, strict=True):
            if state == LISTEN:
                self.backlogs[inode], self.listening[inode] = queue, ports.local

    def take_bytes(self, run: Run, told: Mapping[int, int], bits: int) -> None:
        """Take in the bytes that differ from ``told``, whose numbers hold something else in the lowest ``bits``."""
        get = told.get
        for inode, (acked, received, sent, again) in zip(run.inodes, run.moved(), strict=True):
            # The kernel counts the SYN of the side that connected as one byte acknowledged.
            out = acked if acked + again <= sent else sent - again
            # Of idle ones there are the most, and what was told of them cannot have been more than nothing.
            if (packed := received << BYTES_BITS | out) and get(inode, 0) >> bits != packed:
                self.moved.append((inode, packed))

    def take_line(self, line: proc_net.SocketLine) -> None:
        """Take in a TCP socket of a text table."""
        if not self.states >> line.state & 1:
            return
        if line.state == TIME_WAIT:
            self.time_wait.append(as_pair(line.ports))
            return
        if not line.inode:
            self.unheld.append(Unheld(line.state, line.ports))
            return
        self.live.add(line.inode)
        if line.state != ESTABLISHED:
            self.others[line.inode] = line.state
        if line.state == LISTEN:
            self.backlogs[line.inode], self.listening[line.inode] = line.waiting, line.ports.local
            return
        self.connected.append((line.inode, line.ports))
        if not line.peer.startswith(_LOOPBACK):
            self.elsewhere.add(line.inode)

    def take_udp(self, inodes: Sequence[int]) -> None:
        """Take in UDP sockets."""
        self.udp.update(inodes)
        self.live.update(inodes)

    def still_held(self, inodes: set[int]) -> set[int]:
        """Return those of these sockets that a process holds by now; none that netlink does not tell of."""
        held: set[int] = set()
        with contextlib.suppress(OSError):
            if len(inodes) * _A_QUESTION > len(self.live):
                runs = sock_diag.dump_tcp(sock_diag.COUNTED_STATES)
            else:
                runs = iter(())
                held.update(sock_diag.still_held(list(self.named.among(inodes))))
            others = sock_diag.dump_udp() if inodes & self.udp else ()
            for run in itertools.chain(runs, others):
                held.update(inodes.intersection(run.inodes))
        return held

    def complete(self) -> "Table":
        """Take out the inode of what no process holds."""
        for part in (self.live, self.udp, self.elsewhere):
            part.discard(0)
        self.others.pop(0, None)
        return self


_LOOPBACK: Final = ("127.", "[::1]", "[::ffff:127.")


def read_table(
    members: Mapping[int | None, list[View]],
    told: Mapping[int, int],
    bits: int,
    *,
    with_bytes: bool = True,
    time_wait: bool = True,
    connections: Connections | None = None,
    activity: Activity | None = None,
) -> Table:
    """Read the table for processes by their network namespace; raises OSError where it cannot be read.

    Netlink answers for the caller's own namespace; the tables of others, and of kernels that refuse, are read as text.
    ``told`` and ``bits`` are as for ``Table.take_bytes``; ``time_wait`` asks for those connections too. ``connections``
    are those of the table before, which are believed while ``activity`` stands still.
    """
    own = procfs.net_namespace(os.getpid())
    table = Table(sock_diag.COUNTED_STATES | (1 << TIME_WAIT if time_wait else 0), with_bytes)
    here = [view for namespace in (own, None) for view in members.get(namespace, [])]
    if here or not members:
        of_own = activity if activity and activity.namespace == own else None
        runs = (connections or Connections()).runs(table.states, info=table.with_bytes, activity=of_own)
        table = _read_own(table, runs, here, told, bits)
    for namespace in members.keys() - {own, None}:
        _read_by_any(table, members[namespace])
    return table.complete()


def _read_own(table: Table, runs: Iterable[Run], members: Sequence[View], told: Mapping[int, int], bits: int) -> Table:
    try:
        _read_by_netlink(table, runs, told, bits)
    except OSError:
        table = Table(table.states, table.with_bytes)
        _read_by_text(table, os.getpid(), members)
    return table


def _read_by_netlink(table: Table, runs: Iterable[Run], told: Mapping[int, int], bits: int) -> None:
    for run in runs:
        if run.states.startswith(_TIME_WAIT):
            table.time_wait += run.port_pairs
            continue
        table.take(run)
        if run.info_at:
            table.take_bytes(run, told, bits)
    for run in sock_diag.dump_udp():
        table.take_udp(run.inodes)


def _read_by_any(table: Table, members: Sequence[View]) -> None:
    """Read the table that these processes share through the first that has not ended."""
    for view in members:
        with contextlib.suppress(OSError):
            _read_by_text(table, view, members)
            return
    table.silent.update(members)


def _read_by_text(table: Table, view: View, members: Sequence[View]) -> None:
    for line in proc_net.table(view, "tcp"):
        table.take_line(line)
    table.take_udp([line.inode for line in proc_net.table(view, "udp")])
    table.silent.update(members)
