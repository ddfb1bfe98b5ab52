"""ECH keys and how they come to both sides: a key file for the server, HTTPS records for clients (RFC 9848)."""

import asyncio
import base64
import re
import socket
import struct
from dataclasses import dataclass
from typing import cast

from stresstui.lab.net.resolve import bound
from stresstui.lab.net.socks import Address
from stresstui.lab.process.binaries import sing_box
from stresstui.lab.testbed.errors import LabStartError
from stresstui.lab.testbed.ports import LOOPBACK
from stresstui.lab.testbed.testbed import output_of

PUBLIC_NAME = "outer.example"
"""The only name that an observer of the wire may see."""
TIME_TO_LIVE = 1
"""Seconds for which a client may keep an HTTPS record."""
_BLOCK = re.compile(r"-----BEGIN ECH (CONFIGS|KEYS)-----(.*?)-----END ECH \1-----", re.DOTALL)
# Behind the list's length, the version and the length of the configuration; in a key, behind the secret as well.
_NUMBER_IN_CONFIG, _NUMBER_IN_KEY = 6, 40
_NUMBERS = 256
_HEADER = 12
_HTTPS = 65  # RFC 9460
_ECH_PARAMETER = 5
_ANSWERED = 0x8580  # a response, authoritative, recursion desired and available


@dataclass(frozen=True, slots=True)
class EchKeys:
    """A key pair; its number is on the wire in every ClientHello that uses it."""

    number: int
    """1 to 255."""
    config: bytes
    """The public part, for clients: an ECHConfigList."""
    key: bytes
    """The private part, for the server."""


async def generate_keys(number: int = 1) -> EchKeys:
    """Return a new key pair for the public name, its number taken modulo 256; raises LabStartError."""
    text = await output_of([sing_box(), "generate", "ech-keypair", PUBLIC_NAME])
    blocks = {found[1]: bytearray(base64.b64decode(found[2])) for found in _BLOCK.finditer(text)}
    if set(blocks) != {"CONFIGS", "KEYS"}:
        raise LabStartError("sing-box generated no ECH key pair")
    number = number % _NUMBERS or _NUMBERS - 1
    blocks["CONFIGS"][_NUMBER_IN_CONFIG] = blocks["KEYS"][_NUMBER_IN_KEY] = number
    return EchKeys(number, bytes(blocks["CONFIGS"]), bytes(blocks["KEYS"]))


def key_file(*keys: EchKeys) -> str:
    """Return the text of a server's key file, which may hold several keys."""
    text = base64.b64encode(b"".join(one.key for one in keys)).decode()
    return f"-----BEGIN ECH KEYS-----\n{text}\n-----END ECH KEYS-----\n"


class Records:
    """A name server that knows one thing: the HTTPS record with the present ECH configuration."""

    def __init__(self, config: bytes) -> None:
        self.config = config
        self._doors: list[asyncio.BaseTransport] = []

    async def open(self, host: str = LOOPBACK) -> int:
        """Begin to answer at every address of a host and return the UDP port; raises OSError."""
        loop, sockets = asyncio.get_running_loop(), bound(Address(host, 0), socket.SOCK_DGRAM)
        for one in sockets:
            transport, _ = await loop.create_datagram_endpoint(lambda: _Questions(self), sock=one)
            self._doors.append(transport)
        return int(sockets[0].getsockname()[1])

    def close(self) -> None:
        """Answer no more."""
        for transport in self._doors:
            transport.close()


class _Questions(asyncio.DatagramProtocol):
    """What is asked at one address."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer a question; one that is not whole is left alone."""
        end = data.find(b"\x00", _HEADER) + 5
        if len(data) >= end > _HEADER:
            self._transport.sendto(answer(data, end, self._records.config), addr)


def answer(query: bytes, end: int, config: bytes) -> bytes:
    """Return the answer to a query whose question ends at an offset: the HTTPS record, or that there is none."""
    (kind,) = struct.unpack_from(">H", query, end - 4)
    record = b""
    if kind == _HTTPS:
        data = struct.pack(">HBHH", 1, 0, _ECH_PARAMETER, len(config)) + config
        record = struct.pack(">HHHIH", 0xC000 | _HEADER, _HTTPS, 1, TIME_TO_LIVE, len(data)) + data
    header = query[:2] + struct.pack(">HHHHH", _ANSWERED, 1, bool(record), 0, 0)
    return header + query[_HEADER:end] + record
