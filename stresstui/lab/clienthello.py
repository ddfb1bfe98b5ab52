"""Reads the outer ClientHello of a TLS connection (RFC 8446, section 4.1.2; RFC 9849 for ECH)."""

from dataclasses import dataclass

ECH = 65037
"""The extension number of Encrypted ClientHello (RFC 9849)."""
_SERVER_NAME = 0
_HANDSHAKE = 22
_CLIENT_HELLO = 1
_RECORD_HEADER = 5
_MAX_RECORD = 2**14 + 256


class NotClientHelloError(ValueError):
    """The bytes are not the beginning of a TLS ClientHello."""


@dataclass(frozen=True, slots=True)
class ClientHello:
    """What the outer, unencrypted ClientHello shows to everyone on the wire."""

    server_name: str | None
    """The outer SNI, or None where the extension is absent."""
    extensions: tuple[int, ...]
    """The extension numbers, in the order sent."""
    length: int
    """Bytes of the TLS records that carried it."""

    def carries_ech(self, public_name: str) -> bool:
        """Say whether it carries ECH and shows only the public name."""
        return ECH in self.extensions and self.server_name == public_name


def parse_client_hello(data: bytes) -> ClientHello | None:
    """Return the ClientHello that data begins with, None while incomplete; raises NotClientHelloError."""
    message, used = _handshake(data)
    if message is None:
        return None
    try:
        return _body(message, used)
    except IndexError as error:
        raise NotClientHelloError("a ClientHello that ends before its own lengths say") from error


def _handshake(data: bytes) -> tuple[bytes | None, int]:
    """Join the handshake fragments of as many records as the message needs."""
    message, used = b"", 0
    while len(data) - used >= _RECORD_HEADER:
        if data[used] != _HANDSHAKE or data[used + 1] != 3:  # noqa: PLR2004 -- TLS writes its major version as 3
            raise NotClientHelloError("not a TLS handshake record")
        length = int.from_bytes(data[used + 3 : used + 5])
        if length > _MAX_RECORD:
            raise NotClientHelloError("a record longer than TLS allows")
        if len(data) - used - _RECORD_HEADER < length:
            return None, 0
        message += data[used + _RECORD_HEADER : used + _RECORD_HEADER + length]
        used += _RECORD_HEADER + length
        if message[:1] != bytes([_CLIENT_HELLO]):
            raise NotClientHelloError("a handshake that does not begin with a ClientHello")
        if len(message) >= 4 + int.from_bytes(message[1:4]):
            return message[4 : 4 + int.from_bytes(message[1:4])], used
    if data and data[0] != _HANDSHAKE:
        raise NotClientHelloError("not a TLS handshake record")
    return None, 0


def _body(message: bytes, used: int) -> ClientHello:
    at = 2 + 32  # the legacy version and the random
    at += 1 + message[at]
    at += 2 + int.from_bytes(message[at : at + 2])
    at += 1 + message[at]
    end = at + 2 + int.from_bytes(message[at : at + 2])
    if end > len(message):
        raise NotClientHelloError("extensions longer than their ClientHello")
    at += 2
    found: list[int] = []
    name: str | None = None
    while at + 4 <= end:
        kind, length = int.from_bytes(message[at : at + 2]), int.from_bytes(message[at + 2 : at + 4])
        found.append(kind)
        if kind == _SERVER_NAME:
            name = _server_name(message[at + 4 : at + 4 + length])
        at += 4 + length
    return ClientHello(name, tuple(found), used)


def _server_name(value: bytes) -> str | None:
    # list length (2), name type (1), name length (2), name (RFC 6066, section 3)
    length = int.from_bytes(value[3:5])
    return value[5 : 5 + length].decode("ascii", "replace") or None
