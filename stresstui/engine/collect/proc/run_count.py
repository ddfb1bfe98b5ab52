"""Whether a process has run: what tells of many idle ones, for little, that nothing else need be read."""

# pathlib would cost several times the call itself.
# ruff: noqa: PTH115

import contextlib
import functools
import itertools
import os
import time
from typing import Final

from stresstui.engine.collect.proc.procfs import KEPT_MAX, StatFile

_NOT_COUNTED: Final = (b"", b"0 0 0\n")
_CPUCLOCK_SCHED: Final = 2
"""The clock that counts every nanosecond of a process (linux/posix-timers.h)."""
_LOOKS: Final = 20
"""Readings of the own clock."""
_FINE_NS: Final = 100_000
"""A step of it that is shorter than any tick."""


class RunCount:
    """Says whether a process has run since this was asked before.

    The kernel's clock of its CPU time (clock_getcpuclockid(3)) says so for a fifth of what its stat costs, for all of
    its threads, and without a descriptor. Where that clock is coarse, how often its first thread has run does
    (scheduler/sched-stats.rst). Who has not run has changed nothing which the process itself would have to change: its
    CPU time, children, threads, program, own memory or end.
    """

    __slots__ = ("_clock", "_fd", "_last", "of_all_threads")

    def __init__(self, pid: int) -> None:
        """Open it where there is room and the kernel counts; else nobody is known to rest."""
        self.of_all_threads = cpu_clocks_are_fine()
        """Whether a process with several threads has rested as well; else only its first one."""
        self._clock = ~pid << 3 | _CPUCLOCK_SCHED
        self._fd: int | None = None
        self._last: int | bytes = 0
        if not self.of_all_threads and StatFile.kept < KEPT_MAX:
            with contextlib.suppress(OSError):
                self._fd = os.open(f"/proc/{pid}/schedstat", os.O_RDONLY | os.O_CLOEXEC)
                StatFile.kept += 1

    def has_rested(self) -> bool:
        """Say whether it has certainly not run since this was asked before."""
        before = self._last
        if self.of_all_threads:  # as _cpu_ns: of many processes a call of it costs as much as the kernel's answer
            try:
                self._last = now = time.clock_gettime_ns(self._clock)
            except OSError:
                self._last = now = 0
            return now == before and now > 0
        self._last = line = _pread(self._fd)
        return line == before and line not in _NOT_COUNTED

    def close(self) -> None:
        """Let go of the place."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
            StatFile.kept -= 1


@functools.cache
def cpu_clocks_are_fine() -> bool:
    """Say whether CPU clocks of processes tell of every turn that one has had, and pids are those that /proc shows.

    A clock of ticks would miss what is shorter than one.
    """
    try:
        if os.readlink("/proc/self") != str(os.getpid()):
            return False
        own = [_cpu_ns(~os.getpid() << 3 | _CPUCLOCK_SCHED) for _ in range(_LOOKS)]
    except OSError:
        return False
    return any(0 < now - before < _FINE_NS for before, now in itertools.pairwise(own))


def _cpu_ns(clock: int) -> int:
    try:
        return time.clock_gettime_ns(clock)
    except OSError:
        return 0


def _pread(fd: int | None) -> bytes:
    try:
        return b"" if fd is None else os.pread(fd, 128, 0)
    except OSError:
        return b""
