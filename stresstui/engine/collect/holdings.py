"""Which process holds which socket: the kernel's table joined with an index that is read only where it changed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from stresstui.engine.collect import proc
from stresstui.engine.collect.interface import Key
from stresstui.engine.collect.netlink import CLOSE_WAIT, ESTABLISHED, LISTEN, Row

_TABLES_BETWEEN_DEEP_READS = 10


class Holding(NamedTuple):
    """Sockets of one process; one that several processes share counts for the eldest only."""

    established: int
    """TCP sockets in ESTABLISHED."""
    close_wait: int
    """TCP sockets in CLOSE_WAIT."""
    listen: int
    """TCP sockets in LISTEN."""
    backlog: int
    """Connections waiting to be accepted on its listening sockets."""
    udp: int
    """UDP sockets."""
    received: int | None
    """Bytes received, cumulative as far as seen; None where the kernel does not tell."""
    acked: int | None
    """Bytes acknowledged by peers, cumulative as far as seen; None where the kernel does not tell."""


class Holder(NamedTuple):
    """A process as the join needs it."""

    key: Key
    """Process id and start time."""
    fds: int | None
    """Open descriptors now; None where unknown."""


@dataclass(slots=True)
class FdIndex:
    """Descriptors of one process and the sockets behind them."""

    pid: int
    inodes: dict[str, int] = field(default_factory=dict)
    count: int | None = None
    readable: bool = True

    def read(self, live: set[int], *, deep: bool = False) -> None:
        """Read what is new and what no longer leads to a socket in ``live``; with ``deep`` everything."""
        try:
            now = proc.fd_numbers(self.pid)
        except OSError:
            self.readable, self.inodes = False, {}
            return
        before = {} if deep else self.inodes
        self.readable = True
        self.count = len(now)
        self.inodes = {
            fd: inode if (inode := before.get(fd, 0)) in live else proc.socket_inode(proc.fd_target(self.pid, fd))
            for fd in now
        }


@dataclass(slots=True)
class _Tally:
    states: Counter[int] = field(default_factory=Counter)
    backlog: int = 0
    udp: int = 0
    received: int = 0
    acked: int = 0


class Holdings:
    """Attributes the sockets of a table to processes, and sums the bytes of sockets that have closed since."""

    def __init__(self) -> None:
        self._tables = 0
        self._deep_from = 2
        self._indexes: dict[Key, FdIndex] = {}
        self._owners: dict[int, Key] = {}
        self._foreign: set[int] = set()
        self._moved: dict[int, tuple[int, int]] = {}
        self._totals: dict[Key, list[int]] = {}

    def attribute(self, holders: Sequence[Holder], tcp: Sequence[Row], udp: Sequence[Row]) -> dict[Key, Holding | None]:
        """Count the sockets of each holder, eldest first; None where its descriptors may not be read."""
        live = {row.inode for row in tcp} | {row.inode for row in udp}
        live.discard(0)
        self._index(holders, live)
        tallies = {holder.key: _Tally() for holder in holders}
        self._count(tallies, tcp, udp)
        told = any(row.acked is not None for row in tcp) or not tcp
        return {
            key: self._holding(key, tally, told=told) if self._indexes[key].readable else None
            for key, tally in tallies.items()
        }

    def _index(self, holders: Sequence[Holder], live: set[int]) -> None:
        self._tables += 1
        gone = self._indexes.keys() - {holder.key for holder in holders}
        for key in gone:
            del self._indexes[key]
            self._totals.pop(key, None)
        changed = [holder for holder in holders if self._differs(holder)]
        self._read(changed, live)
        if changed or gone:
            self._settle_owners(holders)
        if self._unknown(live):
            self._read(holders, live)
            self._settle_owners(holders)
        # What is left is mostly other people's; or it got the number of a socket that lives on under another one.
        if self._unknown(live) and self._tables >= self._deep_from:
            self._deep_from = self._tables + _TABLES_BETWEEN_DEEP_READS
            self._read(holders, live, deep=True)
            self._settle_owners(holders)
        self._foreign = live - self._owners.keys()

    def _unknown(self, live: set[int]) -> set[int]:
        return live - self._owners.keys() - self._foreign

    def _differs(self, holder: Holder) -> bool:
        index = self._indexes.get(holder.key)
        return index is None or holder.fds is None or index.count != holder.fds

    def _read(self, holders: Iterable[Holder], live: set[int], *, deep: bool = False) -> None:
        for holder in holders:
            index = self._indexes.setdefault(holder.key, FdIndex(holder.key[0]))
            index.read(live, deep=deep)

    def _settle_owners(self, holders: Sequence[Holder]) -> None:
        owners: dict[int, Key] = {}
        for holder in reversed(holders):
            owners.update(dict.fromkeys(self._indexes[holder.key].inodes.values(), holder.key))
        owners.pop(0, None)
        self._owners = owners

    def _count(self, tallies: dict[Key, _Tally], tcp: Sequence[Row], udp: Sequence[Row]) -> None:
        moved: dict[int, tuple[int, int]] = {}
        owners = self._owners
        for state, waiting, inode, acked, received in tcp:
            if not (key := owners.get(inode)):
                continue
            tally = tallies[key]
            tally.states[state] += 1
            if state == LISTEN:
                tally.backlog += waiting
            elif acked is not None and received is not None:
                moved[inode] = (received, acked)
                before = self._moved.get(inode, (0, 0))
                tally.received += received - before[0]
                tally.acked += acked - before[1]
        for row in udp:
            if key := owners.get(row.inode):
                tallies[key].udp += 1
        self._moved = moved

    def _holding(self, key: Key, tally: _Tally, *, told: bool) -> Holding:
        total = self._totals.setdefault(key, [0, 0])
        total[0] += tally.received
        total[1] += tally.acked
        return Holding(
            established=tally.states[ESTABLISHED],
            close_wait=tally.states[CLOSE_WAIT],
            listen=tally.states[LISTEN],
            backlog=tally.backlog,
            udp=tally.udp,
            received=total[0] if told else None,
            acked=total[1] if told else None,
        )


def not_accepted(tcp: Iterable[Row]) -> int:
    """Count connections that no process has accepted yet."""
    return sum(1 for row in tcp if not row.inode and row.state in (ESTABLISHED, CLOSE_WAIT))
