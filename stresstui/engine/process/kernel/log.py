"""Whom the kernel ended, for want of memory or for a fault, as its log says (Linux; where it may be read)."""

import contextlib
import os
import re
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from stresstui.engine.process.run_group import PREFIX

_INIT_PID_NAMESPACE: Final = "pid:[4026531836]"
"""Its number is fixed (PROC_PID_INIT_INO); the log's pids are of this namespace."""
_RECORD_SIZE: Final = 8192
_TEXT_MAX: Final = 500
_CHOSEN: Final = re.compile(rb"oom-kill:.*task_memcg=([^,\n]*),.*pid=(\d+)")
_KILLED: Final = re.compile(rb"ut of memory: Kill(?:ed)? process (\d+) \(([^)\n]*)\)")


_FAULT: Final = re.compile(
    rb";(?:traps: )?([^\[\n]{1,15})\[(\d+)\]:? "
    rb"(segfault at|trap invalid opcode|trap divide|trap int3|general protection|unhandled exception)"
)
_SIGNALS: Final = {b"trap invalid opcode": "SIGILL", b"trap divide": "SIGFPE", b"trap int3": "SIGTRAP"}


KEPT: Final = 50
"""Messages that are kept for people."""


def _shown(record: bytes) -> str:
    """A record, ``priority,number,microseconds,flags;text`` and lines of its own (dev-kmsg), as dmesg shows it."""
    head, _, text = record.partition(b";")
    fields = head.split(b",")
    seconds = int(fields[2]) / 1e6 if len(fields) > 2 and fields[2].isdigit() else 0.0  # noqa: PLR2004 - its place
    first = text.partition(b"\n")[0].decode(errors="replace")
    return f"[{seconds:12.6f}] {first[:_TEXT_MAX]}"


class Fault(msgspec.Struct, frozen=True):
    """A process that did what the processor does not allow, and that had no handler for it."""

    pid: int
    name: str
    """As the kernel has it, cut to 15 bytes."""
    signal: str = "SIGSEGV"
    """The signal that ended it."""
    parent: int = 0
    """Whose child it was; 0 = not told, as by the log, or before Linux 4.18."""


class MemoryKill(msgspec.Struct, frozen=True):
    """A process that was killed for want of memory."""

    pid: int
    name: str
    """As the kernel has it, cut to 15 bytes."""
    group: str = ""
    """Path of its control group for memory; empty where the log does not tell."""


def memory_groups(pids: Iterable[int]) -> set[str]:
    """Paths of the control groups that the processes' memory is counted in."""
    groups: set[str] = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/cgroup").read_text(errors="replace").splitlines():
                number, controllers, path = line.split(":", 2)
                if number == "0" or "memory" in controllers.split(","):
                    groups |= _counted_in(path)
    return groups


def _counted_in(path: str) -> set[str]:
    """A group and, where it is a run's own, the one above it: that has no controllers, so memory is counted there."""
    above, _, name = path.rpartition("/")
    return {path, above or "/"} if name.startswith(PREFIX) else {path}


class KernelLog:
    """The kernel's messages from now on."""

    def __init__(self) -> None:
        """Open the log at its end; without the right to read it, or in another pid namespace, nothing is ever told."""
        self._fd: int | None = None
        self._groups: dict[int, str] = {}  # who was chosen, and said to be killed only in a later record
        self._kills: list[MemoryKill] = []
        self._faults: list[Fault] = []
        self._newest: deque[str] = deque(maxlen=KEPT)
        with contextlib.suppress(OSError):
            if str(Path("/proc/self/ns/pid").readlink()) == _INIT_PID_NAMESPACE:
                self._fd = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
                os.lseek(self._fd, 0, os.SEEK_END)

    def memory_kills(self) -> list[MemoryKill]:
        """Who was killed for want of memory since the last call."""
        self._read()
        kills, self._kills = self._kills, []
        return kills

    def faults(self) -> list[Fault]:
        """Who was ended for a fault since the last call."""
        self._read()
        faults, self._faults = self._faults, []
        return faults

    def messages(self) -> list[str]:
        """The newest messages since the log was opened, at most KEPT, each with its seconds since the boot."""
        self._read()
        return list(self._newest)

    def _read(self) -> None:
        for record in self._records():
            self._newest.append(_shown(record))
            if chosen := _CHOSEN.search(record):
                self._groups[int(chosen[2])] = chosen[1].decode(errors="replace")
            elif killed := _KILLED.search(record):
                pid = int(killed[1])
                self._kills.append(MemoryKill(pid, killed[2].decode(errors="replace"), self._groups.pop(pid, "")))
            elif fault := _FAULT.search(record):
                name, signal = fault[1].decode(errors="replace"), _SIGNALS.get(fault[3], "SIGSEGV")
                self._faults.append(Fault(int(fault[2]), name, signal))

    def close(self) -> None:
        """Let go of the descriptor."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _records(self) -> list[bytes]:
        records: list[bytes] = []
        while self._fd is not None:
            try:
                records.append(os.read(self._fd, _RECORD_SIZE))
            except BrokenPipeError:
                continue  # older records were overwritten; the next one is read from where the log begins now
            except OSError:
                break
        return records
