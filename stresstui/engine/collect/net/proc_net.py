"""The kernel's socket tables as text, /proc/P/net/tcp and its like: for other namespaces, and for evidence."""

import socket
import sys
from collections.abc import Iterator
from typing import NamedTuple

from stresstui.engine.collect.net.sock_diag import Ports
from stresstui.engine.collect.proc import procfs
from stresstui.engine.collect.proc.procfs import View

STATES = (
    "",
    "ESTABLISHED",
    "SYN_SENT",
    "SYN_RECV",
    "FIN_WAIT1",
    "FIN_WAIT2",
    "TIME_WAIT",
    "CLOSE",
    "CLOSE_WAIT",
    "LAST_ACK",
    "LISTEN",
    "CLOSING",
    "NEW_SYN_RECV",
)
"""Names of the TCP states, by number (linux/tcp_states.h)."""


class SocketLine(NamedTuple):
    """One socket of a table."""

    local: str
    """Address and port, as ``127.0.0.1:80`` or ``[::1]:80``."""
    peer: str
    """The same of the other end; port 0 where there is none."""
    state: int
    """Number of the TCP state."""
    waiting: int
    """Queue: connections where it listens, else bytes."""
    inode: int
    """Inode; 0 where no process has it."""

    @property
    def ports(self) -> Ports:
        """Own port and the peer's."""
        return Ports(int(self.local.rpartition(":")[2]), int(self.peer.rpartition(":")[2]))


def table(view: View, protocol: str) -> Iterator[SocketLine]:
    """Read the IPv4 and IPv6 table of ``tcp`` or ``udp`` in the namespace of ``view``; raises OSError."""
    for suffix in ("", "6"):
        try:
            text = procfs.read_bytes(f"/proc/{view}/net/{protocol}{suffix}")
        except FileNotFoundError:
            if suffix:
                return
            raise
        yield from map(parse_line, text.splitlines()[1:])


def parse_line(text: bytes) -> SocketLine:
    """Read one line; raises ValueError or IndexError when it is not one."""
    field = text.split()
    waiting = int(field[4].partition(b":")[2], 16)
    local, peer = _address(field[1].decode()), _address(field[2].decode())
    return SocketLine(local, peer, int(field[3], 16), waiting, int(field[9]))


def _address(text: str) -> str:
    host, _, port = text.partition(":")
    words = [int(host[i : i + 8], 16).to_bytes(4, sys.byteorder) for i in range(0, len(host), 8)]
    packed = b"".join(words)
    if len(packed) == 4:  # noqa: PLR2004  bytes of an IPv4 address
        return f"{socket.inet_ntop(socket.AF_INET, packed)}:{int(port, 16)}"
    return f"[{socket.inet_ntop(socket.AF_INET6, packed)}]:{int(port, 16)}"
