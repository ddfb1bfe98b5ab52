"""The guard: a small process beside the supervisor that ends the workload when the supervisor is killed.

A run without its supervisor is dead: nobody judges it, so its load must not go on. The guard holds the other end of a
pipe; when that closes without a word it asks what the run started to end, and kills it after a while: the process
groups that it was told of, and whatever carries the run's mark in its environment, so that a session of its own is no
way out. What left its group and cleared its environment is found where the run has a control group of its own.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NoReturn

from stresstui import itself
from stresstui.engine.process.find import Found, look_up, scan, send, wait_end
from stresstui.engine.process.run_group import kill_group, members, remove_group

PATIENCE_S: Final = 12.0
"""Seconds between asking and killing: the lab takes its own processes down in ten."""
MARK: Final = "STRESSTUI_WATCHED_BY"
"""Variable in the environment of everything that a run starts."""
LEAVE_S: Final = 2.0
"""Seconds that a guard that is let go has to end; it takes a millisecond unless somebody stopped it."""
REPLACED_MAX: Final = 20
"""How often a guard is replaced; who ends it more often than that means it."""

PROGRAM: Final = "stresstui.engine.process.watchdog"
"""Module that a guard runs that has replaced another."""

_DONE: Final = b"done\n"
_IN: Final = b"in "
_LOOK_S: Final = 0.2
_DEAF: Final = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE)
_SAID: Final = b"stresstui: the supervisor is gone; its workload was ended\n"


class Guard:
    """The supervisor's end of it."""

    def __init__(self) -> None:
        """Fork; to be called before there is any other thread. Raises OSError."""
        self._mark = os.urandom(8).hex()
        self._groups: dict[int, float | None] = {}
        self._folder: Path | None = None
        self._replaced = 0
        read = self._open_pipe()
        self.pid = os.fork()
        """Pid of the guard, a child of this process; 0 where there is none any more."""
        if self.pid == 0:
            _stand(read)
        os.close(read)
        self._brief()

    @property
    def environment(self) -> dict[str, str]:
        """What a child has to carry to be found wherever it goes."""
        return {MARK: self._mark}

    def watch(self, pid: int) -> None:
        """Have the process group of this child ended with its supervisor."""
        leader = look_up(pid)
        self._groups[pid] = leader.started if leader else None
        self._say_group(pid)

    def watch_group(self, folder: Path) -> None:
        """Have all that is in this control group ended with its supervisor."""
        self._folder = folder
        self._say(_IN + os.fsencode(folder) + b"\n")

    def replace(self) -> None:
        """Put another in the place of one that has ended and was reaped; raises OSError where that cannot be."""
        self.pid = 0
        if self._replaced >= REPLACED_MAX:
            raise OSError(f"it was replaced {REPLACED_MAX} times")
        self._replaced += 1
        left = self._write
        read = self._open_pipe()
        os.close(left)
        try:
            # There are threads by now: only a program of its own is safe to fork into.
            self.pid = _start_program(read)
        finally:
            os.close(read)
        self._brief()

    def end_stopped(self) -> None:
        """Kill it where somebody stopped it: one that cannot act is replaced like one that has ended."""
        if not self.pid:
            return
        with contextlib.suppress(OSError):
            if os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WNOHANG):
                os.kill(self.pid, signal.SIGKILL)

    def dismiss(self) -> None:
        """Let it go: the run has ended, and all its processes with it. Only one that does not go by itself is killed.

        Who watches this run from outside, as another run does, would take a guard that was killed for a crash.
        """
        self.end_stopped()
        self._say(_DONE)
        os.close(self._write)
        if self.pid:
            with contextlib.suppress(OSError):
                wait_end(self.pid, LEAVE_S)
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, os.WNOHANG)

    def _open_pipe(self) -> int:
        read, self._write = os.pipe()
        os.set_blocking(self._write, False)  # it may be stopped: the run is worth more
        return read

    def _brief(self) -> None:
        self._say(b"%s\n" % self._mark.encode())
        if self._folder is not None:
            self.watch_group(self._folder)
        for pid in self._groups:
            self._say_group(pid)

    def _say_group(self, pid: int) -> None:
        self._say(f"{pid} {self._groups[pid]!r}\n".encode())

    def _say(self, line: bytes) -> None:
        with contextlib.suppress(OSError):  # somebody ended it: it is replaced when that is heard of
            os.write(self._write, line)


def fork_early() -> Guard | None:
    """Fork a guard before there is anything else in this process, so that it is small; None where that cannot be."""
    with contextlib.suppress(OSError):
        return Guard()
    return None


def _start_program(read: int) -> int:
    argv = itself.module(PROGRAM, str(read))
    process = subprocess.Popen(argv, env=itself.environment(), stdin=subprocess.DEVNULL, pass_fds=(read,))
    process.returncode = 0  # reaped with all other children, not by Popen
    return process.pid


def _stand(read: int) -> NoReturn:
    """The life of the guard; leaves without the interpreter's farewell, which belongs to the supervisor."""
    try:
        for number in _DEAF:
            signal.signal(number, signal.SIG_IGN)
        os.closerange(3, read)
        os.closerange(read + 1, os.sysconf("SC_OPEN_MAX"))
        watched = _listen(read)
        if watched is not None:
            _end(watched)
            with contextlib.suppress(OSError):  # the disk may be full, or the log gone
                os.write(2, _SAID)
    finally:
        os._exit(0)


class _Watched:
    """What is to be ended with the supervisor."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        self.folder: Path | None = None
        self.groups: dict[int, float | None] = {}

    def left(self) -> Iterator[Found]:
        """Every process that is in one of the groups or carries the mark."""
        sign = f"{MARK}={self.mark}".encode()
        valid = {group for group, started in self.groups.items() if _same(group, started)}
        inside = set(members(self.folder)) if self.folder else set()
        own = os.getpid()
        for process in scan():
            pid = process.pid
            if pid != own and (pid in inside or _group(pid) in valid or sign in _environment(pid)):
                yield process


def _listen(read: int) -> _Watched | None:
    """Hear the mark and which groups there are until the pipe closes; None where the run has ended well."""
    with open(read, "rb", buffering=0) as told:
        watched = _Watched(told.readline().decode().strip())
        while line := told.readline():
            if line == _DONE:
                return None
            if line.startswith(_IN):
                watched.folder = Path(os.fsdecode(line.removeprefix(_IN).removesuffix(b"\n")))
                continue
            pid, _, started = line.decode().strip().partition(" ")
            watched.groups[int(pid)] = None if started == "None" else float(started)
    return watched if watched.groups else None


def _end(watched: _Watched) -> None:
    deadline = time.monotonic() + PATIENCE_S
    asked: set[tuple[int, float]] = set()
    while (left := list(watched.left())) and time.monotonic() < deadline:
        # Also who was forked in the meantime: asked once each.
        send([process for process in left if (process.pid, process.started) not in asked], signal.SIGTERM)
        asked.update((process.pid, process.started) for process in left)
        time.sleep(_LOOK_S)
    while left and time.monotonic() < deadline + PATIENCE_S:  # what the kernel holds fast ends when it lets go
        if watched.folder:
            kill_group(watched.folder)
        send(left, signal.SIGKILL)
        time.sleep(_LOOK_S)
        left = list(watched.left())
    if watched.folder:
        remove_group(watched.folder)


def _same(group: int, started: float | None) -> bool:
    """A group's number is not given to another process while the group has members."""
    leader = look_up(group)
    return leader is None or leader.started == started


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except OSError:
        return -1


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


if __name__ == "__main__":
    _stand(int(sys.argv[1]))
