"""Which sockets and memory files the descriptors of one process lead to, read only where they changed."""

import itertools
from array import array
from collections.abc import Container, Iterator
from itertools import compress
from operator import not_
from typing import Final

from stresstui.engine.collect.proc import procfs
from stresstui.engine.collect.proc.procfs import View

_NUMBERS_MAX: Final = 1 << 20
"""Descriptors with higher numbers are not remembered."""
_MEMORY_FILES: Final = ("/memfd:", "/dev/shm/")  # noqa: S108 - looked for, not written to
_RESTLESS: Final = 10
_OTHER, _MEMORY_FILE = 1, 2  # what is no socket; no inode is that small
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
            with procfs.fd_folder(self.view) as folder:
                found = None if known is None or deep or others else self._look_again(folder, known)
                yield from self._read(folder, known, deep=deep, others=others) if found is None else found
        except OSError:
            self.lost = set(self.inodes)
            self.readable, self.inodes = False, array("Q")

    def _read(self, folder: int, known: Container[int] | None, *, deep: bool, others: bool) -> Iterator[int]:
        names = procfs.names_in(folder)
        before, length = self.inodes, len(self.inodes)
        numbers = list(map(int, names))
        now = array("Q", bytes(8 * min(max(numbers, default=-1) + 1, _NUMBERS_MAX)))
        size, reused = len(now), False
        files: list[str] = []
        for fd, name in zip(numbers, names, strict=True):
            found = was = before[fd] if fd < length else 0
            if deep or not was or (others if was <= _MEMORY_FILE else known is not None and was not in known):
                found = _look(folder, name)
                reused = reused or (was > _MEMORY_FILE and found != was)
                if found > _MEMORY_FILE:
                    yield found
            if found == _MEMORY_FILE:
                files.append(name)
            if fd < size:
                now[fd] = found
        self.lost = set(before).difference(now) if before != now else set()
        self._take(len(names), now, files, reused=reused)

    def _look_again(self, folder: int, known: Container[int]) -> list[int] | None:
        """Look only where sockets are that ``known`` lacks: what replaced them has their numbers, mostly.

        Returns the inodes that were found; None, and nothing has changed, where others must have been opened.
        """
        if self.count is None or not 0 < len(self.inodes) < _NUMBERS_MAX:
            return None
        now, files, there = self.inodes[:], list(self.memory_files), self.count
        unknown = compress(itertools.count(), map(not_, map(known.__contains__, now)))
        lost = [fd for fd in unknown if now[fd] > _MEMORY_FILE]
        for fd in lost:
            target = procfs.link_in(folder, str(fd))
            there -= target is None
            now[fd] = 0 if target is None else _kind_of(target)
            if now[fd] == _MEMORY_FILE:
                files.append(str(fd))
        if procfs.fds_in(folder) != there:
            return None
        found = [inode for fd in lost if (inode := now[fd]) > _MEMORY_FILE]
        reused = any(now[fd] > _MEMORY_FILE and now[fd] != self.inodes[fd] for fd in lost)
        self.lost = {self.inodes[fd] for fd in lost}
        self._take(there, now, files, reused=reused)
        return found

    def _take(self, count: int, inodes: "array[int]", files: list[str], *, reused: bool) -> None:
        self.readable, self.restless = True, _RESTLESS if reused else max(0, self.restless - 1)
        self.count, self.inodes, self.memory_files = count, inodes, files[:MEMORY_FILES_MAX]


def _look(folder: int, name: str) -> int:
    return _kind_of(procfs.link_in(folder, name))


def _kind_of(target: str | None) -> int:
    if target and target.startswith(_MEMORY_FILES):
        return _MEMORY_FILE
    return procfs.socket_inode(target) or _OTHER
