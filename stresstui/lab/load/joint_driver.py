"""One load by several processes: a part is made here, the others elsewhere, and all is counted in one tally."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from stresstui.lab.load.driver import Driver
from stresstui.lab.load.profiles import LoadPlan
from stresstui.lab.load.shard import GO, STOP
from stresstui.lab.load.stats import Tally
from stresstui.lab.net.socks import Address
from stresstui.within import within

_OVER_WITHIN_S = 15.0


class UnaccountedError(Exception):
    """A part of the load did not hand over what it counted, so that nobody knows what it came to."""


class Other:
    """A part that another process makes."""

    def __init__(self, tally: Tally, say: Callable[[str], None]) -> None:
        self.say = say
        """Tells it a word."""
        self.active = self.streams = 0
        self.over = asyncio.Event()
        """Set when all that it has counted is in the tally, and none of its connections is open."""
        self.ended: asyncio.Future[int] | None = None
        """Done when its process has ended."""
        self._tally = tally
        self._bulk, self._told_at = 0, 0.0
        self._measured = (0, 0.0)

    def hear(self, facts: Mapping[str, Any]) -> None:
        """Take in what it reports; its first report is empty."""
        if facts:
            counts = dict(facts["taken"]["counts"])
            self._bulk += counts.pop("bulk", 0)
            self._told_at = facts["at"]
            self._tally.add({**facts["taken"], "counts": counts})
            self.active, self.streams = facts["active"], facts["streams"]
            if facts["over"]:
                self.over.set()

    def throughput(self) -> float | None:
        """Return its bulk bytes per second between the reports of now and of the last time; None where that is one.

        By its own clock: reports come between the readings of the whole, three to five in a second.
        """
        (before, since), self._measured = self._measured, (self._bulk, self._told_at)
        return (self._bulk - before) / (self._told_at - since) if since and self._told_at > since else None

    async def settled(self) -> None:
        """Return when all that it has counted is known; raises UnaccountedError where it ended before."""
        over = asyncio.ensure_future(self.over.wait())
        ends: list[asyncio.Future[Any]] = [over] if self.ended is None else [over, self.ended]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        if not self.over.is_set():
            raise UnaccountedError("a process that made a part of the load ended before it told what it had counted")


class JointDriver(Driver):
    """A driver of the first part of a plan, that leads those of the others."""

    def __init__(
        self, entrance: Address, target: Address, plan: LoadPlan, *, udp: bool, udp_target: Address | None = None
    ) -> None:
        super().__init__(entrance, target, plan, udp=udp, udp_target=udp_target)
        self.others: list[Other] = []
        """The other parts."""

    @property
    def active(self) -> int:
        """Connections open or being opened now, in all parts."""
        return super().active + sum(other.active for other in self.others)

    @property
    def streams(self) -> int:
        """Connections that reach through the tunnel now, in all parts."""
        return super().streams + sum(other.streams for other in self.others)

    def _throughput(self) -> dict[str, float]:
        found, parts = super()._throughput(), [other.throughput() for other in self.others]
        known = [part for part in parts if part is not None]
        if not found or len(known) < len(parts):
            return {}
        return {"bulk_throughput": found["bulk_throughput"] + sum(known)}

    async def run(self) -> None:
        """Load with all parts until cancelled; raises UnaccountedError where one did not hand over its counts."""
        self._tell(GO)
        own = asyncio.create_task(super().run())
        try:
            await asyncio.shield(own)
        finally:
            self._tell(STOP)
            own.cancel()
            await asyncio.wait({own})
            await self._others_over()

    def _tell(self, word: str) -> None:
        for other in self.others:
            other.say(word)

    async def _others_over(self) -> None:
        settled = asyncio.gather(*(other.settled() for other in self.others))
        try:
            await within(_OVER_WITHIN_S, settled)
        except TimeoutError:
            raise UnaccountedError("a process that made a part of the load did not tell what it had counted") from None
