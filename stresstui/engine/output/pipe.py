"""The child's output: read as fast as it comes, kept as it came, and never a reason for the child to wait."""

import asyncio
import contextlib
import fcntl
import os
import select
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from stresstui.engine.output.line import LINE_CUT, clean
from stresstui.files import open_in_own, open_plain, place_of
from stresstui.folder import OUTPUT

LOG_CAP: Final = 64 << 20
"""Bytes in output.log before it is moved to output.log.1."""
KEPT_BURST: Final = 16 << 20
"""Bytes that are kept however fast they come."""
KEPT_PER_S: Final = 1 << 20
"""Bytes of a second that are kept for as long as it takes; a faster program is cut, which the log says."""

_CHUNK: Final = 1 << 20
_LAST_BYTES: Final = 64 << 10
_STUCK_S: Final = 5.0
_TICK_MS: Final = 500
_F_SETPIPE_SZ: Final = 1031


class _Refused:
    """What the disk did not take."""

    def __init__(self) -> None:
        self.bytes, self._lines, self._why = 0, 0, ""

    def add(self, data: bytes, why: str) -> None:
        self.bytes += len(data)
        self._lines += data.count(b"\n")
        self._why = why

    def describe(self) -> str:
        return f"{self._lines} lines ({self.bytes} bytes) of output could not be kept: {self._why}"


class OutputLog:
    """A program's bytes in a file, capped and rotated; shared by the programs of a run."""

    def __init__(self, path: Path, *, cap: int = LOG_CAP, burst: int = KEPT_BURST) -> None:
        """Open the file for appending; raises OSError."""
        self._path, self._cap, self._burst = path, cap, burst
        self._lock = threading.Lock()
        self._fd = _open(path)
        self._size = os.fstat(self._fd).st_size
        self._second, self._budget, self._dropped = int(time.monotonic()), burst, 0
        self._refused = _Refused()
        self._losses: list[str] = []
        self._trouble: str | None = None

    def write(self, data: bytes) -> None:
        """Keep bytes as far as the budget goes; never raises for the disk's sake."""
        with self._lock:
            self._renew()
            kept = data[: self._budget]
            self._budget -= len(kept)
            self._dropped += len(data) - len(kept)
            self._append(kept)

    def _renew(self) -> None:
        second = int(time.monotonic())
        if second == self._second:
            return
        self._budget = min(self._burst, self._budget + (second - self._second) * KEPT_PER_S)
        self._second = second
        self._look_after()
        if self._dropped:
            self._append(f"\n[stresstui: {self._dropped} bytes were not kept here]\n".encode())
            self._dropped = 0

    def take_trouble(self) -> str | None:
        """Why bytes could not be kept since this was last asked; None where all could."""
        trouble, self._trouble = self._trouble, None
        return trouble

    def take_losses(self) -> list[str]:
        """What was lost of the output since this was last asked, a sentence each."""
        with self._lock:
            losses, self._losses = self._losses, []
        return losses

    def _append(self, data: bytes) -> None:
        try:
            self._mark_refused()
            while data:
                written = os.write(self._fd, data)
                self._size += written
                data = data[written:]
            if self._size >= self._cap:
                self._rotate()
        except OSError as error:
            self._trouble = error.strerror or str(error)
            self._refused.add(data, self._trouble)

    def _mark_refused(self) -> None:
        """Once the disk takes bytes again, say in their place how many it did not."""
        if not self._refused.bytes:
            return
        lost = self._refused.describe()
        self._size += os.write(self._fd, f"\n[stresstui: {lost}]\n".encode())
        self._refused = _Refused()
        self._losses.append(lost)

    def _look_after(self) -> None:
        """Notice what was done to the file behind this program's back, and go on in a new one where it was deleted."""
        there = os.fstat(self._fd)
        gone = "was deleted" if there.st_nlink == 0 else ""
        if not gone and place_of(self._fd, self._path) is None:
            gone = "lost its file system"
        if gone:
            self._losses.append(f"{self._path.name} {gone} in mid-run: {self._size} bytes of output are lost")
            self._reopen()
        elif there.st_size < self._size:
            self._losses.append(f"{self._path.name} was cut in mid-run: {self._size - there.st_size} bytes are lost")
            self._size = there.st_size

    def _reopen(self) -> None:
        try:
            fresh = _open(self._path)
        except OSError as error:
            self._trouble, self._size = error.strerror or str(error), 0
            return
        os.close(self._fd)
        self._fd, self._size = fresh, os.fstat(fresh).st_size

    def _rotate(self) -> None:
        self._path.replace(self._path.with_name(self._path.name + ".1"))
        os.close(self._fd)
        self._fd, self._size = _open(self._path), 0

    def close(self) -> None:
        """Close the file, saying what was left out of it."""
        with self._lock:
            self._second = -1
            self._renew()
            self._append(b"")
            if self._refused.bytes:
                self._losses.append(self._refused.describe())
            os.close(self._fd)


def _open(path: Path) -> int:
    return open_in_own(path, os.O_APPEND)


def last_output(run_dir: Path, count: int) -> list[str]:
    """The last lines of what is kept, as a person sees them; raises OSError."""
    with open_plain(run_dir / OUTPUT) as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _LAST_BYTES))
        lines = file.read().split(b"\n")[-count - 1 :]
    return [clean(line)[:LINE_CUT] for line in lines if line][-count:]


class OutputPipe:
    """Reads one program's output in a thread of its own."""

    def __init__(self, on_chunk: Callable[[bytes], None], on_tick: Callable[[], None]) -> None:
        """Make the pipe; both callables are called in the thread, ``on_tick`` now and then while nothing comes."""
        self._on_chunk, self._on_tick = on_chunk, on_tick
        self._read, self.write_end = os.pipe()
        self._wake_read, self._wake_write = os.pipe()
        self._waiters: list[Callable[[], None]] = []
        self._stopping = False
        self._closed = False
        # Fewer, larger reads; where the kernel refuses, the size stays.
        with contextlib.suppress(OSError):
            fcntl.fcntl(self._read, _F_SETPIPE_SZ, _CHUNK)
        self._thread = threading.Thread(target=self._run, name="output", daemon=True)

    def start(self) -> None:
        """Give up this process's own write end and begin to read."""
        os.close(self.write_end)
        self._thread.start()

    def abandon(self) -> None:
        """Close a pipe that no program ever wrote to."""
        for fd in (self._read, self.write_end, self._wake_read, self._wake_write):
            os.close(fd)

    async def drain(self, timeout_s: float) -> None:
        """Wait until everything written so far has been read, at most ``timeout_s`` seconds."""
        loop = asyncio.get_running_loop()
        done = asyncio.Event()

        def release() -> None:
            loop.call_soon_threadsafe(done.set)

        self._waiters.append(release)
        self._wake()
        if not self._thread.is_alive():
            await asyncio.sleep(0)  # what its last chunk has the loop do stands in line before this
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), timeout_s)

    def stop(self) -> None:
        """Stop reading, whoever still holds the other end; blocks for the chunk in hand."""
        self._stopping = True
        self._wake()
        self._thread.join(_STUCK_S)
        self._closed = True
        if self._thread.is_alive():
            return  # a disk that hangs holds it; its descriptors must stay valid
        for fd in (self._read, self._wake_read, self._wake_write):
            os.close(fd)

    def _wake(self) -> None:
        if not self._closed:
            os.write(self._wake_write, b"!")

    def _run(self) -> None:
        poll = select.poll()
        poll.register(self._read, select.POLLIN)
        poll.register(self._wake_read, select.POLLIN)
        try:
            while not self._stopping and self._step(dict(poll.poll(_TICK_MS))):
                pass
        finally:
            self._release_waiters()

    def _step(self, ready: dict[int, int]) -> bool:
        """Read once; False when the last writer has closed its end."""
        if self._read in ready:
            chunk = os.read(self._read, _CHUNK)
            if not chunk:
                return False
            self._on_chunk(chunk)
        elif self._wake_read in ready:
            os.read(self._wake_read, 4096)
            self._release_waiters()
        else:
            self._on_tick()
        return True

    def _release_waiters(self) -> None:
        waiters, self._waiters = self._waiters, []
        for release in waiters:
            with contextlib.suppress(RuntimeError):
                release()
