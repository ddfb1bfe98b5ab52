"""The guide's monitor log, ``monitor_<YYYYmmdd_HHMMSS>.log``, in the format of its script and for its pipelines.

    Monitoring PID: 4711
    Start time: Mon Nov 23 10:15:00 UTC 2026
    === Mon Nov 23 10:15:00 UTC 2026 ===
    %CPU %MEM    VSZ   RSS
    12.0  0.6 812340 47212
    Memory: 47212
    FDs: 28
    Connections: 12
    ...
    End time: Tue Nov 24 10:15:00 UTC 2026

Sizes are KiB, as ps gives them; counts are sums over the system under test. What could not be read has no line.
"""

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from stresstui.core.run.fold import RunState

EVERY: Final = 60.0
"""Seconds between two entries, as in the guide's script."""
ENTRIES: Final = 6
"""Entries that a shorter run has at least."""
_KIB: Final = 1024
_NAMES_TRIED: Final = 1000


def local_now() -> datetime:
    """The local time, with its zone."""
    return datetime.now(UTC).astimezone()


def _open(directory: Path, when: datetime) -> tuple[int, Path]:
    """Make the log of a run that starts at ``when``, of the next free second where that name is taken.

    Nobody else may read it, and a link that waits at the name is not followed. Raises OSError.
    """
    directory.mkdir(parents=True, exist_ok=True)
    for later in range(_NAMES_TRIED):
        path = directory / f"monitor_{when + timedelta(seconds=later):%Y%m%d_%H%M%S}.log"
        try:
            return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600), path
        except FileExistsError:
            continue
    raise FileExistsError(errno.EEXIST, "no name is free", str(directory))


def machine_memory() -> int | None:
    """Memory of this machine, bytes; None where the system does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return None


class MonitorLog:
    """Writes the log of one run as its state moves on; an error of the disk is told once and never raised."""

    def __init__(self, directory: Path, *, now: Callable[[], datetime] = local_now, memory: int | None = None) -> None:
        """The log's file is made in ``directory`` with its first entry, and stays open."""
        self.path: Path | None = None
        """The file; None before the first entry."""
        self._directory = directory
        self._fd = -1
        self._now = now
        self._memory = machine_memory() if memory is None else memory
        self._due: float | None = None
        self._told = False

    def write_due(self, state: RunState) -> str | None:
        """Write an entry when one is due; call it after each sample. Return what went wrong, the first time only."""
        at = state.reading.t
        if not state.under_test() or (self._due is not None and at < self._due):
            return None
        head = self._head(state) if self._due is None else []
        every = entry_interval(state)
        # On the grid, so that a late entry does not make all later ones late.
        self._due = at + every if self._due is None else self._due + every * ((at - self._due) // every + 1)
        return self._append([*head, *self._entry(state)])

    def end(self) -> str | None:
        """Write the closing line of a log that was begun. Return what went wrong, the first time only."""
        said = None if self._due is None else self._append([f"End time: {_date(self._now())}"])
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
        return said

    def _head(self, state: RunState) -> list[str]:
        pids = " ".join(str(process.pid) for process in state.under_test())
        return [f"Monitoring PID: {pids}", f"Start time: {_date(self._now())}"]

    def _entry(self, state: RunState) -> list[str]:
        values = state.reading.values
        lines = [f"=== {_date(self._now())} ===", "%CPU %MEM    VSZ   RSS", self._ps_row(values)]
        for word, name, unit in (("Memory", "rss", _KIB), ("FDs", "fds", 1), ("Connections", "established", 1)):
            if name in values:
                lines.append(f"{word}: {int(values[name]) // unit}")
        return lines

    def _ps_row(self, values: dict[str, float]) -> str:
        rss, vsz = values.get("rss"), values.get("vsz")
        share = 100.0 * rss / self._memory if rss is not None and self._memory else None
        return f"{_tenth(values.get('cpu_cores'))} {_tenth(share)} {_kib(vsz):>6} {_kib(rss):>5}"

    def _append(self, lines: list[str]) -> str | None:
        try:
            if self._fd < 0:
                self._fd, self.path = _open(self._directory, self._now())
            os.write(self._fd, ("\n".join(lines) + "\n").encode())
        except OSError as error:
            told, self._told = self._told, True
            return None if told else f"the monitor log could not be written: {error}"
        return None


def entry_interval(state: RunState) -> float:
    """Seconds between two entries: a minute, or less where the plan is too short for ENTRIES of them."""
    return EVERY if not state.planned else min(EVERY, state.planned / ENTRIES)


def _date(when: datetime) -> str:
    """The time as ``date`` prints it in the C locale."""
    return f"{when:%a %b} {when.day:2} {when:%H:%M:%S %Z %Y}"


def _tenth(value: float | None) -> str:
    return f"{'-' if value is None else format(value, '.1f'):>4}"


def _kib(value: float | None) -> str:
    return "-" if value is None else str(int(value) // _KIB)
