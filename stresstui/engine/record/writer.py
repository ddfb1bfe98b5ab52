"""Writing a journal: each event with one write; what the disk refuses waits in memory."""

import errno
import os
from collections import deque
from pathlib import Path
from typing import Final
from zlib import crc32

from stresstui.core.model.event import Event, encode_event
from stresstui.engine.record.beginning import Beginning
from stresstui.engine.record.delta import Shortener
from stresstui.engine.record.seal import Seal, seal_line
from stresstui.engine.record.stored.opened import packed_form
from stresstui.files import place_of

_FOR_GOOD: Final = (errno.EFBIG, errno.EBADF, errno.EIO)
_FLAGS: Final = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_CHUNK: Final = 1 << 20


class JournalWriter:
    """Appends events, each with one write; what the disk refuses waits in memory and is tried again."""

    def __init__(self, path: Path, *, capacity: int = 100_000) -> None:
        """Make the journal; raises OSError, also where there is one. ``capacity`` events may wait for a full disk."""
        # Exclusive: of two supervisors in one folder only the first ever writes.
        if packed_form(path).exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        self._path, self._fd = path, os.open(path, _FLAGS, 0o600)
        self._name, self._number = os.urandom(2).hex().encode(), 0
        self._waiting: deque[bytes] = deque()
        self._torn = b""
        self._shorten = Shortener()
        self._capacity = capacity
        self._size = self._crc = 0
        self._whole = True
        self._first = b""
        self.trouble: str | None = None
        """Why the last write failed; None while all is written."""
        self.hopeless = False
        """Whether waiting is of no use: the last error is none that passes."""
        self.lost = 0
        """Events that found no room in memory while the disk refused them."""

    @property
    def waiting(self) -> int:
        """Events that are not on the disk yet."""
        return len(self._waiting) + bool(self._torn)

    @property
    def directory(self) -> Path:
        """The folder that holds the journal, also where it was moved since."""
        return (place_of(self._fd, self._path) or self._path).parent

    def write(self, event: Event) -> None:
        """Append one event behind those that wait; never raises for the disk's sake, see ``trouble``."""
        seal = Seal(self._name, self._number)
        self._number += 1
        line = seal_line(encode_event(self._shorten(event)), seal) + b"\n"
        self._first = self._first or line
        self._waiting.append(line)
        self.flush()
        while len(self._waiting) > self._capacity:
            self._waiting.popleft()
            self.lost += 1
            self._whole = False
            self._shorten = Shortener()

    def flush(self) -> bool:
        """Write what waits; say whether nothing waits any more."""
        try:
            self._drain()
        except OSError as error:
            self._note(error)
            return False
        self.trouble, self.hopeless = None, False
        return True

    def _note(self, error: OSError) -> None:
        self.trouble, self.hopeless = error.strerror or str(error), error.errno in _FOR_GOOD

    def _drain(self) -> None:
        while self._torn or self._waiting:
            if not self._torn:
                self._torn = self._waiting.popleft()
            # A full disk may take the first half of a line: only the rest is written when there is room again.
            written = os.write(self._fd, self._torn)
            self._size, self._crc = self._size + written, crc32(self._torn[:written], self._crc)
            self._torn = self._torn[written:]

    def beginning(self, t: float) -> Beginning | None:
        """All that was written up to ``t``, none of which the next lines stand on; None where anything is missing."""
        if self.waiting or not self._whole:
            return None
        self._shorten = Shortener()
        return Beginning(self._number, self._size, self._crc, self._name.decode(), t)

    def sync(self) -> None:
        """Bring what is written to the disk itself, where it can."""
        try:
            os.fsync(self._fd)
        except OSError as error:
            self._note(error)

    def look_after(self) -> str:
        """Say what was done to the file behind this program's back since the last look; empty where nothing was.

        A journal that was deleted is written again in full; of one that was cut the beginning is, so that the rest can
        be read.
        """
        there = os.fstat(self._fd)
        if there.st_nlink == 0:
            return f"the journal was deleted in mid-run; {self._restore()}"
        if there.st_size < self._size:
            cut, self._size = self._size - there.st_size, there.st_size
            self._waiting.appendleft(self._first)
            self._whole = False
            self._shorten = Shortener()  # what was cut off may have held what the next lines stand on
            return f"the journal was cut in mid-run: {cut} bytes of it are lost"
        current = place_of(self._fd, self._path)
        if current is None:
            return f"the file system of the journal was taken away in mid-run; {self._restore()}"
        if current != self._path:
            self._path = current
            return f"the run's folder was moved in mid-run, to {current.parent}"
        return ""

    def _restore(self) -> str:
        """Write the whole journal again under its name, from the file that only this process holds."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = os.open(self._path, _FLAGS, 0o600)
        except OSError as error:
            return f"it cannot be written again: {error.strerror}"
        try:
            self._copy(fresh)
            os.dup2(fresh, self._fd, inheritable=False)
        except OSError as error:
            self._path.unlink()
            return f"it cannot be written again: {error.strerror}"
        finally:
            os.close(fresh)
        return "it was written again in full"

    def _copy(self, fresh: int) -> None:
        place = 0
        while chunk := os.pread(self._fd, _CHUNK, place):
            place += os.write(fresh, chunk)

    def close(self) -> bool:
        """Write what waits and close; say whether all is on the disk."""
        whole = self.flush()
        self.sync()
        os.close(self._fd)
        return whole
