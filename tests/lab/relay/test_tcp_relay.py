"""What the relays read off the wire, against bytes made by a real TLS library and by hand."""

import socket
import ssl
from collections.abc import Iterator

import pytest

from stresstui.lab.net.socks import Address
from stresstui.lab.relay.client_hello import ECH, ClientHello, NotClientHelloError, parse_client_hello
from stresstui.lab.relay.handshake import Handshakes, SshHandshake, TlsHandshake
from stresstui.lab.relay.udp_relay import Path


def hello_of(name: str | None) -> bytes:
    """Return the ClientHello that Python's TLS library sends for a server name."""
    context = ssl.create_default_context()
    context.check_hostname = name is not None
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(incoming, outgoing, server_hostname=name)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


def record(kind: int, body: bytes) -> bytes:
    return bytes([kind, 3, 3]) + len(body).to_bytes(2) + body


def read(data: bytes) -> ClientHello:
    hello = parse_client_hello(data)
    assert hello is not None
    return hello


def with_extension(data: bytes, number: int) -> bytes:
    """Add an empty extension to a ClientHello and mend its four lengths."""
    extra = number.to_bytes(2) + b"\x00\x00"
    message = bytearray(data[9:])
    at = 34
    at += 1 + message[at]
    at += 2 + int.from_bytes(message[at : at + 2])
    at += 1 + message[at]
    message[at : at + 2] = (int.from_bytes(message[at : at + 2]) + len(extra)).to_bytes(2)
    message += extra
    return record(22, b"\x01" + len(message).to_bytes(3) + bytes(message))


def test_a_real_client_hello() -> None:
    data = hello_of("outer.example")
    hello = read(data + b"what follows")
    assert hello.server_name == "outer.example"
    assert ECH not in hello.extensions
    assert 43 in hello.extensions  # supported_versions: a TLS 1.3 client
    assert hello.length == len(data)
    assert not hello.carries_ech("outer.example")


def test_ech_counts_only_with_the_public_name() -> None:
    hello = read(with_extension(hello_of("outer.example"), ECH))
    assert hello.carries_ech("outer.example")
    assert not hello.carries_ech("inner.example")


def test_no_server_name() -> None:
    assert read(hello_of(None)).server_name is None


def test_every_truncation_waits_and_fragments_are_joined() -> None:
    data = hello_of("outer.example")
    assert all(parse_client_hello(data[:length]) is None for length in range(len(data)))
    body = data[5:]
    assert read(record(22, body[:100]) + record(22, body[100:])).server_name == "outer.example"


@pytest.mark.parametrize(
    "data", [b"GET / HTTP/1.1\r\n\r\n", b"SSH-2.0-x", record(22, b"\x02" + bytes(40)), b"\x16\x01\x01"]
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(NotClientHelloError):
        parse_client_hello(data + bytes(8))


def test_a_client_hello_that_lies_about_its_lengths() -> None:
    data = bytearray(hello_of("outer.example"))
    data[76:78] = b"\xff\xff"  # the length of the cipher suites
    with pytest.raises(NotClientHelloError):
        parse_client_hello(bytes(data))


FINISHED, ALERT, DATA = record(23, bytes(53)), record(23, bytes(19)), record(23, bytes(400))
CHANGE = record(20, b"\x01")


@pytest.mark.parametrize(
    ("after", "done", "failed"),
    [
        (CHANGE + FINISHED + DATA, 1, 0),
        (CHANGE + FINISHED + ALERT, 0, 1),
        (CHANGE + FINISHED, 0, 1),
        (b"", 0, 1),
    ],
    ids=["data", "alert", "finished-only", "hello-only"],
)
@pytest.mark.parametrize("step", [1, 7, 4096])
def test_a_tls_handshake_is_followed_to_its_end(after: bytes, done: int, failed: int, step: int) -> None:
    counts = Handshakes("outer.example")
    handshake = TlsHandshake(counts)
    data = with_extension(hello_of("outer.example"), ECH) + after
    for at in range(0, len(data), step):
        if not handshake.over:
            handshake.feed(data[at : at + step])
    handshake.close()
    assert (counts.begun, counts.hidden, counts.done, counts.failed) == (1, 1, done, failed)
    assert counts.metrics()["ech_share_percent"] == 100
    assert ("handshake_ms_p50" in counts.metrics()) == (FINISHED in after)


def test_a_visitor_that_speaks_no_tls_is_a_failed_handshake() -> None:
    counts = Handshakes()
    handshake = TlsHandshake(counts)
    handshake.feed(b"GET / HTTP/1.1\r\n\r\n")
    handshake.close()
    assert (counts.begun, counts.failed) == (1, 1)


def test_a_connection_without_a_byte_is_no_handshake() -> None:
    counts = Handshakes()
    TlsHandshake(counts).close()
    assert (counts.begun, counts.failed) == (0, 0)


def packet(kind: int, size: int) -> bytes:
    return (2 + size).to_bytes(4) + b"\x00" + bytes([kind]) + bytes(size)


@pytest.mark.parametrize("step", [1, 5, 4096])
def test_an_ssh_handshake_ends_with_new_keys(step: int) -> None:
    counts = Handshakes()
    handshake = SshHandshake(counts)
    data = b"SSH-2.0-Go\r\n" + packet(20, 900) + packet(30, 40) + packet(21, 10)
    for at in range(0, len(data), step):
        if not handshake.over:
            handshake.feed(data[at : at + step])
    handshake.close()
    assert (counts.begun, counts.done, counts.failed) == (1, 1, 0)


@pytest.fixture
def path() -> Iterator[Path]:
    with socket.socket(type=socket.SOCK_DGRAM) as front:
        made = Path(("127.0.0.1", 1), front, Address("127.0.0.1", 9), Handshakes())
        yield made
        made.back.close()


INITIAL, HANDSHAKE, SHORT = 0xC3, 0xE1, 0x4A


def test_a_quic_handshake_ends_with_the_first_short_header(path: Path) -> None:
    for at, first in enumerate([INITIAL, INITIAL, HANDSHAKE, SHORT, SHORT]):
        path.see(first, 100.0 + at / 100)
    counts = path.counts
    assert (counts.begun, counts.done, counts.failed) == (1, 1, 0)
    assert counts.metrics()["handshake_ms_p50"] == pytest.approx(30, rel=0.01)
    path.see(INITIAL, 200.0)  # the same client begins again
    assert counts.begun == 2
    assert not path.is_over(205.0)
    assert counts.failed == 0
    path.is_over(211.0)
    path.is_over(212.0)
    assert counts.failed == 1
    assert path.is_over(400.0)


def test_an_ssh_client_that_leaves_early_has_failed() -> None:
    counts = Handshakes()
    handshake = SshHandshake(counts)
    handshake.feed(b"SSH-2.0-Go\r\n" + packet(20, 900))
    handshake.close()
    assert (counts.begun, counts.done, counts.failed) == (1, 0, 1)
