"""Noticing that a supervisor has died: a journal of its that did not end will not grow any more."""

import asyncio
from typing import Final

from stresstui.engine.process.pidfile import SupervisorWatch

LOOK_S: Final = 1.0
"""Seconds between two looks."""


async def notice_death(watch: SupervisorWatch, over: asyncio.Event) -> None:
    """Set ``over`` when the supervisor is no more."""
    while watch.lives():  # noqa: ASYNC110 - another process's death sends no event here
        await asyncio.sleep(LOOK_S)
    over.set()
