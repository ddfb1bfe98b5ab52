"""Ending processes: asked first, killed after a while, until none is left."""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from typing import Final

from stresstui.engine.processes import Found, descendants, send

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
    send(find(), signal.SIGTERM)
    if not await _gone(find, patience_s):
        return []
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _KILL_S
    while (left := find()) and loop.time() < deadline:
        # Again and again: what forks while it is being killed leaves children behind.
        send(left, signal.SIGKILL)
        await asyncio.sleep(_LOOK_S)
    return left


async def _gone(find: Callable[[], list[Found]], timeout_s: float) -> list[Found]:
    """Wait for all to end; return who has not."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_s
    left = find()
    for _ in range(round(timeout_s / _LOOK_S)):
        if not left or loop.time() >= deadline:
            break
        await asyncio.sleep(_LOOK_S)
        left = find()
    return left
