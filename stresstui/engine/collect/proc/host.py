"""What the machine gives to the run: CPUs, memory, load, and time that it spent asleep."""

import contextlib
import math
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from stresstui.engine.collect.proc import procfs

_CGROUPS = Path("/sys/fs/cgroup")


def load1() -> float | None:
    """Load average over one minute; None where the system has none."""
    try:
        return os.getloadavg()[0]
    except OSError:
        return None


def mem_available() -> int | None:
    """Memory available without swapping, bytes, from /proc/meminfo; None where unreadable."""
    try:
        kib = dict(procfs.key_values(procfs.read_bytes("/proc/meminfo"))).get(b"MemAvailable")
    except OSError:
        return None
    return None if kib is None else kib * 1024


def cpus(pids: Iterable[int]) -> int:
    """Count the CPUs that these processes may use: their affinities together, within the quota of the first."""
    pids = list(pids)
    allowed = _affinity(pids) or os.cpu_count() or 1
    quota = _quota(pids[0]) if pids else None
    return max(1, min(allowed, math.ceil(quota)) if quota else allowed)


def _affinity(pids: list[int]) -> int:
    if sys.platform != "linux":
        return 0
    union: set[int] = set()
    for pid in pids or [0]:
        with contextlib.suppress(OSError):
            union |= os.sched_getaffinity(pid)
    return len(union)


def _quota(pid: int) -> float | None:
    """Take the least quota of the process's cgroup and those around it, in CPUs (cgroup v2, cpu.max)."""
    try:
        lines = procfs.read_bytes(f"/proc/{pid}/cgroup").decode().splitlines()
    except OSError:
        return None
    path = next((line[3:] for line in lines if line.startswith("0::")), None)
    if path is None:
        return None
    here = _CGROUPS / path.lstrip("/")
    inside = [here, *(p for p in here.parents if p.is_relative_to(_CGROUPS))]
    return min((q for q in map(_own_quota, inside) if q), default=None)


def _own_quota(folder: Path) -> float | None:
    try:
        return parse_cpu_max((folder / "cpu.max").read_text())
    except OSError:
        return None


def parse_cpu_max(text: str) -> float | None:
    """Read ``quota period`` of a cpu.max file as CPUs; None for ``max``, which is no limit, and for nonsense."""
    quota, _, period = text.strip().partition(" ")
    try:
        return int(quota) / int(period or 100_000)
    except (ValueError, ZeroDivisionError):
        return None


class Suspension:
    """Time that the machine was suspended, from two clocks of which one stands still then."""

    _NOISE_S = 0.005

    def __init__(self) -> None:
        self._before = self._behind()

    def since_last(self) -> float:
        """Seconds suspended since the call before; 0 where the system has no such clocks."""
        behind = self._behind()
        passed, self._before = behind - self._before, behind
        return passed if passed > self._NOISE_S else 0.0

    @staticmethod
    def _behind() -> float:
        if sys.platform == "linux":
            return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
        if sys.platform == "darwin":
            return time.clock_gettime(time.CLOCK_MONOTONIC) - time.clock_gettime(time.CLOCK_UPTIME_RAW)
        return 0.0
