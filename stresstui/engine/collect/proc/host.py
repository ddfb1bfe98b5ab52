"""What the machine gives to the run: memory, load, pressure, and time that it spent asleep."""

import contextlib
import os
import re
import sys
import time

from stresstui.engine.collect.proc import procfs

_AVAILABLE = re.compile(rb"^MemAvailable:\s+(\d+) kB$", re.MULTILINE)
_SHMEM = re.compile(rb"^Shmem:\s+(\d+) kB$", re.MULTILINE)
_PRESSURE_SIZE = 1024
_VMSTAT_SIZE = 1 << 14
_KILLS = re.compile(r"^oom_kill (\d+)$", re.MULTILINE)
_STEAL = 8
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


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
