"""Leaks: what a relay keeps more and more of, and never gives back."""

import asyncio
import os
import socket
import time
from abc import ABC, abstractmethod

from stresstui.lab.relay.faults.base import Fault

_TICK = 0.25


class Leak(Fault, ABC):
    """Keeps ``amount`` pieces more each second; ends where the system gives no more, which is what a leak comes to."""

    def begin(self) -> None:
        """Start to keep."""
        self.kept: list[object] = []
        self._task = asyncio.get_running_loop().create_task(self._grow())

    async def _grow(self) -> None:
        began, kept = time.monotonic(), 0
        while True:
            await asyncio.sleep(_TICK)
            due = int((time.monotonic() - began) * self.amount) - kept
            try:
                self.keep(due)
            except OSError as error:
                print(f"the leak has come to its end: {error}", flush=True)
                return
            kept += due

    @abstractmethod
    def keep(self, count: int) -> None:
        """Keep so many pieces more; raises OSError."""


class MemoryLeak(Leak):
    """Memory that a relay takes and never gives back."""

    kind = "leak-memory"

    def keep(self, count: int) -> None:
        """Touch every page, so that it is resident."""
        self.kept.append(b"\xa5" * count)


class DescriptorLeak(Leak):
    """Files that it opens and never closes."""

    kind = "leak-fds"

    def keep(self, count: int) -> None:
        """Open the null device."""
        self.kept += [os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC) for _ in range(count)]


class SocketLeak(Leak):
    """Connections that it leaves in CLOSE_WAIT."""

    kind = "leak-sockets"

    def keep(self, count: int) -> None:
        """Connect to a listener that closes its end at once."""
        for _ in range(count):
            with socket.create_server(("127.0.0.1", 0)) as listener:
                self.kept.append(socket.create_connection(listener.getsockname()[:2]))
                listener.accept()[0].close()
