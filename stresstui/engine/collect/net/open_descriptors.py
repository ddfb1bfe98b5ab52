"""Sockets and descriptors by name, as evidence: what exactly is still open. Slower than counting; ask on a breach."""

import contextlib
import sys
from collections.abc import Iterator, Sequence
from itertools import compress, count
from typing import TYPE_CHECKING

import msgspec

from stresstui.engine.collect.net import proc_net
from stresstui.engine.collect.net.sock_diag import COUNTED_STATES, LISTEN, Run, dump_tcp, dump_udp
from stresstui.engine.collect.proc import descriptors, procfs

if TYPE_CHECKING:
    import psutil


class SocketFact(msgspec.Struct, frozen=True):
    """One TCP or UDP socket of a process."""

    pid: int
    """Process that holds it; several facts where several processes do."""
    fd: int
    """Descriptor in that process."""
    family: str
    """``ipv4`` or ``ipv6``."""
    type: str
    """``tcp`` or ``udp``."""
    local: str
    """Own address and port, as ``127.0.0.1:80`` or ``[::1]:80``."""
    peer: str | None
    """The other end; None where there is none."""
    state: str
    """TCP state, as ``ESTABLISHED``; empty for UDP."""
    inode: int | None
    """Inode; None where the system has none."""
    backlog: int | None = None
    """Connections waiting to be accepted, where it listens; None where unknown."""


class FdFact(msgspec.Struct, frozen=True):
    """One open descriptor of a process."""

    fd: int
    """Its number."""
    kind: str
    """``file``, ``deleted``, ``device``, ``socket``, ``pipe`` or the kernel's own name, as ``eventpoll``."""
    target: str
    """Path, or the kernel's name for it."""


def list_sockets(pids: Sequence[int]) -> list[SocketFact]:
    """List the TCP and UDP sockets of these processes; those that may not be read are left out."""
    facts = _linux_sockets(pids) if sys.platform == "linux" else _portable_sockets(pids)
    return sorted(facts, key=lambda fact: (fact.pid, fact.fd))


def list_fds(pid: int) -> list[FdFact]:
    """List the open descriptors of a process; raises OSError where they may not be read."""
    facts = _linux_fds(pid) if sys.platform == "linux" else _portable_fds(pid)
    return sorted(facts, key=lambda fact: fact.fd)


def _linux_fds(pid: int) -> Iterator[FdFact]:
    for fd in descriptors.fd_numbers(pid):
        if target := descriptors.fd_target(pid, fd):
            yield FdFact(int(fd), kind_of(target), target)


def kind_of(target: str) -> str:
    """Name the kind of a descriptor's target on Linux."""
    if target.startswith("/"):
        if target.endswith(" (deleted)"):
            return "deleted"
        return "device" if target.startswith("/dev/") else "file"
    kind, _, rest = target.partition(":")
    return rest.strip("[]") if kind == "anon_inode" else kind


def _linux_sockets(pids: Sequence[int]) -> Iterator[SocketFact]:
    own, held = procfs.net_namespace("self"), _held(pids)
    wanted = {inode for _, numbers in held.values() for inode in numbers.values()}
    tables: dict[int | None, dict[int, tuple[str, proc_net.SocketLine]]] = {}
    for pid, (namespace, numbers) in held.items():
        try:
            if namespace not in tables:
                tables[namespace] = _by_inode(pid, wanted, here=namespace == own)
        except OSError:
            continue
        for fd, inode in numbers.items():
            if found := tables[namespace].get(inode):
                yield _linux_fact(pid, fd, *found)


def _held(pids: Sequence[int]) -> dict[int, tuple[int | None, dict[int, int]]]:
    """Network namespace of each process that may be read, and the inodes of its sockets by descriptor."""
    held = {}
    for pid in pids:
        with contextlib.suppress(OSError):
            found = {
                int(fd): descriptors.socket_inode(descriptors.fd_target(pid, fd)) for fd in descriptors.fd_numbers(pid)
            }
            held[pid] = procfs.net_namespace(pid), {fd: inode for fd, inode in found.items() if inode}
    return held


def _by_inode(pid: int, wanted: set[int], *, here: bool) -> dict[int, tuple[str, proc_net.SocketLine]]:
    """The sockets of these inodes; ``here`` in this program's own namespace, where netlink tells them.

    As text the kernel writes out every connection in TIME_WAIT too, which no process holds.
    """
    if here:
        with contextlib.suppress(OSError):
            return {
                line.inode: (protocol, line)
                for protocol, runs in (("tcp", dump_tcp(COUNTED_STATES)), ("udp", dump_udp()))
                for run in runs
                for line in _lines(run, wanted)
            }
    return {
        line.inode: (protocol, line)
        for protocol in ("tcp", "udp")
        for line in proc_net.table(pid, protocol)
        if line.inode in wanted
    }


def _lines(run: Run, wanted: set[int]) -> Iterator[proc_net.SocketLine]:
    """Those of these inodes; what other people have takes no step of Python for each."""
    inodes = run.inodes
    rows = list(compress(count(), map(wanted.__contains__, inodes)))
    if not rows:
        return
    states, queues = run.states, run.queues
    for row in rows:
        yield proc_net.SocketLine(*run.ends(row), states[row], queues[row], inodes[row])


def _linux_fact(pid: int, fd: int, protocol: str, line: proc_net.SocketLine) -> SocketFact:
    tcp = protocol == "tcp"
    return SocketFact(
        pid=pid,
        fd=fd,
        family="ipv6" if line.local.startswith("[") else "ipv4",
        type=protocol,
        local=line.local,
        peer=None if line.peer.endswith(":0") else line.peer,
        state=proc_net.STATES[line.state] if tcp else "",
        inode=line.inode,
        backlog=line.waiting if tcp and line.state == LISTEN else None,
    )


def _portable_sockets(pids: Sequence[int]) -> Iterator[SocketFact]:
    import psutil  # noqa: PLC0415  slow to import, and not needed on Linux

    for pid in pids:
        try:
            connections = psutil.Process(pid).net_connections(kind="inet")
        except psutil.Error:
            continue
        yield from (_portable_fact(pid, c) for c in connections)


def _portable_fact(pid: int, c: "psutil._ntuples.pconn") -> SocketFact:
    udp = c.type.name == "SOCK_DGRAM"
    return SocketFact(
        pid=pid,
        fd=c.fd,
        family="ipv6" if c.family.name == "AF_INET6" else "ipv4",
        type="udp" if udp else "tcp",
        local=_place(c.laddr) or "",
        peer=_place(c.raddr),
        state="" if udp else c.status,
        inode=None,
    )


def _place(address: tuple[str, int] | tuple[()]) -> str | None:
    if not address:
        return None
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _portable_fds(pid: int) -> Iterator[FdFact]:
    import psutil  # noqa: PLC0415  slow to import, and not needed on Linux

    try:
        process = psutil.Process(pid)
        for file in process.open_files():
            yield FdFact(file.fd, "file", file.path)
        for c in process.net_connections(kind="all"):
            yield FdFact(c.fd, "socket", f"{_place(c.laddr) or c.laddr} -> {_place(c.raddr) or ''}")
    except psutil.Error as error:
        raise OSError(f"cannot read the descriptors of process {pid}: {error}") from error
