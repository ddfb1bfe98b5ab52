"""The socket table of every network namespace that a tree is in."""

import contextlib
import os
import socket
from collections.abc import Sequence
from typing import NamedTuple

from stresstui.engine.collect.net import proc_net, sock_diag
from stresstui.engine.collect.net.sock_diag import Row
from stresstui.engine.collect.proc import procfs


class Table(NamedTuple):
    """Sockets that are counted, of all processes."""

    tcp: list[Row]
    """TCP sockets in ESTABLISHED, CLOSE_WAIT and LISTEN."""
    udp: list[Row]
    """UDP sockets."""
    silent: frozenset[int]
    """Processes of the tree of whose sockets the kernel tells no bytes."""


def read_table(pids: Sequence[int]) -> Table:
    """Read the table for these processes; raises OSError where it cannot be read.

    Netlink answers for the caller's own namespace; the tables of others, and of kernels that refuse, are read as text.
    """
    own = procfs.net_namespace(os.getpid())
    members: dict[int | None, list[int]] = {}
    for pid in pids:
        members.setdefault(procfs.net_namespace(pid) or own, []).append(pid)
    table = _by_netlink() or _by_text(os.getpid(), members.get(own, []))
    for namespace in members.keys() - {own}:
        table = _joined(table, _by_any(members[namespace]))
    return table


def _by_netlink() -> Table | None:
    try:
        return Table(
            sock_diag.dump(socket.IPPROTO_TCP, sock_diag.COUNTED_STATES),
            sock_diag.dump(socket.IPPROTO_UDP, sock_diag.ALL_STATES),
            frozenset(),
        )
    except OSError:
        return None


def _by_any(members: Sequence[int]) -> Table:
    """Read the table that these processes share through the first that has not ended; empty where all have."""
    for pid in members:
        with contextlib.suppress(OSError):
            return _by_text(pid, members)
    return Table([], [], frozenset(members))


def _by_text(pid: int, members: Sequence[int]) -> Table:
    tcp = [line.row for line in proc_net.table(pid, "tcp") if sock_diag.COUNTED_STATES >> line.state & 1]
    udp = [line.row for line in proc_net.table(pid, "udp")]
    return Table(tcp, udp, frozenset(members))


def _joined(one: Table, other: Table) -> Table:
    return Table(one.tcp + other.tcp, one.udp + other.udp, one.silent | other.silent)
