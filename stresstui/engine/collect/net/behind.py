"""What processes hold behind no descriptor that is listed: in a ring, in messages, in a thread's own table, elsewhere.

/proc/P/fdinfo tells what is registered with io_uring and how many descriptors are under way in messages; what is no
socket of a table that was read is asked for its state itself.
"""

import contextlib
import ctypes
import os
import re
import socket
from array import array
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from typing import Final, NamedTuple

from stresstui.engine.collect.net.fd_index import LEAST_INODE
from stresstui.engine.collect.proc import descriptors, procfs
from stresstui.engine.collect.proc.procfs import View

LOOKED_AT_MAX: Final = 200
"""Descriptors of one process that are looked behind: of a thousand it took 50 ms."""
_ASKED_MAX: Final = 500
"""Sockets of one process that are asked for their state."""
_RING: Final = "anon_inode:[io_uring]"
_TCP: Final = (b"TCP\0", b"TCPv6\0")
_UNIX: Final = (b"UNIX\0", b"UNIX-STREAM\0")
_SOCKET: Final = re.compile(rb"socket:\[(\d+)\]")
_SCM_FDS: Final = re.compile(rb"^scm_fds:\s*(\d+)$", re.MULTILINE)
_CLOSED: Final = 7
_PIDFD_GETFD: Final = 438
"""Its number on every architecture (pidfd_getfd(2)); Python has no name for it."""


class Behind(NamedTuple):
    """What one process holds behind its descriptors."""

    sockets: set[int]
    """Inodes of sockets that io_uring keeps for it, or that its threads have in tables of their own."""
    in_flight: int
    """Descriptors under way to it in messages that it has not taken yet."""
    elsewhere: Counter[int]
    """TCP sockets of namespaces that none of its threads is in, by their state."""
    unlisted: set[int]
    """Inodes of TCP sockets that no table shows: of such namespaces, closed, or opened since."""


NOTHING: Final = Behind(set(), 0, Counter(), set())


def look_behind(
    view: View, kinds: "array[int]", listed: Container[int], threads: Iterable[View], before: Behind
) -> Behind:
    """Look behind the descriptors of a process.

    ``kinds`` are inodes by number, ``listed`` those that the tables show, ``threads`` those that may have others. What
    ``before`` found unlisted, too, was not opened since the tables were read: it is asked for its state.
    """
    found = Behind(set(), 0, Counter(), set())
    in_flight = 0
    for fd in [fd for fd, kind in enumerate(kinds) if kind and kind not in listed][:LOOKED_AT_MAX]:
        if kinds[fd] < LEAST_INODE:
            if descriptors.fd_target(view, str(fd)) == _RING:
                found.sockets.update(_registered(view, fd))
            continue
        protocol = _protocol(view, fd)
        if protocol in _UNIX:
            in_flight += _in_flight(view, fd)
        elif protocol in _TCP and len(found.unlisted) < _ASKED_MAX:
            found.unlisted.add(kinds[fd])
            if kinds[fd] in before.unlisted and (state := _state_of(view, fd)):
                found.elsewhere[state] += 1
    for thread in threads:
        with contextlib.suppress(OSError):
            found.sockets.update(_sockets_of(thread))
    return found._replace(in_flight=in_flight)


def _pid(view: View) -> int:
    return int(str(view).partition("/")[0])


def _sockets_of(view: View) -> Iterator[int]:
    with descriptors.fd_folder(view) as folder:
        for name in descriptors.names_in(folder):
            if inode := descriptors.socket_inode(descriptors.link_in(folder, name)):
                yield inode


def _registered(view: View, fd: int) -> list[int]:
    """Inodes of the sockets among the files that are registered with a ring (io_uring_register(2))."""
    return [int(inode) for inode in _SOCKET.findall(_fdinfo(view, fd))]


def _in_flight(view: View, fd: int) -> int:
    """Descriptors in messages that wait on a Unix socket (SCM_RIGHTS of unix(7)); 0 before Linux 5.11."""
    found = _SCM_FDS.search(_fdinfo(view, fd))
    return int(found[1]) if found else 0


def _fdinfo(view: View, fd: int) -> bytes:
    try:
        return procfs.read_bytes(f"/proc/{view}/fdinfo/{fd}")
    except OSError:
        return b""


def _protocol(view: View, fd: int) -> bytes:
    try:
        return os.getxattr(f"/proc/{view}/fd/{fd}", "system.sockprotoname")
    except OSError:
        return b""


def _state_of(view: View, fd: int) -> int:
    """Ask a socket itself for its TCP state, by a copy of its descriptor; 0 where it has none, or that is forbidden."""
    try:
        pidfd = os.pidfd_open(_pid(view))
    except OSError:
        return 0
    try:
        copy = ctypes.CDLL(None).syscall(_PIDFD_GETFD, pidfd, fd, 0)
    finally:
        os.close(pidfd)
    if copy < 0:
        return 0
    with contextlib.suppress(OSError), socket.socket(fileno=copy) as one:
        state = one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
        return 0 if state == _CLOSED else state
    return 0
