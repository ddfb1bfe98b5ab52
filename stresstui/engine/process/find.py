"""Finding processes and ending them by pid: Linux's /proc first, psutil elsewhere."""

import contextlib
import os
import select
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

_PROC: Final = Path("/proc")
_LINUX: Final = sys.platform == "linux"
_LINE_MAX: Final = 4096
"""Bytes of a line of /proc/P/stat, at most: a quarter of that holds all its numbers at their longest."""
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class Found(msgspec.Struct, frozen=True):
    """A process that was there a moment ago."""

    pid: int
    ppid: int
    started: float
    """Start time, seconds since boot (Linux) or since the epoch."""
    name: str


def look_up(pid: int) -> Found | None:
    """Read one process; None where there is none, or where it only waits to be reaped."""
    if not _LINUX:
        return _look_up_portably(pid)
    try:
        fd = os.open(f"/proc/{pid}/stat", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        line = os.read(fd, _LINE_MAX)
    except OSError:
        return None
    finally:
        os.close(fd)
    head, _, tail = line.rpartition(b")")
    fields = tail.split()
    if not fields or fields[0] in b"ZX":
        return None
    name = head.partition(b"(")[2].decode(errors="replace")
    return Found(pid, int(fields[1]), int(fields[19]) / _TICKS, name)


def _look_up_portably(pid: int) -> Found | None:
    import psutil  # noqa: PLC0415 - costs 90 ms of CPU, and is needed only off Linux

    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return Found(pid, process.ppid(), process.create_time(), process.name())
    except psutil.Error:
        return None


def scan() -> Iterator[Found]:
    """Read every process that can be seen."""
    for pid in _all_pids():
        process = look_up(pid)
        if process is not None:
            yield process


def _all_pids() -> list[int]:
    if _LINUX:
        return [int(name) for name in os.listdir(_PROC) if name.isdigit()]  # noqa: PTH208 - only names are wanted
    import psutil  # noqa: PLC0415 - as above

    return psutil.pids()


def command_parts(pid: int) -> tuple[str, ...]:
    """The full command line; empty where it may not be read."""
    if _LINUX:
        try:
            raw = (_PROC / str(pid) / "cmdline").read_bytes()
        except OSError:
            return ()
        return tuple(os.fsdecode(part) for part in raw.removesuffix(b"\0").split(b"\0")) if raw else ()
    import psutil  # noqa: PLC0415 - as above

    try:
        return tuple(psutil.Process(pid).cmdline())
    except psutil.Error:
        return ()


def executable(pid: int) -> str:
    """Path of the executable; empty where it may not be read."""
    if _LINUX:
        try:
            return str((_PROC / str(pid) / "exe").readlink()).removesuffix(" (deleted)")
        except OSError:
            return ""
    import psutil  # noqa: PLC0415 - as above

    try:
        return psutil.Process(pid).exe()
    except psutil.Error:
        return ""


def descendants(root: int) -> list[Found]:
    """Everything below a process, parents first; the process itself is left out."""
    children: dict[int, list[Found]] = {}
    for process in scan():
        children.setdefault(process.ppid, []).append(process)
    ordered = list(children.get(root, ()))
    for process in ordered:
        ordered += children.get(process.pid, ())
    return ordered


def ancestors(pid: int) -> set[int]:
    """The pids above a process, itself included."""
    found: set[int] = set()
    while pid > 0 and pid not in found:
        found.add(pid)
        process = look_up(pid)
        pid = process.ppid if process else 0
    return found


def send(processes: Iterable[Found], number: signal.Signals) -> None:
    """Send a signal to each of them that is still the same process."""
    for process in processes:
        with contextlib.suppress(OSError):
            _send_one(process, number)


def _send_one(process: Found, number: signal.Signals) -> None:
    if sys.platform != "linux":
        now = look_up(process.pid)
        if now is not None and now.started == process.started:
            os.kill(process.pid, number)
        return
    fd = os.pidfd_open(process.pid)
    try:
        # The descriptor holds the pid: if the start time is right now, it stays right.
        now = look_up(process.pid)
        if now is not None and now.started == process.started:
            signal.pidfd_send_signal(fd, number)
    finally:
        os.close(fd)


def wait_end(pid: int, timeout_s: float) -> None:
    """Wait until a process has ended, unreaped, where the system tells (pidfd_open(2)); else return at once."""
    if not hasattr(os, "pidfd_open"):
        return
    try:
        fd = os.pidfd_open(pid)
    except OSError:
        return
    try:
        waiting = select.poll()
        waiting.register(fd, select.POLLIN)
        waiting.poll(1000 * timeout_s)
    finally:
        os.close(fd)
