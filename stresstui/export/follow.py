"""Follows a run's journal to its end, and gives what is known after each batch."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

from stresstui.core.run.fold import RunState, advance
from stresstui.engine.process.death import notice_death
from stresstui.engine.process.pidfile import SupervisorWatch
from stresstui.engine.record import journal
from stresstui.folder import JOURNAL


async def follow(run_dir: Path, tell: Callable[[RunState], None]) -> None:
    """Fold the journal until the run has ended or its supervisor has died."""
    state, watch, over = RunState(), SupervisorWatch(run_dir), asyncio.Event()
    noticing = asyncio.create_task(notice_death(watch, over))
    try:
        async for batch in journal.tail_batches(run_dir / JOURNAL, over):
            for event in batch:
                advance(state, event)
            tell(state)
    finally:
        noticing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await noticing
