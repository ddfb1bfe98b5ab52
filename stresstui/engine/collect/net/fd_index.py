"""Which sockets and memory files the descriptors of one process lead to, read only where they changed."""

import itertools
from array import array
from collections.abc import Container, Iterator
from itertools import compress
from operator import not_
from typing import Final

from stresstui.engine.collect.proc import descriptors
from stresstui.engine.collect.proc.apart import TOGETHER
from stresstui.engine.collect.proc.procfs import View

_NUMBERS_MAX: Final = 1 << 20
"""Descriptors with higher numbers are not remembered."""
_MEMORY_FILES: Final = ("/memfd:", "/dev/shm/")  # noqa: S108 - looked for, not written to
_RESTLESS: Final = 10
_MISSES: Final = 8
"""Free numbers that may lead nowhere, and a quarter of those that are sought more, before the folder is listed."""
_OTHER, _MEMORY_FILE = 1, 2  # what is no socket; no inode is that small
LEAST_INODE: Final = 3
"""Of what a descriptor leads to: a socket's inode from here on."""
MEMORY_FILES_MAX: Final = 500
"""Memory files of one process that are followed."""


class FdIndex:
    """Descriptors of one process."""

    def __init__(self, view: View, number: int) -> None:
        """Nothing is read yet; ``number`` names the process to who counts."""
        self.view, self.number = view, number
        self.inodes: array[int] = array("Q")
        """Inodes of sockets, by the number of the descriptor; small numbers where it is no socket."""
        self.lost: set[int] = set()
        """Inodes that the last reading no longer found."""
        self.memory_files: list[str] = []
        """Numbers of descriptors on files that only memory holds."""
        self.namespace: int | None = None
        """Its network namespace when last asked."""
        self.apart = TOGETHER
        """Threads that have other descriptors, or another namespace, when last asked."""
        self.count: int | None = None
        """Descriptors when last read."""
        self.readable = True
        self.restless = 0
        """More than 0 where one of the last readings found other sockets behind known numbers."""

    def read(self, known: Container[int] | None, *, deep: bool = False, others: bool = False) -> Iterator[int]:
        """Read what is new and what does not lead to a socket in ``known``; with ``deep`` everything.

        Returns the inodes that were found; without ``known`` all sockets that were read before are believed, and
        without ``others`` that what was no socket is none. The index is as it was until the iterator is exhausted.
        """
        try:
            with descriptors.fd_folder(self.view) as folder:
                found = self._look_again(folder, known, deep=deep, others=others)
                yield from self._list(folder, known, deep=deep, others=others) if found is None else found
        except OSError:
            self.lost = set(self.inodes)
            self.readable, self.inodes = False, array("Q")

    def _list(self, folder: int, known: Container[int] | None, *, deep: bool, others: bool) -> Iterator[int]:
        names = descriptors.names_in(folder)
        before, length = self.inodes, len(self.inodes)
        numbers = list(map(int, names))
        now = array("Q", bytes(8 * min(max(numbers, default=-1) + 1, _NUMBERS_MAX)))
        size, reused = len(now), False
        files: list[str] = []
        for fd, name in zip(numbers, names, strict=True):
            found = was = before[fd] if fd < length else 0
            if deep or not was or (others if was <= _MEMORY_FILE else known is not None and was not in known):
                found = _kind_of(descriptors.link_in(folder, name)) or _OTHER
                reused = reused or (was > _MEMORY_FILE and found != was)
                if found > _MEMORY_FILE:
                    yield found
            if found == _MEMORY_FILE:
                files.append(name)
            if fd < size:
                now[fd] = found
        self.lost = set(before).difference(now) if before != now else set()
        self._take(len(names), now, files, reused=reused)

    def _look_again(self, folder: int, known: Container[int] | None, *, deep: bool, others: bool) -> list[int] | None:
        """Look only where what is known may not be true, and then where new descriptors are: at the first free numbers.

        Kernels list a folder of thousands in half the time that they take to say where they all lead to. Returns the
        inodes that were found; None, and nothing has changed, where not all descriptors are accounted for.
        """
        total = descriptors.fds_in(folder)
        if total is None or max(len(self.inodes), total) >= _NUMBERS_MAX or (self.count and not self.inodes):
            return None
        before, now = self.inodes, self.inodes[:]
        again = [fd for fd, kind in enumerate(before) if kind] if deep else self._doubtful(known, others=others)
        for fd in again:
            now[fd] = _kind_of(descriptors.link_in(folder, str(fd)))
        there = (self.count or 0) - sum(1 for fd in again if not now[fd])
        missing = (descriptors.fds_in(folder) or 0) - there
        opened = _at_free_numbers(folder, now, missing)
        if len(opened) != missing:
            return None
        for fd, kind in opened:
            now.extend(itertools.repeat(0, fd + 1 - len(now)))
            now[fd] = kind
        read = [*again, *(fd for fd, _ in opened)]
        files = [name for name in self.memory_files if now[int(name)] == _MEMORY_FILE]
        files += [str(fd) for fd in read if now[fd] == _MEMORY_FILE and before[fd : fd + 1].count(_MEMORY_FILE) == 0]
        changed = [fd for fd in again if before[fd] > _MEMORY_FILE and now[fd] != before[fd]]
        self.lost = {before[fd] for fd in changed}
        self._take(there + missing, now, files, reused=any(now[fd] > _MEMORY_FILE for fd in changed))
        return [inode for fd in read if (inode := now[fd]) > _MEMORY_FILE]

    def _doubtful(self, known: Container[int] | None, *, others: bool) -> list[int]:
        """Numbers whose sockets ``known`` lacks, whatever leads to a socket now, and ``others`` if asked."""
        least = 0 if others else _MEMORY_FILE
        if known is None:
            return [fd for fd, kind in enumerate(self.inodes) if least < kind <= _MEMORY_FILE]
        unknown = compress(itertools.count(), map(not_, map(known.__contains__, self.inodes)))
        return [fd for fd in unknown if self.inodes[fd] > least]

    def _take(self, count: int, inodes: "array[int]", files: list[str], *, reused: bool) -> None:
        self.readable, self.restless = True, _RESTLESS if reused else max(0, self.restless - 1)
        self.count, self.inodes, self.memory_files = count, inodes, files[:MEMORY_FILES_MAX]


def _at_free_numbers(folder: int, taken: "array[int]", wanted: int) -> list[tuple[int, int]]:
    """Look for that many new descriptors at the lowest numbers that are free: they are given out first (open(2)).

    Returns number and kind of each; fewer where too many numbers led nowhere.
    """
    free = itertools.chain(compress(itertools.count(), map(not_, taken)), itertools.count(len(taken)))
    found: list[tuple[int, int]] = []
    misses = _MISSES + wanted // 4
    while len(found) < wanted and misses:
        fd = next(free)
        if kind := _kind_of(descriptors.link_in(folder, str(fd))):
            found.append((fd, kind))
        else:
            misses -= 1
    return found


def _kind_of(target: str | None) -> int:
    """Inode of a socket, or one of the small numbers; 0 where there is no descriptor."""
    if target is None:
        return 0
    return descriptors.socket_inode(target) or (_MEMORY_FILE if target.startswith(_MEMORY_FILES) else _OTHER)
