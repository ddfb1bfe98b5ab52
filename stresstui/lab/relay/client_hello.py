"""Reads the outer ClientHello of a TLS connection (RFC 8446, section 4.1.2; RFC 9849 for ECH)."""

from dataclasses import dataclass

ECH = 65037
"""The extension number of Encrypted ClientHello (RFC 9849)."""
PRE_SHARED_KEY = 41
"""The extension number with which a client asks to resume a session (RFC 8446, section 4.2.11)."""
_SERVER_NAME = 0
_OUTER = 0  # the type of an ECH extension that holds a real one
_ECH_CONFIG = 5  # behind the type and the two algorithms
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
    ech_config: int | None = None
    """The number of the ECH configuration that the client used, None without ECH."""

    def carries_ech(self, public_name: str) -> bool:
        """Say whether it carries ECH and shows only the public name."""
        return ECH in self.extensions and self.server_name == public_name


def parse_client_hello(data: bytes) -> ClientHello | None:
    """Return the ClientHello that data begins with, None while incomplete; raises NotClientHelloError."""
    message, used = _handshake(data)
    if message is None:
        return None
    return _body(message, used)


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


class _Cursor:
    """Reads a message forwards; raises NotClientHelloError instead of reading beyond its end."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def read(self, length: int) -> bytes:
        end = self._at + length
        if end > len(self._data):
            raise NotClientHelloError("a ClientHello that ends before its own lengths say")
        taken, self._at = self._data[self._at : end], end
        return taken

    def number(self) -> int:
        return int.from_bytes(self.read(2))

    def vector(self, width: int) -> bytes:
        """Take a vector that begins with its length in width bytes."""
        return self.read(int.from_bytes(self.read(width)))


def _body(message: bytes, used: int) -> ClientHello:
    cursor = _Cursor(message)
    cursor.read(2 + 32)  # the legacy version and the random
    cursor.vector(1)  # the session id
    cursor.vector(2)  # the cipher suites
    cursor.vector(1)  # the compression methods
    found: list[int] = []
    name: str | None = None
    config: int | None = None
    extensions = _Cursor(cursor.vector(2))
    while extensions:
        found.append(extensions.number())
        value = extensions.vector(2)
        if found[-1] == _SERVER_NAME and value:
            name = _server_name(_Cursor(value))
        elif found[-1] == ECH and len(value) > _ECH_CONFIG and value[0] == _OUTER:
            config = value[_ECH_CONFIG]
    return ClientHello(name, tuple(found), used, config)


def _server_name(value: _Cursor) -> str:
    names = _Cursor(value.vector(2))  # RFC 6066, section 3: a list of type and name
    names.read(1)
    return names.vector(2).decode("ascii", "replace")
