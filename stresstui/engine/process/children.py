"""Children of the supervisor: starting, reaping, and adopting what forks away from them."""

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from stresstui.engine.process.run_group import RunGroup
from stresstui.engine.process.signals import signal_name
from stresstui.engine.process.watchdog import Guard

_PR_SET_CHILD_SUBREAPER: Final = 36


class ExitStatus(msgspec.Struct, frozen=True):
    """How a process ended."""

    status: int | None
    """Exit status; None when a signal ended it."""
    signal: str | None
    """Name of that signal."""

    @classmethod
    def of(cls, raw: int) -> "ExitStatus":
        """Read a status as ``waitpid`` gives it."""
        code = os.waitstatus_to_exitcode(raw)
        return cls(code, None) if code >= 0 else cls(None, signal_name(-code))


class Child(msgspec.Struct):
    """A process that the supervisor started."""

    pid: int
    exited: "asyncio.Future[ExitStatus]"
    """Done when it has been reaped."""
    process: subprocess.Popen[bytes]

    def send(self, number: signal.Signals) -> None:
        """Send a signal; its pid is not free for others before it has been reaped."""
        if not self.exited.done():
            os.kill(self.pid, number)


class Children:
    """Starts children and reaps every one, adopted ones too; nothing else in this process may call ``waitpid``."""

    def __init__(
        self,
        on_adopted_end: Callable[[int, ExitStatus], None],
        guard: Guard | None = None,
        on_guard_end: Callable[[str], None] = lambda _: None,
        group: RunGroup | None = None,
    ) -> None:
        """Reap on the running loop; the callbacks hear of what had forked away, and of a lost guard.

        ``group`` is the run's own, in which children are born.
        """
        self._guard, self._on_guard_end, self._group = guard, on_guard_end, group
        if guard is not None and group is not None:
            guard.watch_group(group.folder)
        self._loop = asyncio.get_running_loop()
        self._known: dict[int, Child] = {}
        self._on_adopted_end = on_adopted_end
        self._loop.add_signal_handler(signal.SIGCHLD, self.reap)
        # Who started this program may have blocked it, and a mask is inherited.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})

    @property
    def pids(self) -> list[int]:
        """Pids of the children that were started and not yet reaped."""
        return list(self._known)

    def start(self, argv: Sequence[str], *, cwd: str, env: Mapping[str, str], stdout: int, stderr: int) -> Child:
        """Start a program in a process group of its own; raises OSError."""
        mark = self._guard.environment if self._guard else {}
        with self._group.entered() if self._group else contextlib.nullcontext():
            process = subprocess.Popen(
                argv, cwd=cwd, env={**os.environ, **env, **mark}, stdin=subprocess.DEVNULL, stdout=stdout,
                stderr=stderr, process_group=0,
            )  # fmt: skip
        child = Child(process.pid, self._loop.create_future(), process)
        self._known[child.pid] = child
        if self._guard is not None:
            self._guard.watch(child.pid)
        return child

    @property
    def spared(self) -> list[int]:
        """Pids of this process's children that are not of the run: the guard."""
        return [self._guard.pid] if self._guard and self._guard.pid else []

    def reap(self) -> None:
        """Take the status of everything that has ended."""
        if self._guard is not None:
            self._guard.end_stopped()
        while True:
            try:
                pid, raw = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._ended(pid, raw)

    def _ended(self, pid: int, raw: int) -> None:
        if self._guard is not None and pid == self._guard.pid:
            self._replace_guard(self._guard, ExitStatus.of(raw))
            return
        child = self._known.pop(pid, None)
        if child is None:
            self._on_adopted_end(pid, ExitStatus.of(raw))
            return
        # Popen would otherwise wait for a pid that may belong to somebody else by then.
        child.process.returncode = os.waitstatus_to_exitcode(raw)
        if not child.exited.done():
            child.exited.set_result(ExitStatus.of(raw))

    def _replace_guard(self, guard: Guard, how: ExitStatus) -> None:
        """Nobody else would end the workload of a killed supervisor."""
        said = f"the guard was ended by {how.signal or how.status}"
        try:
            guard.replace()
        except OSError as error:
            self._on_guard_end(f"{said}, and there is no other: {error}; a killed supervisor would leave its workload")
        else:
            self._on_guard_end(f"{said}, and replaced")

    def kill_group(self) -> None:
        """Kill all that is in the run's control group, where it has one: a fork bomb is not faster than that."""
        if self._group is not None:
            self._group.kill()

    def close(self) -> None:
        """Stop listening for ended children."""
        self._loop.remove_signal_handler(signal.SIGCHLD)
        if self._group is not None:
            self._group.close()


def become_subreaper() -> bool:
    """Adopt descendants whose parents end (prctl(2), Linux); say whether that worked."""
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)
