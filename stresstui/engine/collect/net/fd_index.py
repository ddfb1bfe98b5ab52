"""Which sockets and memory files the descriptors of one process lead to, read only where they changed."""

from array import array
from collections.abc import Container, Iterator
from typing import Final

from stresstui.engine.collect.proc import procfs
from stresstui.engine.collect.proc.procfs import View

_NUMBERS_MAX: Final = 1 << 20
"""Descriptors with higher numbers are not remembered."""
_MEMORY_FILES: Final = ("/memfd:", "/dev/shm/")  # noqa: S108 - looked for, not written to
_RESTLESS: Final = 10
MEMORY_FILES_MAX: Final = 500
"""Memory files of one process that are followed."""


class FdIndex:
    """Descriptors of one process."""

    def __init__(self, view: View, number: int) -> None:
        """Nothing is read yet; ``number`` names the process to who counts."""
        self.view, self.number = view, number
        self.inodes: array[int] = array("Q")
        """Inodes of sockets, by the number of the descriptor; 0 where it is no socket."""
        self.memory_files: list[str] = []
        """Numbers of descriptors on files that only memory holds."""
        self.count: int | None = None
        """Descriptors when last read."""
        self.readable = True
        self.restless = 0
        """More than 0 where one of the last readings found other sockets behind known numbers."""

    def read(self, known: Container[int] | None, *, deep: bool = False) -> Iterator[int]:
        """Read what is new and what does not lead to a socket in ``known``; with ``deep`` everything.

        Returns the inodes that were found; without ``known`` all that was read before is believed. The index is as it
        was until the iterator is exhausted.
        """
        try:
            names = procfs.fd_numbers(self.view)
        except OSError:
            self.readable, self.inodes = False, array("Q")
            return
        before, length = self.inodes, len(self.inodes)
        numbers = list(map(int, names))
        now = array("Q", bytes(8 * min(max(numbers, default=-1) + 1, _NUMBERS_MAX)))
        size, reused = len(now), False
        files: list[str] = []
        for fd, name in zip(numbers, names, strict=True):
            inode = was = before[fd] if fd < length else 0
            if deep or not was or (known is not None and was not in known):
                inode = self._look(name, files)
                reused = reused or (was > 0 and inode != was)
                if inode:
                    yield inode
            if fd < size:
                now[fd] = inode
        self.readable, self.restless = True, _RESTLESS if reused else max(0, self.restless - 1)
        self.count, self.inodes, self.memory_files = len(names), now, files

    def _look(self, name: str, files: list[str]) -> int:
        target = procfs.fd_target(self.view, name)
        inode = procfs.socket_inode(target)
        if not inode and target and target.startswith(_MEMORY_FILES) and len(files) < MEMORY_FILES_MAX:
            files.append(name)
        return inode
