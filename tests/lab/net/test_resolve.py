"""Addresses as they are written, and what they are on this machine."""

import socket

import pytest

from stresstui.lab.net.resolve import bound, way_to, why_no_door
from stresstui.lab.net.socks import Address, parse_address, parse_door

BOTH = [
    (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 0, 0, 0)),
    (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0)),
]


@pytest.mark.parametrize(
    ("text", "host", "port", "written"),
    [
        ("10.0.0.1", "10.0.0.1", 0, "10.0.0.1:0"),
        ("10.0.0.1:70", "10.0.0.1", 70, "10.0.0.1:70"),
        ("fd00::1", "fd00::1", 0, "[fd00::1]:0"),
        ("[fd00::1]", "fd00::1", 0, "[fd00::1]:0"),
        ("[fd00::1]:70", "fd00::1", 70, "[fd00::1]:70"),
        ("::1", "::1", 0, "[::1]:0"),
        ("box-1.example.org", "box-1.example.org", 0, "box-1.example.org:0"),
        ("box1:70", "box1", 70, "box1:70"),
    ],
)
def test_an_address_is_read_and_written_with_brackets_where_it_has_colons(
    text: str, host: str, port: int, written: str
) -> None:
    assert parse_address(text) == Address(host, port)
    assert parse_address(text).written() == written
    assert parse_address(written) == Address(host, port)


@pytest.mark.parametrize(
    "text",
    ["", ":70", "10.0.0", "300.0.0.1", "10.0.0.1:70000", "fd00::x", "[fd00::1", "[box]:1", "a b", "box:", "a:b:c"],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        parse_address(text)


@pytest.mark.parametrize(("text", "why"), [("fe80::1%eth0", "one link"), ("0.0.0.0", "every"), ("[::]:70", "every")])
def test_a_door_is_one_that_others_can_come_to(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_door(text)


@pytest.mark.parametrize(
    ("host", "packed"),
    [
        ("127.0.0.1", b"\x01\x7f\x00\x00\x01\x00\x46"),
        ("::1", b"\x04" + bytes(15) + b"\x01\x00\x46"),
        ("box", b"\x03\x03box\x00\x46"),
    ],
)
def test_socks_has_a_type_for_each_kind_of_host(host: str, packed: bytes) -> None:
    assert Address(host, 70).packed() == packed


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_name_of_both_families_is_bound_at_both_on_one_port(
    monkeypatch: pytest.MonkeyPatch, kind: socket.SocketKind
) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: BOTH)
    made = bound(Address("both", 0), kind)
    where = [one.getsockname() for one in made]
    for one in made:
        one.close()
    assert [name[0] for name in where] == ["::1", "127.0.0.1"]
    assert where[0][1] == where[1][1] > 0


def test_the_way_is_by_the_first_address_that_there_is_one_to(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = (socket.AF_INET, socket.SOCK_DGRAM, 17, "", ("255.255.255.255", 9))
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [nowhere, (socket.AF_INET, 2, 17, "", ("127.0.0.1", 9))])
    assert way_to(Address("both", 9)) == Address("127.0.0.1", 9)


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("box1", "box1 is ::1 here, which no other box reaches; name an address"),
        ("localhost", ""),
        ("127.0.0.1", ""),
        ("::1", ""),
    ],
)
def test_a_name_that_only_this_box_reaches_is_told(monkeypatch: pytest.MonkeyPatch, host: str, why: str) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: BOTH)
    assert why_no_door(Address(host, 0)) == why


def test_a_name_that_nobody_knows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    assert why_no_door(Address("box1", 0)) == "box1 cannot be found: Name or service not known"
