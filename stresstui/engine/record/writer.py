"""Writing a journal: each event with one write; what the disk refuses waits in memory."""

import os
import secrets
from collections import deque
from pathlib import Path

from stresstui.core.model.event import Event, encode_event
from stresstui.engine.record.delta import Shortener
from stresstui.engine.record.seal import Seal, seal_line


class JournalWriter:
    """Appends events, each with one write; what the disk refuses waits in memory and is tried again."""

    def __init__(self, path: Path, *, capacity: int = 100_000) -> None:
        """Make the journal; raises OSError, also where there is one. ``capacity`` events may wait for a full disk."""
        # Exclusive: of two supervisors in one folder only the first ever writes.
        self._fd = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._name, self._number = secrets.token_hex(2).encode(), 0
        self._waiting: deque[bytes] = deque()
        self._torn = b""
        self._shorten = Shortener()
        self._capacity = capacity
        self.trouble: str | None = None
        """Why the last write failed; None while all is written."""
        self.lost = 0
        """Events that found no room in memory while the disk refused them."""

    @property
    def waiting(self) -> int:
        """Events that are not on the disk yet."""
        return len(self._waiting) + bool(self._torn)

    def write(self, event: Event) -> None:
        """Append one event behind those that wait; never raises for the disk's sake, see ``trouble``."""
        seal = Seal(self._name, self._number)
        self._number += 1
        self._waiting.append(seal_line(encode_event(self._shorten(event)), seal) + b"\n")
        self.flush()
        while len(self._waiting) > self._capacity:
            self._waiting.popleft()
            self.lost += 1

    def flush(self) -> bool:
        """Write what waits; say whether nothing waits any more."""
        try:
            self._drain()
        except OSError as error:
            self.trouble = error.strerror or str(error)
            return False
        self.trouble = None
        return True

    def _drain(self) -> None:
        while self._torn or self._waiting:
            if not self._torn:
                self._torn = self._waiting.popleft()
            # A full disk may take the first half of a line: only the rest is written when there is room again.
            self._torn = self._torn[os.write(self._fd, self._torn) :]

    def sync(self) -> None:
        """Bring what is written to the disk itself, where it can."""
        try:
            os.fsync(self._fd)
        except OSError as error:
            self.trouble = error.strerror or str(error)

    def close(self) -> None:
        """Write what waits and close."""
        self.flush()
        self.sync()
        os.close(self._fd)
