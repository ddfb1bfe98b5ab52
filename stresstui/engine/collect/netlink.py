"""The kernel's socket tables over netlink (sock_diag(7)), reduced by the kernel to the states that are counted."""

import socket
import struct
from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

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
# length, type, state, (addresses), waiting to be read or accepted, inode
_DIAG = "=IH 11x B 2x 48x 4x I 4x 4x I"
_DIAG_SIZE = struct.calcsize(_DIAG)
# In struct tcp_info: bytes_acked and bytes_received at 120, bytes_sent at 200 (linux/tcp.h).
_INFO = "4x 120x Q Q 64x Q"
_INFO_SIZE = struct.calcsize("=" + _INFO)


class Row(NamedTuple):
    """One socket."""

    state: int
    """TCP state."""
    waiting: int
    """Connections waiting to be accepted, where it listens; else bytes waiting to be read."""
    inode: int
    """Inode; 0 where no process has it, as for a connection not accepted yet."""
    acked: int | None
    """Bytes that the peer has acknowledged; None where not told."""
    received: int | None
    """Bytes received; None where not told."""


def dump(protocol: int, states: int) -> Iterator[Row]:
    """List the IPv4 and IPv6 sockets of this network namespace; raises OSError where the kernel refuses."""
    for family in (socket.AF_INET, socket.AF_INET6):
        for block in _blocks(family, protocol, states):
            yield from rows(block)


def _blocks(family: int, protocol: int, states: int) -> Iterator[memoryview]:
    request = _REQUEST.pack(
        _REQUEST.size, _SOCK_DIAG_BY_FAMILY, _REQUEST_DUMP, 1, 0, family, protocol, _WANT_INFO, states
    )
    with closing(socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _NETLINK_SOCK_DIAG)) as link:
        link.send(request)
        buffer = bytearray(_RECEIVE)
        view = memoryview(buffer)
        while True:
            block = view[: link.recv_into(buffer)]
            yield block
            if _last(block):
                return


def _last(block: memoryview) -> bool:
    """Say whether the dump ends in this block; raises OSError where the kernel reports one."""
    offset = 0
    while offset < len(block):
        length, kind = _HEADER.unpack_from(block, offset)
        if kind == _NLMSG_ERROR:
            raise OSError(-_ERRNO.unpack_from(block, offset + 16)[0], "sock_diag refused")
        if kind == _NLMSG_DONE:
            return True
        offset += _padded(length)
    return False


def rows(block: memoryview) -> Iterator[Row]:
    """Read the sockets out of one block of messages."""
    offset = 0
    while offset < len(block):
        length, kind = _HEADER.unpack_from(block, offset)
        if kind != _SOCK_DIAG_BY_FAMILY:
            offset += _padded(length)
            continue
        layout, told = _layout(block, offset, length)
        step = layout.size
        run = block[offset : offset + (len(block) - offset) // step * step]
        # Sockets of one kind have messages of one length and one order of attributes: read them in one go.
        for fields in layout.iter_unpack(run):
            if fields[:2] != (length, kind) or fields[5:6] != _tag(told):
                break
            yield _row(fields, told)
            offset += step


def _tag(told: int) -> tuple[int, ...]:
    return (told,) if told else ()


def _row(fields: tuple[int, ...], told: int) -> Row:
    if not told:
        return Row(fields[2], fields[3], fields[4], None, None)
    # The kernel counts the acknowledged SYN of the side that connected as a byte.
    return Row(fields[2], fields[3], fields[4], min(fields[6], fields[8]), fields[7])


def _padded(length: int) -> int:
    return max((length + 3) & ~3, 4)


_layouts: dict[tuple[int, int, int], struct.Struct] = {}


def _layout(block: memoryview, offset: int, length: int) -> tuple[struct.Struct, int]:
    """Lay out messages like the one at ``offset``; with the attribute header that tells of bytes, or 0."""
    at, header = _info_at(block, offset, length)
    key = (length, at, header)
    if key not in _layouts:
        if header:
            rest = _padded(length) - at - 4 - (_INFO_SIZE - 4)
            text = f"{_DIAG} {at - _DIAG_SIZE}x I {_INFO[3:]} {rest}x"
        else:
            text = f"{_DIAG} {_padded(length) - _DIAG_SIZE}x"
        _layouts[key] = struct.Struct(text)
    return _layouts[key], header


def _info_at(block: memoryview, offset: int, length: int) -> tuple[int, int]:
    at = _DIAG_SIZE
    while at + 4 <= length:
        size, kind = struct.unpack_from("=HH", block, offset + at)
        if kind == _DIAG_INFO and size >= _INFO_SIZE:
            return at, struct.unpack_from("=I", block, offset + at)[0]
        at += _padded(size)
    return 0, 0
