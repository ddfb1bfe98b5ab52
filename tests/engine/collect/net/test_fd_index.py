"""Descriptors that are read again only where their sockets have closed."""

import os

import pytest

from stresstui.engine.collect.net.fd_index import FdIndex
from stresstui.engine.collect.proc import procfs
from tests.engine.collect.conftest import Child, linux_only

pytestmark = [
    linux_only,
    pytest.mark.skipif(not procfs._folder_size_counts(), reason="counts no descriptors (before Linux 6.2)"),
]


def sockets(child: Child) -> set[int]:
    targets = (procfs.fd_target(child.pid, fd) for fd in procfs.fd_numbers(child.pid))
    return {inode for target in targets if (inode := procfs.socket_inode(target))}


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

    monkeypatch.setattr(procfs, "names_in", names_in)
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


def test_what_was_opened_beyond_them_makes_a_list_needed(child: Child, index: FdIndex, lists: list[int]) -> None:
    before = sockets(child)
    child.tell("replace_connections", 3)
    child.tell("connect", 4, 1)
    now = sockets(child)
    assert read_again(index, before, now) == now - before
    assert len(lists) == 1
    assert set(index.inodes) - {0, 1} == now


def test_numbers_that_lead_nowhere_any_more_are_counted_out(child: Child, index: FdIndex, lists: list[int]) -> None:
    before, count = sockets(child), index.count
    child.tell("close_connections", 2)
    now = sockets(child)
    assert read_again(index, before, now) == set()
    assert not lists
    assert index.count == (count or 0) - 4
    assert set(index.inodes) - {0, 1} == now
