"""Stalls the wire on a schedule and measures how long the throughput takes to come back: half a second at the least."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping

from stresstui.lab.load.stats import Tally
from stresstui.lab.relay.delay_queue import HOLD
from stresstui.lab.testbed.schedule import Schedule

_STEP = 0.05
_BEFORE = 4.0  # seconds whose throughput is the former one
_AFTER = 0.5  # seconds that have to be as fast again
_ENOUGH = 0.8
_UNDISTURBED = 5.0  # seconds behind a stall after which the throughput has to be even again


class StallDrill:
    """Holds one tunnel's datagrams and measures its recovery; a stall it does not recover from counts on."""

    def __init__(self, name: str, schedule: Schedule, tell: Callable[[str], None]) -> None:
        self._name, self._schedule, self._tell = name, schedule, tell
        self._seen: deque[tuple[float, int]] = deque(maxlen=round(_BEFORE / _STEP))
        self._former = 0.0
        self._ended: float | None = None
        self._took: float | None = None
        self.stalls = 0

    def readings(self) -> dict[str, float]:
        """Return the number of stalls and the seconds from the end of the last one to the former throughput."""
        found: dict[str, float] = {"stalls_total": self.stalls}
        if self._ended is not None:
            found["stall_recovery_seconds"] = max(0.0, time.monotonic() - self._ended)
        elif self._took is not None:
            found["stall_recovery_seconds"] = self._took
        return found

    async def run(self, tallies: Mapping[str, Tally]) -> None:
        """Stall on schedule until cancelled."""
        tally = tallies[self._name]
        meter = asyncio.create_task(self._meter(tally))
        try:
            async for _ in self._schedule.stalls():
                await self._stall(tally)
        finally:
            meter.cancel()
            self._ended = None  # without a load nothing can come back

    async def _stall(self, tally: Tally) -> None:
        seconds, now = self._schedule.stall, time.monotonic()
        if self._ended is None:
            self._former = self._rate(_BEFORE)
        tally.disturbance = (now, now + seconds + _UNDISTURBED)
        self._tell(f"{HOLD} {seconds:g}")
        self.stalls += 1
        await asyncio.sleep(seconds)
        if self._former and self._ended is None:
            self._ended = now + seconds

    def _rate(self, seconds: float) -> float:
        """Return the bulk bytes per second of the time just past."""
        if not self._seen:
            return 0.0
        now, newest = self._seen[-1]
        then, oldest = next((one for one in self._seen if one[0] >= now - seconds), self._seen[-1])
        return (newest - oldest) / (now - then) if now > then else 0.0

    async def _meter(self, tally: Tally) -> None:
        while True:
            now = time.monotonic()
            self._seen.append((now, tally.bulk))
            # What passed before the end of the stall must not make it look recovered.
            if self._ended and now - self._ended >= _AFTER and self._rate(_AFTER) >= _ENOUGH * self._former:
                self._took, self._ended = now - self._ended, None
            await asyncio.sleep(_STEP)
