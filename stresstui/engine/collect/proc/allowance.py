"""What CPU time the run may have: the CPUs of its affinities, and the quotas of its control groups (cgroups(7)).

A quota (``cpu.max``; ``cpu.cfs_quota_us`` in version 1) may be a part of a CPU, and whoever has used it up waits until
the next period, which no pressure of the host tells.
"""

import contextlib
import math
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from stresstui.engine.collect.proc import cgroup

_ASKED_S: Final = 5.0
_ASKED_S_EACH: Final = 0.05  # of a hundred processes or more
_ASKED_S_MOST: Final = 30.0
_PERIOD_US: Final = 100_000


class Quota(NamedTuple):
    """What one control group gets."""

    folder: Path
    """The group."""
    cpus: float
    """CPUs that it may use at a time, in the mean of a period."""
    period_s: float
    """Seconds after which it gets as much again."""


class Allowed(NamedTuple):
    """What the run may use just now."""

    cpus: int
    """CPUs, rounded up."""
    quota: float | None = None
    """The least quota around it, in CPUs, where that is less."""
    throttled_s: float | None = None
    """Seconds, in whole periods, in which that was used up, cumulative; None without a quota."""


class Allowance:
    """What processes may use, asked again some seconds later: it takes a call for each process."""

    def __init__(self) -> None:
        self._asked_of: tuple[int | None, int] = (None, 0)
        self._cpus = 1
        self._quota: Quota | None = None
        self._due = float("-inf")

    def read(self, t: float, pids: Sequence[int]) -> Allowed:
        """Say what they may use, as of some seconds before ``t`` at most; how often it was used up as of now."""
        of = (pids[0] if pids else None, len(pids))
        if t >= self._due or of != self._asked_of:
            self._asked_of = of
            self._cpus, self._quota = affine(pids), least_quota(pids[0]) if pids else None
            self._due = t + min(max(_ASKED_S, len(pids) * _ASKED_S_EACH), _ASKED_S_MOST)
        return _allowed(self._cpus, self._quota)


def allowed(pids: Iterable[int]) -> Allowed:
    """Say what these processes may use: their affinities together, within the quotas around the first."""
    pids = list(pids)
    return _allowed(affine(pids), least_quota(pids[0]) if pids else None)


def _allowed(cpus: int, quota: Quota | None) -> Allowed:
    if quota is None or quota.cpus >= cpus:
        return Allowed(cpus)
    return Allowed(math.ceil(quota.cpus), quota.cpus, _used_up_s(quota))


def affine(pids: Sequence[int]) -> int:
    """Count the CPUs on which one of these processes may run."""
    union: set[int] = set()
    for pid in (pids or [0]) if sys.platform == "linux" else ():
        with contextlib.suppress(OSError):
            union |= os.sched_getaffinity(pid)
    return len(union) or os.cpu_count() or 1


def least_quota(pid: int) -> Quota | None:
    """The least quota of the groups that a process is in; None without any."""
    return min(filter(None, map(_quota_of, _groups(pid))), key=lambda quota: quota.cpus, default=None)


def _groups(pid: int) -> Iterator[Path]:
    """Folders of a process's group and of those around it, in both versions."""
    mounts, paths = cgroup.read_mounts(), cgroup.paths_of(pid)
    for kind in ("", "cpu"):
        if kind in mounts and kind in paths:
            here, top = mounts[kind].folder(paths[kind]), mounts[kind].place
            yield from (place for place in (here, *here.parents) if place.is_relative_to(top))


def _quota_of(folder: Path) -> Quota | None:
    with contextlib.suppress(OSError):
        return parse_quota(folder, (folder / "cpu.max").read_text())
    with contextlib.suppress(OSError):
        texts = ((folder / f"cpu.cfs_{name}_us").read_text().strip() for name in ("quota", "period"))
        return parse_quota(folder, " ".join(texts))
    return None


def parse_quota(folder: Path, text: str) -> Quota | None:
    """Read quota and period, microseconds; None for ``max`` and -1, which are no limit, and for nonsense."""
    quota, _, period = text.strip().partition(" ")
    try:
        found = Quota(folder, int(quota) / int(period or _PERIOD_US), int(period or _PERIOD_US) / 1e6)
    except (ValueError, ZeroDivisionError):
        return None
    return found if found.cpus > 0 else None


def _used_up_s(quota: Quota) -> float | None:
    periods = cgroup.table(quota.folder / "cpu.stat").get("nr_throttled")
    return None if periods is None else round(periods * quota.period_s, 3)
