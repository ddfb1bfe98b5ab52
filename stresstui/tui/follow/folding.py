"""Following: folds a source's events in slices, so that keys are answered while a long journal is read."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from stresstui.core.run.fold import RunState, advance
from stresstui.tui.follow.source import RunSource

SLICE_S: Final = 0.015
"""Seconds of folding between two chances for keys and drawing."""
CAUGHT_UP_S: Final = 0.3
"""Seconds without a further batch after which a long journal has been read."""
_CATCHING_UP: Final = 200
_LOOK_EVERY: Final = 50


async def fold_source(source: RunSource, run: RunState, emit: Callable[[int | None], None]) -> None:
    """Fold every event of the source into the run; ``emit`` gets the events read so far, or None when live."""
    count = 0
    caught_up: asyncio.TimerHandle | None = None
    async for batch in source.events():
        if caught_up is not None:
            caught_up.cancel()
        behind = len(batch) > _CATCHING_UP
        begun = time.monotonic()
        for number, event in enumerate(batch, 1):
            advance(run, event)
            if number % _LOOK_EVERY == 0 and time.monotonic() - begun > SLICE_S:
                emit(count + number if behind else None)
                await asyncio.sleep(0)
                begun = time.monotonic()
        count += len(batch)
        emit(count if behind else None)
        if behind:
            caught_up = asyncio.get_running_loop().call_later(CAUGHT_UP_S, emit, None)
        await asyncio.sleep(0)
    emit(None)
