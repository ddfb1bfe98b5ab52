"""The part of a run that loads servers on another box: clients, a relay before each, and the drivers."""

import asyncio
from collections.abc import Mapping

from stresstui.lab.driven_load import DrivenLoad
from stresstui.lab.net.latency import Latency, write_counts
from stresstui.lab.net.socks import Address
from stresstui.lab.protocols import ENDS
from stresstui.lab.session import LATEST, Session
from stresstui.lab.testbed.ends import Invitations, join_each
from stresstui.lab.testbed.testbed import Build


class InvitedLoad(DrivenLoad):
    """Loads every tunnel that it is invited to, by the plan of the options."""

    def __init__(self, invitations: Invitations) -> None:
        super().__init__()
        self._invitations = invitations

    @property
    def build(self) -> Build:
        """How the client ends are built."""
        invited = self._invitations
        return lambda testbed: join_each(testbed, invited.tunnels, ENDS[invited.protocol].join)

    async def targets(self, session: Session) -> tuple[Address, Address]:
        """What the servers lead to; here only who clears up is started."""
        await session.testbed.start_caretaker()
        return self._invitations.target, self._invitations.udp_target

    async def load(self, session: Session) -> None:
        """Load as ever, until also the relays have told all that they counted."""
        await super().load(session)
        await asyncio.sleep(LATEST)

    def metrics(self) -> Mapping[str, float]:
        """What drivers and protocols count, merged, with all that must have come to the target, proofs included."""
        tallies = [tally for one in self.loaded for tally in (one.driver.tally, one.driver.probes)]
        reached = {
            "reached_total": sum(tally.opened for tally in tallies),
            "returned_bytes_total": sum(tally.bytes for tally in tallies),
        }
        return {**super().metrics(), **reached}

    def histograms(self) -> Mapping[str, str]:
        """Times since the start, those of second clients included, by name and as text that can be merged."""
        tallies = [one.driver.tally for one in self.loaded]
        kinds: dict[str, list[Latency]] = {
            "connect_ms": [tally.connect for tally in tallies],
            "latency_ms": [tally.latency for tally in tallies],
            "udp_ms": [tally.udp for tally in tallies],
        }
        return {name: text for name, times in kinds.items() if (text := write_counts(times))}
