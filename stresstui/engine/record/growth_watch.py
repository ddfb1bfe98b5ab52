"""Waiting until a file grows: by inotify(7) where there is one, else by looking again and again."""

import asyncio
import ctypes
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

POLL_S: Final = 0.1
"""Seconds between two looks where nothing tells of growth."""
LOOK_S: Final = 1.0
"""The same where something does: a file on another machine grows unseen, and one may be replaced."""
SELDOM_S: Final = 5.0
"""The same where the kernel told of growth in the last ``HEARD_S`` seconds."""
HEARD_S: Final = 3.0
GATHER_S: Final = 0.05
"""Seconds in which what is written together is read together."""
YOUNG_S: Final = 1.0
"""So long a file is only looked at: to give up an inotify descriptor takes the kernel tens of milliseconds, ..."""
YOUNG_SHARE: Final = 0.05
"""... and again after this part of the time since the first look, so that nobody waits for a run that is short."""
_FIRST_LOOK_S: Final = 0.005

_IN_MODIFY: Final = 0x2


class GrowthWatch:
    """Waits for a file to grow, on the running loop."""

    def __init__(self, glance: Callable[[], bool] | None = None) -> None:
        """``glance`` says, each time the kernel tells of growth, whether that can wait, and must not raise."""
        self._fd, self._glance = -1, glance
        self._told = float("-inf")
        self._grown = asyncio.Event()
        self._path: Path | None = None
        self._began = time.monotonic()

    def watch(self, path: Path) -> None:
        """Begin to watch a file that is there."""
        self.close()
        self._path, self._began = path, time.monotonic()

    def _ask_kernel(self, path: Path) -> None:
        self._path, self._fd = None, _inotify(path)
        if self._fd >= 0:
            asyncio.get_running_loop().add_reader(self._fd, self._hear)

    def _hear(self) -> None:
        os.read(self._fd, 4096)
        self._told = time.monotonic()
        if self._glance is None or not self._glance():
            self._grown.set()

    async def wait(self, stop: asyncio.Event | None) -> None:
        """Wait until the file has grown, ``stop`` is set, or it is time to look."""
        age = time.monotonic() - self._began
        if self._path is not None and age >= YOUNG_S:
            self._ask_kernel(self._path)
            return  # it may have grown before the kernel was asked
        often = min(POLL_S, max(_FIRST_LOOK_S, YOUNG_SHARE * age))
        if self._fd >= 0:
            # What the kernel tells of it by the second, this machine writes, under the name that was opened.
            often = SELDOM_S if time.monotonic() - self._told < HEARD_S else LOOK_S
        waits = [asyncio.ensure_future(event.wait()) for event in (self._grown, stop) if event is not None]
        await asyncio.wait(waits, timeout=often, return_when=asyncio.FIRST_COMPLETED)
        for waiting in waits:
            waiting.cancel()
        if self._grown.is_set():
            await asyncio.sleep(GATHER_S)
            self._grown.clear()

    def close(self) -> None:
        """Watch no more."""
        self._path = None
        if self._fd >= 0:
            asyncio.get_running_loop().remove_reader(self._fd)
            os.close(self._fd)
            self._fd = -1


def _inotify(path: Path) -> int:
    """A descriptor that becomes readable when the file is written to; -1 where the system has none to give."""
    if sys.platform != "linux":
        return -1
    libc = ctypes.CDLL(None)
    fd = int(libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
    if fd >= 0 and libc.inotify_add_watch(fd, os.fsencode(path), _IN_MODIFY) < 0:
        os.close(fd)
        return -1
    return fd
