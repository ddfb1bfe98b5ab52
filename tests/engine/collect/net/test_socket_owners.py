"""Sockets of a child: counted by both collectors, attributed without being listed again, named as evidence."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from stresstui.core.model.sample import ProcessSample
from stresstui.engine.collect.net import socket_owners
from stresstui.engine.collect.net.open_descriptors import FdFact, kind_of, list_fds, list_sockets
from stresstui.engine.collect.net.sock_diag import Run
from stresstui.engine.collect.net.socket_table import Table, read_table
from tests.engine.collect.conftest import Child, Watch, linux_only

versions = pytest.mark.parametrize("version", [4, 6])


def counts(p: ProcessSample) -> tuple[int | None, ...]:
    return (p.established, p.close_wait, p.listen, p.udp)


def test_no_sockets_are_zero_and_not_none(watch: Watch) -> None:
    assert counts(watch.child()) == (0, 0, 0, 0)


@linux_only
def test_what_was_opened_after_the_table_is_not_of_it(
    child: Child, fast: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    child.tell("connect", 4, 5)
    assert counts(fast.child()) == (10, 0, 1, 0)

    def read_late(*args: Any, **options: Any) -> Table:
        child.tell("replace_connections", 2)  # so that its descriptors are looked at again
        table = read_table(*args, **options)
        child.tell("connect", 4, 1)
        return table

    monkeypatch.setattr(socket_owners, "read_table", read_late)
    assert counts(fast.child()) == (10, 0, 1, 0)
    monkeypatch.undo()
    assert counts(fast.child()) == (12, 0, 2, 0)


@versions
def test_every_state_is_counted(version: int, child: Child, watch: Watch) -> None:
    child.tell("connect", version, 7)
    child.tell("listen", version, 2)
    child.tell("bind_udp", version, 4)
    assert counts(watch.child()) == (14, 0, 3, 4)
    child.tell("half_close", 3)
    assert counts(watch.child()) == (8, 3, 3, 4)
    child.tell("close_connections", 4)
    assert counts(watch.child()) == (0, 3, 3, 4)


def test_new_sockets_under_old_numbers_are_counted(child: Child, watch: Watch) -> None:
    child.tell("connect", 4, 5)
    assert counts(watch.child()) == (10, 0, 1, 0)
    for _ in range(3):
        child.tell("replace_connections", 5)
        assert counts(watch.child()) == (10, 0, 1, 0)


def test_a_number_given_away_while_its_socket_lives_on(child: Child, watch: Watch) -> None:
    child.tell("connect", 4, 2)
    assert counts(watch.child()) == (4, 0, 1, 0)
    child.tell("shuffle_connection")
    assert counts(watch.child()) == (4, 0, 1, 1)


def test_shared_sockets_count_once_and_stay_with_who_keeps_them(child: Child, watch: Watch) -> None:
    child.tell("connect", 4, 3)
    sharer = child.kill_at_end(child.tell("fork_sharing"))
    held = {p.pid: p.established for p in watch.sample().processes}
    assert held == {child.pid: 6, sharer: 0}
    child.tell("close_connections", 3)
    held = {p.pid: p.established for p in watch.sample().processes}
    assert held == {child.pid: 0, sharer: 6}


def test_sockets_of_a_child_are_the_childs(child: Child, watch: Watch) -> None:
    grandchild = child.tell("spawn")
    child.tell("tell", 0, "connect", 6, 2)
    child.tell("connect", 4, 1)
    held = {p.pid: p.established for p in watch.sample().processes}
    assert held == {child.pid: 2, grandchild: 4}


@linux_only
@versions
def test_connections_nobody_accepted_are_a_backlog(version: int, child: Child, fast: Watch) -> None:
    child.tell("connect_unaccepted", version, 5)
    sample = fast.sample()
    (process,) = sample.processes
    assert (process.established, process.listen, process.backlog) == (5, 1, 5)
    assert sample.host.orphan_backlog is not None
    assert sample.host.orphan_backlog >= 5


def eventually(read: Callable[[], object], expected: object) -> None:
    """Acknowledgements of the last bytes may be delayed by the kernel."""
    end = time.monotonic() + 5
    while (got := read()) != expected:
        assert time.monotonic() < end, f"{got} instead of {expected}"


@linux_only
def test_bytes_are_summed_and_survive_their_sockets(child: Child, fast: Watch) -> None:
    def moved() -> tuple[int | None, int | None]:
        p = fast.child()
        return (p.bytes_in, p.bytes_out)

    child.tell("connect", 4, 2)
    assert moved() == (0, 0)
    child.tell("move", 1_000_000)
    eventually(moved, (1_500_000, 1_500_000))
    child.tell("move", 2000)
    eventually(moved, (1_503_000, 1_503_000))
    child.tell("close_connections", 2)
    assert moved() == (1_503_000, 1_503_000)
    child.tell("connect", 6, 1)
    child.tell("move", 1000)
    eventually(moved, (1_504_500, 1_504_500))


@linux_only
def test_text_tables_serve_where_netlink_is_refused(child: Child, fast: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "refused")

    monkeypatch.setattr("stresstui.engine.collect.net.sock_diag.dump_tcp", refused)
    child.tell("connect", 6, 3)
    child.tell("half_close", 1)
    child.tell("bind_udp", 4, 2)
    child.tell("connect_unaccepted", 4, 2)
    process = fast.child()
    assert counts(process) == (6, 1, 2, 2)
    assert process.backlog == 2
    assert (process.bytes_in, process.bytes_out) == (None, None)


@linux_only
def test_no_table_at_all_is_none(child: Child, fast: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "refused")

    fast.sample()
    monkeypatch.setattr("stresstui.engine.collect.net.sock_diag.dump_tcp", refused)
    monkeypatch.setattr("stresstui.engine.collect.net.proc_net.table", refused)
    sample = fast.sample()
    assert sample.sockets_t is None
    assert counts(sample.processes[0]) == (None, None, None, None)


def test_sockets_are_named(child: Child) -> None:
    child.tell("connect", 4, 1)
    child.tell("bind_udp", 6, 1)
    child.tell("connect_unaccepted", 6, 2)
    facts = list_sockets([child.pid, 2**22 + 1])
    server, client, accepted = facts[:3]
    assert (server.state, server.peer, server.family, server.type) == ("LISTEN", None, "ipv4", "tcp")
    assert (client.state, client.peer) == ("ESTABLISHED", server.local)
    assert (accepted.local, accepted.peer) == (server.local, client.local)
    (udp,) = [f for f in facts if f.type == "udp"]
    assert (udp.family, udp.state, udp.local[:5]) == ("ipv6", "", "[::1]")
    (waiting,) = [f for f in facts if f.family == "ipv6" and f.state == "LISTEN"]
    assert waiting.backlog in {2, None}
    assert {f.pid for f in facts} == {child.pid}
    assert len({f.fd for f in facts}) == len(facts) == 7


@linux_only
def test_of_other_peoples_sockets_none_is_put_into_words(child: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    """They may be a hundred thousand."""
    child.tell("connect", 4, 2)
    child.tell("spawn")
    child.tell("tell", 0, "connect", 4, 5)
    named: list[int] = []
    ends = Run.ends

    def ends_of(run: Run, row: int) -> tuple[str, str]:
        named.append(row)
        return ends(run, row)

    monkeypatch.setattr(Run, "ends", ends_of)
    assert len(list_sockets([child.pid])) == len(named) == 5


def test_descriptors_are_named(child: Child) -> None:
    child.tell("listen", 4, 1)
    child.tell("open_files", 1)
    facts = list_fds(child.pid)
    assert [f.fd for f in facts[:3]] == [0, 1, 2]
    assert {"socket", "pipe"} <= {f.kind for f in facts}
    with pytest.raises(OSError, match=r".+"):
        list_fds(2**22 + 1)


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("/etc/hosts", "file"),
        ("/tmp/x (deleted)", "deleted"),
        ("/dev/null", "device"),
        ("socket:[12]", "socket"),
        ("pipe:[12]", "pipe"),
        ("anon_inode:[eventpoll]", "eventpoll"),
        ("anon_inode:inotify", "inotify"),
    ],
)
def test_kinds_of_descriptors(target: str, kind: str) -> None:
    assert kind_of(target) == kind
    assert FdFact(1, kind, target).kind == kind
