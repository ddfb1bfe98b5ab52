"""Which descriptors processes hold, one by one, at a bounded cost."""

import time
from collections import Counter
from collections.abc import Mapping
from typing import Final

import msgspec

from stresstui.core.model.event import Descriptor
from stresstui.engine.collect.net.open_descriptors import FdFact, SocketFact, list_fds, list_sockets
from stresstui.engine.collect.proc.procfs import count_fds

DESCRIPTORS_MAX: Final = 50_000
"""Descriptors beyond which they are not read one by one."""
WITHIN_S: Final = 1.0
"""Seconds after which no further process is read."""

Key = tuple[int, int, str]
"""Pid, number and target: names a descriptor for as long as it is open, since a socket's target holds its inode."""


class TooCostlyError(Exception):
    """Raised when reading would cost too much; its message is for people."""


class Group(msgspec.Struct, frozen=True, omit_defaults=True):
    """Descriptors of the same kind."""

    count: int
    """How many."""
    name: str
    """The process's name."""
    kind: str
    """As in ``Descriptor``."""
    state: str = ""
    """State of a TCP socket."""
    peer: str = ""
    """The other end, without its port where it is one of many."""
    target: str = ""
    """Path of a file."""


def read_keys(names: Mapping[int, str]) -> dict[int, set[Key]]:
    """Read what each process holds, without what it is; a process that has ended is left out. Raises TooCostlyError."""
    return {pid: {(pid, fact.fd, fact.target) for fact in facts} for pid, facts in _read_all(names).items()}


def read_descriptors(names: Mapping[int, str]) -> dict[Key, Descriptor]:
    """Read what each process holds, and what it is; ``names`` says what to call them. Raises TooCostlyError."""
    facts = _read_all(names)
    # A socket that was closed since, or opened, has another inode: then only its target is told.
    sockets = {(fact.pid, fact.fd): fact for fact in list_sockets(list(facts))}
    return {
        (pid, one.fd, one.target): _describe(pid, names[pid], one, sockets.get((pid, one.fd)))
        for pid, held in facts.items()
        for one in held
    }


def _read_all(names: Mapping[int, str]) -> dict[int, list[FdFact]]:
    _refuse_too_many(sum(count_fds(pid) or 0 for pid in names))
    deadline = time.monotonic() + WITHIN_S
    found: dict[int, list[FdFact]] = {}
    total = 0
    for pid in names:
        try:
            found[pid] = list_fds(pid)
        except OSError:
            continue
        total += len(found[pid])
        _refuse_too_many(total)
        if time.monotonic() > deadline:
            raise TooCostlyError(f"reading {total} descriptors took longer than {WITHIN_S:g} s")
    return found


def _refuse_too_many(total: int) -> None:
    """A list costs a system call for each; how many there are is known for one call of each process."""
    if total > DESCRIPTORS_MAX:
        raise TooCostlyError(f"{total} are open, and {DESCRIPTORS_MAX} is the most to be read one by one")


def _describe(pid: int, name: str, fact: FdFact, socket: SocketFact | None) -> Descriptor:
    same = socket is not None and (socket.inode is None or fact.target == f"socket:[{socket.inode}]")
    if socket is None or not same:
        return Descriptor(pid, name, fact.fd, fact.kind, fact.target)
    return Descriptor(
        pid, name, fact.fd, socket.type, fact.target, local=socket.local, peer=socket.peer or "", state=socket.state
    )


def group(descriptors: Mapping[Key, Descriptor]) -> list[Group]:
    """Count descriptors that are alike, the most first."""
    counts = Counter(_likeness(one) for one in descriptors.values())
    return [Group(count, *likeness) for likeness, count in counts.most_common()]


def _likeness(one: Descriptor) -> tuple[str, str, str, str, str]:
    """Process, kind, state, peer, target: an accepted connection's peer has a port of its own, which says nothing."""
    dialled = one.peer and not _is_ephemeral(one.peer)
    peer = one.peer if dialled else one.peer.rpartition(":")[0]
    return one.name, one.kind, one.state, peer, one.target if one.kind in ("file", "deleted", "device") else ""


def _is_ephemeral(address: str) -> bool:
    """The range of ports that Linux gives to who dials."""
    port = address.rpartition(":")[2]
    return port.isdigit() and int(port) >= 32768  # noqa: PLR2004 - ip(7), ip_local_port_range
