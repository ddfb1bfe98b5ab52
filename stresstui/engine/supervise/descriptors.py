"""Which descriptors processes hold, one by one, at a bounded cost."""

import asyncio
import time
from collections import Counter
from collections.abc import Container, Mapping
from typing import Final

import msgspec

from stresstui.core.model.event import Descriptor, Phase
from stresstui.core.model.sample import Inventory, Sample
from stresstui.core.run.fold import RunState
from stresstui.engine.collect.net.open_descriptors import FdFact, SocketFact, list_fds, list_sockets
from stresstui.engine.collect.proc.descriptors import count_fds

DESCRIPTORS_MAX: Final = 50_000
"""Descriptors beyond which they are not read one by one."""
WITHIN_S: Final = 1.0
"""Seconds after which no further process is read."""
INVENTORY_S: Final = 30.0
"""Seconds between two inventories, at least."""
FIRST_INVENTORY_S: Final = 3.0
"""Seconds of a run before the first one: what evidence is held against is read before that, and is not to wait."""
INVENTORY_SHARE: Final = 0.0005
"""Part of a core that inventories may take: the dearer one is, the longer the pause after it."""
_INVENTORIED: Final = (Phase.WARM_UP, Phase.SOAK, Phase.COOL_DOWN)
PEERS_TOLD: Final = 24
"""Peers that an inventory names, those of the most sockets; the rest are one more."""

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


class InventoryTaker:
    """Takes an inventory now and then, off the event loop."""

    def __init__(self) -> None:
        self._due = FIRST_INVENTORY_S
        self._task: asyncio.Task[None] | None = None
        self._newest: Inventory | None = None

    def observe(self, state: RunState) -> None:
        """Take one where it is time for it and the run is under load, or cools down after it."""
        if self._task is None and state.t >= self._due and state.phase in _INVENTORIED:
            names = {process.pid: process.name for process in state.under_test()}
            if names:
                self._task = asyncio.ensure_future(self._take(state.t, names))

    def add_to(self, sample: Sample) -> Sample:
        """Give the sample the inventory that was taken since the one before, if any."""
        newest, self._newest = self._newest, None
        return sample if newest is None else msgspec.structs.replace(sample, inventory=newest)

    def close(self) -> None:
        """Wait for none any more."""
        if self._task is not None:
            self._task.cancel()

    async def _take(self, t: float, names: dict[int, str]) -> None:
        try:
            self._newest = await asyncio.to_thread(take_inventory, t, names)
            self._due = t + self._newest.pause_s
        except (TooCostlyError, OSError):  # a breach's evidence says so; here it is only not there
            self._due = t + WITHIN_S / INVENTORY_SHARE
        finally:
            self._task = None


def take_inventory(t: float, names: Mapping[int, str]) -> Inventory:
    """Count what processes hold by kind and by peer. Raises TooCostlyError."""
    began = time.thread_time()
    found = read_descriptors(names).values()
    listens = {_port(one.local) for one in found if one.state == "LISTEN"}
    peers = Counter(place for one in found if (place := _place(one, listens)))
    told = dict(peers.most_common(PEERS_TOLD))
    rest = peers.total() - sum(told.values())
    cost = time.thread_time() - began
    return Inventory(
        t, dict(Counter(one.kind for one in found).most_common()), told | ({"others": rest} if rest else {}),
        round(cost, 6), max(INVENTORY_S, cost / INVENTORY_SHARE),
    )  # fmt: skip


def _place(one: Descriptor, listens: Container[str]) -> str:
    """Direction, peer and, where it is another than ESTABLISHED, state; empty for what is no socket of TCP or UDP."""
    if one.kind not in ("tcp", "udp"):
        return ""
    if not one.peer:
        return "listening" if one.state == "LISTEN" else f"{one.kind}, no peer"
    accepted = _port(one.local) in listens or (_is_ephemeral(one.peer) and not _is_ephemeral(one.local))
    place = f"from {one.peer.rpartition(':')[0]}" if accepted else f"to {one.peer}"
    return place if one.state in ("ESTABLISHED", "") else f"{place} {one.state}"


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


def _port(address: str) -> str:
    return address.rpartition(":")[2]


def _is_ephemeral(address: str) -> bool:
    """The range of ports that Linux gives to who dials."""
    port = _port(address)
    return port.isdigit() and int(port) >= 32768  # noqa: PLR2004 - ip(7), ip_local_port_range
