"""A tunnel's two ends apart: what a server end tells the client ends that may come to it, and how it is handed over."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from stresstui.core.model.errors import UNREADABLE
from stresstui.files import read_plain, write_whole
from stresstui.lab.net.socks import Address
from stresstui.lab.testbed.crew import HelperProgram
from stresstui.lab.testbed.errors import LabStartError
from stresstui.lab.testbed.ports import LOOPBACK
from stresstui.lab.testbed.schedule import Drill
from stresstui.lab.testbed.testbed import Testbed
from stresstui.lab.testbed.tunnel import Readings, Tunnel

MOST = 1 << 20
"""Bytes that a file of invitations has at most."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a client end must know of its server end; whoever has it is let in."""

    name: str
    """Name of the tunnel, such as ``hy2``."""
    port: int
    """Where to come."""
    watch: tuple[str, ...]
    """How a relay in front of it reads the wire; as ``Testbed.start_relay`` takes it."""
    keys: dict[str, Any]
    """The protocol's own: certificates, keys, accounts."""
    side: bool = False
    """Whether the tunnel carries only a small part of the load."""
    host: str = LOOPBACK
    """Address of the box."""

    @property
    def address(self) -> Address:
        """Where to come."""
        return Address(self.host, self.port)

    def at(self, address: Address) -> "Invitation":
        """The same to another address, that leads there."""
        return replace(self, host=address.host, port=address.port)


@dataclass(frozen=True, slots=True)
class Invitations:
    """Everything that the client part of a run needs of its server part."""

    protocol: str
    """Name of the protocol."""
    target: Address
    """The echo target behind the tunnels, as their server sees it."""
    udp_target: Address
    """The same for datagrams."""
    tunnels: tuple[Invitation, ...]
    """A tunnel each."""


@dataclass(slots=True)
class ServerEnd:
    """The servers of a protocol, up, and what goes on beside them."""

    invitations: list[Invitation]
    """A tunnel each, the main one first; they lead to the servers themselves, on loopback."""
    note: str = ""
    """What a person should know, said when it is ready."""
    readings: Readings = dict
    """Metrics of the servers and of the drills."""
    drills: tuple[Drill, ...] = ()
    """What goes on beside the load."""
    watched: Callable[[Sequence[HelperProgram]], None] = field(default=lambda _: None)
    """Is told the relays in front of the servers, a tunnel each, once they are there."""


Serve = Callable[[Testbed], Awaitable[ServerEnd]]
"""How a protocol's servers are started."""
Join = Callable[[Testbed, Invitation], Awaitable[Tunnel]]
"""How a client of it is started, a relay before it."""


@dataclass(frozen=True, slots=True)
class Ends:
    """A protocol whose two ends may be on two boxes."""

    serve: Serve
    join: Join

    async def build(self, testbed: Testbed) -> list[Tunnel]:
        """Both ends here; raises LabStartError or MissingError."""
        return await both(testbed, await self.serve(testbed), self.join)


async def both(testbed: Testbed, end: ServerEnd, join: Join) -> list[Tunnel]:
    """Join a server end that is here as well; what it reads and does is the main tunnel's."""
    tunnels = await join_each(testbed, end.invitations, join)
    end.watched([tunnel.relay for tunnel in tunnels if tunnel.relay is not None])
    main = tunnels[0]
    own = main.readings
    main.readings = lambda: {**own(), **end.readings()}
    main.drills = (*main.drills, *end.drills)
    main.note = end.note
    return tunnels


async def join_each(testbed: Testbed, invitations: Iterable[Invitation], join: Join) -> list[Tunnel]:
    """Come to each invitation in turn; raises LabStartError or MissingError."""
    return [await join(testbed, invitation) for invitation in invitations]


def write_invitations(place: Path, invitations: Invitations) -> None:
    """Write them for this user only; raises OSError."""
    write_whole(place, msgspec.json.encode(invitations), durable=False)


def read_invitations(place: Path) -> Invitations:
    """Read them; raises LabStartError with one clause for people."""
    try:
        return msgspec.json.decode(read_plain(place, MOST), type=Invitations)
    except OSError as error:
        raise LabStartError(f"{place}: {error.strerror or error}") from None
    except UNREADABLE as error:
        raise LabStartError(f"{place} holds no invitation: {error}") from None
