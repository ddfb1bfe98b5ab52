"""Whom the kernel killed for want of memory, as its log says (Linux; where it may be read)."""

import contextlib
import os
import re
from pathlib import Path
from typing import Final

import msgspec

_INIT_PID_NAMESPACE: Final = "pid:[4026531836]"
"""Its number is fixed (PROC_PID_INIT_INO); the log's pids are of this namespace."""
_RECORD_SIZE: Final = 8192
_KILLED: Final = re.compile(rb"ut of memory: Kill(?:ed)? process (\d+) \(([^)\n]*)\)")


class MemoryKill(msgspec.Struct, frozen=True):
    """A process that was killed for want of memory."""

    pid: int
    name: str


class KernelLog:
    """The kernel's messages from now on."""

    def __init__(self) -> None:
        """Open the log at its end; without the right to read it, or in another pid namespace, nothing is ever told."""
        self._fd: int | None = None
        with contextlib.suppress(OSError):
            if str(Path("/proc/self/ns/pid").readlink()) == _INIT_PID_NAMESPACE:
                self._fd = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
                os.lseek(self._fd, 0, os.SEEK_END)

    def memory_kills(self) -> list[MemoryKill]:
        """Who was killed for want of memory since the last call."""
        found = (_KILLED.search(record) for record in self._records())
        return [MemoryKill(int(kill[1]), kill[2].decode(errors="replace")) for kill in found if kill]

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
