"""Both collectors against the truth of a child that does what it is told."""

import os
import time
from pathlib import Path

import pytest

from stresstui.core.model.sample import Role
from tests.engine.collect.conftest import Child, Open, Watch, linux_only

MIB = 1 << 20


def test_memory_that_is_touched_is_resident(child: Child, watch: Watch) -> None:
    before = watch.child()
    child.tell("allocate", 64)
    after = watch.child()
    assert before.rss
    assert after.rss
    assert before.vsz
    assert after.vsz
    assert after.rss - before.rss == pytest.approx(64 * MIB, abs=2 * MIB)
    assert after.vsz - before.vsz == pytest.approx(64 * MIB, abs=2 * MIB)


def test_cpu_time_grows_by_what_was_spent(child: Child, watch: Watch) -> None:
    before = watch.child().cpu_s
    child.tell("spin", 0.3)
    after = watch.child().cpu_s
    assert before is not None
    assert after is not None
    assert after - before == pytest.approx(0.3, abs=0.05)


def test_threads_are_counted(child: Child, watch: Watch) -> None:
    assert watch.child().threads == 1
    child.tell("start_threads", 5)
    assert watch.child().threads == 6


def test_a_process_keeps_its_key_and_another_has_another(child: Child, watch: Watch) -> None:
    first = watch.child()
    other = child.tell("spawn")
    assert watch.child().key == first.key
    assert watch.of(other).key != first.key


def test_the_monitor_is_left_out_and_its_cost_is_told(kind: str, child: Child, opened: Open) -> None:
    here = os.getpid()
    collector = opened(
        kind, here, classify=lambda f: Role.SUT if f.pid in {child.pid, here} else None, monitor_pid=here
    )
    before = time.process_time()
    sample = collector.collect(0.0)
    assert [p.pid for p in sample.processes] == [child.pid]
    assert sample.monitor_cpu_s is not None
    assert before - 0.05 <= sample.monitor_cpu_s <= time.process_time() + 0.05
    assert sample.monitor_rss
    assert sample.monitor_rss > 5 * MIB
    assert sample.cost_s
    assert sample.cost_s > 0


def test_another_process_may_be_the_monitor(kind: str, child: Child, opened: Open) -> None:
    collector = opened(kind, monitor_pid=child.pid)
    before = collector.collect(0.0).monitor_cpu_s
    child.tell("spin", 0.2)
    after = collector.collect(1.0).monitor_cpu_s
    assert before is not None
    assert after is not None
    assert after - before == pytest.approx(0.2, abs=0.05)


@linux_only
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to be somebody else for a moment")
def test_what_belongs_to_others_and_is_hidden_is_none(kind: str, child: Child, watch: Watch) -> None:
    asked = []
    watch.collector = watch.collector.__class__(lambda: [child.pid], lambda f: asked.append(f) or Role.SUT)  # type: ignore[call-arg, func-returns-value]  # both collectors are constructed alike; append returns None
    os.seteuid(65534)
    try:
        whole = watch.sample()
    finally:
        os.seteuid(0)
        watch.collector.close()
    (sample,) = whole.processes
    assert sample.rss
    assert (sample.established, sample.close_wait, sample.listen, sample.udp) == (None, None, None, None)
    assert (sample.bytes_in, sample.bytes_out) == (None, None)
    assert sample.fds is None or sample.fds == len(list(Path(f"/proc/{child.pid}/fd").iterdir()))
    assert asked[0].exe is None or kind == "portable", "psutil takes the first word of a command for it"
    assert whole.memory_files is None
    (trouble,) = watch.collector.troubles()
    assert f"({child.pid}) may not be read" in trouble
    assert watch.collector.troubles() == []
