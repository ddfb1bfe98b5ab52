"""A relay in front of the server, a process of its own: reads the handshake of every connection, passes bytes on.

Started as ``python -m stresstui.lab.wire TARGET_PORT KIND [PUBLIC_NAME]``, KIND being ``tls``, ``ssh`` or ``raw``. It
prints one JSON object with its port, then one every second with its metrics, and ends with its standard input.
"""

import asyncio
import contextlib
import sys
from typing import cast

import uvloop

from stresstui.lab.handshake import Handshake, Handshakes, NoHandshake, SshHandshake, TlsHandshake
from stresstui.lab.program import serve_until_told

KINDS: dict[str, type[Handshake]] = {"tls": TlsHandshake, "ssh": SshHandshake, "raw": NoHandshake}
"""How the handshake on the wire is read, by name."""


class Side(asyncio.Protocol):
    """One end of a relayed connection; what it receives goes to the other end."""

    def __init__(self, other: "Side | None" = None, handshake: Handshake | None = None) -> None:
        self.transport: asyncio.Transport | None = None
        self._other, self._handshake = other, handshake
        self._early: list[bytes] = []
        self.ended = False
        self._lost = False

    def pair(self, other: "Side") -> None:
        """Name the other end and hand it what came before it was there."""
        self._other = other
        for data in self._early:
            self._pass_on(data)
        self._early.clear()
        if self._lost:
            other.close()
        elif self.ended:
            self.eof_received()

    def close(self) -> None:
        """End this side after what is still to be written."""
        if self.transport is not None:
            self.transport.close()

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
        """Pass the half-close on and stay open for the other direction; close when both directions have ended."""
        self.ended = True
        if self._other is not None and self._other.ended:
            self._other.close()
            self.close()
        elif self._other is not None and self._other.transport is not None:
            with contextlib.suppress(OSError, RuntimeError):
                self._other.transport.write_eof()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """End the other side the same way."""
        self.ended = self._lost = True
        if self._handshake is not None:
            self._handshake.close()
        if self._other is not None and self._other.transport is not None:
            (self._other.transport.abort if exc else self._other.transport.close)()
        self._other = None  # pairs must not wait for the garbage collector

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

    def __init__(self, target: int, kind: str, public_name: str = "") -> None:
        self.handshakes = Handshakes(public_name)
        self.accepted = 0
        self._target, self._kind = target, KINDS[kind]
        self._tasks: set[asyncio.Task[None]] = set()

    def accept(self) -> Side:
        """Return the client's side of a new connection and begin to open the server's."""
        self.accepted += 1
        client = Side(handshake=self._kind(self.handshakes))
        task = asyncio.get_running_loop().create_task(self._open(client))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return client

    def metrics(self) -> dict[str, float]:
        """Return what the wire has shown, and begin the next interval of the latency window."""
        found: dict[str, float] = {"wire_connections_total": self.accepted}
        if self._kind is not NoHandshake:
            found |= self.handshakes.metrics()
            self.handshakes.times.turn()
        return found

    async def _open(self, client: Side) -> None:
        loop = asyncio.get_running_loop()
        try:
            _, server = await loop.create_connection(lambda: Side(client), "127.0.0.1", self._target)
        except OSError:
            if client.transport is not None:
                client.transport.abort()
        else:
            client.pair(server)


async def serve(target: int, kind: str, public_name: str = "") -> None:
    """Relay until told to end or the lab is gone."""
    relay = Relay(target, kind, public_name)
    server = await asyncio.get_running_loop().create_server(relay.accept, "127.0.0.1", 0, backlog=1024)
    await serve_until_told(server.sockets[0].getsockname()[1], relay.metrics)
    server.close()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), *sys.argv[2:]))
