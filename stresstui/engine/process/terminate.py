"""Ending processes: asked first, killed after a while, until none is left."""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from typing import Final

from stresstui.engine.process.find import Found, descendants, send

PATIENCE_S: Final = 5.0
"""Seconds between asking and killing."""

_LOOK_S: Final = 0.03
_KILL_S: Final = 5.0


def below(*, without: Sequence[int]) -> list[Found]:
    """Every descendant of this process, but those of the trees ``without``."""
    left_out = set(without)
    kept: list[Found] = []
    for process in descendants(os.getpid()):
        if process.pid in left_out or process.ppid in left_out or _group(process.pid) in left_out:
            left_out.add(process.pid)
        else:
            kept.append(process)
    return kept


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except OSError:
        return -1


async def end_all(find: Callable[[], list[Found]], *, patience_s: float = PATIENCE_S) -> list[Found]:
    """Ask every process that ``find`` gives to end, then kill; return what is left even so."""
    asked: set[Found] = set()

    def ask() -> list[Found]:
        # Also who was forked in the meantime: asked once each.
        left = find()
        fresh = {Found(process.pid, 0, process.started, "") for process in left} - asked
        send(fresh, signal.SIGTERM)
        asked.update(fresh)
        return left

    def kill() -> list[Found]:
        left = find()
        send(left, signal.SIGKILL)
        return left

    return await repeat(kill, _KILL_S) if await repeat(ask, patience_s) else []


async def repeat(look: Callable[[], list[Found]], timeout_s: float) -> list[Found]:
    """Look until nothing is left, or the time is over; return what is left."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_s
    left = look()
    for _ in range(round(timeout_s / _LOOK_S)):
        if not left or loop.time() >= deadline:
            break
        await asyncio.sleep(_LOOK_S)
        left = look()
    return left
