"""Of many processes those that have not run are taken for what they were: nothing that they do goes unseen by that."""

import itertools
import os
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from stresstui.core.model.sample import ProcessSample
from stresstui.engine.collect.proc import descriptors, procfs, run_count
from stresstui.engine.collect.proc.process_tree import _TURNS
from tests.engine.collect.conftest import Child, Watch, linux_only

pytestmark = linux_only
REAL = run_count.cpu_clocks_are_fine
TREE = "stresstui.engine.collect.proc.process_tree"


@pytest.fixture(autouse=True)
def _of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{TREE}._MANY", 0)
    monkeypatch.setattr(f"{TREE}._WALKED_UP_TO", 1)


@pytest.fixture(autouse=True, params=["clock", "run count"])
def fine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a process's own clock says that it has run; else how often its first thread has."""
    told: bool = request.param == "clock"
    if told and not run_count.cpu_clocks_are_fine():
        pytest.skip("this kernel's clocks of CPU time are coarse")
    monkeypatch.setattr(run_count, "cpu_clocks_are_fine", lambda: told)
    return told


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Pids whose stat was read, as they are."""
    pids: list[int] = []
    original = procfs.StatFile.read

    def counted(file: procfs.StatFile) -> procfs.Stat | None:
        pids.append(file.first.pid)
        return original(file)

    monkeypatch.setattr(procfs.StatFile, "read", counted)
    return pids


def settled(watch: Watch) -> dict[int, ProcessSample]:
    for _ in range(3):
        sample = watch.sample()
    return {process.pid: process for process in sample.processes}


def eventually(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not true():
        assert time.monotonic() < until
        time.sleep(0.002)


def asleep(child: Child, at: int = 0) -> int:
    """Start a child that has begun, and waits."""
    pid = int(child.tell("spawn"))
    child.tell("tell", at, "spin", 0)
    for one in (pid, child.pid):
        eventually(partial(_sleeps, one))
    return pid


def _sleeps(pid: int) -> bool:
    return (found := procfs.stat(pid)) is not None and found.state == "S"


def test_who_rests_is_read_in_turn_and_who_runs_each_time(child: Child, fast: Watch, read: list[int]) -> None:
    others = [asleep(child, at) for at in range(5)]
    settled(fast)
    read.clear()
    for _ in range(_TURNS):
        child.tell("spin", 0)
        fast.sample()
    assert read.count(child.pid) == _TURNS
    assert [read.count(pid) for pid in others] == [1] * 5


def test_several_threads_rest_where_the_clock_counts_them_all(
    child: Child, fast: Watch, read: list[int], *, fine: bool
) -> None:
    child.tell("start_threads", 2)
    settled(fast)
    read.clear()
    for _ in range(_TURNS):
        assert fast.child().threads == 3
    assert read.count(child.pid) == (1 if fine else _TURNS)


def test_a_clock_of_ticks_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = itertools.count()
    monkeypatch.setattr(run_count, "_cpu_ns", lambda _: next(readings) // 7 * 4_000_000)
    assert not REAL.__wrapped__()


def test_pids_of_another_name_space_than_that_of_proc_are_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "readlink", lambda _: "1")
    assert not REAL.__wrapped__()


def test_all_that_a_process_does_shows_in_the_next_sample(child: Child, fast: Watch) -> None:
    before = settled(fast)[child.pid]
    child.tell("open_files", 7)
    child.tell("allocate", 30)
    child.tell("start_threads", 2)
    child.tell("spin", 0.05)
    after = fast.child()
    assert before.fds is not None
    assert after.fds == before.fds + 7
    assert (after.rss or 0) - (before.rss or 0) > 25 << 20
    assert (before.threads, after.threads) == (1, 3)
    assert (after.cpu_s or 0) >= (before.cpu_s or 0) + 0.04


def test_children_come_and_go(child: Child, fast: Watch) -> None:
    first = asleep(child)
    settled(fast)
    second = child.tell("spawn")
    third = child.tell("tell", 1, "spawn")
    assert [p.pid for p in fast.sample().processes] == [child.pid, first, second, third]
    settled(fast)
    child.tell("tell", 1, "dismiss", 0)
    assert [p.pid for p in fast.sample().processes] == [child.pid, first, second]


def test_a_process_that_is_killed_in_its_sleep_is_gone(child: Child, fast: Watch) -> None:
    asleep = child.tell("fork_sharing")
    assert asleep in settled(fast)
    os.kill(asleep, signal.SIGKILL)
    child.tell("await_end", asleep)
    assert [p.pid for p in fast.sample().processes] == [child.pid]
    assert fast.sample().zombies == 1


def test_who_loses_its_parent_is_told_with_the_new_one_though_it_has_not_run(child: Child, fast: Watch) -> None:
    middle = child.tell("spawn")
    last = child.kill_at_end(child.tell("tell", 0, "fork_sharing"))
    assert settled(fast)[last].ppid == middle
    child.tell("dismiss", 0)
    found = {process.pid: process for process in fast.sample().processes}
    assert found.keys() == {child.pid, last}
    stat = procfs.stat(last)
    assert stat is not None
    assert found[last].ppid == stat.ppid != middle


def test_another_thread_may_act_while_the_first_rests(child: Child, fast: Watch, gate: Path) -> None:
    child.tell("open_files_in_a_thread", str(gate), 5)
    before = settled(fast)[child.pid]
    gate.write_text("go\n", encoding="ascii")
    eventually(lambda: descriptors.count_fds(child.pid) == (before.fds or 0) + 5)
    assert fast.child().fds == (before.fds or 0) + 5


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    path = tmp_path / "gate"
    os.mkfifo(path)
    return path


def test_who_forks_away_to_a_process_above_that_has_not_run_is_found(child: Child, fast: Watch, gate: Path) -> None:
    child.tell("adopt_orphans")
    child.kill_at_end(child.tell("spawn", "sh", "-c", f"read word < {gate}; (sleep 1000 &); exec sleep 1000"))
    here = settled(fast)
    gate.write_text("go\n", encoding="ascii")
    eventually(lambda: len(procfs.children(child.pid, 1)) == 2)
    (orphan,) = set(procfs.children(child.pid, 1)) - here.keys()
    child.kill_at_end(orphan)
    assert {process.pid for process in fast.sample().processes} == here.keys() | {orphan}


def test_where_the_kernel_does_not_count_everybody_is_read(
    child: Child, fast: Watch, read: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_count, "_pread", lambda _: b"0 0 0\n")
    monkeypatch.setattr(time, "clock_gettime_ns", lambda _: 0)
    other = asleep(child)
    settled(fast)
    read.clear()
    fast.sample()
    fast.sample()
    assert read.count(other) == 2


def test_where_nothing_has_changed_the_processes_of_a_sample_are_the_same_object(child: Child, fast: Watch) -> None:
    asleep(child)
    settled(fast)
    eventually(lambda: fast.sample().processes is fast.sample().processes)  # what is read in turn has been by then
    second = fast.sample()
    child.tell("open_files", 1)
    third = fast.sample()
    assert third.processes is not second.processes
    assert third.processes[1] is second.processes[1]
