"""What a sample says of the host, and how often the socket table is read."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stresstui.core.model.sample import Role
from stresstui.engine.collect import open_collector
from stresstui.engine.collect.cpu_budget import Cadence
from stresstui.engine.collect.linux import LinuxCollector
from stresstui.engine.collect.portable import PortableCollector
from stresstui.engine.collect.proc import host
from tests.engine.collect.conftest import Child, Open, Watch, linux_only

Made = type[LinuxCollector] | type[PortableCollector]
both = pytest.mark.parametrize("made", [pytest.param(LinuxCollector, marks=linux_only), PortableCollector])


@linux_only
def test_counters_are_those_of_the_childs_namespace(apart: Child, opened: Open) -> None:
    watch = Watch(opened("linux", apart.pid), apart.pid)
    before = watch.sample().host
    assert (before.curr_estab, before.active_opens, before.passive_opens) == (0, 0, 0)
    apart.tell("connect", 4, 9)
    apart.tell("move", 1_000_000)
    apart.tell("half_close", 2)
    sample = watch.sample()
    host = sample.host
    # A socket in CLOSE_WAIT still counts, its closed peer does not.
    assert (host.curr_estab, host.active_opens, host.passive_opens) == (16, 9, 9)
    assert (host.attempt_fails, host.estab_resets, host.listen_overflows) == (0, 0, 0)
    assert host.in_octets is not None
    assert before.in_octets is not None
    assert 1_500_000 <= host.in_octets - before.in_octets <= 1_700_000
    (process,) = sample.processes
    assert (process.established, process.close_wait, process.listen) == (14, 2, 1)
    assert (process.bytes_in, process.bytes_out) == (None, None)


@linux_only
def test_counters_of_a_child_that_comes_later_go_on_from_the_hosts(apart: Child) -> None:
    pids: list[int] = []
    collector = open_collector("linux", lambda: pids, lambda _: Role.SUT, lambda: 0)
    watch = Watch(collector, apart.pid)
    before = watch.sample().host
    pids.append(apart.pid)
    at_once = watch.sample().host
    apart.tell("connect", 4, 9)
    after = watch.sample().host
    collector.close()
    assert (at_once.curr_estab, after.curr_estab) == (0, 18)
    assert before.active_opens is not None
    assert (at_once.active_opens, after.active_opens) == (before.active_opens, before.active_opens + 9)


@linux_only
def test_only_connections_not_accepted_are_orphans(apart: Child, opened: Open) -> None:
    apart.tell("connect", 4, 3)
    apart.tell("connect_unaccepted", 4, 5)
    watch = Watch(opened("linux", apart.pid), apart.pid)
    # The far end of a connection is there once its last handshake packet is: on a busy machine after connect() returns.
    # And the kernel's hash of sockets, which all namespaces share, moves under a dump: one may be seen twice or missed.
    deadline, found = time.monotonic() + 10.0, None
    while found != 5 and time.monotonic() < deadline:
        found = watch.sample().host.orphan_backlog
    assert found == 5


@linux_only
def test_a_refused_connection_is_a_failed_attempt(apart: Child, opened: Open) -> None:
    watch = Watch(opened("linux", apart.pid), apart.pid)
    apart.tell("connect_refused", 3)
    host = watch.sample().host
    assert (host.active_opens, host.attempt_fails) == (3, 3)


@linux_only
def test_between_tables_a_reader_can_correct_the_last_count(apart: Child) -> None:
    collector = LinuxCollector(lambda: [apart.pid], lambda _: Role.SUT, cadence=Cadence(share=1e-6))
    with contextlib.closing(collector):
        apart.tell("connect", 4, 3)
        exact = collector.collect(10.0)
        apart.tell("connect", 4, 5)
        later = collector.collect(11.0)
        much_later = collector.collect(1e9)
    assert (exact.sockets_t, exact.processes[0].established) == (10.0, 6)
    assert (later.sockets_t, later.processes[0].established) == (10.0, 6)
    host = later.host
    assert host.curr_estab is not None
    assert host.curr_estab_at_dump is not None
    assert 6 + host.curr_estab - host.curr_estab_at_dump == 16
    assert (much_later.sockets_t, much_later.processes[0].established) == (1e9, 16)


@both
def test_a_costly_table_is_read_less_often(child: Child, made: Made) -> None:
    collector = made(lambda: [child.pid], lambda _: Role.SUT, cadence=Cadence(share=1e-6))
    with contextlib.closing(collector):
        assert [collector.collect(t).sockets_t for t in (0.0, 1.0, 2.0)] == [0.0, 0.0, 0.0]
        started_later = child.tell("spawn")
        (late,) = [p for p in collector.collect(2.5).processes if p.pid == started_later]
        assert late.established is None
        assert collector.collect(1e9).sockets_t == 1e9


def test_cadence_keeps_to_its_share() -> None:
    cadence = Cadence(share=0.01)
    assert cadence.due(0.0)
    cadence.spent(0.0, 0.035)
    assert [cadence.due(t) for t in (1.0, 3.49, 3.51, 4.0)] == [False, False, True, True]


@pytest.mark.parametrize(("cost_s", "gap"), [(0.15, 12.0), (0.18, 12.0), (0.3, 20.0), (1.84, 30.0)])
def test_cadence_waits_longer_than_is_good_only_for_what_costs_too_much_and_never_for_minutes(
    cost_s: float, gap: float
) -> None:
    cadence = Cadence(share=0.01, longest=12.0)
    cadence.spent(0.0, cost_s)
    assert [cadence.due(t) for t in (gap - 0.1, gap + 1e-6)] == [False, True]


@pytest.mark.parametrize(("beside", "gap"), [(0.0, 2.0), (0.005, 4.0), (0.02, 5.0)])
def test_what_all_else_takes_comes_off_the_share_but_for_the_least(beside: float, gap: float) -> None:
    cadence = Cadence(share=0.01)
    cadence.spent(0.0, 0.02, beside=beside)
    assert [cadence.due(t) for t in (gap - 0.1, gap + 1e-6)] == [False, True]


@linux_only
def test_a_table_comes_later_where_the_rest_of_the_samples_is_dear(child: Child) -> None:
    told: list[float] = []

    class Listening(Cadence):
        def spent(self, t: float, cost_s: float, total: float | None = None, *, beside: float = 0.0) -> None:
            told.append(beside)

    collector = LinuxCollector(lambda: [child.pid], lambda _: Role.SUT, cadence=Listening())
    with contextlib.closing(collector):
        collector.collect(0.0)
        collector._sockets.took(0.5)
        collector.collect(2.0)
        collector.collect(3.0)
    assert told[0] == 0.0
    assert told[1] == pytest.approx(0.25, abs=0.02)  # over two seconds, without the table's own
    assert 0.0 < told[2] < 0.02


def test_a_total_that_moved_is_read_again_but_not_at_once() -> None:
    cadence = Cadence(share=0.01, longest=12.0)
    cadence.spent(0.0, 0.04, 1000)
    assert [cadence.due(t, 1300) for t in (0.9, 1.0)] == [False, True]
    assert [cadence.due(2.0, total) for total in (1200, 1201, 799, None)] == [False, True, True, False]
    cadence.spent(0.0, 0.04, 0)
    assert cadence.due(2.0, 1)


@linux_only
def test_a_table_read_in_the_ramp_does_not_lock_the_cadence(apart: Child) -> None:
    collector = LinuxCollector(lambda: [apart.pid], lambda _: Role.SUT, cadence=Cadence(share=1e-6, longest=40.0))
    with contextlib.closing(collector):
        apart.tell("connect", 4, 1)
        assert collector.collect(0.0).sockets_t == 0.0
        apart.tell("connect", 4, 50)
        assert [collector.collect(t).sockets_t for t in (1.0, 9.0, 10.0)] == [0.0, 0.0, 10.0]
        assert collector.collect(49.0).sockets_t == 10.0
        assert collector.collect(50.0).sockets_t == 50.0


@linux_only
def test_cpus_are_those_that_the_tree_may_use(child: Child, watch: Watch) -> None:
    allowed = os.sched_getaffinity(child.pid)
    assert watch.sample().cpus == len(allowed)
    os.sched_setaffinity(child.pid, {min(allowed)})
    assert watch.sample().cpus == 1


def test_memory_and_load_are_told(watch: Watch) -> None:
    host = watch.sample().host
    assert host.mem_available
    assert host.mem_available > 1 << 20
    assert host.load1 is not None


def test_suspension_is_the_time_that_one_clock_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    behind = iter([5.0, 5.001, 65.0, 65.0])
    monkeypatch.setattr(host.Suspension, "_behind", lambda _: next(behind))
    suspension = host.Suspension()
    assert [suspension.since_last() for _ in range(3)] == [0.0, pytest.approx(59.999), 0.0]


def test_a_process_that_waited_for_its_cpu_between_the_clocks_saw_no_suspension(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    behind = iter([5.0, 4.9, 5.0, 5.0])
    monkeypatch.setattr(host.Suspension, "_behind", lambda _: next(behind))
    suspension = host.Suspension()
    assert [suspension.since_last() for _ in range(3)] == [0.0, 0.0, 0.0]


def test_a_machine_that_stayed_awake(watch: Watch) -> None:
    assert watch.sample().suspended_s == 0.0


@linux_only
def test_counters_that_cannot_be_read_are_none(child: Child, fast: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stresstui.engine.collect.net.net_counters._FILES", ("missing",))
    with contextlib.closing(open_collector("linux", lambda: [child.pid], lambda _: Role.SUT)) as collector:
        host = collector.collect(0.0).host
    assert (host.curr_estab, host.in_octets, host.time_wait) == (None, None, None)


@pytest.mark.parametrize("kind", ["", "psutil", "Linux"])
def test_unknown_kinds_are_one_clear_line(kind: str) -> None:
    with pytest.raises(ValueError, match=r"unknown collector .*auto, linux, portable$"):
        open_collector(kind, list, lambda _: None)


def test_linux_elsewhere_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(ValueError, match=r"does not run on darwin"):
        open_collector("linux", list, lambda _: None)


def test_elsewhere_auto_is_portable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "freebsd14")
    with contextlib.closing(open_collector("auto", list, lambda _: None)) as collector:
        assert isinstance(collector, PortableCollector)


@linux_only
def test_the_fast_path_does_not_pay_for_psutil() -> None:
    program = (
        "import sys\n"
        "from stresstui.engine.collect import open_collector\n"
        "open_collector('auto', list, lambda f: None).collect(0.0)\n"
        "print('psutil' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout == "False\n"


@linux_only
def test_close_leaves_no_descriptor(child: Child, kind: str) -> None:
    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    def use() -> None:
        with contextlib.closing(
            open_collector(kind, lambda: [child.pid], lambda _: Role.SUT, monitor_pid=os.getpid())
        ) as collector:
            for t in range(3):
                assert len(collector.collect(float(t)).processes) == 2

    child.tell("spawn")
    use()
    before = descriptors()
    use()
    assert descriptors() == before
