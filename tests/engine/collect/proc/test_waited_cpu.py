"""CPU time of processes that live for less than an interval."""

import ctypes
import os
from collections.abc import Iterator

import pytest

from stresstui.core.derive.reading import derive
from stresstui.core.model.sample import Role, Sample
from stresstui.engine.collect import Collector
from stresstui.engine.collect.proc.procfs import Stat
from stresstui.engine.collect.proc.waited_cpu import WaitedCpu
from tests.engine.collect.conftest import Child, Open, linux_only


def stat(pid: int, ppid: int, cpu_s: float = 0.0, children_cpu_s: float = 0.0) -> Stat:
    return Stat(pid, "x", "S", ppid, cpu_s, children_cpu_s, 1, 1.0, 0, 0, ())


class Family:
    """Readings of a family, one after another."""

    def __init__(self, *members: Stat, reaper: int | None = None) -> None:
        self.waited = WaitedCpu()
        self.reaper = reaper
        self.observe(*members, first=True)

    def observe(self, *members: Stat, gone: tuple[Stat, ...] = (), first: bool = False) -> None:
        alive = [member.pid for member in members]
        self.waited.owe(gone, alive, self.reaper)
        for member in members:
            self.waited.settle(member, 2.0, born_here=not first)
        self.waited.forget([one.pid for one in gone])


def test_what_was_told_of_a_child_is_not_told_again() -> None:
    child = stat(2, 1, cpu_s=100.0)
    family = Family(stat(1, 0), child)
    family.observe(stat(1, 0, children_cpu_s=100.5), gone=(child,))
    assert family.waited.unseen(1) == pytest.approx(0.5)


def test_a_child_that_is_waited_for_after_its_parent_was_read() -> None:
    child = stat(2, 1, cpu_s=100.0)
    family = Family(stat(1, 0), child)
    family.observe(stat(1, 0), gone=(child,))
    family.observe(stat(1, 0, children_cpu_s=100.25))
    assert family.waited.unseen(1) == pytest.approx(0.25)


def test_grandchildren_come_up_through_their_parent() -> None:
    middle, last = stat(2, 1, cpu_s=5.0), stat(3, 2, cpu_s=70.0)
    family = Family(stat(1, 0), middle, last)
    family.observe(stat(1, 0, children_cpu_s=76.0), gone=(middle, last))
    assert family.waited.unseen(1) == pytest.approx(1.0)


def test_orphans_that_the_reaper_waits_for_are_not_told_again() -> None:
    middle, last = stat(2, 1, cpu_s=5.0), stat(3, 2, cpu_s=70.0)
    family = Family(stat(1, 0), middle, last, reaper=1)
    family.observe(stat(1, 0), gone=(middle, last))
    family.observe(stat(1, 0, children_cpu_s=75.5))
    assert family.waited.unseen(1) == pytest.approx(0.5)


def test_a_parent_that_does_not_wait_owes_nothing_for_ever() -> None:
    child = stat(2, 1, cpu_s=100.0)
    family = Family(stat(1, 0), child)
    family.observe(stat(1, 0), gone=(child,))
    for _ in range(3):
        family.observe(stat(1, 0))
    family.observe(stat(1, 0, children_cpu_s=0.75))
    assert family.waited.unseen(1) == pytest.approx(0.75)


def test_who_waits_for_no_child_is_known_for_it() -> None:
    """Its children come and go at each reading, so that it owes all the time; another waits a reading late."""
    family = Family(stat(1, 0), stat(2, 0), stat(101, 1, cpu_s=0.5), stat(201, 2, cpu_s=0.5))
    for n in range(1, 6):
        gone = (stat(100 + n, 1, cpu_s=0.5), stat(200 + n, 2, cpu_s=0.5))
        now = (stat(101 + n, 1, cpu_s=0.5), stat(201 + n, 2, cpu_s=0.5))
        assert not family.waited.any_lets_go or n > 3
        family.observe(stat(1, 0), stat(2, 0, children_cpu_s=0.5 * (n - 1)), *now, gone=gone)
    assert family.waited.any_lets_go
    family.observe(stat(2, 0, children_cpu_s=2.5), gone=(stat(1, 0),))
    for _ in range(5):
        family.observe(stat(2, 0, children_cpu_s=3.0))
    assert not family.waited.any_lets_go


def test_an_orphan_that_its_reaper_does_not_wait_for_proves_nothing() -> None:
    middle, last = stat(2, 1, cpu_s=5.0), stat(3, 2, cpu_s=70.0)
    family = Family(stat(1, 0), middle, last, reaper=9)
    family.observe(stat(1, 0, children_cpu_s=5.0), gone=(middle, last))
    for _ in range(6):
        family.observe(stat(1, 0, children_cpu_s=5.0))
    assert not family.waited.any_lets_go


def test_more_than_there_was_time_for_is_nobodys() -> None:
    family = Family(stat(1, 0))
    family.observe(stat(1, 0, children_cpu_s=1000.0))
    family.observe(stat(1, 0, children_cpu_s=1000.5))
    assert family.waited.unseen(1) == pytest.approx(0.5)


def used(before: Sample, after: Sample) -> float:
    """CPU seconds that a reading shows, as if there were a second between the samples."""
    return derive(before, after).values["cpu_cores"] * (after.t - before.t) / 100


@linux_only
def test_children_that_live_between_two_samples(child: Child, opened: Open) -> None:
    collector = opened("linux", child.pid)
    collector.collect(0.0)
    before = collector.collect(1.0)
    child.tell("burn_in_children", 4, 0.1)
    assert used(before, collector.collect(2.0)) == pytest.approx(0.4, abs=0.1)


@linux_only
def test_children_that_are_seen_count_once(child: Child, opened: Open) -> None:
    collector = opened("linux", child.pid)
    before = collector.collect(0.0)
    child.tell("spawn")
    child.tell("tell", 0, "spin", 0.3)
    middle = collector.collect(1.0)
    child.tell("dismiss", 0)
    after = [collector.collect(float(t)) for t in (2, 3, 4)]
    total = used(before, middle) + sum(used(a, b) for a, b in zip([middle, *after], after, strict=False))
    assert total == pytest.approx(0.35, abs=0.12)


@pytest.fixture
def reaping(child: Child, opened: Open) -> Iterator[Collector]:
    """A collector over what this process, a subreaper, waits for, as the supervisor's is."""
    libc = ctypes.CDLL(None)
    libc.prctl(36, 1, 0, 0, 0)
    here = os.getpid()
    yield opened("linux", here, classify=lambda f: Role.SUT if f.pid != here else None, monitor_pid=here)
    libc.prctl(36, 0, 0, 0, 0)


@linux_only
def test_orphans_that_live_between_two_samples(child: Child, reaping: Collector) -> None:
    reaping.collect(0.0)
    before = reaping.collect(1.0)
    child.tell("burn_away", 0.3)
    # The one orphan; the child itself is waited for by its own handle.
    while not (orphans := [int(p) for p in os.listdir("/proc") if p.isdigit() and _is_orphan(int(p), child.pid)]):  # noqa: PTH208
        pass
    os.waitpid(orphans[0], 0)
    assert used(before, reaping.collect(2.0)) == pytest.approx(0.3, abs=0.1)


def _is_orphan(pid: int, but: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return False
    return int(fields[1]) == os.getpid() and fields[0] == b"Z" and pid != but
