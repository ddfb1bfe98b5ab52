"""Memory that RSS does not show, or shows twice."""

import os

import pytest

from stresstui.core.derive.reading import derive
from stresstui.core.model.certainty import Certainty
from stresstui.engine.collect.proc import memory_details
from stresstui.engine.collect.proc.procfs import View
from stresstui.engine.collect.proc.shared_segments import SharedSegments
from tests.engine.collect.conftest import Child, Open, Watch, linux_only

pytestmark = linux_only
MIB = 1 << 20


def values(watch: Watch) -> dict[str, float]:
    return derive(None, watch.sample()).values


def test_parts_are_those_of_the_whole(child: Child, fast: Watch) -> None:
    child.tell("allocate", 32)
    process = fast.child()
    assert process.rss_anon is not None
    assert process.rss_file is not None
    assert process.rss_shmem is not None
    assert process.rss == pytest.approx(process.rss_anon + process.rss_file + process.rss_shmem, abs=MIB)
    assert process.rss_anon > 32 * MIB
    assert process.pss is not None
    assert process.rss_anon <= process.pss + MIB
    assert process.swap == 0


def test_huge_pages_are_memory_too(child: Child, fast: Watch) -> None:
    before = values(fast)
    if child.tell("take_huge_pages", 2):
        pytest.skip("no huge pages are set aside here")
    after = values(fast)
    for name in ("rss", "rss_anon", "memory"):
        assert after[name] - before[name] == pytest.approx(4 * MIB, abs=MIB)


def test_status_is_read_with_and_without_huge_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = b"RssAnon:\t 8 kB\nRssFile:\t 4 kB\nRssShmem:\t 0 kB\nVmData:\t 9 kB\nVmSwap:\t 1 kB\n"
    for more, huge in ((b"HugetlbPages:\t 2048 kB\n", 2 * MIB), (b"CoreDumping:\t0\n", 0)):
        monkeypatch.setattr("stresstui.engine.collect.proc.procfs.read_bytes", lambda _, text=lines + more: text)
        assert memory_details.read_details(1) == (8192, 4096, 0, 1024, huge)


def test_memory_files_that_nobody_maps_are_held_memory(child: Child, fast: Watch) -> None:
    before = values(fast)
    child.tell("hold_memory_files", 10, 4)
    sample = fast.sample()
    after = derive(None, sample).values
    assert sample.memory_files == 40 * MIB
    assert after["rss"] - before["rss"] == pytest.approx(40 * MIB, abs=6 * MIB)
    assert after["memory"] - before["memory"] == pytest.approx(40 * MIB, abs=6 * MIB)


def test_a_segment_of_system_v_that_nobody_maps_is_held_memory(child: Child, fast: Watch) -> None:
    before = values(fast)
    segment = child.tell("make_segment", 16)
    try:
        for _ in range(2):
            after = values(fast)
            assert after["memory"] - before["memory"] == pytest.approx(16 * MIB, abs=3 * MIB)
            assert after["rss"] - before["rss"] == pytest.approx(16 * MIB, abs=3 * MIB)
    finally:
        child.tell("remove_segment", segment)
    assert values(fast)["memory"] - before["memory"] < 4 * MIB


def test_a_segment_outlives_who_made_it(monkeypatch: pytest.MonkeyPatch) -> None:
    table = b"key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime rss swap\n"
    table += b"0 7 600 4096 12 12 0 0 0 0 0 0 0 0 4096 0\n0 8 600 8192 13 13 0 0 0 0 0 0 0 0 8192 0\n"
    monkeypatch.setattr("stresstui.engine.collect.proc.procfs.read_bytes", lambda _: table)
    segments = SharedSegments()
    assert [segments.resident(pids) for pids in ({1}, {12}, set[int]())] == [0, 4096, 4096]


def test_memory_files_that_are_mapped_count_once(child: Child, fast: Watch) -> None:
    before = values(fast)
    child.tell("map_memory_file", 16)
    after = values(fast)
    assert after["rss"] - before["rss"] == pytest.approx(16 * MIB, abs=3 * MIB)
    assert after["memory"] - before["memory"] == pytest.approx(16 * MIB, abs=3 * MIB)
    assert after["rss_shmem"] == 16 * MIB


def test_memory_that_processes_share_is_counted_once_in_memory(child: Child, fast: Watch) -> None:
    child.tell("share_memory", 24)
    child.kill_at_end(child.tell("fork_touching"))
    found = derive(None, fast.sample())
    assert found.values["rss_shmem"] == 48 * MIB
    assert found.values["memory"] < found.values["rss_anon"] + 25 * MIB
    assert found.certainty["memory"] is Certainty.ESTIMATE


def test_pss_is_read_once_a_minute(child: Child, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    collector = opened("linux", child.pid)
    asked: list[View] = []

    def read_pss(view: View) -> int:
        asked.append(view)
        return 5

    monkeypatch.setattr(memory_details, "read_pss", read_pss)
    for t in range(121):
        (process,) = collector.collect(float(t)).processes
        assert process.pss == 5
    assert asked == [child.pid] * 3


def test_of_very_many_processes_some_are_read_for_each_sample(
    child: Child, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_details, "AT_ONCE", 1)
    child.tell("spawn")
    child.tell("tell", 0, "spin", 0)
    collector = opened("linux", child.pid)
    first = collector.collect(0.0)
    assert [p.rss_anon is None for p in first.processes] == [False, True]
    child.tell("allocate", 1)
    second = collector.collect(1.0)
    assert [p.rss_anon is None for p in second.processes] == [False, False]
    assert second.details_t == 0.0
    assert derive(None, second).certainty["rss_anon"] is Certainty.ESTIMATE
    assert 9.0 in [collector.collect(9.0).details_t for _ in range(5)]  # idle by then


def test_a_process_that_is_gone_has_no_details() -> None:
    gone = os.spawnvp(os.P_NOWAIT, "true", ["true"])
    os.waitpid(gone, 0)
    assert memory_details.read_details(gone) == memory_details.Details()
    assert memory_details.read_pss(gone) is None
