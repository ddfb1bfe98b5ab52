"""What a sample says of the socket table as a whole: the rarer states, churn, and how far a count can be trusted."""

import contextlib
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Container, Iterator
from pathlib import Path
from typing import Any

import pytest

from stresstui.core.derive.reading import Reading, derive
from stresstui.core.model.certainty import Certainty
from stresstui.core.model.sample import Role, SocketSample
from stresstui.engine.collect import Collector
from stresstui.engine.collect.cpu_budget import Cadence
from stresstui.engine.collect.linux import LinuxCollector
from stresstui.engine.collect.net import sock_diag
from stresstui.engine.collect.net.fd_index import FdIndex
from stresstui.engine.collect.net.socket_table import Table, read_table
from tests.engine.collect.conftest import Child, Open, Watch, linux_only
from tests.engine.collect.net.test_socket_owners import eventually

pytestmark = linux_only
CHURN = Path(__file__).with_name("churn.py")


@pytest.fixture(autouse=True)
def whatever_others_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads TIME_WAIT however many connections of other programs are in it."""
    monkeypatch.setattr("stresstui.engine.collect.net.socket_owners._TIME_WAIT_MAX", 10**9)


def told(watch: Watch) -> SocketSample:
    sockets = watch.sample().sockets
    assert sockets is not None
    return sockets


def read(watch: Watch) -> Reading:
    return derive(None, watch.sample())


def test_an_answer_that_was_lost_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sock_diag, "_PATIENCE", struct.pack("@ll", 0, 10_000))
    monkeypatch.setattr(socket.socket, "send", lambda *_: 0)
    with pytest.raises(BlockingIOError):
        list(sock_diag.still_held([sock_diag.Question(1, socket.AF_INET, bytes(48))]))
    with pytest.raises(BlockingIOError):
        list(sock_diag.dump_udp())


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("way", ["one by one", "by a table"])
def test_what_is_still_held_is_of_tcp_and_of_udp(way: str, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not there is held to be gone, and may have been anybody's: other people's datagram sockets are there."""
    asked_one_by_one: list[int] = []
    ask = sock_diag.still_held

    def count_questions(questions: list[sock_diag.Question]) -> Iterator[int]:
        asked_one_by_one.append(len(questions))
        return ask(questions)

    monkeypatch.setattr(sock_diag, "still_held", count_questions)
    monkeypatch.setattr("stresstui.engine.collect.net.socket_table._A_QUESTION", 0 if way == "one by one" else 10**9)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with contextlib.ExitStack() as stack:
        server, datagrams, client = (
            stack.enter_context(socket.socket(family, kind))
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_STREAM)
        )
        # Of one that is bound to an interface the kernel tells only who names that too.
        server.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
        for one in (server, datagrams, client):
            one.bind((host, 0))
        server.listen()
        client.connect(server.getsockname())
        accepted = stack.enter_context(server.accept()[0])
        inodes = [os.fstat(one.fileno()).st_ino for one in (server, datagrams, client, accepted)]
        table = read_table({}, {}, 0)
        asked = {*inodes, 2**32 - 1}
        assert table.still_held(asked) == set(inodes)
        place = client.getsockname()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        again = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
        again.bind(place)
        again.connect(server.getsockname())  # between the same ends, and another one
        assert table.still_held(asked) == {inodes[0], inodes[1]}
        assert table.still_held({inodes[0]}) == {inodes[0]}
        assert asked_one_by_one == ([3, 3, 1] if way == "one by one" else [])


def test_states_that_a_process_holds(child: Child, fast: Watch) -> None:
    child.tell("connect", 4, 5)
    child.tell("half_shut", 3)
    child.tell("connect_in_vain", 2)
    # The port may have been somebody else's a moment ago, whose connections wait too.
    held = lambda: {name: count for name, count in told(fast).states.items() if name != "time_wait"}  # noqa: E731 - one line says it
    eventually(held, {"fin_wait2": 3, "syn_sent": 2})
    values = read(fast).values
    assert [values[name] for name in ("established", "close_wait", "accept_queue")] == [6, 3, 2]
    assert values["fin_wait2"] >= 3
    assert values["syn_sent"] >= 2


@pytest.mark.parametrize("version", [4, 6])
def test_states_that_nobody_holds_are_those_of_the_runs_ports(version: int, child: Child, fast: Watch) -> None:
    child.tell("connect", version, 6)
    child.tell("half_close", 2)
    child.tell("close_connections", 4)
    eventually(lambda: told(fast).states.get("fin_wait2"), 2)
    # The port may have been somebody else's a moment ago, whose connections wait too.
    assert told(fast).states["time_wait"] >= 4


def test_states_of_other_ports_are_a_bound(child: Child, fast: Watch, opened: Open) -> None:
    """The grandchild's connections wait on a port of its own; a collector over it alone does not have the child's."""
    grandchild = child.tell("spawn")
    child.tell("connect", 4, 3)
    child.tell("close_connections", 3)
    found = read(Watch(opened("linux", grandchild), grandchild))
    assert found.values["time_wait_ports"] >= 3
    assert found.certainty["time_wait_ports"] is Certainty.AT_MOST
    assert told(fast).states["time_wait"] >= 3


def test_of_very_many_in_time_wait_only_the_number_is_known(
    child: Child, fast: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stresstui.engine.collect.net.socket_owners._TIME_WAIT_MAX", -1)
    child.tell("connect", 4, 3)
    child.tell("close_connections", 3)
    found = read(fast)
    assert found.values["time_wait_ports"] >= 3
    assert found.certainty["time_wait_ports"] is Certainty.AT_MOST


Act = Callable[[], object]


@pytest.fixture
def around(monkeypatch: pytest.MonkeyPatch) -> Callable[[Act, Act], None]:
    """Does something after the first listing of descriptors, and after the table, before the second listing."""

    def arrange(before: Act, after: Act) -> None:
        def read(*args: Any, **options: Any) -> Table:
            before()
            table = read_table(*args, **options)
            after()
            return table

        monkeypatch.setattr("stresstui.engine.collect.net.socket_owners.read_table", read)

    return arrange


def nothing() -> None:
    pass


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_is_replaced_while_a_table_is_read_is_counted_once(
    when: str, child: Child, fast: Watch, around: Callable[[Act, Act], None]
) -> None:
    child.tell("connect", 4, 50)
    assert read(fast).values["established"] == 100

    def replace() -> None:
        child.tell("replace_connections", 20)

    around(*((replace, nothing) if when == "before" else (nothing, replace)))
    shown = [read(fast) for _ in range(6)]
    # Sockets that came after one table and went after the next are missed once; then the process is known for it.
    counts = [(r.values["established"], r.certainty.get("established")) for r in shown]
    # Other people's sockets that come and go meanwhile make it a lower bound too.
    assert set(counts) <= {(100, None), (100, Certainty.AT_LEAST), (60, Certainty.AT_LEAST)}
    assert [count for count, _ in counts[-4:]] == [100] * 4


def test_what_comes_and_goes_while_a_table_is_read_makes_the_count_a_lower_bound(
    child: Child, fast: Watch, around: Callable[[Act, Act], None]
) -> None:
    child.tell("connect", 4, 50)
    read(fast)

    def replace() -> None:
        child.tell("replace_connections", 20)

    around(replace, replace)
    found = read(fast)
    assert found.values["established"] == 60
    assert found.certainty["established"] is Certainty.AT_LEAST
    around(nothing, nothing)
    assert read(fast).values["established"] == 100


def test_for_what_has_closed_meanwhile_nobody_is_asked_where_there_are_many_descriptors(
    child: Child, fast: Watch, around: Callable[[Act, Act], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    child.tell("connect", 4, 50)
    read(fast)
    asked: list[bool] = []

    look = FdIndex.read

    def listening(
        index: FdIndex, known: Container[int] | None, *, deep: bool = False, others: bool = False
    ) -> Iterator[int]:
        asked.append(deep or others)
        return look(index, known, deep=deep, others=others)

    monkeypatch.setattr(FdIndex, "read", listening)
    for module in ("socket_owners", "fd_indexes"):
        monkeypatch.setattr(f"stresstui.engine.collect.net.{module}.SMALL_PROCESS", 10)

    def replace() -> None:
        child.tell("replace_connections", 20)

    around(replace, replace)
    found = read(fast)
    assert (found.values["established"], found.certainty["established"]) == (60, Certainty.AT_LEAST)
    assert asked
    assert not any(asked)
    around(nothing, nothing)
    assert read(fast).values["established"] == 100


def test_what_a_long_table_shows_beside_what_it_replaced_is_nobodys_until_the_next(
    child: Child, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As other people's it would leave the count exact, though as many are missing that the table has not shown."""
    for module in ("socket_owners", "fd_indexes"):
        monkeypatch.setattr(f"stresstui.engine.collect.net.{module}.SMALL_PROCESS", 10)
    collector = opened("linux", child.pid)
    assert isinstance(collector, LinuxCollector)
    watch = Watch(collector, child.pid)
    child.tell("connect", 4, 50)
    read(watch), read(watch)
    collector._sockets._holdings._deep_from = 99
    child.tell("replace_connections", 3)

    def read_both(*args: Any, **options: Any) -> Table:
        before = read_table(*args, **options)
        child.tell("replace_connections", 20)
        table = read_table(*args, **options)
        table.live |= before.live
        return table

    with monkeypatch.context() as patched:
        patched.setattr("stresstui.engine.collect.net.socket_owners.read_table", read_both)
        sample = watch.sample()
    found = derive(None, sample)
    assert (found.values["established"], found.certainty["established"]) == (100, Certainty.AT_LEAST)
    assert sample.sockets
    assert sample.sockets.unattributed >= 40
    assert read(watch).values["established"] == 100


@pytest.fixture
def churning() -> Iterator[subprocess.Popen[str]]:
    argv = [sys.executable, str(CHURN), "200", "400"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield process
        assert process.stdin
        process.stdin.close()


def test_counts_under_churn_are_exact_or_marked(churning: "subprocess.Popen[str]", opened: Open) -> None:
    watch = Watch(opened("linux", churning.pid), churning.pid)
    shown = [read(watch) for _ in range(60)]
    exact = [r.values["established"] for r in shown if "established" not in r.certainty]
    bounds = [r.values["established"] for r in shown if r.certainty.get("established") is Certainty.AT_LEAST]
    assert len(exact) + len(bounds) == 60
    # A pair may be in hand at the beginning and at the end of a table, and more where the child had to catch up.
    assert all(abs(count - 400) <= 12 for count in exact), exact
    assert all(count <= 412 for count in bounds)


def test_sockets_that_a_fork_inherits_are_its_own_once_the_parent_ended(child: Child, fast: Watch) -> None:
    grandchild = child.tell("spawn")
    child.tell("tell", 0, "connect", 4, 4)
    heir = child.kill_at_end(child.tell("tell", 0, "fork_sharing"))
    assert fast.of(grandchild).established == 8
    assert fast.of(heir).established == 0
    child.tell("dismiss", 0)
    assert fast.of(heir).established == 8


def moved(collector: Collector, child: Child, count: int, size: int) -> Reading:
    """Reading of a second in which the child moved so much."""
    collector.collect(0.0)
    before = collector.collect(1.0)
    child.tell("send_in_short", count, size)
    return derive(before, collector.collect(2.0))


@pytest.mark.parametrize(("count", "size"), [(20, 1_000_000), (400, 1000)])
def test_short_connections_are_seen_in_the_octets_of_a_loopback_of_its_own(
    count: int, size: int, apart: Child, opened: Open
) -> None:
    reading = moved(opened("linux", apart.pid), apart, count, size)
    for name in ("throughput", "bytes_in", "bytes_out"):
        assert reading.values[name] == pytest.approx(count * size, rel=0.05)
        assert reading.certainty[name] is Certainty.ESTIMATE
        assert "loopback" in reading.source[name]


def test_where_others_use_the_loopback_short_connections_make_a_lower_bound(child: Child, opened: Open) -> None:
    """The grandchild's connections are not those of the child's collector; both use the loopback."""
    child.tell("spawn")
    child.tell("tell", 0, "connect", 4, 30)
    child.tell("connect", 4, 1)
    collector = opened("linux", child.pid, classify=lambda f: Role.SUT if f.pid == child.pid else None)
    reading = moved(collector, child, 10, 100_000)
    assert reading.values["throughput"] < 1_000_000
    assert reading.certainty["throughput"] is Certainty.AT_LEAST
    assert "socket" in reading.source["throughput"]


def test_where_all_connections_stay_open_bytes_are_exact(apart: Child, opened: Open) -> None:
    collector = opened("linux", apart.pid)
    apart.tell("connect", 4, 2)
    watch = Watch(collector, apart.pid)
    assert told(watch).unseen == 0
    apart.tell("connect", 4, 2)
    assert told(watch).unseen == 0
    apart.tell("close_connections", 1)
    assert told(watch).unseen == 2


def test_descriptors_that_would_take_too_long_are_left_for_the_next_table(
    child: Child, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    child.tell("spawn")
    child.tell("connect", 4, 5)
    child.tell("tell", 0, "connect", 4, 7)
    collector = opened("linux", child.pid)
    assert isinstance(collector, LinuxCollector)
    watch = Watch(collector, child.pid)
    monkeypatch.setattr("stresstui.engine.collect.net.fd_indexes._READ_S", -1.0)
    cut_short = read(watch)
    assert cut_short.values["established"] == 0
    assert cut_short.certainty["established"] is Certainty.AT_LEAST
    monkeypatch.setattr("stresstui.engine.collect.net.fd_indexes._READ_S", 9.0)
    watch.t -= 999.0  # no table would be due that soon
    assert read(watch).values["established"] == 24
    # Known by now: what is cut short from then on makes no table due at once, or each sample would read one.
    monkeypatch.setattr("stresstui.engine.collect.net.fd_indexes._READ_S", -1.0)
    cadence = Cadence(share=1e-6)
    monkeypatch.setattr(collector._sockets, "_cadence", cadence)
    child.tell("replace_connections", 5)
    assert read(watch).certainty["established"] is Certainty.AT_LEAST
    assert not cadence.due(watch.t + 1.0)


def test_the_first_processes_wait_for_no_table_because_one_was_read_before_them(
    child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that watches knows whom it is to watch only with its second sample."""
    child.tell("connect", 4, 5)
    roots: list[int] = []
    cadence = Cadence(share=1e-6)
    with contextlib.closing(LinuxCollector(lambda: roots, lambda _: Role.SUT, cadence=cadence)) as collector:
        with monkeypatch.context() as patched:
            patched.delattr(Table, "still_held")  # all are somebody else's, and nothing needs to be asked
            before = collector.collect(0.0).sockets
        assert before
        assert (before.unattributed, before.bytes_t) == (0, None)
        roots.append(child.pid)
        (process,) = collector.collect(1.0).processes
        assert process.established == 10
        assert process.bytes_in == 0
        assert collector.collect(2.0).sockets_t == 1.0
