"""A relay in front of the server, a process of its own: reads the handshake of every connection, passes bytes on.

Started as ``python -m stresstui.lab.relay.tcp_relay TARGET LISTEN KIND [PUBLIC_NAME]``, both addresses ``HOST:PORT``,
KIND being ``tls``, ``ssh`` or ``raw``. It prints one JSON object with its port, then one every second with its metrics,
and ends with its standard input.
"""

import asyncio
import contextlib
import socket
import struct
import sys
from typing import cast

import uvloop

from stresstui.lab.net.resolve import bound, way_to
from stresstui.lab.net.socks import Address, parse_address
from stresstui.lab.process.helper import own_port, serve_until_told, told_where
from stresstui.lab.relay.fault_injector import FaultInjector
from stresstui.lab.relay.handshake import Handshake, Handshakes, NoHandshake, SshHandshake, TlsHandshake

KINDS: dict[str, type[Handshake]] = {"tls": TlsHandshake, "ssh": SshHandshake, "raw": NoHandshake}
"""How the handshake on the wire is read, by name."""
FORGIVE = "forgive"
"""The word with which a relay is told that keys are being changed (1) or no longer (0)."""
_LINGER_OFF = struct.pack("ii", 1, 0)


class Side(asyncio.Protocol):
    """One end of a relayed connection; what it receives goes to the other end."""

    def __init__(
        self, injector: FaultInjector, other: "Side | None" = None, handshake: Handshake | None = None
    ) -> None:
        self.transport: asyncio.Transport | None = None
        self._injector, self._other, self._handshake = injector, other, handshake
        self._held: set[str] = set()
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
            self._handshake.leave()
        if self._other is not None and self._other.transport is not None:
            (self._other.transport.abort if exc else self._other.transport.close)()
        self._other = None  # pairs must not wait for the garbage collector

    def pause_writing(self) -> None:
        """Hold the other side while this one does not take more."""
        if self._other is not None:
            self._other.hold("full")

    def resume_writing(self) -> None:
        """Let the other side go on."""
        if self._other is not None:
            self._other.release("full")

    def hold(self, reason: str) -> None:
        """Receive nothing more for a reason."""
        if not self._held and self.transport is not None:
            with contextlib.suppress(RuntimeError):
                self.transport.pause_reading()
        self._held.add(reason)

    def release(self, reason: str) -> None:
        """Receive again, once no reason against it is left."""
        self._held.discard(reason)
        if not self._held and self.transport is not None:
            with contextlib.suppress(RuntimeError):
                self.transport.resume_reading()

    def _pass_on(self, data: bytes) -> None:
        if self._other is not None and self._other.transport is not None:
            self._other.transport.write(self._injector.pass_on(data))
        pause = self._injector.pause(len(data))
        if pause:
            self.hold("slow")
            asyncio.get_running_loop().call_later(pause, self.release, "slow")


class Reset(asyncio.Protocol):
    """A connection that is lost as soon as it is there."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Reset it."""
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_OFF)
        cast("asyncio.Transport", transport).abort()


class Relay:
    """Accepts for the server and connects each client through to it."""

    def __init__(self, target: Address, kind: str, public_name: str = "") -> None:
        self.handshakes = Handshakes(public_name)
        self.injector = FaultInjector()
        self.accepted = 0
        self._target, self._kind = target, KINDS[kind]
        self._tasks: set[asyncio.Task[None]] = set()

    def accept(self) -> Side | Reset:
        """Return the client's side of a new connection and begin to open the server's."""
        self.accepted += 1
        if self.injector.drops():
            return Reset()
        client = Side(self.injector, handshake=self._kind(self.handshakes))
        task = asyncio.get_running_loop().create_task(self._open(client))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return client

    def metrics(self) -> dict[str, float]:
        """Return what the wire has shown, and begin the next interval of the latency window."""
        found: dict[str, float] = {
            "wire_connections_total": self.accepted,
            "wire_connections_open": self.handshakes.open,
            "wire_connections_ended_total": self.handshakes.ended,
            "wire_bytes_total": self.injector.passed,
        }
        if self._kind is not NoHandshake:
            found |= self.handshakes.metrics()
            self.handshakes.times.turn()
        if self._kind is TlsHandshake:
            found["tls_resumptions_total"] = self.handshakes.resumed
        return found

    def obey(self, line: str) -> None:
        """Take a line of standard input: whether to forgive, or a fault for the injector."""
        word, _, number = line.partition(" ")
        if word == FORGIVE:
            self.handshakes.forgiving = number == "1"
        else:
            self.injector.obey(line)

    async def _open(self, client: Side) -> None:
        loop = asyncio.get_running_loop()
        try:
            _, server = await loop.create_connection(lambda: Side(self.injector, client), *self._target)
        except OSError:
            if client.transport is not None:
                client.transport.abort()
        else:
            client.pair(server)


async def serve(target: Address, at: Address, kind: str, public_name: str = "") -> None:
    """Relay until told to end or the lab is gone."""
    with told_where("go to", target.written()):
        relay = Relay(way_to(target), kind, public_name)
    with told_where("listen at", at.written()):
        doors = bound(Address(at.host, own_port(at.port)), socket.SOCK_STREAM)
        servers = [
            await asyncio.get_running_loop().create_server(relay.accept, sock=one, backlog=1024) for one in doors
        ]
    await serve_until_told(doors[0].getsockname()[1], relay.metrics, relay.obey)
    for server in servers:
        server.close()


if __name__ == "__main__":
    uvloop.run(serve(parse_address(sys.argv[1]), parse_address(sys.argv[2]), *sys.argv[3:]))
