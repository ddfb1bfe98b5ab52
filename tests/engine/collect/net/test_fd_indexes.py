"""Descriptors of several processes: whose a socket is, and whose it becomes."""

import os
import socket
import sys

import pytest

from stresstui.engine.collect.net import fd_indexes
from stresstui.engine.collect.net.fd_indexes import FdIndexes, Holder
from stresstui.engine.collect.net.owned_sockets import NOBODY, OwnedSockets

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
FIRST, SECOND = (Holder((number, 0.0), None, os.getpid()) for number in (1, 2))
"""Two processes of the same descriptors, as after a fork."""


def test_a_socket_goes_to_who_else_has_it_when_its_owner_ends() -> None:
    sockets = OwnedSockets()
    indexes = FdIndexes(sockets)
    with socket.socket() as one:
        inode = os.fstat(one.fileno()).st_ino
        indexes.begin()
        assert indexes.survey([FIRST, SECOND]) == [FIRST, SECOND]
        indexes.read([FIRST, SECOND], {inode})
        owner, heir = (indexes.by_key[each.key].number for each in (FIRST, SECOND))
        assert sockets.owner(inode) == owner
        indexes.release({inode}, indexes.forget_others([SECOND]))
        assert sockets.owner(inode) == heir
        indexes.release({inode}, indexes.forget_others([]))
        assert sockets.owner(inode) == NOBODY


def test_a_count_reads_no_more_when_its_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fd_indexes, "_READ_S", -1.0)
    indexes = FdIndexes(OwnedSockets())
    indexes.begin()
    indexes.read([FIRST], None)
    assert (indexes.cut_short, indexes.building) == (True, True)
    monkeypatch.setattr(fd_indexes, "_READ_S", 9.0)
    indexes.begin()
    indexes.read([FIRST], None)
    assert (indexes.cut_short, indexes.building) == (False, False)
