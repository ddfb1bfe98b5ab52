"""A relay in front of a QUIC server, a process of its own: follows every handshake, passes datagrams on.

Started as ``python -m stresstui.lab.relay.udp_relay TARGET LISTEN``, both ``HOST:PORT``. It prints one JSON object with
its port, then one every second with its metrics, and ends with its standard input. There it can be told ``hold
SECONDS``: everything is kept that long and passed on in its order. Where the kernel can, datagrams travel in batches as
the sender made them (UDP_GRO and UDP_SEGMENT, udp(7)), so that the relay costs a few calls for dozens of packets.
"""

import asyncio
import contextlib
import functools
import socket
import struct
import sys
import time
from typing import Any

import uvloop

from stresstui.lab.net.resolve import bound, way_to
from stresstui.lab.net.socks import Address, parse_address
from stresstui.lab.process.helper import own_port, serve_until_told, told_where
from stresstui.lab.relay.delay_queue import HOLD, DelayQueue
from stresstui.lab.relay.fault_injector import FaultInjector
from stresstui.lab.relay.handshake import Handshakes
from stresstui.lab.relay.quic_connections import Connections

Peer = tuple[Any, ...]

_UDP_SEGMENT, _UDP_GRO = 103, 104
_LARGEST = 65535
_BATCH = 32
_BUFFER = 4 * 2**20
_INITIAL, _LONG_HEADER, _KIND = 0x80, 0x80, 0xB0  # RFC 9000, section 17.2
_HANDSHAKE_TIMEOUT = 10.0
_IDLE_TIMEOUT = 120.0


class Path:
    """What one client address has sent and how its handshake stands."""

    def __init__(self, peer: Peer, front: socket.socket, target: Address, counts: Handshakes) -> None:
        self.peer, self.front = peer, front
        self.back = _prepared(
            socket.socket(socket.AF_INET6 if ":" in target.host else socket.AF_INET, socket.SOCK_DGRAM)
        )
        self.back.connect(target)
        self.last = time.monotonic()
        self._began: float | None = None
        self.counts = counts

    def see(self, first: int, now: float) -> None:
        """Follow the handshake by the first byte of a datagram from the client (RFC 9001: long headers until keys)."""
        self.last = now
        if first & _LONG_HEADER:
            # Only an Initial begins: a late Handshake packet may come after the first short header.
            if self._began is None and first & _KIND == _INITIAL:
                self._began = now
                self.counts.begun += 1
        elif self._began is not None:
            self.counts.times.record(now - self._began)
            self.counts.done += 1
            self._began = None

    def is_over(self, now: float) -> bool:
        """Say whether nothing more is expected; a handshake that has not come through in time has failed."""
        if self._began is not None and now - self._began > _HANDSHAKE_TIMEOUT:
            self._began = None
            self.counts.failed += 1
        return now - self.last > _IDLE_TIMEOUT


class DatagramRelay:
    """Passes datagrams between clients and the server, one socket per client behind."""

    def __init__(self, target: Address, at: Address) -> None:
        self.handshakes = Handshakes()
        self.connections = Connections()
        self.injector = FaultInjector()
        self._stall = DelayQueue(self._send)
        self.fronts = [_prepared(one) for one in bound(Address(at.host, own_port(at.port)), socket.SOCK_DGRAM)]
        self._target = target
        self._paths: dict[Peer, Path] = {}
        self._sent = self._received = self._dropped = self._turned_away = 0
        self._loop = asyncio.get_running_loop()
        self._listen()

    def metrics(self) -> dict[str, float]:
        """Return what the wire has shown, and begin the next interval of the latency window."""
        self._sweep()
        self.connections.expire(time.monotonic())
        counts = {
            "wire_connections_open": int(self.connections.open),
            "wire_packets_sent_total": self._sent,
            "wire_packets_received_total": self._received,
            "wire_packets_dropped_total": self._dropped,
            "wire_bytes_total": self.injector.passed,
        }
        found = counts | self.handshakes.metrics() | self.connections.metrics()
        self.handshakes.times.turn()
        return found

    def obey(self, line: str) -> None:
        """Take a line of standard input: a stall, or a fault for the injector."""
        word, _, seconds = line.partition(" ")
        if word == HOLD:
            self._stall.hold(float(seconds))
        else:
            self.injector.obey(line)

    def _listen(self) -> None:
        for front in self.fronts:
            self._loop.add_reader(front, functools.partial(self._from_clients, front))

    def _from_clients(self, front: socket.socket) -> None:
        for _ in range(_BATCH):
            try:
                data, extra, _, peer = front.recvmsg(_LARGEST, 64)
            except (BlockingIOError, ConnectionRefusedError):
                return
            path = self._paths.get(peer) or self._open(peer, front)
            self._see(path, data[0] if data else 0, time.monotonic())
            self._sent += self._pass_on(path.back, data, extra)

    def _see(self, path: Path, first: int, now: float) -> None:
        begun, done = self.handshakes.begun, self.handshakes.done
        path.see(first, now)
        if self.handshakes.begun > begun:
            self.connections.begin(now)
        if self.handshakes.done > done:
            self.connections.establish(now)

    def _from_server(self, path: Path) -> None:
        for _ in range(_BATCH):
            try:
                data, extra, _, _ = path.back.recvmsg(_LARGEST, 64)
            except (BlockingIOError, ConnectionRefusedError):
                return
            self.connections.heard = time.monotonic()
            self._received += self._pass_on(path.front, data, extra, path.peer)

    def _pass_on(self, to: socket.socket, data: bytes, extra: list[tuple[int, int, bytes]], *peer: Peer) -> int:
        size = _segment_size(extra)
        count = -(-len(data) // size) if size else 1
        if self.injector.drops():
            self._dropped += count
            return 0
        pause = self.injector.pause(len(data))
        if pause:
            self._turn_away(pause)
        if self._stall.keeps(to, data, size, *peer) or self._send(to, data, size, *peer):
            return count
        self._dropped += count
        return 0

    def _send(self, to: socket.socket, data: bytes, size: int, *peer: Peer) -> bool:
        marks = [(socket.IPPROTO_UDP, _UDP_SEGMENT, struct.pack("H", size))] if 0 < size < len(data) else []
        try:
            to.sendmsg([self.injector.pass_on(data)], marks, 0, *peer)
        except OSError:
            return False
        return True

    def _open(self, peer: Peer, front: socket.socket) -> Path:
        path = self._paths[peer] = Path(peer, front, self._target, self.handshakes)
        self._loop.add_reader(path.back, functools.partial(self._from_server, path))
        return path

    def _turn_away(self, seconds: float) -> None:
        """Leave datagrams in the kernel's buffers for a while."""
        self._turned_away += 1
        for front in self.fronts:
            self._loop.remove_reader(front)
        for path in self._paths.values():
            self._loop.remove_reader(path.back)
        self._loop.call_later(seconds, self._turn_back)

    def _turn_back(self) -> None:
        self._turned_away -= 1
        if self._turned_away:
            return
        self._listen()
        for path in self._paths.values():
            self._loop.add_reader(path.back, functools.partial(self._from_server, path))

    def _sweep(self) -> None:
        now = time.monotonic()
        for path in [path for path in self._paths.values() if path.is_over(now)]:
            self._loop.remove_reader(path.back)
            path.back.close()
            del self._paths[path.peer]


def _prepared(made: socket.socket) -> socket.socket:
    """The same socket, ready for batches."""
    made.setblocking(False)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError):  # kernels before 5.0 deliver datagram by datagram
            made.setsockopt(socket.IPPROTO_UDP, _UDP_GRO, 1)
    return made


def _segment_size(extra: list[tuple[int, int, bytes]]) -> int:
    """Return the size of the datagrams in a batch, 0 for a single one."""
    for level, kind, value in extra:
        if (level, kind) == (socket.IPPROTO_UDP, _UDP_GRO):
            return int.from_bytes(value[:4], sys.byteorder)
    return 0


async def serve(target: Address, at: Address) -> None:
    """Relay until told to end or the lab is gone."""
    with told_where("go to", target.written()):
        way = way_to(target)
    with told_where("listen at", at.written()):
        relay = DatagramRelay(way, at)
    await serve_until_told(relay.fronts[0].getsockname()[1], relay.metrics, relay.obey)


if __name__ == "__main__":
    uvloop.run(serve(*map(parse_address, sys.argv[1:])))
