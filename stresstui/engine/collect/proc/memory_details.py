"""What the memory of processes consists of: read in turn, since it costs more than all else of a process."""

import re
import time
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from stresstui.engine.collect.proc import descriptors, procfs
from stresstui.engine.collect.proc.procfs import Stat, View

AT_ONCE: Final = 40
"""Processes whose status is read for one sample."""
_PSS_EVERY_S: Final = 60.0
_PSS_SHARE: Final = 0.001
"""Share of one core that PSS may take: the kernel walks all pages of a process for it."""
_KIB: Final = 1024
_STATUS: Final = re.compile(
    rb"RssAnon:\s+(\d+) kB\nRssFile:\s+(\d+) kB\nRssShmem:\s+(\d+) kB\n.*?VmSwap:\s+(\d+) kB\n"
    rb"(?:HugetlbPages:\s+(\d+) kB\n)?",
    re.DOTALL,
)
_PSS: Final = re.compile(rb"^Pss:\s+(\d+) kB$", re.MULTILINE)


class Details(NamedTuple):
    """Parts of a process's memory, bytes; None where they may not be read."""

    anon: int | None = None
    file: int | None = None
    shmem: int | None = None
    swap: int | None = None
    huge: int = 0
    """Huge pages that it reserved, which no other number takes in."""


_UNREAD: Final = Details()


class Process(Protocol):
    """A process as it is needed here."""

    stat: Stat
    view: View
    memory: "Memory"


class Memory:
    """What is known of the memory of one process."""

    __slots__ = ("details", "of", "pss", "pss_due", "t")

    def __init__(self) -> None:
        """Nothing is read yet."""
        self.details = _UNREAD
        self.pss: int | None = None
        self.of: Stat | None = None
        """What the process's stat was then; the details are right for as long as it is the same."""
        self.t = self.pss_due = float("-inf")


class MemoryDetails:
    """Reads the memory of processes in turn."""

    def __init__(self) -> None:
        self._pss_free_at = float("-inf")
        self.t: float | None = None
        """Instant that the oldest details are from; None without processes."""

    def refresh(self, t: float, processes: Sequence[Process]) -> None:
        """Read those that changed, the longest unread first and no more than a sample may cost."""
        changed = [p for p in processes if p.memory.of is not p.stat]
        if len(changed) > AT_ONCE:
            changed.sort(key=_read_at)
        for process in changed[:AT_ONCE]:
            memory = process.memory
            memory.details, memory.of, memory.t = read_details(process.view), process.stat, t
        left = [p.memory.t for p in changed[AT_ONCE:] if p.memory.of is not None]
        self.t = min(left, default=t) if processes else None
        if t >= self._pss_free_at:
            self._refresh_pss(t, processes)

    def _refresh_pss(self, t: float, processes: Sequence[Process]) -> None:
        due = next((p for p in processes if p.memory.pss_due <= t), None)
        if due is None:
            return
        began = time.thread_time()
        due.memory.pss = read_pss(due.view)
        due.memory.pss_due = t + _PSS_EVERY_S
        self._pss_free_at = t + (time.thread_time() - began) / _PSS_SHARE


def _read_at(process: Process) -> float:
    return process.memory.t


def read_details(view: View) -> Details:
    """Read /proc/P/status; all None where it cannot be read."""
    try:
        found = _STATUS.search(procfs.read_bytes(f"/proc/{view}/status"))
    except OSError:
        return _UNREAD
    return Details(*(int(number or 0) * _KIB for number in found.groups())) if found else _UNREAD


def read_pss(view: View) -> int | None:
    """Read PSS out of /proc/P/smaps_rollup, bytes; None where it may not be read."""
    try:
        found = _PSS.search(procfs.read_bytes(f"/proc/{view}/smaps_rollup"))
    except OSError:
        return None
    return int(found[1]) * _KIB if found else None


def memory_in_files(files: Mapping[View, list[str]] | None) -> int | None:
    """Sum the memory of files that only memory holds, given by descriptors; each file counts once; None if unknown."""
    if files is None:
        return None
    found: dict[tuple[int, int], int] = {}
    for view, names in files.items():
        for name in names:
            status = descriptors.fd_status(view, name)
            if status is not None:
                found[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(found.values())
