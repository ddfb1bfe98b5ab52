"""Round trips through a tunnel that others load: whether it answers, and how soon, while they do."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Mapping

from stresstui.lab.net.latency import Latency
from stresstui.lab.net.socks import Address

EVERY_S = 1.0
"""Seconds between two round trips; few and small enough that an idle tunnel still looks idle."""
TIMEOUT_S = 10.0
"""Seconds after which an answer no longer counts."""
_SIZE = 16


class RoundTrips:
    """One long-lived connection through a plain entrance; what it sends must come back."""

    def __init__(self, door: Address) -> None:
        self._door = door
        self._times = Latency()
        self._failures = 0

    def metrics(self) -> Mapping[str, float]:
        """Return its counts and times, and begin the next interval of the latency window."""
        found = {"round_trip_failures_total": float(self._failures), **self._times.recent("round_trip")}
        self._times.turn()
        return found

    async def run(self) -> None:
        """Go round until cancelled; a connection that is lost is a failure, and a new one takes its place."""
        while True:
            with contextlib.suppress(OSError, EOFError, TimeoutError):
                await self._stay()
            self._failures += 1
            await asyncio.sleep(EVERY_S)

    async def _stay(self) -> None:
        """Go round on one connection until it breaks; raises OSError, EOFError, TimeoutError."""
        async with asyncio.timeout(TIMEOUT_S):
            reader, writer = await asyncio.open_connection(*self._door)
        try:
            while True:
                await self._once(reader, writer)
                await asyncio.sleep(EVERY_S)
        finally:
            writer.close()

    async def _once(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        data, began = secrets.token_bytes(_SIZE), time.monotonic()
        async with asyncio.timeout(TIMEOUT_S):
            writer.write(data)
            if await reader.readexactly(_SIZE) != data:
                raise OSError("other bytes came back")
        self._times.record(time.monotonic() - began)
