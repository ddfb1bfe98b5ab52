"""A stall that loses nothing: what should be sent is kept for a time and then leaves in its order."""

import asyncio
import socket
from collections import deque
from collections.abc import Callable

HOLD = "hold"
"""The word before the seconds of a stall on a relay's standard input."""
_BATCH = 32
_PAUSE = 0.002  # seconds between two batches, so that the held datagrams overflow no buffer

Send = Callable[..., bool]


class DelayQueue:
    """Stands before a function that sends datagrams; what is held is bounded by the senders' congestion windows."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._held: deque[tuple[socket.socket, bytes, int, tuple[tuple[str, int], ...]]] = deque()
        self._stalls = 0
        self._leaving = False

    def hold(self, seconds: float) -> None:
        """Keep everything for a time; stalls that overlap end with the last."""
        self._stalls += 1
        asyncio.get_running_loop().call_later(seconds, self._end)

    def keeps(self, to: socket.socket, data: bytes, size: int, *peer: tuple[str, int]) -> bool:
        """Say whether the datagrams have been kept, to be sent later."""
        if self._stalls or self._leaving:
            self._held.append((to, data, size, peer))
            return True
        return False

    def _end(self) -> None:
        self._stalls -= 1
        if not self._stalls and not self._leaving:
            self._leave()

    def _leave(self) -> None:
        for _ in range(0 if self._stalls else min(_BATCH, len(self._held))):
            to, data, size, peer = self._held.popleft()
            self._send(to, data, size, *peer)
        self._leaving = bool(self._held) and not self._stalls
        if self._leaving:
            asyncio.get_running_loop().call_later(_PAUSE, self._leave)
