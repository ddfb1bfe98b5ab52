"""Descriptors that are read again only where their sockets have closed."""

import os

import pytest

from stresstui.engine.collect.net.fd_index import FdIndex
from stresstui.engine.collect.net.open_descriptors import list_fds
from stresstui.engine.collect.proc import descriptors
from tests.engine.collect.conftest import Child, linux_only

pytestmark = [
    linux_only,
    pytest.mark.skipif(not descriptors._folder_size_counts(), reason="counts no descriptors (before Linux 6.2)"),
]


def sockets(child: Child) -> set[int]:
    targets = (descriptors.fd_target(child.pid, fd) for fd in descriptors.fd_numbers(child.pid))
    return {inode for target in targets if (inode := descriptors.socket_inode(target))}


@pytest.fixture
def index(child: Child) -> FdIndex:
    """An index that knows five connections."""
    child.tell("connect", 4, 5)
    made = FdIndex(child.pid, 0)
    assert set(made.read(set())) == sockets(child)
    return made


@pytest.fixture
def lists(index: FdIndex, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Folders of descriptors that were listed since."""
    listed: list[int] = []

    def names_in(folder: int) -> list[str]:
        listed.append(folder)
        return os.listdir(folder)

    monkeypatch.setattr(descriptors, "names_in", names_in)
    return listed


def read_again(index: FdIndex, before: set[int], now: set[int]) -> set[int]:
    return set(index.read(before & now))


def test_what_replaced_sockets_is_found_under_their_numbers_without_a_list(
    child: Child, index: FdIndex, lists: list[int]
) -> None:
    before = sockets(child)
    child.tell("replace_connections", 3)
    now = sockets(child)
    assert read_again(index, before, now) == now - before
    assert not lists
    assert set(index.inodes) - {0, 1} == now
    assert index.restless


def test_what_was_opened_is_found_at_the_first_free_numbers_without_a_list(
    child: Child, index: FdIndex, lists: list[int]
) -> None:
    before = sockets(child)
    child.tell("replace_connections", 3)
    child.tell("connect", 4, 40)
    now = sockets(child)
    assert read_again(index, before, now) == now - before
    child.tell("close_connections", 12)
    child.tell("connect", 4, 2)
    before, now = now, sockets(child)
    assert read_again(index, before, now) == now - before
    child.tell("connect", 4, 2)
    before, now = now, sockets(child)
    assert set(index.read(None)) == now - before
    assert set(index.inodes) - {0, 1} == now
    assert not lists


def test_where_free_numbers_lead_nowhere_all_are_listed(child: Child, index: FdIndex, lists: list[int]) -> None:
    before = sockets(child)
    child.tell("bind_udp_at", 300)
    now = sockets(child)
    assert read_again(index, before, now) == now - before
    assert len(lists) == 1
    assert set(index.inodes) - {0, 1} == now


def test_a_first_reading_needs_no_list(child: Child, index: FdIndex, lists: list[int]) -> None:
    child.tell("connect", 4, 40)
    first = FdIndex(child.pid, 1)
    assert set(first.read(set())) == sockets(child)
    assert first.count == len(descriptors.fd_numbers(child.pid))
    assert not lists


def test_a_socket_in_the_place_of_a_file_is_found_when_others_are_asked(
    child: Child, index: FdIndex, lists: list[int]
) -> None:
    child.tell("open_files", 1)
    before = sockets(child)
    assert read_again(index, before, before) == set()
    file = max(fact.fd for fact in list_fds(child.pid) if fact.kind == "deleted")
    child.tell("bind_udp_at", file)
    now = sockets(child)
    assert read_again(index, before, now) == set()
    assert set(index.read(now, others=True)) == now - before
    assert not lists


def test_numbers_that_lead_nowhere_any_more_are_counted_out(child: Child, index: FdIndex, lists: list[int]) -> None:
    before, count = sockets(child), index.count
    child.tell("close_connections", 2)
    now = sockets(child)
    assert read_again(index, before, now) == set()
    assert not lists
    assert index.count == (count or 0) - 4
    assert set(index.inodes) - {0, 1} == now
