"""The sockets that somebody owns: what is remembered of each between two tables, and what that adds up to."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import filterfalse
from typing import Final, NamedTuple

from stresstui.engine.collect.net.fd_index import FdIndex
from stresstui.engine.collect.net.sock_diag import ESTABLISHED
from stresstui.engine.collect.net.socket_table import BYTES_BITS, Table
from stresstui.engine.collect.proc.facts import Key

NUMBER_BITS: Final = 32
"""Lowest bits of what is remembered of a socket: its owner's number; above them the bytes that it moved, packed."""
_NUMBER: Final = (1 << NUMBER_BITS) - 1
_ACKED: Final = (1 << BYTES_BITS) - 1
NOBODY: Final = -1


class Holding(NamedTuple):
    """Sockets of one process; one that several processes share counts for one of them only, at first the eldest."""

    states: dict[int, int]
    """TCP sockets by the number of their state; a state without any may be absent."""
    backlog: int
    """Connections waiting to be accepted on its listening sockets."""
    udp: int
    """UDP sockets."""
    received: int | None
    """Bytes received, cumulative as far as seen; None where the kernel does not tell."""
    acked: int | None
    """Bytes acknowledged by peers, cumulative as far as seen; None where the kernel does not tell."""


_NOTHING: Final = Holding({}, 0, 0, 0, 0)


class OwnedSockets:
    """Sockets by inode, one number each, since there may be very many; owners are numbers too."""

    def __init__(self) -> None:
        self.by_inode: dict[int, int] = {}
        """Bytes and owner, packed."""
        self.found = 0
        """Sockets that got an owner since this was last set to 0."""
        self._held: Counter[int] = Counter()
        self._received: Counter[int] = Counter()
        self._acked: Counter[int] = Counter()

    def owner(self, inode: int) -> int:
        """Number of the owner, or NOBODY."""
        remembered = self.by_inode.get(inode)
        return NOBODY if remembered is None else remembered & _NUMBER

    def own(self, inodes: Iterable[int], number: int) -> None:
        """Take in the sockets of these that nobody is known to own; one that has an owner keeps it."""
        # In their order, which is that of memory: what goes through them all does so a quarter faster.
        new = dict.fromkeys(filterfalse(self.by_inode.__contains__, inodes), number)
        self.by_inode.update(new)
        self._held[number] += len(new)
        self.found += len(new)

    def give(self, inode: int, number: int | None) -> None:
        """Give an owned socket to another owner, or to nobody."""
        remembered = self.by_inode[inode]
        self._held[remembered & _NUMBER] -= 1
        if number is None:
            del self.by_inode[inode]
        else:
            self.by_inode[inode] = remembered & ~_NUMBER | number
            self._held[number] += 1

    def close(self, live: set[int]) -> Counter[int]:
        """Forget the sockets that are not among ``live``; return how many each owner had of them."""
        closed = list(filterfalse(live.__contains__, self.by_inode))
        owners = Counter(map(_NUMBER.__and__, map(self.by_inode.pop, closed)))
        self._held.subtract(owners)
        return owners

    def forget(self, number: int) -> None:
        """Forget an owner that has no sockets any more."""
        for counter in (self._held, self._received, self._acked):
            del counter[number]

    def move(self, moved: Iterable[tuple[int, int]]) -> None:
        """Add what each of these sockets moved since it was last told of."""
        for inode, packed in moved:
            remembered = self.by_inode.get(inode)
            if remembered is not None:
                number, old = remembered & _NUMBER, remembered >> NUMBER_BITS
                self._acked[number] += (packed & _ACKED) - (old & _ACKED)
                self._received[number] += (packed >> BYTES_BITS) - (old >> BYTES_BITS)
                self.by_inode[inode] = packed << NUMBER_BITS | number

    def count(self, indexes: Mapping[Key, FdIndex], table: Table) -> dict[Key, Holding | None]:
        """Count what each process has of a table, whose bytes were added; None where that may not be read."""
        states: dict[int, Counter[int]] = {}
        for inode, state in table.others.items():
            if (number := self.owner(inode)) != NOBODY:
                states.setdefault(number, Counter())[state] += 1
        backlogs: Counter[int] = Counter()
        for inode, waiting in table.backlogs.items():
            backlogs[self.owner(inode)] += waiting
        udp = Counter(map(self.owner, table.udp))
        some = {number for number, count in self._held.items() if count} | self._acked.keys()
        return {
            key: self._holding(index, states, backlogs, udp, table)
            if index.number in some or not index.readable or table.silent
            else _NOTHING
            for key, index in indexes.items()
        }

    def _holding(
        self, index: FdIndex, states: dict[int, Counter[int]], backlogs: Counter[int], udp: Counter[int], table: Table
    ) -> Holding | None:
        if not index.readable:
            return None
        number = index.number
        others = states.get(number, Counter())
        established = self._held[number] - sum(others.values()) - udp[number]
        told = index.view not in table.silent
        return Holding(
            states={**others, ESTABLISHED: established},
            backlog=backlogs[number],
            udp=udp[number],
            received=self._received[number] if told else None,
            acked=self._acked[number] if told else None,
        )
