"""The kernel's socket tables over netlink (sock_diag(7)), reduced by the kernel to the states that are counted."""

import socket
import struct
from contextlib import closing

ESTABLISHED, CLOSE_WAIT, LISTEN = 1, 8, 10
COUNTED_STATES = 1 << ESTABLISHED | 1 << CLOSE_WAIT | 1 << LISTEN
ALL_STATES = 0xFFFFFFFF

_NETLINK_SOCK_DIAG = 4
_SOCK_DIAG_BY_FAMILY = 20
_NLMSG_ERROR, _NLMSG_DONE = 2, 3
_REQUEST_DUMP = 0x301
_DIAG_INFO = 2
_WANT_INFO = 1 << (_DIAG_INFO - 1)
_RECEIVE = 1 << 16

_REQUEST = struct.Struct("=IHHII BBBx I 48x")
_HEADER = struct.Struct("=IH")
_ERRNO = struct.Struct("=i")
# In struct inet_diag_msg: the state at 1, the queue at 56, the inode at 68 (linux/inet_diag.h), after 16 of header.
_SOCKET = "=16x x B 2x 48x 4x I 4x 4x I"
_SOCKET_SIZE = struct.calcsize(_SOCKET)
# In struct tcp_info: bytes_acked and bytes_received at 120, bytes_sent and bytes_retrans at 200 (linux/tcp.h).
_INFO = "4x 120x Q Q 64x Q Q"
_INFO_SIZE = struct.calcsize("=" + _INFO)

Row = tuple[int, ...]
"""One socket: state, queue, inode; where the kernel tells them, bytes acknowledged, received, sent, sent again.

The queue is that of connections to be accepted where it listens, else that of bytes to be read. The inode is 0 where
no process has the socket, as for a connection not accepted yet.
"""


def dump(protocol: int, states: int) -> list[Row]:
    """List the IPv4 and IPv6 sockets of this network namespace; raises OSError where the kernel refuses."""
    found: list[Row] = []
    for family in (socket.AF_INET, socket.AF_INET6):
        _dump(family, protocol, states, found)
    return found


def _dump(family: int, protocol: int, states: int, found: list[Row]) -> None:
    request = _REQUEST.pack(
        _REQUEST.size, _SOCK_DIAG_BY_FAMILY, _REQUEST_DUMP, 1, 0, family, protocol, _WANT_INFO, states
    )
    kind = socket.SOCK_RAW | socket.SOCK_CLOEXEC
    with closing(socket.socket(socket.AF_NETLINK, kind, _NETLINK_SOCK_DIAG)) as link:
        link.send(request)
        buffer = bytearray(_RECEIVE)
        view = memoryview(buffer)
        while not read_block(view[: link.recv_into(buffer)], found):
            pass


def read_block(block: memoryview, found: list[Row]) -> bool:
    """Add the sockets of one block of messages; True where the dump ends in it; raises OSError of the kernel's."""
    offset = 0
    while offset < len(block):
        length, kind = _HEADER.unpack_from(block, offset)
        if kind == _NLMSG_ERROR:
            raise OSError(-_ERRNO.unpack_from(block, offset + 16)[0], "sock_diag refused")
        if kind == _NLMSG_DONE:
            return True
        if kind == _SOCK_DIAG_BY_FAMILY:
            offset = _read_run(block, offset, length, found)
        else:
            offset += _padded(length)
    return False


def _read_run(block: memoryview, offset: int, length: int, found: list[Row]) -> int:
    """Read the messages that are laid out like the one at ``offset``, in one go; return where they end."""
    at, layout = _layout(block, offset, length)
    step = layout.size
    words = block[offset:].cast("I")
    alike = min(_alike(words, i // 4, step // 4) for i in ((0, 4, at) if at else (0, 4)))
    end = offset + alike * step
    found.extend(layout.iter_unpack(block[offset:end]))
    return end


def _alike(words: memoryview, start: int, step: int) -> int:
    """Count the words, one every ``step``, that are as the first, up to the one that is not; whole steps only."""
    values = words[start : len(words) // step * step : step].tolist()
    first = values[0]
    if values.count(first) == len(values):
        return len(values)
    return next(i for i, value in enumerate(values) if value != first)


def _padded(length: int) -> int:
    return max((length + 3) & ~3, 4)


_layouts: dict[tuple[int, int], struct.Struct] = {}


def _layout(block: memoryview, offset: int, length: int) -> tuple[int, struct.Struct]:
    """Lay out messages like the one at ``offset``; with the place of the attribute that tells of bytes, or 0."""
    at = _info_at(block, offset, length)
    if (length, at) not in _layouts:
        text = f"{_SOCKET} {at - _SOCKET_SIZE}x {_INFO}" if at else _SOCKET
        rest = _padded(length) - struct.calcsize(text)
        _layouts[length, at] = struct.Struct(f"{text} {rest}x")
    return at, _layouts[length, at]


def _info_at(block: memoryview, offset: int, length: int) -> int:
    at = _SOCKET_SIZE
    while at + 4 <= length:
        size, kind = struct.unpack_from("=HH", block, offset + at)
        if kind == _DIAG_INFO and size >= _INFO_SIZE:
            return at
        at += _padded(size)
    return 0
