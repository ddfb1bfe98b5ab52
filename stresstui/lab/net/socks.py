"""The client side of SOCKS5 (RFC 1928) as uvloop protocols: CONNECT for TCP, ASSOCIATE for UDP."""

import asyncio
import ipaddress
import re
import socket
import struct
from typing import Final, NamedTuple, cast

GREETING = b"\x05\x01\x00"
_CONNECT = 1
_ASSOCIATE = 3
_SHORTEST_REPLY = 10
_UDP_HEADER = 10
_IPV4: Final = 4
_BRACKETED: Final = re.compile(r"\[(?P<host>[^\[\]]*:[^\[\]]*)\](?::(?P<port>\d+))?")
_PLAIN: Final = re.compile(r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252}))(?::(?P<port>\d+))?")
_ALONE: Final = re.compile(r"(?P<host>[^\[\]]*:[^\[\]]*:[^\[\]]*)(?P<port>)")
_DIGITS: Final = re.compile(r"[\d.]+")
_LINGER_OFF = struct.pack("ii", 1, 0)


class Address(NamedTuple):
    """A host and a port."""

    host: str
    """IPv4 address, IPv6 address (without brackets), or name."""
    port: int
    """TCP or UDP port."""

    def written(self) -> str:
        """Return the address as text, ``HOST:PORT``, one of IPv6 in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def numeric(self) -> bool:
        """Whether the host is an address, and no name."""
        return ":" in self.host or _DIGITS.fullmatch(self.host) is not None

    def packed(self) -> bytes:
        """Return the address as SOCKS5 writes it: type, address, port."""
        port = self.port.to_bytes(2)
        try:
            where = ipaddress.ip_address(self.host)
        except ValueError:
            return b"\x03" + len(self.host).to_bytes(1) + self.host.encode() + port
        return (b"\x01" if where.version == _IPV4 else b"\x04") + where.packed + port


def parse_address(text: str) -> Address:
    """Read ``HOST:PORT``, ``[IPV6]:PORT`` or an address or name alone; without a port it is 0. Raises ValueError."""
    found = _BRACKETED.fullmatch(text) or _PLAIN.fullmatch(text) or _ALONE.fullmatch(text)
    if found is None or int(found["port"] or 0) > 65535:  # noqa: PLR2004 - the largest port there is
        raise ValueError(f"{text!r} is no address; write HOST or HOST:PORT, one of IPv6 as [ADDRESS]:PORT")
    host = found["host"]
    address = Address(host, int(found["port"] or 0))
    if address.numeric:
        try:
            ipaddress.ip_address(host)
        except ValueError:
            raise ValueError(f"{host!r} is no IPv{6 if ':' in host else 4} address") from None
    return address


def parse_door(text: str) -> Address:
    """Read an address at which other boxes are to come in; raises ValueError, as for one that is none to them."""
    found = parse_address(text)
    if "%" in found.host:
        raise ValueError(f"{found.host!r} is good on one link of this box only; name an address without %")
    if found.host in ("::", "0.0.0.0"):  # noqa: S104 - it is refused
        raise ValueError(f"{found.host!r} is every address of a box; name the one at which the others reach it")
    return found


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
