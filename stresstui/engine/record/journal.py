"""The journal: the append-only record of a run, its only source of truth; one event a line."""

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import msgspec

from stresstui.core.model.event import Ended, Event, Problem, decode_event, encode_event
from stresstui.core.model.line_buffer import LineBuffer
from stresstui.engine.record.delta import Completer, Shortener

JOURNAL: Final = "journal.jsonl"
"""Name of the journal in a run's directory."""

POLL_S: Final = 0.1
"""Seconds between two looks at a journal that is being followed."""

_CHUNK: Final = 1 << 20


class JournalWriter:
    """Appends events, each with one write; what the disk refuses waits in memory and is tried again."""

    def __init__(self, path: Path, *, capacity: int = 100_000) -> None:
        """Open the journal for appending; raises OSError. At most ``capacity`` events wait for a full disk."""
        self._fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
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
        self._waiting.append(encode_event(self._shorten(event)) + b"\n")
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


class _Decoder:
    """Turns lines into events; a line that is none becomes a Problem that names it."""

    def __init__(self) -> None:
        self._line = 0
        self._t = 0.0
        self._complete = Completer()

    def decode(self, line: bytes) -> Event:
        self._line += 1
        try:
            event = decode_event(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return Problem(self._t, "journal", f"line {self._line} of the journal cannot be read: {error}")
        self._t = event.t
        return self._complete(event)


def read(path: Path) -> Iterator[Event]:
    """Read every event; an unfinished last line is left out, a damaged one is a Problem. Raises OSError."""
    decoder = _Decoder()
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield decoder.decode(line)


async def tail(path: Path, stop: asyncio.Event | None = None) -> AsyncIterator[Event]:
    """Follow a journal until Ended, or until ``stop`` is set and what is there has been read."""
    async for batch in tail_batches(path, stop):
        for event in batch:
            yield event


async def tail_batches(path: Path, stop: asyncio.Event | None = None) -> AsyncIterator[list[Event]]:
    """Follow a journal like ``tail``, giving all that is new at once; waits for the file to appear."""
    follower = _Follower(path)
    try:
        while True:
            stopping = stop is not None and stop.is_set()
            batch = follower.advance()
            if batch:
                yield batch
                if isinstance(batch[-1], Ended):
                    return
                await asyncio.sleep(0)
            elif stopping:
                return
            else:
                await _pause(stop)
    finally:
        follower.close()


async def _pause(stop: asyncio.Event | None) -> None:
    if stop is None:
        await asyncio.sleep(POLL_S)
        return
    try:
        await asyncio.wait_for(stop.wait(), POLL_S)
    except TimeoutError:
        return


class _Follower:
    """Reads what was appended since it last looked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd = -1
        self._buffer = LineBuffer()
        self._decoder = _Decoder()

    def advance(self) -> list[Event]:
        if self._fd < 0 and not self._open():
            return []
        chunk = os.read(self._fd, _CHUNK)
        batch: list[Event] = []
        for line in self._buffer.feed(chunk):
            batch.append(self._decoder.decode(line))
            if isinstance(batch[-1], Ended):
                break
        # A long line may need several chunks; they are not a reason to sleep.
        return batch if batch or not chunk else self.advance()

    def _open(self) -> bool:
        try:
            self._fd = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        return True

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
