"""The kernel's socket tables over netlink (sock_diag(7)): blocks of messages, read column by column and not row by row.

A table has a hundred thousand sockets, and a step of Python for each costs more than the kernel takes. Messages that
are laid out alike lie one after another, so a column of them (all states, all inodes) is one slice of the block.
"""

import socket
import struct
from collections.abc import Container, Generator, Iterator, Sequence
from contextlib import closing, suppress
from itertools import compress, count
from typing import Final, NamedTuple

import msgspec

ESTABLISHED, SYN_SENT, SYN_RECV, FIN_WAIT1, FIN_WAIT2, TIME_WAIT = 1, 2, 3, 4, 5, 6
CLOSE_WAIT, LAST_ACK, LISTEN, CLOSING, NEW_SYN_RECV = 8, 9, 10, 11, 12
COUNTED_STATES: Final = sum(
    1 << state
    for state in (
        ESTABLISHED, SYN_SENT, SYN_RECV, FIN_WAIT1, FIN_WAIT2, CLOSE_WAIT, LAST_ACK, LISTEN, CLOSING, NEW_SYN_RECV,
    )
)  # fmt: skip

_NETLINK_SOCK_DIAG: Final = 4
_TCPDIAG_GETSOCK: Final = 18
_SOCK_DIAG_BY_FAMILY: Final = 20
_ALL_STATES: Final = 0xFFFFFFFF
_NLMSG_ERROR, _NLMSG_DONE = 2, 3
_REQUEST_ONE, _REQUEST_DUMP = 0x1, 0x301
_DIAG_INFO: Final = 2
_WANT_INFO: Final = 1 << (_DIAG_INFO - 1)
_RECEIVE: Final = 1 << 16
_GATHERED: Final = 1 << 16
"""Bytes of answers that are read together: to begin a column costs as much as hundreds of its sockets. Among much more
those whose layouts alternate would be gone through again and again."""
_AT_ONCE: Final = 32
"""Questions for one socket each that are put at once: what a socket of netlink's holds of answers."""

_PATIENCE: Final = struct.pack("@ll", 2, 0)
"""Seconds and microseconds that an answer may take."""
_REQUEST_HEADER: Final = struct.Struct("=IHHII")
_REQUEST: Final = struct.Struct("=BBBx I 48s")
_REQUEST_TCP: Final = struct.Struct("=B 2x B 48x I 4x")
_HEADER: Final = struct.Struct("=IH")
_ERRNO: Final = struct.Struct("=i")
# Places in a message: a header of 16 bytes, then struct inet_diag_msg (linux/inet_diag.h), then attributes.
_FAMILY, _STATE, _PORTS, _OWN, _PEER, _QUEUE, _INODE, _SOCKET_SIZE = 16, 17, 20, 24, 40, 72, 84, 88
_ID: Final = struct.Struct("=4s 16s 16s 4s 8s")
"""struct inet_diag_sockid: ports, addresses, interface, and a number that is left open."""
_ANY_NUMBER: Final = bytes([0xFF]) * 8
_INTERFACE: Final = 56
_INODE_NUMBER: Final = struct.Struct("=I")
_LAYOUT: Final = (0, 1, 2, 4)  # what there tells the length (beyond 16 MiB there is none) and the kind of message
# In struct tcp_info: bytes_acked and bytes_received at 120, bytes_sent and bytes_retrans at 200 (linux/tcp.h).
_INFO: Final = "4x 120x Q Q 64x Q Q"
_INFO_SIZE: Final = struct.calcsize("=" + _INFO)
_LOOPBACK_V4: Final = 127

Moved = tuple[int, int, int, int]
"""Bytes acknowledged, received, sent, sent again of one socket."""


class Ports(NamedTuple):
    """Where a socket leads from and to."""

    local: int
    peer: int


class Run(msgspec.Struct, frozen=True):
    """Messages laid out alike."""

    data: bytes
    """The messages; of bytes a column is cut out ten times as fast as of a view."""
    step: int
    """Bytes from one to the next."""
    info_at: int = 0
    """Place of the attribute that tells of bytes in each message; 0 where there is none."""

    @property
    def states(self) -> bytes:
        """Number of the TCP state of each socket."""
        return self.data[_STATE :: self.step]

    @property
    def inodes(self) -> list[int]:
        """Inode of each socket; 0 where no process has it, as for a connection that is not accepted yet."""
        return self._words(_INODE)

    @property
    def queues(self) -> list[int]:
        """Connections to be accepted where it listens, else bytes to be read."""
        return self._words(_QUEUE)

    @property
    def ports(self) -> list[Ports]:
        """Own port and the peer's."""
        return [Ports(*struct.unpack_from("!HH", self.data, i)) for i in range(_PORTS, len(self.data), self.step)]

    @property
    def port_pairs(self) -> list[int]:
        """Both ports of each socket as one number, the cheapest to get: own port in the lower 16 bits, as sent."""
        return self._words(_PORTS)

    def ends(self, row: int) -> tuple[str, str]:
        """Both ends of the socket in a row in words, as ``127.0.0.1:80`` and ``[::1]:80``."""
        at = row * self.step
        family, ports = self.data[at + _FAMILY], struct.unpack_from("!HH", self.data, at + _PORTS)
        own, peer = (self.data[at + place : at + place + 16] for place in (_OWN, _PEER))
        return _end(family, own, ports[0]), _end(family, peer, ports[1])

    def moved(self) -> Iterator[Moved]:
        """Bytes of each socket; only where ``info_at`` is not 0."""
        before = self.info_at
        after = self.step - before - _INFO_SIZE
        return struct.iter_unpack(f"={before}x {_INFO} {after}x", self.data)

    def elsewhere(self) -> Iterator[int]:
        """Inodes of the sockets whose peer is not on the loopback."""
        families = self.data[_FAMILY :: self.step]
        if families.count(socket.AF_INET) == len(families):
            nets = self.data[_PEER :: self.step]
            if nets.count(_LOOPBACK_V4) == len(nets):
                return iter(())
            return compress(self.inodes, nets.translate(_NOT_LOOPBACK_V4))
        peers = (self.data[i : i + 16] for i in range(_PEER, len(self.data), self.step))
        return (i for i, f, peer in zip(self.inodes, families, peers, strict=True) if not _is_loopback(f, peer))

    def _words(self, place: int) -> list[int]:
        return memoryview(self.data).cast("I")[place // 4 :: self.step // 4].tolist()


_NAMED_V4: Final = (_INODE, _FAMILY, _PORTS, _INTERFACE, _OWN, _PEER)
_NAMED: Final = (*_NAMED_V4[:4], *range(_OWN, _OWN + 16, 4), *range(_PEER, _PEER + 16, 4))


class Named:
    """Sockets as far as they are needed to ask for one again: words by columns, in a few large pieces of memory."""

    def __init__(self) -> None:
        self._v4 = [bytearray() for _ in _NAMED_V4]
        self._any = [bytearray() for _ in _NAMED]

    def take(self, run: Run) -> None:
        """Keep what names these sockets; of addresses of IPv4 that is one word."""
        words, step = memoryview(run.data).cast("I"), run.step // 4
        families = run.data[_FAMILY :: run.step]
        v4 = families.count(socket.AF_INET) == len(families)
        for column, place in zip(*((self._v4, _NAMED_V4) if v4 else (self._any, _NAMED)), strict=True):
            column.extend(words[place // 4 :: step].tobytes())

    def among(self, inodes: Container[int]) -> "Iterator[Question]":
        """Give those that are among these inodes."""
        for columns in (self._v4, self._any):
            there = memoryview(columns[0]).cast("I")
            for row in compress(count(), map(inodes.__contains__, there)):
                family, ports, interface, *words = (column[4 * row : 4 * row + 4] for column in columns[1:])
                half = len(words) // 2
                own, peer = b"".join(words[:half]), b"".join(words[half:])
                yield Question(there[row], family[0], _ID.pack(ports, own, peer, interface, _ANY_NUMBER))


class Question(NamedTuple):
    """One socket to ask for."""

    inode: int
    family: int
    place: bytes


_NOT_LOOPBACK_V4: Final = bytes(first != _LOOPBACK_V4 for first in range(256))
_LOOPBACK_V6: Final = bytes(15) + b"\1"
_MAPPED_LOOPBACK: Final = bytes(10) + b"\xff\xff" + bytes([_LOOPBACK_V4])


def _is_loopback(family: int, address: bytes) -> bool:
    if family == socket.AF_INET:
        return address[0] == _LOOPBACK_V4
    return address == _LOOPBACK_V6 or address.startswith(_MAPPED_LOOPBACK)


def _end(family: int, packed: bytes, port: int) -> str:
    if family == socket.AF_INET:
        return f"{socket.inet_ntop(socket.AF_INET, packed[:4])}:{port}"
    return f"[{socket.inet_ntop(socket.AF_INET6, packed[:16])}]:{port}"


def dump_tcp(states: int, *, info: bool = False) -> Iterator[Run]:
    """Read the TCP sockets of this network namespace in these states; raises OSError where the kernel refuses.

    With ``info`` the kernel tells of bytes too, which costs it a quarter more. The older of its two requests is the one
    that takes both families in one walk; a walk passes every connection in TIME_WAIT.
    """
    extensions = _WANT_INFO if info else 0
    return _dump(_TCPDIAG_GETSOCK, _REQUEST_TCP.pack(socket.AF_UNSPEC, extensions, states), info=info)


def dump_udp() -> Iterator[Run]:
    """Read the UDP sockets of this network namespace; raises OSError where the kernel refuses."""
    for family in (socket.AF_INET, socket.AF_INET6):
        request = _REQUEST.pack(family, socket.IPPROTO_UDP, 0, _ALL_STATES, b"")
        yield from _dump(_SOCK_DIAG_BY_FAMILY, request)


def _dump(kind: int, request: bytes, *, info: bool = False) -> Iterator[Run]:
    head = _REQUEST_HEADER.pack(_REQUEST_HEADER.size + len(request), kind, _REQUEST_DUMP, 1, 0)
    with closing(_opened()) as link:
        link.send(head + request)
        view = memoryview(bytearray(_GATHERED + _RECEIVE))
        while not (yield from read_block(_gathered(link, view), info=info)):
            pass


def _gathered(link: socket.socket, view: memoryview) -> memoryview:
    """Wait for an answer, and put those behind it that are there already."""
    size = link.recv_into(view)
    with suppress(BlockingIOError):
        while size < _GATHERED:
            size += link.recv_into(view[size:], 0, socket.MSG_DONTWAIT)
    return view[:size]


def still_held(questions: Sequence[Question]) -> Iterator[int]:
    """Give the inodes of those TCP sockets that a process holds by now; raises OSError where the kernel refuses.

    Of one the kernel tells in 2 us: a table is dearer as long as not all of it is in question.
    """
    size = _REQUEST_HEADER.size + _REQUEST.size
    head = _REQUEST_HEADER.pack(size, _SOCK_DIAG_BY_FAMILY, _REQUEST_ONE, 1, 0)
    with closing(_opened()) as link:
        for first in range(0, len(questions), _AT_ONCE):
            some = questions[first : first + _AT_ONCE]
            asked = (_REQUEST.pack(q.family, socket.IPPROTO_TCP, 0, _ALL_STATES, q.place) for q in some)
            link.send(b"".join(head + one for one in asked))
            for question in some:
                answer = link.recv(_RECEIVE)
                told = _HEADER.unpack_from(answer)[1] == _SOCK_DIAG_BY_FAMILY
                # Who asks by its place may be told of another one that is there by now; a closed one has no inode.
                if told and _INODE_NUMBER.unpack_from(answer, _INODE)[0] == question.inode:
                    yield question.inode


def _opened() -> socket.socket:
    """A socket to ask through, on which nobody waits forever for an answer that was lost: that is a BlockingIOError."""
    link = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _NETLINK_SOCK_DIAG)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _PATIENCE)
    return link


def read_block(block: memoryview, *, info: bool = True) -> Generator[Run, None, bool]:
    """Find the runs in one block of messages; returns whether the dump ends in it; raises OSError of the kernel's.

    Without ``info`` nobody asked for what tells of bytes, and it is not looked for.
    """
    offset = 0
    while offset < len(block):
        length, kind = _HEADER.unpack_from(block, offset)
        if kind == _NLMSG_ERROR:
            raise OSError(-_ERRNO.unpack_from(block, offset + 16)[0], "sock_diag refused")
        if kind == _NLMSG_DONE:
            return True
        if kind in (_SOCK_DIAG_BY_FAMILY, _TCPDIAG_GETSOCK):
            run = _run_at(bytes(block[offset:]), length, _info_at(block, offset, length) if info else 0)
            offset += len(run.data)
            yield run
        else:
            offset += _padded(length)
    return False


def _run_at(block: bytes, length: int, at: int) -> Run:
    """Find the messages that are laid out like the first, whose attribute that tells of bytes is ``at``."""
    step = _padded(length)
    places = (*_LAYOUT, *range(at, at + 4)) if at else _LAYOUT
    alike = min(_alike(block, place, step) for place in places)
    return Run(block[: alike * step], step, at)


def _alike(block: bytes, place: int, step: int) -> int:
    """Count the bytes, one every ``step``, that are as the first, up to the one that is not; whole steps only."""
    column = block[place : len(block) // step * step : step]
    first = column[0]
    if column.count(first) == len(column):
        return len(column)
    return len(column) - len(column.lstrip(column[:1]))


def _padded(length: int) -> int:
    return max((length + 3) & ~3, 4)


def _info_at(block: memoryview, offset: int, length: int) -> int:
    at = _SOCKET_SIZE
    while at + 4 <= length:
        size, kind = struct.unpack_from("=HH", block, offset + at)
        if kind == _DIAG_INFO and size >= _INFO_SIZE:
            return at
        at += _padded(size)
    return 0
