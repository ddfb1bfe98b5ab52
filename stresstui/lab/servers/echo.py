"""The echo target, a process of its own: sends back every TCP byte and UDP datagram.

It is also the run's caretaker. The lab tells it, on standard input, which processes it started (``+pid``) and reaped
(``-pid``). When that input ends without warning, the lab was killed: the caretaker kills what is left, removes the
private directory and ends.
"""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import sys
from typing import cast

import uvloop

from stresstui.core.text.line_buffer import LineBuffer

SHARED = "shared"
"""The word that lets others listen on the same port."""


class Echo(asyncio.Protocol):
    """One TCP connection: what comes in goes out, and a half-close is answered with a close."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Send the bytes back."""
        self._transport.write(data)

    def pause_writing(self) -> None:
        """Stop reading while the peer does not read."""
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Read again."""
        self._transport.resume_reading()


class EchoDatagrams(asyncio.DatagramProtocol):
    """Every datagram goes back where it came from."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Send the datagram back."""
        self._transport.sendto(data, addr)


class Caretaker(asyncio.Protocol):
    """Watches the lab through standard input and clears up after it if it dies."""

    def __init__(self, folder: str, done: asyncio.Event) -> None:
        self._folder = folder
        self._done = done
        self._buffer = LineBuffer()
        self._pids: set[int] = set()

    def data_received(self, data: bytes) -> None:
        """Note which processes the lab has started and reaped."""
        for line in self._buffer.feed(data):
            (self._pids.add if line[:1] == b"+" else self._pids.discard)(int(line[1:]))

    def connection_lost(self, exc: Exception | None) -> None:
        """Clear up: the lab is gone."""
        del exc
        for pid in self._pids:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self._folder, ignore_errors=True)
        self._done.set()


async def serve(folder: str, *, shared: bool = False) -> None:
    """Echo on one free loopback port, TCP and UDP, until told to end or the lab is gone.

    A shared port is one that others may listen on too.
    """
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, done.set)
    tcp, udp = pair_of_sockets(shared=shared)
    server = await loop.create_server(Echo, sock=tcp, backlog=1024)
    datagrams, _ = await loop.create_datagram_endpoint(EchoDatagrams, sock=udp)
    await loop.connect_read_pipe(lambda: Caretaker(folder, done), sys.stdin)
    print(json.dumps({"port": tcp.getsockname()[1]}), flush=True)
    await done.wait()
    server.close()
    datagrams.close()


def listening(port: int, *, shared: bool) -> socket.socket:
    """Return a TCP socket bound to a loopback port, 0 being any free one; raises OSError."""
    tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if shared:
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    tcp.bind(("127.0.0.1", port))
    return tcp


def pair_of_sockets(*, shared: bool = False) -> tuple[socket.socket, socket.socket]:
    """Return a TCP and a UDP socket bound to the same free loopback port; raises OSError when none is free."""
    for _ in range(50):
        tcp = listening(0, shared=shared)
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(tcp.getsockname())
        except OSError:
            tcp.close()
            udp.close()
        else:
            return tcp, udp
    raise OSError("no port is free for both TCP and UDP")


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1], shared=SHARED in sys.argv[2:]))
