"""The guard: a small process beside the supervisor that ends the workload when the supervisor is killed.

A run without its supervisor is dead: nobody judges it, so its load must not go on. The guard holds the other end of a
pipe; when that closes without a word it asks the process groups that were started to end, and kills them after a while.
What made a session or a group of its own is beyond its reach.
"""

import contextlib
import os
import signal
import sys
import time
from typing import Final, NoReturn

from stresstui.engine.process.find import look_up

PATIENCE_S: Final = 12.0
"""Seconds between asking and killing: the lab takes its own processes down in ten."""

_DONE: Final = b"done\n"
_LOOK_S: Final = 0.1
_DEAF: Final = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE)


class Guard:
    """The supervisor's end of it."""

    def __init__(self) -> None:
        """Fork; to be called before there is any other thread. Raises OSError."""
        read, self._write = os.pipe()
        self.pid = os.fork()
        """Pid of the guard, a child of this process."""
        if self.pid == 0:
            _stand(read)
        os.close(read)

    def watch(self, pid: int) -> None:
        """Have the process group of this child ended with its supervisor."""
        with contextlib.suppress(OSError):  # somebody killed the guard: the run is worth more
            os.write(self._write, b"%d\n" % pid)

    def dismiss(self) -> None:
        """Let it go: the run has ended, and all its processes with it."""
        with contextlib.suppress(OSError):
            os.write(self._write, _DONE)
        os.close(self._write)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


def _stand(read: int) -> NoReturn:
    """The life of the guard; leaves without the interpreter's farewell, which belongs to the supervisor."""
    try:
        for number in _DEAF:
            signal.signal(number, signal.SIG_IGN)
        os.closerange(3, read)
        os.closerange(read + 1, os.sysconf("SC_OPEN_MAX"))
        groups = _listen(read)
        if groups:
            sys.stderr.write("stresstui: the supervisor is gone; its workload is ended\n")
            sys.stderr.flush()
            _end(groups)
    finally:
        os._exit(0)


def _listen(read: int) -> dict[int, float | None]:
    """Hear which groups there are until the pipe closes; none where the run has ended well."""
    groups: dict[int, float | None] = {}
    with open(read, "rb", buffering=0) as told:
        while line := told.readline():
            if line == _DONE:
                return {}
            leader = look_up(int(line))
            groups[int(line)] = leader.started if leader else None
    return groups


def _end(groups: dict[int, float | None]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    left = [group for group, started in groups.items() if _send(group, started, signal.SIGTERM)]
    while left and time.monotonic() < deadline:
        time.sleep(_LOOK_S)
        left = [group for group in left if _send(group, groups[group], 0)]
    for group in left:
        _send(group, groups[group], signal.SIGKILL)


def _send(group: int, started: float | None, number: int) -> bool:
    """Send a signal to a group that is still the same; say whether it is there.

    A group's number is not given to another process while the group has members.
    """
    leader = look_up(group)
    if leader is not None and leader.started != started:
        return False
    try:
        os.killpg(group, number)
    except OSError:
        return False
    return True
