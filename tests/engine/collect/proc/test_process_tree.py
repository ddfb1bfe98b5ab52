"""Which processes are in a sample, and as what."""

import contextlib
import ctypes
import os
import pydoc
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stresstui.core.model.sample import Role, Sample
from stresstui.engine.collect import ProcessFacts, open_collector
from stresstui.engine.collect.proc.process import Process
from tests.engine.collect.conftest import Child, Open, Watch, linux_only, started

LAST_PID = Path("/proc/sys/kernel/ns_last_pid")
PR_SET_CHILD_SUBREAPER = 36


def pids(sample: Sample) -> list[int]:
    return [p.pid for p in sample.processes]


def test_descendants_come_and_go(child: Child, watch: Watch) -> None:
    assert pids(watch.sample()) == [child.pid]
    second = child.tell("spawn")
    third = child.tell("tell", 0, "spawn")
    sample = watch.sample()
    assert pids(sample) == [child.pid, second, third]
    assert [p.ppid for p in sample.processes] == [os.getpid(), child.pid, second]
    child.tell("tell", 0, "dismiss", 0)
    assert pids(watch.sample()) == [child.pid, second]
    child.tell("dismiss", 0)
    assert pids(watch.sample()) == [child.pid]


def test_children_of_other_threads_are_found(child: Child, watch: Watch) -> None:
    child.tell("start_threads", 3)
    other = child.tell("spawn_from_thread")
    assert pids(watch.sample()) == [child.pid, other]


@pytest.mark.parametrize("where", ["descriptors.FdCount.read", "memory_details.MemoryDetails.refresh"])
@linux_only
def test_who_ends_between_two_reads_of_a_sample_is_left_out_and_hides_nobody(
    child: Child, fast: Watch, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    child.tell("spawn")
    assert len(fast.sample().processes) == 2
    place = f"stresstui.engine.collect.proc.{where}"
    module, _, name = place.rpartition(".")
    read = getattr(pydoc.locate(module), name)

    def ended_first(*given: object) -> object:
        monkeypatch.undo()
        child.tell("dismiss", 0)
        return read(*given)

    monkeypatch.setattr(place, ended_first)
    sample = fast.sample()
    assert child.pid in pids(sample)
    assert all(p.fds is not None for p in sample.processes)


@linux_only
def test_children_of_very_many_threads_are_found(child: Child, fast: Watch) -> None:
    child.tell("start_threads", 100)
    other = child.tell("spawn_from_thread")
    assert pids(fast.sample()) == [child.pid, other]


def test_kernels_that_do_not_list_children_are_scanned(
    child: Child, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stresstui.engine.collect.proc.procfs.lists_children", lambda: False)
    second = child.tell("spawn")
    third = child.tell("tell", 0, "spawn")
    assert pids(opened("linux", child.pid).collect(0.0)) == [child.pid, second, third]


def test_roots_that_are_gone_or_never_were_are_fine(kind: str, child: Child, opened: Open) -> None:
    collector = opened(kind, 2**22 + 1, child.pid)
    assert pids(collector.collect(0.0)) == [child.pid]
    child.end()
    assert pids(collector.collect(1.0)) == []


def test_the_list_of_roots_may_grow(kind: str, child: Child) -> None:
    roots = [child.pid]
    collector = open_collector(kind, lambda: roots, lambda _: Role.SUT)
    with contextlib.closing(collector), started() as other:
        assert pids(collector.collect(0.0)) == [child.pid]
        roots.append(other.pid)
        assert pids(collector.collect(1.0)) == [child.pid, other.pid]


def test_an_ended_child_that_nobody_reaped_is_left_out(child: Child, watch: Watch) -> None:
    zombie = child.tell("zombie")
    assert zombie not in pids(watch.sample())


def test_a_known_process_that_ends_unreaped_is_left_out(child: Child, watch: Watch) -> None:
    other = child.tell("fork_sharing")
    assert pids(watch.sample()) == [child.pid, other]
    os.kill(other, signal.SIGKILL)
    child.tell("await_end", other)
    assert pids(watch.sample()) == [child.pid]


def first_thread_ends(child: Child) -> None:
    child.tell("first_thread_ends")
    while b") Z " not in Path(f"/proc/{child.pid}/stat").read_bytes():
        pass


@linux_only
def test_a_process_outlives_its_first_thread(child: Child, fast: Watch) -> None:
    child.tell("allocate", 32)
    child.tell("connect", 4, 3)
    before = fast.child()
    first_thread_ends(child)
    now = fast.child()
    assert (now.key, now.threads, now.fds) == (before.key, 2, before.fds)
    assert (now.established, now.listen) == (6, 1)
    assert before.rss
    assert now.rss == pytest.approx(before.rss, rel=0.1)
    assert now.rss_anon == pytest.approx(before.rss_anon, rel=0.1)
    os.kill(child.pid, signal.SIGKILL)


@linux_only
def test_zombies_are_counted_until_somebody_waits_for_them(child: Child, fast: Watch) -> None:
    assert fast.sample().zombies == 0
    unseen = [child.tell("zombie") for _ in range(5)]
    seen = child.tell("fork_sharing")
    assert fast.sample().zombies == 5
    os.kill(seen, signal.SIGKILL)
    child.tell("await_end", seen)
    sample = fast.sample()
    assert (sample.zombies, pids(sample)) == (6, [child.pid])
    for pid in (*unseen, seen):
        child.tell("reap", pid)
    assert fast.sample().zombies == 0


@linux_only
def test_many_processes_are_found_without_a_walk(child: Child, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stresstui.engine.collect.proc.process_tree._WALKED_UP_TO", 0)
    collector = opened("linux", child.pid)
    assert pids(collector.collect(0.0)) == [child.pid]
    monkeypatch.setattr("stresstui.engine.collect.proc.procfs.children", None)
    monkeypatch.setattr("stresstui.engine.collect.proc.procfs.all_children", None)
    second = child.tell("spawn")
    third = child.tell("tell", 0, "spawn")
    away = child.kill_at_end(child.tell("tell", 0, "fork_sharing"))
    assert pids(collector.collect(1.0)) == [child.pid, second, third, away]
    child.tell("zombie")
    assert collector.collect(2.0).zombies == 1


@linux_only
def test_more_processes_than_descriptors_are_told_apart_by_start_time(
    child: Child, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("procfs", "run_count"):
        monkeypatch.setattr(f"stresstui.engine.collect.proc.{module}.KEPT_MAX", 0)
    collector = opened("linux", child.pid)
    second = child.tell("spawn")
    assert pids(collector.collect(0.0)) == [child.pid, second]
    child.tell("dismiss", 0)
    assert pids(collector.collect(1.0)) == [child.pid]


def test_an_orphan_stays(child: Child, watch: Watch) -> None:
    middle = child.tell("spawn")
    last = child.kill_at_end(child.tell("tell", 0, "fork_sharing"))
    assert pids(watch.sample()) == [child.pid, middle, last]
    child.tell("dismiss", 0)
    assert sorted(pids(watch.sample())) == sorted([child.pid, last])


@pytest.fixture
def subreaper() -> Iterator[int]:
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    yield os.getpid()
    libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


@linux_only
def test_what_forks_away_is_found_through_the_subreaper(kind: str, subreaper: int, child: Child, opened: Open) -> None:
    here = {child.pid}
    collector = opened(kind, subreaper, classify=lambda f: Role.SUT if f.pid in here else None, monitor_pid=subreaper)
    away = child.kill_at_end(child.tell("fork_away"))
    here.add(away)
    sample = collector.collect(0.0)
    assert sorted(pids(sample)) == sorted([child.pid, away])
    assert {p.ppid for p in sample.processes} == {subreaper}


def take_pid(pid: int) -> subprocess.Popen[bytes]:
    """Start a process under a pid that was another's."""
    for _ in range(50):
        LAST_PID.write_text(str(pid - 1))
        made = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        if made.pid == pid:
            return made
        made.communicate()
    pytest.skip("somebody else got the pid every time")


@linux_only
@pytest.mark.skipif(not os.access(LAST_PID, os.W_OK), reason="needs the right to choose pids")
def test_a_stranger_with_the_pid_of_a_root_is_not_in_the_tree(child: Child, watch: Watch) -> None:
    assert pids(watch.sample()) == [child.pid]
    child.end()
    stranger = take_pid(child.pid)
    try:
        assert pids(watch.sample()) == []
    finally:
        stranger.communicate(b"\n")


def test_roles_are_asked_once_and_again_on_demand(kind: str, child: Child, opened: Open) -> None:
    asked: list[ProcessFacts] = []
    roles = {child.pid: Role.DRIVER}

    def classify(facts: ProcessFacts) -> Role:
        asked.append(facts)
        return roles.get(facts.pid, Role.SUT)

    version = [0]
    collector = opened(kind, child.pid, classify=classify, role_version=lambda: version[0])
    second = child.tell("spawn")
    child.tell("tell", 0, "spin", 0)  # a program just executed has no arguments yet
    for t in range(3):
        sample = collector.collect(float(t))
    assert [(p.pid, p.role) for p in sample.processes] == [(child.pid, Role.DRIVER), (second, Role.SUT)]
    first, other = asked
    assert (first.pid, first.ppid, first.parent_role) == (child.pid, os.getpid(), None)
    assert (other.pid, other.ppid, other.parent_role) == (second, child.pid, Role.DRIVER)
    assert other.argv[-1].endswith("child.py")
    assert other.exe == os.path.realpath(sys.executable)
    assert other.started == sample.processes[1].started
    assert other.name == sample.processes[1].name

    roles[child.pid] = Role.SERVICE
    version[0] += 1
    sample = collector.collect(3.0)
    assert sample.processes[0].role is Role.SERVICE
    assert (len(asked), asked[-1].parent_role) == (4, Role.SERVICE)


def test_a_program_that_executes_another_is_asked_about_again(kind: str, child: Child, opened: Open) -> None:
    collector = opened(kind, child.pid, classify=lambda f: Role.BUILD if "executed" in f.argv else Role.SUT)
    before = collector.collect(0.0).processes[0]
    child.tell("execute")
    after = collector.collect(1.0).processes[0]
    assert (before.role, after.role) == (Role.SUT, Role.BUILD)
    assert before.key == after.key


def test_who_is_left_out_may_have_children_of_the_run(kind: str, child: Child, opened: Open) -> None:
    asked: dict[int, Role | None] = {}

    def classify(facts: ProcessFacts) -> Role | None:
        asked[facts.pid] = facts.parent_role
        return None if facts.pid == child.pid else Role.SUT

    second = child.tell("spawn")
    assert pids(opened(kind, child.pid, classify=classify).collect(0.0)) == [second]
    assert asked[second] is None


def test_an_orphan_remembers_whose_it_was(kind: str, child: Child, opened: Open) -> None:
    asked: list[ProcessFacts] = []

    def classify(facts: ProcessFacts) -> Role:
        asked.append(facts)
        return Role.DRIVER

    version = [0]
    collector = opened(kind, child.pid, classify=classify, role_version=lambda: version[0])
    second = child.kill_at_end(child.tell("fork_sharing"))
    collector.collect(0.0)
    child.process.communicate()
    version[0] += 1
    collector.collect(1.0)
    assert (asked[-1].pid, asked[-1].parent_role) == (second, Role.DRIVER)


@pytest.mark.parametrize(
    ("flags", "threads", "ends"), [(0x404004, 1, True), (0x404000, 1, False), (0x404004, 3, False)]
)
@linux_only
def test_who_is_on_its_way_out_has_ended_before_it_is_a_zombie(
    child: Child, monkeypatch: pytest.MonkeyPatch, flags: int, threads: int, *, ends: bool
) -> None:
    """It holds no files any more then, so that who lists them is told that there are none to be seen."""
    process = Process(child.pid)
    words = Path(f"/proc/{child.pid}/stat").read_bytes().split()
    words[8], words[19] = b"%d" % flags, b"%d" % threads
    monkeypatch.setattr("stresstui.engine.collect.proc.procfs.os.pread", lambda *_: b" ".join(words))
    assert process.has_ended() is ends
