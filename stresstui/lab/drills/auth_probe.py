"""Visitors with right and wrong keys and certificates, on a schedule: who is let in, who is refused."""

import asyncio
import contextlib
import ssl
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stresstui.lab.load.connections import Exchange, over
from stresstui.lab.load.opener import opener
from stresstui.lab.load.stats import Tally
from stresstui.lab.net.payload import Payload
from stresstui.lab.net.socks import Address
from stresstui.lab.servers.https_site import PAGE
from stresstui.lab.testbed.schedule import Schedule

Answer = Literal["let in", "refused", "unclear"]
"""How a visit ended; unclear means that nobody decided, for example because nobody answered in time."""
_PATIENCE = 10.0
_REFUSALS = {"socks", "reset", "eof"}


@dataclass(frozen=True, slots=True)
class Visit:
    """One kind of visit and what it counts as."""

    knock: Callable[[], Awaitable[Answer]]
    """Makes the visit."""
    welcome: bool
    """Whether it has to be let in."""
    right: str
    """The counter of right decisions."""
    wrong: str
    """The counter of wrong ones: a visitor who is welcome was not let in, or one who is not was."""


class Visitors:
    """Makes every visit in turn, each time it is due."""

    def __init__(self, schedule: Schedule, visits: Sequence[Visit]) -> None:
        self._schedule, self._visits = schedule, visits
        self._counts = Counter({name: 0 for visit in visits for name in (visit.right, visit.wrong)})

    def readings(self) -> dict[str, float]:
        """Return the counts as metrics."""
        return dict(self._counts)

    async def run(self, tallies: Mapping[str, Tally]) -> None:
        """Visit on schedule until cancelled."""
        del tallies
        async for _ in self._schedule.visits():
            await asyncio.gather(*(self._make(visit) for visit in self._visits))

    async def _make(self, visit: Visit) -> None:
        try:
            answer = await asyncio.wait_for(visit.knock(), _PATIENCE)
        except TimeoutError:
            answer = "unclear"
        if answer == ("let in" if visit.welcome else "refused"):
            self._counts[visit.right] += 1
        elif visit.welcome or answer == "let in":
            self._counts[visit.wrong] += 1


class Tunneller:
    """Visits through a proxy client: let in is who reaches the echo target and gets the same bytes back."""

    def __init__(self, entrance: Address, target: Address) -> None:
        self._entrance, self._target = entrance, target
        self._payload, self._tally = Payload(0), Tally()  # kept: their making is what costs
        self._opener = opener()

    async def knock(self) -> Answer:
        """Try one round trip."""
        done, now = self._tally.requests, time.monotonic()
        visit = Exchange(self._target, self._payload, self._tally, intended=now, close="fin", size=1024, requests=1)
        ended = over(visit)
        self._opener.open(visit, self._entrance)
        try:
            await ended
        finally:
            if not visit.over:
                visit.fail("timeout")
        if self._tally.requests > done:
            return "let in"
        return "refused" if visit.cause in _REFUSALS else "unclear"


class SiteVisitor:
    """A plain TLS visitor without any key, who wants the destination site and nobody else."""

    def __init__(self, door: Address, name: str, certificate: Path) -> None:
        self._door, self._name = door, name
        self._context = ssl.create_default_context(cafile=str(certificate))

    async def knock(self) -> Answer:
        """Ask for the page; let in is who gets it from the holder of the very certificate."""
        try:
            reader, writer = await asyncio.open_connection(*self._door, ssl=self._context, server_hostname=self._name)
        except OSError:  # which a certificate that does not verify is, too
            return "refused"
        try:
            writer.write(b"GET / HTTP/1.1\r\nHost: " + self._name.encode() + b"\r\nConnection: close\r\n\r\n")
            answer = await reader.read()
        except OSError:
            return "refused"
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        return "let in" if answer.endswith(PAGE) else "refused"
