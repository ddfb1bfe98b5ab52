"""A relay in front of the server, a process of its own: reads the ClientHello of every connection, passes bytes on.

Started as ``python -m stresstui.lab.wire TARGET_PORT PUBLIC_NAME``. It prints one JSON object with its port, then one
every second with its metrics, and ends with its standard input.
"""

import asyncio
import contextlib
import json
import signal
import sys
from typing import cast

import uvloop

from stresstui.lab.handshake import Handshake, Handshakes

_INTERVAL = 1.0


class Side(asyncio.Protocol):
    """One end of a relayed connection; what it receives goes to the other end."""

    def __init__(self, other: "Side | None" = None, handshake: Handshake | None = None) -> None:
        self.transport: asyncio.Transport | None = None
        self._other, self._handshake = other, handshake
        self._early: list[bytes] = []
        self._ended = False

    def pair(self, other: "Side") -> None:
        """Name the other end and hand it what came before it was there."""
        self._other = other
        for data in self._early:
            self._pass_on(data)
        self._early.clear()
        if self._ended:
            self.eof_received()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Look at the handshake while it lasts, and pass the bytes on unchanged."""
        if self._handshake is not None and not self._handshake.over:
            self._handshake.feed(data)
        if self._other is None:
            self._early.append(data)
        else:
            self._pass_on(data)

    def eof_received(self) -> bool:
        """Pass the half-close on and stay open for the other direction."""
        self._ended = True
        if self._other is not None and self._other.transport is not None:
            with contextlib.suppress(OSError, RuntimeError):
                self._other.transport.write_eof()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """End the other side the same way."""
        self._ended = True
        if self._handshake is not None:
            self._handshake.close()
        if self._other is not None and self._other.transport is not None:
            (self._other.transport.abort if exc else self._other.transport.close)()

    def pause_writing(self) -> None:
        """Hold the other side while this one does not take more."""
        self._reading("pause_reading")

    def resume_writing(self) -> None:
        """Let the other side go on."""
        self._reading("resume_reading")

    def _reading(self, action: str) -> None:
        if self._other is not None and self._other.transport is not None:
            with contextlib.suppress(RuntimeError):
                getattr(self._other.transport, action)()

    def _pass_on(self, data: bytes) -> None:
        if self._other is not None and self._other.transport is not None:
            self._other.transport.write(data)


class Relay:
    """Accepts for the server and connects each client through to it."""

    def __init__(self, target: int, public_name: str) -> None:
        self.handshakes = Handshakes(public_name)
        self._target = target
        self._tasks: set[asyncio.Task[None]] = set()

    def accept(self) -> Side:
        """Return the client's side of a new connection and begin to open the server's."""
        client = Side(handshake=Handshake(self.handshakes))
        task = asyncio.get_running_loop().create_task(self._open(client))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return client

    async def _open(self, client: Side) -> None:
        loop = asyncio.get_running_loop()
        try:
            _, server = await loop.create_connection(lambda: Side(client), "127.0.0.1", self._target)
        except OSError:
            if client.transport is not None:
                client.transport.abort()
        else:
            client.pair(server)


async def serve(target: int, public_name: str) -> None:
    """Relay until told to end or the lab is gone."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, done.set)
    relay = Relay(target, public_name)
    server = await loop.create_server(relay.accept, "127.0.0.1", 0, backlog=1024)
    await loop.connect_read_pipe(lambda: _UntilEnd(done), sys.stdin)
    _say({"port": server.sockets[0].getsockname()[1]})
    while not done.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), _INTERVAL)
        _say(relay.handshakes.metrics())
        relay.handshakes.times.turn()
    server.close()


class _UntilEnd(asyncio.Protocol):
    def __init__(self, done: asyncio.Event) -> None:
        self._done = done

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._done.set()


def _say(facts: dict[str, float]) -> None:
    print(json.dumps(facts), flush=True)


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), sys.argv[2]))
