"""The part of a run whose clients are on other boxes: a protocol's servers, with doors that those boxes reach.

Each door is a relay at the named address, which counts what comes from all boxes together; behind the servers stands
another before the echo target, so that what the clients' drivers count can be compared with what arrived. Nothing else
listens but on loopback. What clients need is written to a file for this user only, which goes when the part ends.
"""

import asyncio
import socket
from collections.abc import Mapping
from pathlib import Path

from stresstui.lab.loaded_tunnel import merged
from stresstui.lab.net.resolve import why_no_door
from stresstui.lab.net.socks import Address
from stresstui.lab.process.announce import Role, declare
from stresstui.lab.protocols import ENDS
from stresstui.lab.session import LATEST, Session, first_of
from stresstui.lab.testbed.crew import HelperProgram
from stresstui.lab.testbed.ends import Invitation, Invitations, ServerEnd, write_invitations
from stresstui.lab.testbed.errors import LabStartError
from stresstui.lab.testbed.ports import LOOPBACK, is_free
from stresstui.lab.testbed.testbed import DATAGRAMS, RELAY, STAGE, Build
from stresstui.lab.testbed.tunnel import Tunnel

UP_WITHIN = 20.0
"""Seconds that the servers have to listen."""
_LOOK = 0.1
# What a relay can say of one client alone.
_OF_ONE = ("connections_lost_total", "idle_timeouts_total", "reconnects_total", "wire_connections_open")


class LoadFromElsewhere:
    """Servers that clients on other boxes load."""

    introduction: tuple[Role, str] = ("service", "lab")

    def __init__(self, at: Address, place: Path) -> None:
        """Open the doors at an address, the first at its port where it has one; write the invitations to a file."""
        self._at, self._place = at, place
        self._end = ServerEnd([])
        self._doors: list[tuple[Invitation, HelperProgram]] = []
        self._stage: Mapping[str, float] = {}

    async def bring_up(self, session: Session, build: Build) -> list[float]:
        """Start the servers and open the doors; wait until a client has come through; raises LabStartError."""
        del build
        testbed = session.testbed
        if why := why_no_door(self._at):
            raise LabStartError(why)
        testbed.at = self._at.host
        echo = await testbed.start_echo()
        stage = await testbed.start_relay(STAGE, echo, ("raw",))
        self._stage = stage.readings
        behind = Address(LOOPBACK, stage.port)
        testbed.only_to = (behind, echo)
        self._end = await ENDS[session.options.protocol].serve(testbed)
        for invitation in self._end.invitations:
            await session.prove(invitation.name, _until_up(invitation))
        self._doors = [await self._open(session, *one) for one in enumerate(self._end.invitations)]
        self._end.watched([relay for _, relay in self._doors])
        session.tunnels = [Tunnel(one.name, one.address, note=_note(one, self._end)) for one, _ in self._doors]
        invitations = Invitations(session.options.protocol, behind, echo, tuple(one for one, _ in self._doors))
        try:
            write_invitations(self._place, invitations)
        except OSError as error:
            raise LabStartError(f"{self._place} cannot be written: {error.strerror or error}") from None
        declare("waiting", "; ".join(tunnel.note for tunnel in session.tunnels))
        await session.prove("the servers' part", self._somebody())
        return []

    async def _open(self, session: Session, number: int, invitation: Invitation) -> tuple[Invitation, HelperProgram]:
        at = Address(self._at.host, self._at.port and self._at.port + number)
        relay = await session.testbed.start_relay(f"{invitation.name}{RELAY}", invitation.address, invitation.watch, at)
        return invitation.at(Address(at.host, relay.port)), relay

    async def load(self, session: Session) -> None:
        """Leave the load to those elsewhere until told to end, and go on beside it."""
        for fault in session.options.faults:
            session.testbed.inject(fault)
        declare("loading", "clients have come")
        drills = [asyncio.create_task(drill({})) for drill in self._end.drills]
        try:
            await first_of(session.stop_load, session.leave, *drills, within=session.options.max_duration)
            await asyncio.sleep(LATEST)
        finally:
            for drill in drills:
                drill.cancel()
            await asyncio.gather(*drills, return_exceptions=True)
        declare("idle", "the load is over, everything still up")

    async def _somebody(self) -> float:
        """Wait for the first connection to the target: a tunnel works from end to end. Gives 0."""
        while not self._stage.get("wire_connections_total"):  # noqa: ASYNC110 - a relay tells its counts only
            await asyncio.sleep(_LOOK)
        return 0.0

    async def cool(self, session: Session) -> None:
        """Stay idle until told to end."""
        await first_of(session.leave, within=session.options.max_duration)

    def metrics(self) -> Mapping[str, float]:
        """What doors, servers and drills count, and what passed behind the servers."""
        mains = {one.name: _public(one, relay) for one, relay in self._doors if not one.side}
        sides = {one.name: _public(one, relay) for one, relay in self._doors if one.side}
        behind = {name.replace("wire_", "target_"): value for name, value in self._stage.items()}
        return {**merged(mains, sides), **self._end.readings(), **behind} if mains else {}

    def summary(self) -> list[str]:
        """Take the invitations back; the drivers elsewhere know more."""
        self._place.unlink(missing_ok=True)
        return []

    def histograms(self) -> Mapping[str, str]:
        """Times are taken where the load is made."""
        return {}


def _note(door: Invitation, end: ServerEnd) -> str:
    """What a person should know of a tunnel: where it is, and once what the protocol says."""
    first = door.name == end.invitations[0].name
    return "; ".join(filter(None, (f"{door.name} at {door.address.written()}", end.note if first else "")))


def _public(door: Invitation, relay: HelperProgram) -> dict[str, float]:
    alone = _OF_ONE if door.watch == DATAGRAMS else ()
    private = ("ech_config", "ech_config_since")
    return {name: value for name, value in relay.readings.items() if name not in (*alone, *private)}


async def _until_up(invitation: Invitation) -> float:
    """Wait until a server listens; give the seconds. Raises TimeoutError."""
    kind = socket.SOCK_DGRAM if invitation.watch == DATAGRAMS else socket.SOCK_STREAM
    async with asyncio.timeout(UP_WITHIN):
        while is_free(invitation.port, kind):  # noqa: ASYNC110 - another process' socket
            await asyncio.sleep(_LOOK)
    return 0.0
