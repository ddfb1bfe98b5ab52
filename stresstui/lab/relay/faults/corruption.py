"""Corruption: a wrong byte in a chunk."""

import asyncio

from stresstui.lab.relay.faults.base import Fault


class Corruption(Fault):
    """After a time so many chunks on their way to the echo target arrive with a wrong byte."""

    kind = "corrupt"
    after_tunnel = True

    def begin(self) -> None:
        """Wait until it is time."""
        self._left = 0
        asyncio.get_running_loop().call_later(self.at, self._spoil)

    def _spoil(self) -> None:
        self._left = round(self.amount)

    def alter(self, data: bytes) -> bytes:
        """Turn the byte in the middle over."""
        if not self._left or not data:
            return data
        self._left -= 1
        middle = len(data) // 2
        return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]
