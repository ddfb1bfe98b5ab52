"""Noticing that a supervisor has died: a journal of its that did not end will not grow any more."""

import asyncio
import os
from contextlib import suppress
from typing import Final

from stresstui.engine.process.pidfile import SupervisorWatch

LOOK_S: Final = 1.0
"""Seconds between two looks."""
SELDOM_S: Final = 10.0
"""The same where the system tells of an end (pidfd_open(2))."""


async def notice_death(watch: SupervisorWatch, over: asyncio.Event) -> None:
    """Set ``over`` when the supervisor is no more."""
    loop, ended, fd = asyncio.get_running_loop(), asyncio.Event(), -1
    try:
        while watch.lives():
            if fd < 0 and (fd := watch.open_end()) >= 0:
                loop.add_reader(fd, ended.set)
                continue  # it may have ended before, and another process have its pid
            if fd < 0 or ended.is_set():
                await asyncio.sleep(LOOK_S)
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), SELDOM_S)
            if ended.is_set():
                loop.remove_reader(fd)
    finally:
        if fd >= 0:
            loop.remove_reader(fd)
            os.close(fd)
    over.set()
