"""What the kernel writes, read exactly."""

import struct
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstui.engine.collect.net import proc_net
from stresstui.engine.collect.net.net_counters import parse_pairs, parse_sockstat
from stresstui.engine.collect.net.sock_diag import Run, read_block
from stresstui.engine.collect.proc import descriptors, procfs

FIELDS = (
    "4321 (%s) S 77 1 1 0 -1 4194304 103 0 0 0 150 50 9 9 20 0 6 0 74561 2998272 421 184467 "
    "10 20 30 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 1 2 3 44 5 6 7 0\n"
)


@pytest.mark.parametrize("name", ["sh", "a b", "(", ")", ") R 1 2", "((x) y) S 1", "", "tokio-runtime-w", "naïve"])
def test_stat_with_any_name(name: str) -> None:
    stat = procfs.parse_stat((FIELDS % name).encode())
    assert (stat.pid, stat.name, stat.state, stat.ppid, stat.threads) == (4321, name, "S", 77, 6)
    assert (stat.cpu_s, stat.started, stat.vsz, stat.rss) == (2.0, 745.61, 2998272, 421 * 4096)
    assert stat.mark == (name.encode(), b"10", b"30", b"44")


@given(st.binary(max_size=15))
def test_stat_with_any_bytes_for_a_name(name: bytes) -> None:
    head, tail = FIELDS.encode().split(b"%s")
    stat = procfs.parse_stat(head + name + tail)
    assert (stat.pid, stat.ppid, stat.rss) == (4321, 77, 421 * 4096)
    assert stat.name == name.decode(errors="replace")


@pytest.mark.parametrize("line", [b"", b"1 (x) S", b"no stat line"])
def test_what_is_no_stat_line_is_an_error(line: bytes) -> None:
    with pytest.raises((ValueError, IndexError)):
        procfs.parse_stat(line)


@pytest.mark.parametrize(
    ("state", "threads", "ended"), [("Z", 1, True), ("Z", 2, False), ("S", 1, False), ("X", 0, True)]
)
def test_ended(state: str, threads: int, *, ended: bool) -> None:
    line = FIELDS.replace(" S 77", f" {state} 77").replace("20 0 6 0", f"20 0 {threads} 0")
    assert procfs.parse_stat((line % "x").encode()).ended is ended


@pytest.mark.parametrize(
    ("target", "inode"),
    [("socket:[12345]", 12345), ("pipe:[1]", 0), ("/tmp/socket:[1]", 0), (None, 0), ("", 0)],
)
def test_socket_inode(target: str | None, inode: int) -> None:
    assert descriptors.socket_inode(target) == inode


def message(state: int, inode: int, *attributes: tuple[int, bytes], waiting: int = 0, kind: int = 20) -> bytes:
    body = struct.pack("=BBBB 48x I I I I I", 2, state, 0, 0, 0, waiting, 0, 1000, inode)
    for number, value in attributes:
        body += struct.pack("=HH", 4 + len(value), number) + value + b"\0" * (-len(value) % 4)
    return struct.pack("=IHHII", 16 + len(body), kind, 2, 1, 0) + body


def info(acked: int, received: int, sent: int, again: int = 0) -> tuple[int, bytes]:
    value = bytearray(280)
    struct.pack_into("=QQ", value, 120, acked, received)
    struct.pack_into("=QQ", value, 200, sent, again)
    return (2, bytes(value))


LINE_V6 = (
    "   1: 00000000000000000000000001000000:0050 B80D0120000000000000000001000000:FFFF "
    "01 00000000:00000000 00:00000000 00000000  0  0 42 2"
)
DONE = struct.pack("=IHHIIi", 20, 3, 2, 1, 0, 0)
SHUTDOWN = (8, b"\0")


def read(block: bytes) -> list[tuple[int, ...]]:
    """State, queue and inode of every socket, and its bytes where they are told."""
    found: list[tuple[int, ...]] = []

    def take() -> Iterator[Run]:
        ends = yield from read_block(memoryview(block))
        assert ends is block.endswith(DONE)

    for run in take():
        found += rows(run)
    return found


def rows(run: Run) -> list[tuple[int, ...]]:
    moved = list(run.moved()) if run.info_at else [()] * len(run.states)
    return [(*row, *bytes_) for *row, bytes_ in zip(run.states, run.queues, run.inodes, moved, strict=True)]


def test_messages_of_every_shape_in_one_block() -> None:
    block = b"".join(
        [
            message(1, 11, SHUTDOWN, info(100, 50, 100)),
            message(1, 12, SHUTDOWN, info(101, 51, 100)),
            message(10, 13, SHUTDOWN, waiting=3),
            message(8, 14, info(7, 8, 9, 2), SHUTDOWN),
            message(1, 0),
            DONE,
        ]
    )
    assert read(block) == [
        (1, 0, 11, 100, 50, 100, 0),
        (1, 0, 12, 101, 51, 100, 0),
        (10, 3, 13),
        (8, 0, 14, 7, 8, 9, 2),
        (1, 0, 0),
    ]


def test_messages_of_one_length_with_the_attribute_elsewhere() -> None:
    first = message(1, 1, SHUTDOWN, info(5, 6, 5))
    second = message(1, 2, info(7, 8, 7), SHUTDOWN)
    assert len(first) == len(second)
    assert read(first + second + first) == [(1, 0, 1, 5, 6, 5, 0), (1, 0, 2, 7, 8, 7, 0), (1, 0, 1, 5, 6, 5, 0)]


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.sampled_from([(), (SHUTDOWN,), (info(1, 2, 3),)]))))
def test_no_message_is_lost(sockets: list[tuple[int, tuple[tuple[int, bytes], ...]]]) -> None:
    block = b"".join(message(1, inode, *attributes) for inode, attributes in sockets) + DONE
    assert [row[2] for row in read(block)] == [inode for inode, _ in sockets]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000  1000  0 777 1",
            proc_net.SocketLine("127.0.0.1:8080", "0.0.0.0:0", 10, 3, 777),
        ),
        (
            LINE_V6,
            proc_net.SocketLine("[::1]:80", "[2001:db8::1]:65535", 1, 0, 42),
        ),
    ],
)
def test_text_table_lines(text: str, line: proc_net.SocketLine) -> None:
    assert proc_net.parse_line(text.encode()) == line


def test_counters() -> None:
    text = "Tcp: RtoMin MaxConn CurrEstab\nTcp: 200 -1 7\nUdp: InDatagrams RcvbufErrors\nUdp: -1 2\nIp: A\nIp: 1\n"
    udp = {("Udp", "InDatagrams"): -1, ("Udp", "RcvbufErrors"): 2}
    assert parse_pairs(text) == {("Tcp", "CurrEstab"): 7, **udp}
    other = text.replace("MaxConn ", "").replace("-1 7", "7")
    assert parse_pairs(other) == {("Tcp", "CurrEstab"): 7, **udp}
    assert parse_pairs(text.replace("-1 7", "-1")) == udp
    assert parse_pairs("") == {}
    assert parse_sockstat("sockets: used 11\nTCP: inuse 1 orphan 0 tw 9 alloc 1 mem 0\n")["sockstat TCP", "tw"] == 9


def test_what_the_kernel_refuses_is_an_error() -> None:
    refusal = struct.pack("=IHHIIi", 36, 2, 0, 1, 0, -1) + bytes(16)
    with pytest.raises(PermissionError):
        list(read_block(memoryview(refusal)))
