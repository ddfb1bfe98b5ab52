"""Which process holds which socket: the kernel's table joined with an index that is read only where it changed."""

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from stresstui.engine.collect.net.sock_diag import CLOSE_WAIT, ESTABLISHED, LISTEN, Row
from stresstui.engine.collect.net.socket_table import Table
from stresstui.engine.collect.proc import procfs
from stresstui.engine.collect.proc.facts import Key

_TABLES_BETWEEN_DEEP_READS = 10
_STATES = 16
_NOBODY = -1
_WITHOUT_BYTES = 3
_NOTHING_MOVED: Row = (0, 0, 0, 0, 0, 0, 0)


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
    number: int
    inodes: dict[str, int] = field(default_factory=dict)
    count: int | None = None
    readable: bool = True

    def read(self, live: set[int], *, deep: bool = False) -> None:
        """Read what is new and what no longer leads to a socket in ``live``; with ``deep`` everything."""
        try:
            now = procfs.fd_numbers(self.pid)
        except OSError:
            self.readable, self.inodes = False, {}
            return
        before = {} if deep else self.inodes
        self.readable = True
        self.count = len(now)
        self.inodes = {
            fd: inode if (inode := before.get(fd, 0)) in live else procfs.socket_inode(procfs.fd_target(self.pid, fd))
            for fd in now
        }


class _Counts(NamedTuple):
    """Counts by the number of the index, or by that and the state."""

    states: Counter[int]
    backlogs: Counter[int]
    udp: Counter[int]


class Holdings:
    """Attributes the sockets of a table to processes, and sums the bytes of sockets that have closed since."""

    def __init__(self) -> None:
        self._tables = 0
        self._deep_from = 2
        self._indexes: dict[Key, FdIndex] = {}
        self._numbers = itertools.count()
        self._owners: dict[int, int] = {}
        self._foreign: set[int] = set()
        self._rows: dict[int, Row] = {}
        self._moved: Counter[tuple[int, str]] = Counter()

    def attribute(self, holders: Sequence[Holder], table: Table) -> dict[Key, Holding | None]:
        """Count the sockets of each holder, eldest first; None where its descriptors may not be read."""
        live = {row[2] for row in table.tcp} | {row[2] for row in table.udp}
        live.discard(0)
        self._index(holders, live)
        counts = _Counts(
            states=self._states(table.tcp),
            backlogs=self._backlogs(table.tcp),
            udp=Counter(self._owners.get(row[2], _NOBODY) for row in table.udp),
        )
        self._move(table.tcp)
        return {holder.key: self._holding(holder.key, counts, table.silent) for holder in holders}

    def _holding(self, key: Key, counts: _Counts, silent: frozenset[int]) -> Holding | None:
        index = self._indexes[key]
        if not index.readable:
            return None
        number, told = index.number, index.pid not in silent
        return Holding(
            established=counts.states[number * _STATES + ESTABLISHED],
            close_wait=counts.states[number * _STATES + CLOSE_WAIT],
            listen=counts.states[number * _STATES + LISTEN],
            backlog=counts.backlogs[number],
            udp=counts.udp[number],
            received=self._moved[number, "received"] if told else None,
            acked=self._moved[number, "acked"] if told else None,
        )

    def _index(self, holders: Sequence[Holder], live: set[int]) -> None:
        self._tables += 1
        gone = self._indexes.keys() - {holder.key for holder in holders}
        for key in gone:
            number = self._indexes.pop(key).number
            del self._moved[number, "received"], self._moved[number, "acked"]
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
            index = self._indexes.setdefault(holder.key, FdIndex(holder.key[0], next(self._numbers)))
            index.read(live, deep=deep)

    def _settle_owners(self, holders: Sequence[Holder]) -> None:
        owners: dict[int, int] = {}
        for holder in reversed(holders):
            index = self._indexes[holder.key]
            owners.update(dict.fromkeys(index.inodes.values(), index.number))
        owners.pop(0, None)
        self._owners = owners

    def _states(self, tcp: Sequence[Row]) -> Counter[int]:
        """Count by owner and state, both in one number: the fewest steps for each of very many sockets."""
        owner = self._owners.get
        return Counter([owner(row[2], _NOBODY) * _STATES + row[0] for row in tcp])

    def _backlogs(self, tcp: Sequence[Row]) -> Counter[int]:
        waiting: Counter[int] = Counter()
        for row in tcp:
            if row[0] == LISTEN:
                waiting[self._owners.get(row[2], _NOBODY)] += row[1]
        return waiting

    def _move(self, tcp: Sequence[Row]) -> None:
        """Add what each socket moved since the table before; most did not."""
        before = self._rows
        for row in [row for row in tcp if before.get(row[2]) != row]:
            if len(row) > _WITHOUT_BYTES and (owner := self._owners.get(row[2])) is not None:
                old = before.get(row[2], _NOTHING_MOVED)
                self._moved[owner, "acked"] += _acked(row) - _acked(old)
                self._moved[owner, "received"] += row[4] - old[4]
        self._rows = {row[2]: row for row in tcp if row[2] in self._owners and row[0] != LISTEN}


def _acked(row: Row) -> int:
    """Bytes acknowledged; the kernel counts the SYN of the side that connected as one."""
    return min(row[3], row[5] - row[6])


def not_accepted(tcp: Iterable[Row]) -> int:
    """Count connections that no process has accepted yet."""
    return sum(1 for row in tcp if not row[2] and row[0] in (ESTABLISHED, CLOSE_WAIT))
