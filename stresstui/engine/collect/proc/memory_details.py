"""What the memory of processes consists of: read in turn, since it costs more than all else of a process."""

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from stresstui.engine.collect.proc import procfs
from stresstui.engine.collect.proc.facts import Key
from stresstui.engine.collect.proc.process_tree import Process
from stresstui.engine.collect.proc.procfs import Stat, View

_AT_ONCE: Final = 40
"""Processes whose status is read for one sample."""
_PSS_EVERY_S: Final = 60.0
_PSS_SHARE: Final = 0.001
"""Share of one core that PSS may take: the kernel walks all pages of a process for it."""
_KIB: Final = 1024
_STATUS: Final = re.compile(
    rb"RssAnon:\s+(\d+) kB\nRssFile:\s+(\d+) kB\nRssShmem:\s+(\d+) kB\n.*?VmSwap:\s+(\d+) kB\n", re.DOTALL
)
_PSS: Final = re.compile(rb"^Pss:\s+(\d+) kB$", re.MULTILINE)


class Details(NamedTuple):
    """Parts of a process's memory, bytes; None where they may not be read."""

    anon: int | None = None
    file: int | None = None
    shmem: int | None = None
    swap: int | None = None


_UNREAD: Final = Details()


@dataclass(slots=True)
class _Known:
    details: Details = _UNREAD
    of: Stat | None = None
    """What the process's stat was then; the details are right for as long as it is the same."""
    t: float = field(default=float("-inf"))
    pss: int | None = None
    pss_due: float = field(default=float("-inf"))


class MemoryDetails:
    """The newest details of every process."""

    def __init__(self) -> None:
        self._known: dict[Key, _Known] = {}
        self._pss_free_at = float("-inf")
        self.t: float | None = None
        """Instant that the oldest details are from; None without processes."""

    def refresh(self, t: float, processes: Iterable[Process]) -> None:
        """Read those that changed, the longest unread first and no more than a sample may cost."""
        known = {process.key: self._known.get(process.key) or _Known() for process in processes}
        self._known = known
        changed = [(known[p.key].t, p) for p in processes if known[p.key].of is not p.stat]
        changed.sort(key=lambda pair: pair[0])
        for _, process in changed[:_AT_ONCE]:
            one = known[process.key]
            one.details, one.of, one.t = read_details(process.view), process.stat, t
        left = [at for at, _ in changed[_AT_ONCE:]]
        self.t = min((at for at in left if at > float("-inf")), default=t) if known else None
        self._refresh_pss(t, processes)

    def of(self, key: Key) -> tuple[Details, int | None]:
        """Details and PSS of a process."""
        one = self._known.get(key)
        return (one.details, one.pss) if one else (_UNREAD, None)

    def _refresh_pss(self, t: float, processes: Iterable[Process]) -> None:
        if t < self._pss_free_at:
            return
        due = min(processes, key=lambda p: self._known[p.key].pss_due, default=None)
        if due is None or self._known[due.key].pss_due > t:
            return
        began = time.thread_time()
        self._known[due.key].pss = read_pss(due.view)
        self._known[due.key].pss_due = t + _PSS_EVERY_S
        self._pss_free_at = t + (time.thread_time() - began) / _PSS_SHARE


def read_details(view: View) -> Details:
    """Read /proc/P/status; all None where it cannot be read."""
    try:
        found = _STATUS.search(procfs.read_bytes(f"/proc/{view}/status"))
    except OSError:
        return _UNREAD
    return Details(*(int(number) * _KIB for number in found.groups())) if found else _UNREAD


def read_pss(view: View) -> int | None:
    """Read PSS out of /proc/P/smaps_rollup, bytes; None where it may not be read."""
    try:
        found = _PSS.search(procfs.read_bytes(f"/proc/{view}/smaps_rollup"))
    except OSError:
        return None
    return int(found[1]) * _KIB if found else None


def memory_in_files(files: Mapping[View, list[str]]) -> int:
    """Sum the memory of files that only memory holds, given by descriptors; each file counts once."""
    found: dict[tuple[int, int], int] = {}
    for view, names in files.items():
        for name in names:
            status = procfs.fd_status(view, name)
            if status is not None:
                found[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(found.values())
