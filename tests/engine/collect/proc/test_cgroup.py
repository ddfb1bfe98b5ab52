"""The control group of the run: found where it is its own, read in both versions."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from stresstui.core.model.sample import CgroupSample
from stresstui.engine.collect.proc import cgroup
from stresstui.engine.collect.proc.cgroup import Mount, OwnGroup, mounts
from tests.engine.collect.conftest import Child, linux_only

MOUNTINFO = (
    "30 24 0:26 / /sys/fs/cgroup ro shared:9 - tmpfs tmpfs ro\n"
    "31 30 0:27 / /sys/fs/cgroup/unified rw shared:10 - cgroup2 cgroup2 rw\n"
    "32 30 0:28 / /sys/fs/cgroup/cpu,cpuacct rw shared:11 - cgroup cgroup rw,cpu,cpuacct\n"
    "33 30 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
)


def test_mounts() -> None:
    found = mounts(MOUNTINFO)
    assert found[""].place == Path("/sys/fs/cgroup/unified")
    assert found["cpuacct"].place == Path("/sys/fs/cgroup/cpu,cpuacct")
    assert found["memory"].place == Path("/sys/fs/cgroup/memory")


@pytest.mark.parametrize(
    ("root", "path", "folder"),
    [("/", "/a/b", "/cg/a/b"), ("/", "/", "/cg"), ("/box", "/box", "/cg"), ("/box", "/box/a", "/cg/a"),
     ("/box", "/boxer", "/cg/boxer"), ("/box", "/", "/cg")],
)  # fmt: skip
def test_of_a_container_s_mount_its_own_group_is_the_top(root: str, path: str, folder: str) -> None:
    assert Mount(root, Path("/cg")).folder(path) == Path(folder)


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as the kernel would show a group of processes 10 and 11, whose monitor is 1 in the root."""
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "cgroup.procs").write_text("10\n11\n")
    mounted = dict.fromkeys(("", "memory", "cpuacct"), Mount("/", tmp_path))
    monkeypatch.setattr(cgroup, "read_mounts", lambda: mounted)
    paths = {1: "/", 10: "/run", 11: "/run"}
    monkeypatch.setattr(cgroup, "paths_of", lambda pid: {"": paths[pid], "memory": paths[pid], "cpuacct": paths[pid]})
    return folder


def test_version_2(group: Path) -> None:
    (group / "cpu.stat").write_text("usage_usec 2500000\nuser_usec 1\n")
    (group / "memory.current").write_text("1000\n")
    (group / "memory.stat").write_text("anon 100\nfile 200\nshmem 50\nkernel 1\n")
    (group / "memory.swap.current").write_text("7\n")
    (group / "memory.events").write_text("low 0\noom 3\noom_kill 2\n")
    assert OwnGroup(1).read(0.0, [10, 11]) == CgroupSample(2.5, 1000, 100, 200, 50, 7, 2)


def test_version_1(group: Path) -> None:
    (group / "cpuacct.usage").write_text("2500000000\n")
    (group / "memory.usage_in_bytes").write_text("1000\n")
    (group / "memory.stat").write_text("rss 1\ntotal_rss 100\ntotal_cache 200\ntotal_shmem 50\ntotal_swap 7\n")
    (group / "memory.oom_control").write_text("oom_kill_disable 0\nunder_oom 0\noom_kill 2\n")
    assert OwnGroup(1).read(0.0, [10, 11]) == CgroupSample(2.5, 1000, 100, 200, 50, 7, 2)


def test_a_group_that_others_are_in_is_not_its_own(group: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (group / "cpu.stat").write_text("usage_usec 1\n")
    assert OwnGroup(1).read(0.0, [10, 11]) is not None
    (group / "cgroup.procs").write_text(f"10\n11\n{os.getpid()}\n")
    assert OwnGroup(1).read(0.0, [10, 11]) is None
    (group / "cgroup.procs").write_text("10\n")
    assert OwnGroup(1).read(0.0, [10, 11]) is None
    monkeypatch.setattr(cgroup, "paths_of", lambda _: {"": "/run"})
    (group / "cgroup.procs").write_text("10\n11\n")
    assert OwnGroup(1).read(0.0, [10, 11]) is None, "the monitor is in it too"


def test_members_of_groups_below_are_members(group: Path) -> None:
    (group / "cpu.stat").write_text("usage_usec 1\n")
    (group / "cgroup.procs").write_text("10\n")
    (group / "below").mkdir()
    (group / "below/cgroup.procs").write_text("11\n")
    assert OwnGroup(1).read(0.0, [10, 11]) is not None


@pytest.fixture
def real_group() -> Iterator[Path]:
    unified = mounts(Path("/proc/self/mountinfo").read_text()).get("")
    if unified is None or not os.access(unified.place, os.W_OK):
        pytest.skip("may not make a control group")
    folder = unified.place / f"stresstui-test-{os.getpid()}"
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("may not make a control group")
    yield folder
    with contextlib.suppress(OSError):
        folder.rmdir()


@linux_only
def test_a_real_group_counts_children_that_nobody_saw(real_group: Path, child: Child) -> None:
    try:
        (real_group / "cgroup.procs").write_text(str(child.pid))
    except OSError:
        pytest.skip("may not move a process into it")
    try:
        own = OwnGroup(os.getpid())
        before = own.read(0.0, [child.pid])
        child.tell("burn_in_children", 2, 0.1)
        after = own.read(1.0, [child.pid])
        assert before is not None
        assert after is not None
        assert (after.cpu_s or 0) - (before.cpu_s or 0) == pytest.approx(0.2, abs=0.1)
    finally:
        child.end()
