"""Processes that are there and do nothing: stopped by a signal, or held fast in the kernel."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

HELD_S: Final = 1.0
"""Seconds without a single switch after which a process in uninterruptible sleep counts as held."""


def is_stopped(pid: int) -> bool:
    """Say whether a signal has stopped a process (Linux; False where that cannot be read)."""
    return _state(pid) == "T"


def frozen(pids: Iterable[int]) -> dict[int, str]:
    """Say what holds each process that does nothing; blocks for ``HELD_S`` where one may be held by the kernel."""
    states = {pid: _state(pid) for pid in pids}
    found = {pid: "stopped by a signal" for pid, state in states.items() if state == "T"}
    waiting = {pid: _switches(pid) for pid, state in states.items() if state == "D"}
    if waiting:
        time.sleep(HELD_S)
        held = (pid for pid, switches in waiting.items() if _state(pid) == "D" and _switches(pid) == switches)
        found |= dict.fromkeys(held, "held in the kernel (uninterruptible sleep)")
    return found


def _state(pid: int) -> str:
    return _status(pid).get("State", "")[:1]


def _switches(pid: int) -> tuple[str | None, str | None]:
    status = _status(pid)
    return status.get("voluntary_ctxt_switches"), status.get("nonvoluntary_ctxt_switches")


def _status(pid: int) -> dict[str, str]:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(errors="replace").splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
