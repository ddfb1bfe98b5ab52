"""Whose the connections are that ended lately, and whose the bytes on the loopback."""

import socket
import subprocess
import sys

import pytest

from stresstui.engine.collect.net.ended import Ended
from tests.engine.collect.conftest import can_unshare, linux_only
from tests.engine.collect.net import others_move as program


def pairs(*ports: tuple[int, int]) -> list[int]:
    return [socket.htons(local) << 16 | socket.htons(peer) for local, peer in ports]


def test_several_new_ones_on_none_of_the_ports_are_others() -> None:
    ended = Ended()
    assert not ended.are_others(pairs((5000, 1), (5000, 2), (5000, 3)), {80})  # who knows when these ended
    assert not ended.are_others(pairs((5000, 1), (5000, 2), (5000, 3), (5000, 4)), {80})  # one says little
    assert ended.are_others(pairs((5000, 5), (5000, 6), (7, 5000)), {80})
    assert not ended.are_others(pairs((5000, 8), (5000, 9), (6, 5000)), {5000})


def test_one_that_is_of_the_processes_is_enough_and_their_ports_are_remembered() -> None:
    ended = Ended()
    assert not ended.are_others([], {80})
    assert not ended.are_others(pairs((5000, 5), (5000, 6), (5000, 7), (80, 8)), {80})
    assert not ended.are_others(pairs((5000, 1), (5000, 2), (5000, 3), (9, 80)), set())


def moved(how: str, others: int, own: int) -> tuple[int, str]:
    """Bytes of a run in a network where another program makes short connections too, and where that is from."""
    if not can_unshare():
        pytest.skip("may not make a network namespace")
    argv = ["unshare", "-rn", sys.executable, "-m", program.__name__, how, str(others), str(own)]
    done = subprocess.run(argv, check=True, capture_output=True, text=True)
    size, _, source = done.stdout.strip().partition(" ")
    return int(size), source


@linux_only
@pytest.mark.parametrize(("how", "others"), [("bare", 20), ("bare", 2), ("listens", 20)])
def test_what_another_program_moves_over_the_loopback_is_not_the_runs(how: str, others: int) -> None:
    assert moved(how, others, 0) == (0, "counters of each socket")


@linux_only
def test_short_connections_of_who_listens_are_its_own() -> None:
    size, source = moved("listens", 0, 20)
    assert size == pytest.approx(20 * program.SIZE, rel=0.05)
    assert source == "octets of the loopback, less headers"
