"""Where a screen's run comes from: a RunSource. The real one follows a run directory; tests bring their own."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, Protocol

from stresstui.core.event import Event
from stresstui.engine import control
from stresstui.engine.journal import JOURNAL, tail_batches
from stresstui.engine.output import OUTPUT

TAIL: Final = 1 << 18
"""Bytes of old output that a screen begins with."""
POLL_S: Final = 0.25
"""Seconds between two looks at the output."""
_CHUNK: Final = 1 << 18


class RunSource(Protocol):
    """What a screen needs of a run."""

    run_name: str
    """Name of the run."""
    directory: Path
    """Its directory, for the person's eyes."""

    def events(self) -> AsyncIterator[list[Event]]:
        """Everything that happened, in batches, and everything that goes on to happen; ends with the run."""
        ...

    def output(self) -> AsyncIterator[bytes]:
        """What the workload printed lately, and goes on to print; may never end."""
        ...

    async def stop(self) -> None:
        """Ask for the run to end; raises OSError with a message for people."""
        ...

    async def note(self, text: str) -> None:
        """Add a note to the run; raises OSError with a message for people."""
        ...


class JournalSource:
    """A run directory, live or ended."""

    def __init__(self, run_dir: Path) -> None:
        self.run_name = run_dir.name
        self.directory = run_dir

    def events(self) -> AsyncIterator[list[Event]]:
        """Follow the journal; raises OSError when it cannot be read."""
        return tail_batches(self.directory / JOURNAL)

    async def output(self) -> AsyncIterator[bytes]:
        """Follow the output over its rotations, from the last ``TAIL`` bytes on; raises OSError."""
        tail = OutputTail(self.directory / OUTPUT)
        try:
            while True:
                chunk = tail.advance()
                if chunk:
                    yield chunk
                await asyncio.sleep(0 if chunk else POLL_S)
        finally:
            tail.close()

    async def stop(self) -> None:
        """Ask the supervisor to end the run; raises OSError."""
        await asyncio.to_thread(control.stop, self.directory, "user", "from the screen")

    async def note(self, text: str) -> None:
        """Ask the supervisor to write a note; raises OSError."""
        await asyncio.to_thread(control.note, self.directory, text, "screen")


class OutputTail:
    """Reads what was appended to a file since it last looked; begins near its end, and follows its rotation."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd = -1
        self._first = True

    def advance(self) -> bytes:
        """What is new, empty when nothing is; raises OSError."""
        if self._fd < 0 and not self._open():
            return b""
        chunk = os.read(self._fd, _CHUNK)
        if not chunk and self._rotated():
            self.close()
        return chunk

    def _open(self) -> bool:
        try:
            self._fd = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        size = os.fstat(self._fd).st_size
        if self._first and size > TAIL:
            os.lseek(self._fd, size - TAIL, os.SEEK_SET)
        self._first = False
        return True

    def _rotated(self) -> bool:
        try:
            return self._path.stat().st_ino != os.fstat(self._fd).st_ino
        except FileNotFoundError:
            return False

    def close(self) -> None:
        """Close the file."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
