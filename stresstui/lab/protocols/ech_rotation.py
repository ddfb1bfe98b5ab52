"""Changes the ECH keys in mid-run as an operator would: the server takes the new beside the old, then clients learn."""

import asyncio
import time
from collections.abc import Callable, Mapping

from stresstui.lab.load.stats import Tally
from stresstui.lab.protocols.ech_keys import TIME_TO_LIVE, EchKeys, Records, generate_keys, key_file
from stresstui.lab.relay.tcp_relay import FORGIVE
from stresstui.lab.testbed.crew import HelperProgram
from stresstui.lab.testbed.schedule import Schedule

_FORGIVEN = 5.0  # seconds; what fails after them is nobody's doing but the proxies'
_LOOK = 0.1
_TAKEN_OVER = 1.0  # the server reads its key file when it changes
_OVERLAP = 2.0 * TIME_TO_LIVE + 1.0


class RotationDrill:
    """Rotates one server's keys and measures the time to the first new connection that uses the new ones."""

    def __init__(self, schedule: Schedule, keys: EchKeys, records: Records, write: Callable[[str], object]) -> None:
        self.keys = keys
        self.rotations = 0
        self._schedule, self._records, self._write = schedule, records, write
        self._relays: tuple[HelperProgram, ...] = ()
        self._tallies: Mapping[str, Tally] = {}
        self._began: float | None = None
        self._gap: float | None = None

    def watch(self, *relays: HelperProgram) -> None:
        """Name the relays before the server; the first one's handshakes say when the new keys are in use."""
        self._relays = relays

    def readings(self) -> dict[str, float]:
        """Return the rotations, the last gap in seconds (one that is still open counts on), and what failed in gaps."""
        found: dict[str, float] = {"ech_rotations_total": self.rotations}
        found["rotation_failures_total"] = sum(tally.forgiven for tally in self._tallies.values())
        self._look()
        if self._began is not None:
            found["ech_rotation_gap_seconds"] = time.monotonic() - self._began
        elif self._gap is not None:
            found["ech_rotation_gap_seconds"] = self._gap
        return found

    async def run(self, tallies: Mapping[str, Tally]) -> None:
        """Rotate on schedule until cancelled."""
        self._tallies = tallies
        try:
            async for _ in self._schedule.rotations():
                await self._rotate()
        finally:
            self._forgive(yes=False)
            self._began = None  # without a load nobody comes with new keys

    async def server_keys(self, new: EchKeys, old: EchKeys) -> None:
        """Give the server the new keys beside the old ones."""
        self._write(key_file(new, old))
        await asyncio.sleep(_TAKEN_OVER)

    async def _rotate(self) -> None:
        await self._somebody_comes()
        new, old = await generate_keys(self.keys.number + 1), self.keys
        self._forgive(yes=True)
        await self.server_keys(new, old)
        self._records.config, self.keys = new.config, new
        self._began = time.monotonic()
        self.rotations += 1
        while self._began is not None:
            await asyncio.sleep(_LOOK)
            self._look()
            if self._began is not None and time.monotonic() - self._began > _FORGIVEN:
                self._forgive(yes=False)
        self._forgive(yes=False)
        await asyncio.sleep(_OVERLAP)
        self._write(key_file(new))

    async def _somebody_comes(self) -> None:
        """Wait until a connection is made: in a valley between two waves a gap would say nothing."""
        before = self._came()
        while self._came() == before:  # noqa: ASYNC110 - counts tell nobody that they change
            await asyncio.sleep(_LOOK)

    def _came(self) -> float:
        """Connections so far; where the load is another box's, those that the relays have seen."""
        if self._tallies:
            return sum(tally.opened for tally in self._tallies.values())
        return sum(relay.readings.get("handshakes_total", 0) for relay in self._relays)

    def _look(self) -> None:
        """See whether the new keys are in use."""
        seen = self._relays[0].readings if self._relays else {}
        if self._began is not None and seen.get("ech_config") == self.keys.number:
            self._gap, self._began = seen["ech_config_since"] - self._began, None

    def _forgive(self, *, yes: bool) -> None:
        for tally in self._tallies.values():
            tally.forgiving = yes
        for relay in self._relays:
            relay.say(f"{FORGIVE} {int(yes)}")
