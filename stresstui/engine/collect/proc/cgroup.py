"""The control group of the system under test, where it has one of its own (cgroups(7), both versions)."""

import contextlib
import functools
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from stresstui.core.model.sample import CgroupSample
from stresstui.engine.collect.proc import procfs
from stresstui.engine.process.run_group import PREFIX

_LOOKED_FOR_EVERY_S: Final = 10.0
_FRESH_MAX: Final = 100
"""Members that no sample has seen beyond which a group is other people's."""
_V1_MEMORY: Final = {"anon": "total_rss", "file": "total_cache", "shmem": "total_shmem", "swap": "total_swap"}
_V2_MEMORY: Final = {"anon": "anon", "file": "file", "shmem": "shmem"}


class _Group(msgspec.Struct, frozen=True):
    """Folders of one group; None where no controller of the kind is there."""

    unified: Path | None
    cpu: Path | None
    memory: Path | None


class OwnGroup:
    """Finds the group, and reads it."""

    def __init__(self, monitor_pid: int | None) -> None:
        """A group that the monitor is in as well is not one of the run's own."""
        self._monitor = monitor_pid
        self._mounts = read_mounts()
        self._group: _Group | None = None
        self._due = float("-inf")

    def read(self, t: float, pids: Collection[int]) -> CgroupSample | None:
        """Read the group that these processes, and no others, are in; None where there is none."""
        if not pids:
            return None
        if t >= self._due:
            self._due = t + _LOOKED_FOR_EVERY_S
            self._group = self._find(set(pids))
        return _read(self._group) if self._group else None

    def _find(self, pids: set[int]) -> _Group | None:
        paths = paths_of(min(pids))
        monitors = paths_of(self._monitor) if self._monitor is not None else {}
        found = {
            kind: self._mounts[kind].folder(path)
            for kind, path in paths.items()
            if kind in self._mounts
            and not _for_ending(path)
            and path not in ("/", monitors.get(kind))
            and not path.startswith("/..")
        }
        own = {kind: folder for kind, folder in found.items() if _holds_only(folder, pids)}
        if not own:
            return None
        return _Group(own.get(""), own.get("cpuacct"), own.get("memory"))


def _for_ending(path: str) -> bool:
    """A group that the supervisor made to find and end its children; what drives the load is in it as well."""
    return path.rpartition("/")[2].startswith(PREFIX)


class Mount(NamedTuple):
    """Where groups are mounted."""

    root: str
    """The group that is at its top: in a container its own."""
    place: Path
    """The folder of that."""

    def folder(self, path: str) -> Path:
        """The folder of a group, by its path as processes tell it."""
        inner = path.removeprefix(self.root) if (path + "/").startswith(self.root.rstrip("/") + "/") else path
        return self.place / inner.lstrip("/")


def mounts(mountinfo: str) -> dict[str, Mount]:
    """Where each controller of version 1 is mounted, by its name, and version 2, by an empty name."""
    found: dict[str, Mount] = {}
    for line in mountinfo.splitlines():
        left, _, right = line.partition(" - ")
        kind, _, options = right.split(" ", 2)
        root, place = left.split()[3:5]
        if kind == "cgroup2":
            found[""] = Mount(root, Path(place))
        elif kind == "cgroup":
            found.update(dict.fromkeys(options.split(","), Mount(root, Path(place))))
    return found


@functools.cache
def read_mounts() -> dict[str, Mount]:
    """As ``mounts`` has them, of this process: they do not change while a run lasts."""
    return mounts(_text(Path("/proc/self/mountinfo")))


def paths_of(pid: int) -> dict[str, str]:
    """The group of a process in each hierarchy, by controller."""
    found: dict[str, str] = {}
    for line in _text(Path(f"/proc/{pid}/cgroup")).splitlines():
        _, controllers, path = line.split(":", 2)
        found.update(dict.fromkeys(controllers.split(","), path))
    return found


def _holds_only(folder: Path, pids: set[int]) -> bool:
    """All of them, and no others: a child that nobody has sampled yet is the run's where its parent is."""
    members = set(_members(folder))
    fresh = members - pids
    if not pids <= members or len(fresh) > _FRESH_MAX:
        return False
    return all((stat := procfs.stat(pid)) is None or stat.ended or stat.ppid in pids for pid in fresh)


def _members(folder: Path) -> Iterator[int]:
    for file in (folder / "cgroup.procs", *folder.rglob("*/cgroup.procs")):
        yield from map(int, _text(file).split())


def _read(group: _Group) -> CgroupSample | None:
    sample = _read_unified(group.unified) if group.unified else CgroupSample()
    fields = {name: getattr(sample, name) for name in sample.__struct_fields__}
    if fields["cpu_s"] is None and group.cpu and (used := _number(group.cpu / "cpuacct.usage")) is not None:
        fields["cpu_s"] = used / 1e9
    if fields["memory"] is None and group.memory:
        fields |= _read_v1_memory(group.memory)
    return CgroupSample(**fields) if any(value is not None for value in fields.values()) else None


def _read_unified(folder: Path) -> CgroupSample:
    used = table(folder / "cpu.stat").get("usage_usec")
    memory = table(folder / "memory.stat")
    return CgroupSample(
        cpu_s=None if used is None else used / 1e6,
        memory=_number(folder / "memory.current"),
        swap=_number(folder / "memory.swap.current"),
        oom_kills=table(folder / "memory.events").get("oom_kill"),
        **{name: memory.get(field) for name, field in _V2_MEMORY.items()},
    )


def _read_v1_memory(folder: Path) -> dict[str, int | None]:
    memory = table(folder / "memory.stat")
    found = {name: memory.get(field) for name, field in _V1_MEMORY.items()}
    kills = table(folder / "memory.oom_control").get("oom_kill")
    return {**found, "memory": _number(folder / "memory.usage_in_bytes"), "oom_kills": kills}


def table(file: Path) -> dict[str, int]:
    """Read lines of a name and a number; empty where there is no such file."""
    found: dict[str, int] = {}
    for line in _text(file).splitlines():
        name, _, number = line.partition(" ")
        with contextlib.suppress(ValueError):
            found[name] = int(number)
    return found


def _number(file: Path) -> int | None:
    text = _text(file).strip()
    return int(text) if text.isdigit() else None


def _text(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""
