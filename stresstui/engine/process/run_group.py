"""A control group of the run's own (cgroups(7), version 2), where one may be made: no fork leads out of it.

What a run starts is born in it. So whatever forks away, takes a session of its own or clears its environment is found,
asked and killed with the rest, also by the guard of a supervisor that was killed.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PREFIX: Final = "stresstui-run-"
"""What the names of such groups begin with."""
_MOUNTS: Final = Path("/proc/self/mountinfo")
_MINE: Final = Path("/proc/self/cgroup")
_MEMBERS: Final = "cgroup.procs"


class RunGroup:
    """One group, below the one that this process is in."""

    def __init__(self, name: str) -> None:
        """Make it; raises OSError where that is not allowed, or there is no such hierarchy."""
        self._own = own_group()
        _remove_left_behind(self._own)
        self.folder = self._own / name
        """Where it is."""
        self.folder.mkdir()
        try:
            with self.entered():
                pass
        except OSError:
            self.close()
            raise

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Have the children of this moment born in it; raises OSError."""
        _move(self.folder)
        try:
            yield
        finally:
            _move(self._own)

    def kill(self) -> None:
        """Kill all that is in it, at one stroke where the kernel can (Linux 5.14)."""
        kill_group(self.folder)

    def close(self) -> None:
        """Remove it, once it is empty."""
        remove_group(self.folder)


def open_run_group() -> RunGroup | None:
    """Make a group for this process's run; None where that cannot be, which ``why_none`` says beforehand."""
    try:
        return RunGroup(f"{PREFIX}{os.getpid()}-{os.urandom(3).hex()}")
    except OSError:
        return None


def why_none() -> str:
    """Why a run would have no group of its own; empty where it would have one."""
    try:
        folder = own_group()
    except OSError as error:
        return error.strerror or str(error)
    writable = os.access(folder, os.W_OK) and os.access(folder / _MEMBERS, os.W_OK)
    return "" if writable else f"{folder} may not be written in"


def own_group() -> Path:
    """The group of version 2 that this process is in; raises FileNotFoundError where there is none."""
    mounts = (line.partition(" - ") for line in _MOUNTS.read_text().splitlines())
    roots = [Path(left.split()[4]) for left, _, right in mounts if right.startswith("cgroup2 ")]
    paths = [line[3:] for line in _MINE.read_text().splitlines() if line.startswith("0::")]
    if not roots or not paths or paths[0].startswith("/.."):
        raise FileNotFoundError(0, "there are no control groups of version 2 here")
    return roots[0] / paths[0].lstrip("/")


def members(folder: Path) -> list[int]:
    """Pids of all that is in a group; none where it is gone."""
    try:
        return [int(pid) for pid in (folder / _MEMBERS).read_text().split()]
    except OSError:
        return []


def _remove_left_behind(above: Path) -> None:
    """Remove the empty groups of runs whose supervisor and guard were killed."""
    for folder in above.glob(f"{PREFIX}*-*"):
        if not Path("/proc", folder.name.removeprefix(PREFIX).partition("-")[0]).exists():
            remove_group(folder)


def kill_group(folder: Path) -> None:
    """Kill all that is in a group, where the kernel can."""
    with contextlib.suppress(OSError):
        _write(folder / "cgroup.kill", b"1")


def remove_group(folder: Path) -> None:
    """Remove a group; one that is not empty stays."""
    with contextlib.suppress(OSError):
        folder.rmdir()


def _move(folder: Path) -> None:
    _write(folder / _MEMBERS, b"0")


def _write(path: Path, data: bytes) -> None:
    """Write to what is there: nothing is made where it is not."""
    fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(fd, data)
    finally:
        os.close(fd)
