"""When the lab does what it does beside the load: change keys, try wrong ones, stall the wire."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command line is read before it is known that what this needs is installed
    from stresstui.lab.load.stats import Tally

Drill = Callable[[Mapping[str, "Tally"]], Coroutine[None, None, None]]
"""Something that goes on beside the load until it is cancelled; it is given what each tunnel has come to, by name."""
_FIRST_ROTATION, _FIRST_VISIT, _FIRST_STALL = 20.0, 8.0, 25.0


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often; the first time comes early enough to be seen in a run of a minute. Seconds under load."""

    rotate_every: float = 600.0
    """Between two changes of the ECH keys."""
    visit_every: float = 30.0
    """Between two visits with keys and certificates, right and wrong."""
    stall_every: float = 600.0
    """Between two stalls of the datagrams on the wire."""
    stall: float = 1.0
    """Length of a stall."""

    def rotations(self) -> AsyncIterator[None]:
        """Yield when it is time for new keys."""
        return _beats(_FIRST_ROTATION, self.rotate_every)

    def visits(self) -> AsyncIterator[None]:
        """Yield when it is time for visits."""
        return _beats(_FIRST_VISIT, self.visit_every)

    def stalls(self) -> AsyncIterator[None]:
        """Yield when it is time for a stall."""
        return _beats(_FIRST_STALL, self.stall_every)


async def _beats(first: float, every: float) -> AsyncIterator[None]:
    due = time.monotonic() + min(first, every)
    while True:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        yield
        due = max(due + every, time.monotonic())
