"""TCP connections by epoll itself (Linux): for a load that opens so many that what asyncio does for each would count.

A wire takes the place of an asyncio transport and calls its protocol in the same ways, but for three. What comes in is
a view that is good for the call only, since all wires receive into one buffer. ``pause_writing`` comes as soon as the
kernel does not take everything. And a wire that was aborted says nothing more.
"""

import asyncio
import errno
import os
import select
import socket
from collections import deque
from typing import Any, Final, cast

from stresstui.lab.net.socks import Address

PIECE: Final = 2**18
"""Bytes that are received at once; they stay in a core's cache until they are compared."""
_CONNECTED: Final = (0, errno.EISCONN)
_UNDER_WAY: Final = (errno.EINPROGRESS, errno.EALREADY)


class WireProtocol(asyncio.Protocol):
    """What a wire needs of its protocol besides: to be told that there is no connection."""

    def unreached(self, error: OSError) -> None:
        """Act on a connection that could not be made; ``connection_made`` was not called."""


_NOBODY: Final = WireProtocol()


class Wire(asyncio.Transport):
    """One connection, or one that is being made."""

    __slots__ = ("_address", "_backlog", "_connecting", "_ending", "_over", "_protocol", "_socket", "_wires", "fd")

    def __init__(self, wires: "Wires", end: socket.SocketType, protocol: WireProtocol, address: Address) -> None:
        self._wires, self._socket, self._protocol, self._address = wires, end, protocol, address
        self._backlog: deque[memoryview] = deque()
        self._connecting = self._ending = self._over = False
        self.fd = end.fileno()

    def connect(self) -> None:
        """Begin to connect."""
        error = self._socket.connect_ex(self._address)
        if error == errno.EINPROGRESS:  # on loopback it is done by now, and asking costs less than waiting
            error = self._socket.connect_ex(self._address)
        self._connecting = error in _UNDER_WAY
        self._wires.await_events(self, select.EPOLLOUT if self._connecting else select.EPOLLIN)
        if not self._connecting:
            self._settle(error)

    def ready(self, events: int) -> None:
        """Act on what epoll says."""
        if self._connecting:
            self._go_on_connecting()
            return
        if events & select.EPOLLOUT:
            self._flush()
        if events & ~select.EPOLLOUT and not self._over:
            self._receive()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send now what the kernel takes, and the rest when it does."""
        if self._over:
            return
        sent = 0 if self._backlog else self._send(data)
        if sent == len(data):
            return
        self._backlog.append(memoryview(data)[sent:])
        if len(self._backlog) == 1:
            self._wires.expect(self, select.EPOLLIN | select.EPOLLOUT)
            self._protocol.pause_writing()

    def write_eof(self) -> None:
        """End this direction, after what is still to be sent."""
        self._ending = True
        if not self._backlog and not self._over:
            self._shut()

    def can_write_eof(self) -> bool:
        """Say yes."""
        return True

    def abort(self) -> None:
        """Close at once; the protocol hears nothing more."""
        if not self._over:
            self._over = True
            self._protocol = _NOBODY  # else the two would wait for the garbage collector
            self._backlog.clear()
            self._wires.forget(self)
            self._socket.close()

    def close(self) -> None:
        """Close at once: nothing waits here that anybody still wants."""
        self.abort()

    def is_closing(self) -> bool:
        """Say whether it is closed."""
        return self._over

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return the socket, by that name."""
        return self._socket if name == "socket" else default

    def _go_on_connecting(self) -> None:
        error = self._socket.connect_ex(self._address)
        if error in _UNDER_WAY:
            return
        self._connecting = False
        self._wires.expect(self, select.EPOLLIN)
        self._settle(error)

    def _settle(self, error: int) -> None:
        if error in _CONNECTED:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._protocol.connection_made(self)
        else:
            protocol = self._protocol
            self.abort()
            protocol.unreached(OSError(error, os.strerror(error)))

    def _send(self, data: bytes | bytearray | memoryview) -> int:
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0
        except OSError as error:
            # Whoever writes is in the middle of something.
            asyncio.get_running_loop().call_soon(self._lose, error)
            return len(data)

    def _flush(self) -> None:
        while self._backlog:
            piece = self._backlog[0]
            sent = self._send(piece)
            if sent < len(piece):
                self._backlog[0] = piece[sent:]
                return
            self._backlog.popleft()
        self._wires.expect(self, select.EPOLLIN)
        if self._ending:
            self._shut()
        else:
            self._protocol.resume_writing()

    def _receive(self) -> None:
        try:
            count = self._socket.recv_into(self._wires.buffer)
        except BlockingIOError:
            return
        except OSError as error:
            self._lose(error)
            return
        if count:
            self._protocol.data_received(cast("bytes", self._wires.buffer[:count]))
        else:
            self._protocol.eof_received()
            self._lose(None)

    def _shut(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError as error:
            asyncio.get_running_loop().call_soon(self._lose, error)

    def _lose(self, error: OSError | None) -> None:
        protocol = self._protocol  # nobody, where it is over already
        self.abort()
        protocol.connection_lost(error)


class Wires:
    """The wires of one event loop."""

    def __init__(self) -> None:
        self._epoll: select.epoll | None = None
        self._open: dict[int, Wire] = {}
        self.buffer = memoryview(bytearray(PIECE))
        """Where every wire receives."""

    def connect(self, protocol: WireProtocol, address: Address) -> Wire:
        """Connect a protocol, which hears at once or later how that went; raises OSError where no socket is left."""
        # Of the type below socket.socket, which adds nothing that is needed here but takes as long as a system call.
        end = socket.SocketType(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        wire = Wire(self, end, protocol, address)
        wire.connect()
        return wire

    def await_events(self, wire: Wire, events: int) -> None:
        """Begin to wait for events of a wire."""
        if self._epoll is None:
            self._epoll = select.epoll()
            asyncio.get_running_loop().add_reader(self._epoll.fileno(), self._ready)
        self._open[wire.fd] = wire
        self._epoll.register(wire.fd, events)

    def expect(self, wire: Wire, events: int) -> None:
        """Wait for other events of a wire."""
        if self._epoll is not None and not wire.is_closing():
            self._epoll.modify(wire.fd, events)

    def forget(self, wire: Wire) -> None:
        """Wait for nothing more of a wire that is about to be closed."""
        self._open.pop(wire.fd, None)

    def close(self) -> None:
        """Close what is left; others may be made all the same."""
        for wire in list(self._open.values()):
            wire.abort()
        if self._epoll is not None:
            asyncio.get_running_loop().remove_reader(self._epoll.fileno())
            self._epoll.close()
            self._epoll = None

    def _ready(self) -> None:
        if self._epoll is None:
            return
        for fd, events in self._epoll.poll(0):
            # One that another has closed meanwhile is gone; whoever got its number asks once in vain.
            if (wire := self._open.get(fd)) is not None:
                wire.ready(events)
