"""Waiting no longer than is worth it, and never past one's own end."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

Result = TypeVar("Result")


async def within(seconds: float, work: Awaitable[Result]) -> Result:
    """Return what it comes to; raises TimeoutError where that takes longer, and gives it up.

    ``asyncio.wait_for`` of Python 3.11 keeps a cancellation to itself where the work is done in the same turn of the
    loop. What goes on in a circle after that is never over, and who waits for its end waits for ever.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task}, timeout=seconds)
        if not task.done():
            raise TimeoutError
        return task.result()
    finally:
        if not task.cancel() and not task.cancelled():
            task.exception()  # looked at, or the loop would print it
