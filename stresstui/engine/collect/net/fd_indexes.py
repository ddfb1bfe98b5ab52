"""What is known of the descriptors of all processes: read where it may have changed, within a budget of time."""

import itertools
import time
from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from stresstui.engine.collect.net.fd_index import FdIndex
from stresstui.engine.collect.net.owned_sockets import OwnedSockets
from stresstui.engine.collect.proc import procfs
from stresstui.engine.collect.proc.apart import find_apart
from stresstui.engine.collect.proc.facts import Key
from stresstui.engine.collect.proc.procfs import View

SMALL_PROCESS: Final = 4_000
"""Descriptors up to which all are read without a second thought."""
_READ_S: Final = 0.6
"""CPU seconds of reading descriptors after which one count reads no more: a ramp must not cost many samples."""


class Holder(NamedTuple):
    """A process as the join needs it."""

    key: Key
    """Process id and start time."""
    fds: int | None
    """Open descriptors now; None where unknown."""
    view: View
    """Where /proc shows it."""


class FdIndexes:
    """One index for each holder; whose descriptor leads to a socket becomes its owner, unless it has one."""

    def __init__(self, sockets: OwnedSockets) -> None:
        self._sockets = sockets
        self.by_key: dict[Key, FdIndex] = {}
        """In the order in which they were first read."""
        self._numbers = itertools.count()
        self._built: set[Key] = set()
        self._ahead: dict[int, int] = {}
        """Owners of sockets that were younger than the table before."""
        self.lost: set[int] = set()
        """Sockets to which their owners' descriptors lead no more, since this was last emptied."""
        self._reading_s = 0.0
        self.cut_short = False
        """Whether the time of this count was up before all were read that were to be."""
        self.building = False
        """Whether that left processes of which no descriptor was ever read."""
        self.built_s = 0.0
        """CPU seconds of it that went into processes seen for the first time."""

    def begin(self) -> None:
        """Begin a count: time is fresh, and what was found ahead of the table before has its owner."""
        self._built, self._reading_s, self.built_s = set(), 0.0, 0.0
        self.cut_short = self.building = False
        for inode, number in self._ahead.items():
            self._sockets.own({inode}, number)
        self._ahead = {}

    def survey(self, holders: Sequence[Holder]) -> list[Holder]:
        """Take in where each is shown; return those that are new, or may not hold what they held."""
        for holder in holders:
            index = self.by_key.get(holder.key)
            if index is not None:
                index.view = holder.view
        return [holder for holder in holders if self.differs(holder)]

    def forget_others(self, holders: Sequence[Holder]) -> list[FdIndex]:
        """Forget the processes that are not among the holders, and return what is known of them."""
        return [self.by_key.pop(key) for key in self.by_key.keys() - {holder.key for holder in holders}]

    def differs(self, holder: Holder) -> bool:
        """Whether a process may not hold what it held when it was last read."""
        index = self.by_key.get(holder.key)
        return index is None or holder.fds is None or index.count != holder.fds or index.restless > 0

    def may_tell_before(self, holder: Holder) -> bool:
        """Before the table, what is known has to be believed: only new numbers tell, or all of a small process."""
        index = self.by_key.get(holder.key)
        if index is None or holder.fds is None or index.count != holder.fds:
            return True
        return index.restless > 0 and holder.fds <= SMALL_PROCESS

    def read(
        self, holders: Iterable[Holder], live: set[int] | None, *, deep: bool = False, others: bool = False
    ) -> None:
        """Read the descriptors of some: before the table, or those that lead to sockets which are ``live`` in it.

        ``deep`` reads all of them again, ``others`` also those that led to no socket.
        """
        for holder in holders:
            began = time.thread_time()
            index = self.by_key.get(holder.key)
            if index is None:
                index = self.by_key[holder.key] = FdIndex(holder.view, next(self._numbers))
            if self._reading_s > _READ_S:
                self.cut_short = True
                self.building = self.building or index.count is None
                continue
            if index.count is None:
                self._built.add(holder.key)
            whole = deep or (live is None and index.restless > 0 and (index.count or 0) <= SMALL_PROCESS)
            known = None if live is None else self._sockets.by_inode
            # Of what was read for the first time just now, all else is no socket indeed.
            found = index.read(known, deep=whole, others=others and holder.key not in self._built)
            self._take(index, found, live)
            took = time.thread_time() - began
            self._reading_s += took
            if holder.key in self._built:
                self.built_s += took

    def _take(self, index: FdIndex, found: Iterable[int], live: set[int] | None) -> None:
        number, seen = index.number, list(found)
        self._sockets.own(seen if live is None else filter(live.__contains__, seen), number)
        for inode in () if live is None else itertools.filterfalse(live.__contains__, seen):
            self._ahead.setdefault(inode, number)
        self.lost.update(inode for inode in index.lost if self._sockets.owner(inode) == number)

    def release(self, live: set[int], gone: Iterable[FdIndex]) -> None:
        """Who no longer has a socket that lives on gives it to who else has it; else it is nobody's."""
        lost, self.lost = self.lost & live, set()
        for index in gone:
            lost.update(inode for inode in index.inodes if self._sockets.owner(inode) == index.number)
        for inode, number in self._heirs(lost).items():
            self._sockets.give(inode, number)
        for index in gone:
            self._sockets.forget(index.number)

    def _heirs(self, inodes: set[int]) -> dict[int, int | None]:
        heirs: dict[int, int | None] = dict.fromkeys(inodes & self._sockets.by_inode.keys())
        for index in reversed(self.by_key.values()) if heirs else ():
            heirs.update(dict.fromkeys(heirs.keys() & set(index.inodes), index.number))
        return heirs

    def namespaces(self, holders: Sequence[Holder], asked: Iterable[Holder]) -> dict[int | None, list[View]]:
        """Who shares which network namespace; a process rarely moves to another one, so that some are ``asked``."""
        for holder in asked:
            index = self.by_key[holder.key]
            index.namespace, index.apart = procfs.net_namespace(holder.view), find_apart(holder.view)
        found: dict[int | None, list[View]] = {}
        for holder in holders:
            index = self.by_key[holder.key]
            found.setdefault(index.namespace, []).append(holder.view)
            for thread in index.apart.threads:
                if (other := procfs.net_namespace(thread)) not in (index.namespace, None):
                    found.setdefault(other, []).append(thread)
        return found

    def other_tables(self) -> dict[Key, list[View]]:
        """Where /proc shows tables of descriptors beside a process's own, of those that have such."""
        return {key: index.apart.tables for key, index in self.by_key.items() if index.apart.tables}

    def memory_files(self, keys: Collection[Key]) -> dict[View, list[str]] | None:
        """Numbers of holders' descriptors on files that only memory holds, by where /proc shows the holder.

        None where descriptors of one of them may not be read.
        """
        found: dict[View, list[str]] = {}
        for key, index in self.by_key.items():
            if key in keys and not index.readable:
                return None
            if index.memory_files and key in keys:
                found[index.view] = index.memory_files
        return found
