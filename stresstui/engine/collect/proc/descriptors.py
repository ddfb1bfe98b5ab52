"""Open descriptors of a process as Linux's /proc shows them (proc_pid_fd(5)): how many, which, and on what."""

# pathlib would cost several times the call itself, for every process at every sample.
# ruff: noqa: PTH115, PTH116, PTH208

import contextlib
import os
from collections.abc import Iterator

from stresstui.engine.collect.proc import procfs
from stresstui.engine.collect.proc.procfs import View


def _folder_size_counts() -> bool:
    try:
        return os.stat("/proc/self/fd").st_size > 0
    except OSError:
        return False


_COUNTED_BY_SIZE = _folder_size_counts()


def count_fds(pid: View) -> int | None:
    """Count open descriptors, without listing them where the kernel can (Linux 6.2); None where unreadable."""
    try:
        if _COUNTED_BY_SIZE:
            return os.stat(f"/proc/{pid}/fd").st_size
        return len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return None


class FdCount:
    """A kept place in /proc where the kernel says how many descriptors a process has (Linux 6.2)."""

    def __init__(self, pid: int) -> None:
        """Open it where there is room; else it is looked up for each reading."""
        self._pid = pid
        self._fd: int | None = None
        if _COUNTED_BY_SIZE and procfs.StatFile.kept < procfs.KEPT_MAX:
            with contextlib.suppress(OSError):
                self._fd = os.open(f"/proc/{pid}/fd", os.O_PATH | os.O_CLOEXEC)
                procfs.StatFile.kept += 1

    def read(self, view: View) -> int | None:
        """Count open descriptors now; None where unreadable."""
        if self._fd is None or view != self._pid:
            return count_fds(view)
        try:
            return os.fstat(self._fd).st_size
        except OSError:
            return None

    def close(self) -> None:
        """Let go of the place."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
            procfs.StatFile.kept -= 1


def fd_numbers(pid: View) -> list[str]:
    """List open descriptors; raises OSError where that is not allowed."""
    return os.listdir(f"/proc/{pid}/fd")


@contextlib.contextmanager
def fd_folder(pid: View) -> Iterator[int]:
    """Open the folder of a process's descriptors, for many questions at once; raises OSError where not allowed."""
    folder = os.open(f"/proc/{pid}/fd", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield folder
    finally:
        os.close(folder)


def fds_in(folder: int) -> int | None:
    """Count the descriptors in an open folder of them; None where the kernel does not tell (before Linux 6.2)."""
    return os.fstat(folder).st_size if _COUNTED_BY_SIZE else None


def names_in(folder: int) -> list[str]:
    """List an open folder."""
    return os.listdir(folder)


def link_in(folder: int, name: str) -> str | None:
    """Say what a link in an open folder leads to; None where it is gone by now."""
    try:
        return os.readlink(name, dir_fd=folder)
    except OSError:
        return None


def fd_target(pid: View, fd: str) -> str | None:
    """Say what a descriptor leads to; None where it is closed by now."""
    try:
        return os.readlink(f"/proc/{pid}/fd/{fd}")
    except OSError:
        return None


def fd_status(pid: View, fd: str) -> os.stat_result | None:
    """Ask for the status of the file behind a descriptor; None where it is closed by now."""
    try:
        return os.stat(f"/proc/{pid}/fd/{fd}")
    except OSError:
        return None


def socket_inode(target: str | None) -> int:
    """Take the inode out of a descriptor's target ``socket:[123]``; 0 where it is no socket."""
    return int(target[8:-1]) if target and target.startswith("socket:[") else 0
