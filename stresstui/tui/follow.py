"""Following: folds a source's events in slices, so that keys are answered while a long journal is read."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from stresstui.core.run import RunState, advance
from stresstui.tui.source import RunSource

SLICE_S: Final = 0.015
"""Seconds of folding between two chances for keys and drawing."""
_CATCHING_UP: Final = 200
_LOOK_EVERY: Final = 50


async def follow(source: RunSource, run: RunState, tell: Callable[[int | None], None]) -> None:
    """Fold every event of the source into the run; ``tell`` gets the events read so far, or None when live."""
    count = 0
    async for batch in source.events():
        behind = len(batch) > _CATCHING_UP
        begun = time.monotonic()
        for number, event in enumerate(batch, 1):
            advance(run, event)
            if number % _LOOK_EVERY == 0 and time.monotonic() - begun > SLICE_S:
                tell(count + number if behind else None)
                await asyncio.sleep(0)
                begun = time.monotonic()
        count += len(batch)
        tell(count if behind else None)
        await asyncio.sleep(0)
    tell(None)
