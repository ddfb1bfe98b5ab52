"""What the machine gives to the run: CPUs, memory, load, and time that it spent asleep."""

import contextlib
import math
import os
import re
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from stresstui.engine.collect.proc import procfs

_CGROUPS = Path("/sys/fs/cgroup")
_AVAILABLE = re.compile(rb"^MemAvailable:\s+(\d+) kB$", re.MULTILINE)
_SHMEM = re.compile(rb"^Shmem:\s+(\d+) kB$", re.MULTILINE)
_PRESSURE_SIZE = 1024
_VMSTAT_SIZE = 1 << 14
_KILLS = re.compile(r"^oom_kill (\d+)$", re.MULTILINE)
_STEAL = 8
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_ALLOWANCE_S = 5.0
_ALLOWANCE_S_EACH = 0.05  # of a hundred processes or more
_ALLOWANCE_S_MOST = 30.0


def load1() -> float | None:
    """Load average over one minute; None where the system has none."""
    try:
        return os.getloadavg()[0]
    except OSError:
        return None


def memory() -> tuple[int | None, int | None]:
    """Bytes available without swapping, and in shared memory and tmpfs, from /proc/meminfo; None if unreadable."""
    try:
        text = procfs.read_bytes("/proc/meminfo")
    except OSError:
        return None, None
    return _kib(_AVAILABLE.search(text)), _kib(_SHMEM.search(text))


def _kib(found: re.Match[bytes] | None) -> int | None:
    return int(found[1]) * 1024 if found else None


class Pressure:
    """What the machine lacks: stalls and kills, from kept descriptors on /proc."""

    def __init__(self) -> None:
        """Open what there is: a kernel may be without."""
        self._fds: dict[str, int] = {}
        for name in ("pressure/cpu", "pressure/io", "pressure/memory", "stat", "vmstat"):
            with contextlib.suppress(OSError):
                self._fds[name] = os.open(f"/proc/{name}", os.O_RDONLY | os.O_CLOEXEC)

    def read(self) -> dict[str, float | None]:
        """Seconds stalled and processes killed, by their names in HostSample; None where the kernel does not tell."""
        cpu, io, memory = (parse_pressure(self._text(f"pressure/{name}")) for name in ("cpu", "io", "memory"))
        return {
            "cpu_stall_s": cpu.get("some"),
            "io_stall_s": io.get("some"),
            "io_full_stall_s": io.get("full"),
            "memory_stall_s": memory.get("some"),
            "memory_full_stall_s": memory.get("full"),
            "steal_s": parse_steal(self._text("stat")),
            "oom_kills": parse_kills(self._text("vmstat", _VMSTAT_SIZE)),
        }

    def close(self) -> None:
        """Let go of the descriptors."""
        for fd in self._fds.values():
            os.close(fd)
        self._fds.clear()

    def _text(self, name: str, size: int = _PRESSURE_SIZE) -> str:
        try:
            return os.pread(self._fds[name], size, 0).decode()
        except (KeyError, OSError):
            return ""


def memory_kills() -> int | None:
    """How many processes the kernel has killed for want of memory since it began; None where it does not tell."""
    try:
        return parse_kills(procfs.read_bytes("/proc/vmstat").decode())
    except OSError:
        return None


def parse_pressure(text: str) -> dict[str, float]:
    """Read lines such as ``some avg10=0.00 avg60=0.00 avg300=0.00 total=5``, microseconds, as seconds."""
    words = (line.split() for line in text.splitlines())
    return {line[0]: int(line[-1].removeprefix("total=")) / 1e6 for line in words if line}


def parse_steal(text: str) -> float | None:
    """Read the time of all CPUs that other machines took, seconds, out of the first line of /proc/stat."""
    fields = text.partition("\n")[0].split()
    return int(fields[_STEAL]) / _TICKS_PER_S if len(fields) > _STEAL and fields[0] == "cpu" else None


def parse_kills(text: str) -> int | None:
    """Read how many processes the kernel killed for want of memory, out of /proc/vmstat."""
    found = _KILLS.search(text)
    return int(found[1]) if found else None


class Allowance:
    """CPUs that processes may use, asked again some seconds later: it takes a call for each process."""

    def __init__(self) -> None:
        self._asked_of: tuple[int | None, int] = (None, 0)
        self._cpus = 1
        self._due = float("-inf")

    def cpus(self, t: float, pids: Sequence[int]) -> int:
        """Count them as ``cpus`` does, as of some seconds before ``t`` at most."""
        of = (pids[0] if pids else None, len(pids))
        if t >= self._due or of != self._asked_of:
            self._cpus, self._asked_of = cpus(pids), of
            self._due = t + min(max(_ALLOWANCE_S, len(pids) * _ALLOWANCE_S_EACH), _ALLOWANCE_S_MOST)
        return self._cpus


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

    _NOISE_S = 0.25  # a busy host may take its CPU from this process between the two clocks: 11 ms were seen

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
