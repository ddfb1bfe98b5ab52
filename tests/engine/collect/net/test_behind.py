"""What no descriptor in the list of a process shows is counted, or said to be unknown; it was 0."""

from typing import Any

import pytest

from stresstui.core.derive.reading import Reading, derive
from stresstui.core.model.certainty import Certainty
from stresstui.engine.collect.net import socket_owners
from stresstui.engine.collect.net.socket_table import Table, read_table
from tests.engine.collect.conftest import Child, Watch, linux_only

pytestmark = linux_only
CLONE_FILES, CLONE_NEWNET = 0x400, 0x40000000


def read(watch: Watch) -> Reading:
    return derive(None, watch.sample())


def held(watch: Watch) -> tuple[float, float, bool]:
    found = read(watch)
    return found.values["established"], found.values["listen"], "established" in found.certainty


def do(child: Child, *command: object) -> None:
    """Have the child do something that a box may refuse."""
    if refused := child.tell(*command):
        pytest.skip(f"refused here: {refused}")


@pytest.mark.parametrize("seen_before", [True, False])
def test_sockets_in_a_message_that_nobody_has_taken_are_a_lower_bound(
    child: Child, fast: Watch, *, seen_before: bool
) -> None:
    child.tell("connect", 4, 3)
    if seen_before:
        assert held(fast) == (6, 1, False)
    child.tell("send_away")
    found = read(fast)
    assert found.values["established"] == 0
    assert found.certainty["established"] is Certainty.AT_LEAST
    assert found.most["established"] >= 6  # others may open and close some meanwhile


@pytest.mark.parametrize("seen_before", [True, False])
def test_sockets_that_io_uring_keeps_are_those_of_who_has_the_ring(
    child: Child, fast: Watch, *, seen_before: bool
) -> None:
    child.tell("connect", 4, 3)
    if seen_before:
        assert held(fast) == (6, 1, False)
    do(child, "register_with_a_ring")
    assert held(fast) == (6, 1, False)
    assert held(fast) == (6, 1, False)


@pytest.mark.parametrize("flags", [CLONE_FILES, CLONE_NEWNET])
def test_a_thread_with_descriptors_or_a_namespace_of_its_own_is_looked_at_too(
    child: Child, fast: Watch, flags: int
) -> None:
    child.tell("connect", 4, 2)
    assert held(fast) == (4, 1, False)
    do(child, "connect_in_a_thread", flags)
    assert held(fast) == (10, 2, False)


@pytest.mark.parametrize("given_up", [0, 7])
def test_descriptors_of_a_thread_with_its_own_table_are_counted(child: Child, fast: Watch, given_up: int) -> None:
    before = fast.child().fds or 0
    do(child, "connect_in_a_thread", CLONE_FILES, given_up)
    found = fast.child()
    assert (found.fds, found.established) == (2 * before + given_up + 7, 6)


def test_sockets_of_a_namespace_that_nobody_is_in_are_asked_themselves(child: Child, fast: Watch) -> None:
    child.tell("connect", 4, 2)
    assert held(fast) == (4, 1, False)
    do(child, "connect_elsewhere")
    assert held(fast) == (4, 1, False)  # they might have been opened since the table was read
    assert held(fast) == (10, 2, False)
    child.tell("close_connections", 5)
    assert held(fast) == (0, 2, False)


def test_what_was_opened_since_the_table_was_read_is_not_taken_for_elsewhere(
    child: Child, fast: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    child.tell("connect", 4, 5)
    assert held(fast) == (10, 1, False)

    def read_between(*args: Any, **options: Any) -> Table:
        child.tell("connect", 4, 1)  # so that its descriptors are looked at again
        table = read_table(*args, **options)
        child.tell("connect", 4, 1)
        return table

    monkeypatch.setattr(socket_owners, "read_table", read_between)
    assert held(fast)[:2] == (12, 2)
    monkeypatch.undo()
    assert held(fast)[:2] == (14, 3)
