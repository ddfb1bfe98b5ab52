"""The plain form: a file of lines, which may grow."""

import os
from pathlib import Path
from typing import Final
from zlib import crc32

_CHUNK: Final = 1 << 20

_Identity = tuple[int, int, int, int]


class _Marks:
    """Checksums of the beginnings of the file that was looked through last, one for each mebibyte of it."""

    def __init__(self) -> None:
        self._of: _Identity | None = None
        self._crcs = [0]

    def of(self, found: os.stat_result) -> list[int]:
        """Those of the file that this is the status of; a file that was written to is another one."""
        identity = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
        if identity != self._of:
            self._of, self._crcs = identity, [0]
        return self._crcs


_MARKS: Final = _Marks()


class PlainJournal:
    """An open one; its methods raise OSError."""

    def __init__(self, path: Path, fd: int) -> None:
        """Take over a descriptor, at its start."""
        self._path, self._fd = path, fd

    @property
    def size(self) -> int:
        """Bytes of text that are there now."""
        return os.fstat(self._fd).st_size

    def seek(self, place: int) -> None:
        """Go to a byte of the text."""
        os.lseek(self._fd, place, os.SEEK_SET)

    def read(self, most: int) -> bytes:
        """The next bytes, at most so many; none at the end."""
        return os.read(self._fd, most)

    def crc_of(self, size: int) -> int | None:
        """CRC-32 of the first bytes; None where there are not so many."""
        crcs = _MARKS.of(os.fstat(self._fd))
        known = min(len(crcs) - 1, size // _CHUNK)
        crc, place = crcs[known], known * _CHUNK
        while place < size:
            chunk = os.pread(self._fd, min(_CHUNK, size - place), place)
            if not chunk:
                return None
            crc, place = crc32(chunk, crc), place + len(chunk)
            if place == len(crcs) * _CHUNK:
                crcs.append(crc)
        return crc

    def was_cut(self, place: int) -> bool:
        """Whether it has less than was read of it, or another one is there under its name."""
        there = os.fstat(self._fd)
        try:
            named = self._path.stat()
        except OSError:
            named = there
        return there.st_size < place or named.st_ino != there.st_ino

    def close(self) -> None:
        """Close it."""
        os.close(self._fd)
