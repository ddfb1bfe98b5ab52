"""Linux's /proc, one process at a time (proc_pid_stat(5), Documentation/filesystems/proc.rst)."""

# pathlib would cost several times the call itself, for every process at every sample.
# ruff: noqa: PTH110, PTH115, PTH116, PTH208

import contextlib
import functools
import os
import resource
from collections.abc import Iterator
from typing import NamedTuple

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_STAT_SIZE = 2048
_LEFT_TO_OTHERS = 400
KEPT_MAX = max(0, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - _LEFT_TO_OTHERS)
"""Descriptors that may be kept, of all kinds together."""

_FLAGS = 6
_PF_EXITING = 0x4
"""It does not run its program any more (linux/sched.h)."""
_STATE, _PPID, _UTIME, _STIME, _CHILDREN_UTIME, _CHILDREN_STIME, _THREADS = 0, 1, 11, 12, 13, 14, 17
_STARTED, _VSZ, _RSS, _START_CODE, _START_STACK, _ARG_START = 19, 20, 21, 23, 25, 45


View = int | str
"""Where /proc shows a process: its pid, or ``pid/task/tid`` where its first thread has ended before the others."""


class Stat(NamedTuple):
    """One reading of /proc/P/stat."""

    pid: int
    """Process id."""
    name: str
    """Short command name; may hold any character."""
    state: str
    """One letter: R, S, D, Z, T and so on."""
    ppid: int
    """Parent process id."""
    cpu_s: float
    """User and system CPU time, seconds."""
    children_cpu_s: float
    """The same of all children that it waited for, with theirs."""
    threads: int
    """Threads."""
    started: float
    """Start time, seconds since boot."""
    vsz: int
    """Virtual size, bytes."""
    rss: int
    """Resident set, bytes."""
    mark: tuple[bytes, ...]
    """Name and places in memory, which change when another program is executed."""

    @property
    def ended(self) -> bool:
        """Say whether it waits to be reaped, holding nothing (a thread may outlive the first one)."""
        return self.state in "ZXx" and self.threads <= 1

    @property
    def headless(self) -> bool:
        """Say whether only the first thread has ended, which then shows neither memory nor descriptors."""
        return self.state in "ZXx" and self.threads > 1


def parse_stat(line: bytes) -> Stat:
    """Read a line of /proc/P/stat; raises ValueError or IndexError when it is not one."""
    head, _, tail = line.rpartition(b")")
    pid, _, name = head.partition(b"(")
    field = tail.split()
    return Stat(
        int(pid),
        name.decode(errors="replace"),
        field[_STATE].decode(),
        int(field[_PPID]),
        (int(field[_UTIME]) + int(field[_STIME])) / _TICKS_PER_S,
        (int(field[_CHILDREN_UTIME]) + int(field[_CHILDREN_STIME])) / _TICKS_PER_S,
        int(field[_THREADS]),
        int(field[_STARTED]) / _TICKS_PER_S,
        int(field[_VSZ]),
        int(field[_RSS]) * _PAGE,
        (name, field[_START_CODE], field[_START_STACK], field[_ARG_START]),
    )


class StatFile:
    """A kept descriptor on /proc/P/stat: it never shows another process that got the same pid.

    Where this process may not have that many descriptors, the file is opened for each reading and told by start time.
    """

    kept = 0

    def __init__(self, pid: int) -> None:
        """Open it; raises OSError where there is no such process."""
        self._path = f"/proc/{pid}/stat"
        self._line = read_bytes(self._path)
        self.first = self._stat = parse_stat(self._line)
        self._fd: int | None = None
        if StatFile.kept < KEPT_MAX:
            self._fd = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
            StatFile.kept += 1

    def read(self) -> Stat | None:
        """Read it now; None once the process has been reaped; the same object where nothing has changed."""
        try:
            line = read_bytes(self._path) if self._fd is None else os.pread(self._fd, _STAT_SIZE, 0)
        except OSError:
            return None
        if line != self._line:
            stat = parse_stat(line)
            if stat.started != self._stat.started:
                return None
            self._stat, self._line = stat, line
        return self._stat

    def is_exiting(self) -> bool:
        """Say whether it was on its way out when last read: it has let go of its files before it is a zombie."""
        flags = int(self._line.rpartition(b")")[2].split()[_FLAGS])
        return bool(flags & _PF_EXITING) and self._stat.threads <= 1

    def close(self) -> None:
        """Let go of the descriptor."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
            StatFile.kept -= 1


def living_thread(pid: int) -> tuple[View, Stat] | None:
    """Find where a process is shown whose first thread has ended, and read it there; None where no thread is left."""
    for tid in threads(pid):
        with contextlib.suppress(OSError, ValueError, IndexError):
            stat = parse_stat(read_bytes(f"/proc/{pid}/task/{tid}/stat"))
            if stat.state not in "ZXx":
                return f"{pid}/task/{tid}", stat
    return None


def threads(pid: int) -> list[str]:
    """List the threads of a process; empty where it has ended."""
    return _listed(f"/proc/{pid}/task")


def stat(pid: int) -> Stat | None:
    """Read /proc/P/stat once; None where there is no such process."""
    try:
        return parse_stat(read_bytes(f"/proc/{pid}/stat"))
    except (OSError, ValueError, IndexError):
        return None


def last_pid() -> bytes:
    """Say which pid was given away last, to a process or a thread; empty where the system does not tell."""
    try:
        return os.pread(_loadavg(), 128, 0).rpartition(b" ")[2]
    except OSError:
        return b""


@functools.cache
def _loadavg() -> int:
    return os.open("/proc/loadavg", os.O_RDONLY | os.O_CLOEXEC)


def all_pids() -> set[int]:
    """Pids of all processes that may be seen."""
    return set(map(int, filter(str.isdigit, _listed("/proc"))))


def children(pid: int, threads: int) -> list[int]:
    """Pids of the children of every thread; empty once it ended, FileNotFoundError where the kernel lists none."""
    tasks = [str(pid)] if threads == 1 else _listed(f"/proc/{pid}/task")
    found: list[int] = []
    for task in tasks:
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):
            found += map(int, read_bytes(f"/proc/{pid}/task/{task}/children").split())
    return found


def lists_children() -> bool:
    """Say whether this kernel lists children (CONFIG_PROC_CHILDREN)."""
    return os.path.exists("/proc/thread-self/children")


def all_children() -> dict[int, list[int]]:
    """Children of every process, by reading all of /proc: for kernels that do not list them."""
    found: dict[int, list[int]] = {}
    for pid in filter(str.isdigit, _listed("/proc")):
        with contextlib.suppress(OSError, ValueError, IndexError):
            stat = parse_stat(read_bytes(f"/proc/{pid}/stat"))
            found.setdefault(stat.ppid, []).append(stat.pid)
    return found


def read_bytes(path: str) -> bytes:
    """Read a whole small file; raises OSError."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return b"".join(iter(lambda: os.read(fd, 65536), b""))
    finally:
        os.close(fd)


def exe(pid: View) -> str | None:
    """Path of the executable; None where it may not be read."""
    try:
        return os.readlink(f"/proc/{pid}/exe").removesuffix(" (deleted)")
    except OSError:
        return None


def argv(pid: View) -> tuple[str, ...]:
    """Command line; empty where it may not be read."""
    try:
        raw = read_bytes(f"/proc/{pid}/cmdline")
    except OSError:
        return ()
    return tuple(os.fsdecode(part) for part in raw.removesuffix(b"\0").split(b"\0")) if raw else ()


def net_namespace(pid: View) -> int | None:
    """Identify the network namespace; None where it may not be read."""
    try:
        return os.stat(f"/proc/{pid}/ns/net").st_ino
    except OSError:
        return None


def key_values(text: bytes) -> Iterator[tuple[bytes, int]]:
    """Read lines such as ``MemAvailable:  123 kB`` as names and numbers."""
    for line in text.splitlines():
        name, _, rest = line.partition(b":")
        with contextlib.suppress(ValueError, IndexError):
            yield name, int(rest.split()[0])


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
