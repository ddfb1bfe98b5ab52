"""The client side of SOCKS5 (RFC 1928) as uvloop protocols: CONNECT for TCP, ASSOCIATE for UDP."""

import asyncio
import socket
import struct
from typing import NamedTuple, cast

GREETING = b"\x05\x01\x00"
_CONNECT = 1
_ASSOCIATE = 3
_SHORTEST_REPLY = 10
_UDP_HEADER = 10
_LINGER_OFF = struct.pack("ii", 1, 0)


class Address(NamedTuple):
    """An IPv4 address and a port."""

    host: str
    """Dotted IPv4 address."""
    port: int
    """TCP or UDP port."""

    def written(self) -> str:
        """Return the address as text, ``HOST:PORT``."""
        return f"{self.host}:{self.port}"

    def packed(self) -> bytes:
        """Return the address as SOCKS5 writes it: type, address, port."""
        return b"\x01" + socket.inet_aton(self.host) + self.port.to_bytes(2)


def parse_address(text: str) -> Address:
    """Read ``HOST:PORT``, the host an IPv4 address; without a port it is 0. Raises ValueError."""
    host, _, port = text.partition(":")
    try:
        socket.inet_aton(host)
    except OSError:
        raise ValueError(f"{host!r} is no IPv4 address") from None
    if host.count(".") != 3 or not 0 <= (number := int(port or 0)) < 65536:  # noqa: PLR2004 - what an address can be
        raise ValueError(f"{text!r} is no address; write HOST or HOST:PORT")
    return Address(host, number)


class SocksClient(asyncio.Protocol):
    """One connection to a SOCKS5 entrance; subclasses fill in opened, received and ended."""

    command = _CONNECT

    def __init__(self, target: Address) -> None:
        self.target = target
        self.is_open = False
        self.transport: asyncio.Transport
        self._reply = b""
        self._greeted = False
        self.over = False

    def opened(self, bound: Address) -> None:
        """Act on the entrance's success reply; bound is the address it names."""

    def received(self, data: bytes) -> None:
        """Act on bytes from the target."""

    def ended(self, cause: str | None) -> None:
        """Act on the end, once: None is a proper close, anything else the cause of failure."""

    def half_closed(self) -> bool:
        """Say whether the target's end of stream is what was expected."""
        return False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet the entrance."""
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(GREETING)

    def data_received(self, data: bytes) -> None:
        """Pass bytes on, or take the next step of the negotiation."""
        if self.is_open:
            self.received(data)
        else:
            self._negotiate(bytes(data))

    def eof_received(self) -> bool:
        """Close after the target's end of stream."""
        self._finish(None if self.half_closed() else "eof")
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Name the cause when the end came unasked."""
        if self.half_closed() and exc is None:
            self._finish(None)
        else:
            self._finish("reset" if isinstance(exc, ConnectionError) else "eof" if exc is None else "other")

    def fail(self, cause: str) -> None:
        """Give the connection up at once for a cause."""
        if hasattr(self, "transport"):
            self.transport.abort()
        self._finish(cause)

    def reset(self) -> None:
        """Close properly counted but with RST, which leaves no TIME_WAIT behind."""
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_OFF)
        self.transport.abort()
        self._finish(None)

    def _finish(self, cause: str | None) -> None:
        if not self.over:
            self.over = True
            self.ended(cause)

    def _negotiate(self, data: bytes) -> None:
        self._reply += data
        if not self._greeted:
            if len(self._reply) < len(GREETING) - 1:
                return
            if self._reply[:2] != b"\x05\x00":
                self.fail("socks")
                return
            self._greeted, self._reply = True, self._reply[2:]
            self.transport.write(bytes([5, self.command, 0]) + self.target.packed())
        self._take_reply()

    def _take_reply(self) -> None:
        reply = self._reply
        refused, not_ipv4 = reply[1:2] not in {b"", b"\x00"}, reply[3:4] not in {b"", b"\x01"}
        if refused or not_ipv4:
            self.fail("socks")
        elif len(reply) >= _SHORTEST_REPLY:
            self.is_open, self._reply = True, b""
            self.opened(Address(socket.inet_ntoa(reply[4:8]), int.from_bytes(reply[8:10])))
            if len(reply) > _SHORTEST_REPLY and not self.over:
                self.received(reply[_SHORTEST_REPLY:])


class SocksAssociation(SocksClient):
    """The TCP connection that keeps a UDP association alive; bound is where datagrams go."""

    command = _ASSOCIATE

    def __init__(self) -> None:
        super().__init__(Address("0.0.0.0", 0))  # noqa: S104 -- RFC 1928: zeros while the port is unknown
        self.bound: asyncio.Future[Address] = asyncio.get_running_loop().create_future()

    def opened(self, bound: Address) -> None:
        """Hand the relay's address to whoever waits."""
        if not self.bound.done():
            self.bound.set_result(bound)

    def ended(self, cause: str | None) -> None:
        """Tell whoever waits that there will be no address."""
        if not self.bound.done():
            self.bound.set_exception(ConnectionError(f"no UDP association: {cause}"))


def wrap_datagram(target: Address, data: bytes) -> bytes:
    """Return a datagram as the SOCKS5 relay wants it (RFC 1928, section 7)."""
    return b"\x00\x00\x00" + target.packed() + data


def unwrap_datagram(data: bytes) -> bytes | None:
    """Return the payload of a relayed datagram, or None for anything else."""
    if len(data) < _UDP_HEADER or data[:4] != b"\x00\x00\x00\x01":
        return None
    return data[_UDP_HEADER:]
