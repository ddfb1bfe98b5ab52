"""Whether the supervisor of a run is alive: its pid with its start time, so that a reused pid deceives nobody.

A pid says nothing to who is in another pid namespace (a container, or the host of one) or on another machine that has
the same disk. For them the supervisor holds a lock on its file, as long as it lives.
"""

import contextlib
import fcntl
import os
import signal
import time
from pathlib import Path
from typing import Final

import msgspec

from stresstui.core.model.errors import UNREADABLE
from stresstui.engine.process.find import look_up, wait_end
from stresstui.files import open_plain, owner_of, read_plain, write_whole

PID_FILE: Final = "supervisor.pid"
"""Name of the file in a run's directory."""

_LOOK_S: Final = 0.03
_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


class _Identity(msgspec.Struct, frozen=True):
    pid: int
    started: float
    boot: str = ""
    folder: int = 0
    """Inode of the run's directory: a copy of it, which has this file too, is another; 0 where it was not written."""
    namespace: int = 0
    """Inode of the pid namespace that the pid is of; 0 where it was not written."""


class _Held:
    """The lock of this process, which ends with it."""

    fd = -1


def write_pid_file(run_dir: Path) -> None:
    """Say that this process supervises the run; raises OSError."""
    process = look_up(os.getpid())
    started, folder = process.started if process else 0.0, run_dir.stat().st_ino
    identity = _Identity(os.getpid(), started, _boot(), folder, _namespace())
    _hold(write_whole(run_dir / PID_FILE, msgspec.json.encode(identity)))


def _hold(path: Path) -> None:
    """Lock the file in the place of the one before; a disk that knows no locks shows it to nobody elsewhere."""
    if _Held.fd >= 0:
        os.close(_Held.fd)
    _Held.fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    with contextlib.suppress(OSError):
        fcntl.flock(_Held.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


def supervisor_pid(run_dir: Path) -> int | None:
    """Pid of the living supervisor of a run; None where it has ended, however it did."""
    identity = _read_identity(run_dir)
    return identity.pid if identity is not None and _lives(identity, run_dir) else None


class SupervisorWatch:
    """Watches the supervisor of a run, also when the run's folder is moved or deleted meanwhile."""

    def __init__(self, run_dir: Path) -> None:
        self._run_dir = run_dir
        self._identity = _read_identity(run_dir)

    def lives(self) -> bool:
        """Whether it is alive."""
        self._identity = self._identity or _read_identity(self._run_dir)
        return self._identity is not None and _lives(self._identity, self._run_dir)

    def wait_end(self, timeout_s: float) -> None:
        """Wait until it has ended, at most ``timeout_s`` seconds: until then it may write reports."""
        deadline = time.monotonic() + timeout_s
        if self.lives() and self._identity is not None and _is_of_here(self._identity):
            wait_end(self._identity.pid, timeout_s)
        while self.lives() and time.monotonic() < deadline:
            time.sleep(_LOOK_S)

    def open_end(self) -> int:
        """A descriptor that becomes readable when it ends, for the caller to close; -1 where the system has none."""
        if self._identity is None or not _is_of_here(self._identity) or not hasattr(os, "pidfd_open"):
            return -1
        try:
            return os.pidfd_open(self._identity.pid)
        except OSError:
            return -1

    def terminate(self) -> None:
        """Ask it by signal to end the run, where its socket is gone; raises OSError."""
        if self._identity is None or not _lives(self._identity, self._run_dir):
            raise ProcessLookupError("its supervisor has ended")
        if not _is_of_here(self._identity):
            raise ProcessLookupError("its supervisor is in another container or on another machine: ask there")
        if owner_of(self._run_dir / PID_FILE) != os.geteuid():
            raise PermissionError("its folder belongs to another user, whose word on a pid is not taken")
        os.kill(self._identity.pid, signal.SIGTERM)


def _read_identity(run_dir: Path) -> _Identity | None:
    try:
        found = msgspec.json.decode(read_plain(run_dir / PID_FILE), type=_Identity)
        return found if found.folder in (0, run_dir.stat().st_ino) else None
    except (OSError, *UNREADABLE):
        return None


def _lives(identity: _Identity, run_dir: Path) -> bool:
    if not _is_of_here(identity):
        return _is_held(run_dir / PID_FILE)
    process = look_up(identity.pid)
    return process is not None and process.started == identity.started


def _is_of_here(identity: _Identity) -> bool:
    """Whether its pid means the same process to this one."""
    return identity.boot == _boot() and identity.namespace in (0, _namespace())


def _is_held(path: Path) -> bool:
    """Whether a living process somewhere has the lock."""
    try:
        with open_plain(path) as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _namespace() -> int:
    try:
        return os.stat("/proc/self/ns/pid").st_ino  # noqa: PTH116 - of what the link leads to
    except OSError:
        return 0


def _boot() -> str:
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""
