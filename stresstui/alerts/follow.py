"""Follows a run's journal and sends what there is to tell, until the run has ended or is lost."""

import asyncio
import os
from pathlib import Path
from typing import Final

from stresstui.alerts.channels import deliver
from stresstui.alerts.message import Message, Messages
from stresstui.alerts.sender import Sender
from stresstui.alerts.settings import Alert
from stresstui.core.model.event import Ended
from stresstui.core.text.printable import printable
from stresstui.engine.clock import wall_clock
from stresstui.engine.process.death import notice_death
from stresstui.engine.process.pidfile import SupervisorWatch
from stresstui.engine.record import journal
from stresstui.engine.record.ending import read_ending
from stresstui.files import open_in_own
from stresstui.folder import ALERTS_LOG, JOURNAL

PATIENCE_S: Final = 120.0
"""Seconds after the end in which the last messages are tried."""
REPORTS_S: Final = 30.0
"""Seconds that the supervisor has to write how the run ended."""


async def follow(run_dir: Path, alerts: list[Alert]) -> None:
    """Follow a run to its end."""
    log = _Log(run_dir)
    messages, sender = Messages(str(run_dir)), Sender(alerts, deliver, log.write)
    watch, over = SupervisorWatch(run_dir), asyncio.Event()
    noticing = asyncio.create_task(notice_death(watch, over))
    ended, t = False, 0.0
    try:
        async for batch in journal.tail_batches(run_dir / JOURNAL, over):
            for event in batch:
                ended, t = ended or isinstance(event, Ended), event.t
                message = messages.of(event)
                if message is not None:
                    sender.send(message)
    finally:
        noticing.cancel()
    sender.send(await asyncio.to_thread(_last, run_dir, watch, messages, t) if ended else messages.lost(t))
    await asyncio.to_thread(sender.close, PATIENCE_S)


def _last(run_dir: Path, watch: SupervisorWatch, messages: Messages, t: float) -> Message:
    """How it ended, once the supervisor has written that down."""
    watch.wait_end(REPORTS_S)
    ending = read_ending(run_dir)
    if ending is None or ending.outcome is None:
        return messages.ended(t, "ended", ["its result could not be read"])
    return messages.ended(t, ending.outcome, ending.reasons)


class _Log:
    """Lines in the run's folder; where the disk refuses, none."""

    def __init__(self, run_dir: Path) -> None:
        self._path = run_dir / ALERTS_LOG

    def write(self, text: str) -> None:
        """Append a line."""
        try:
            fd = open_in_own(self._path, os.O_APPEND)
        except OSError:
            return
        with os.fdopen(fd, "a", encoding="utf-8") as file:
            file.write(f"{wall_clock()}  {printable(text)}\n")
