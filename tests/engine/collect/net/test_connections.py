"""Walks of the kernel's connections are left out only where they would find the same."""

import json
import subprocess
import sys
from typing import Any

import pytest

from stresstui.engine.collect.net import sock_diag
from stresstui.engine.collect.net.connections import Connections
from stresstui.engine.collect.net.net_counters import ACTIVITY, Activity
from tests.engine.collect.conftest import can_unshare, linux_only
from tests.engine.collect.net import apart as program

pytestmark = linux_only


def told(*steps: list[Any], how: str = "alone") -> list[dict[str, Any]]:
    if not can_unshare():
        pytest.skip("may not make a network namespace")
    argv = ["unshare", "-rn", sys.executable, "-m", program.__name__, json.dumps(steps), how]
    done = subprocess.run(argv, check=True, capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_while_nothing_stirs_connections_are_not_walked_and_all_that_is_counted_is_true() -> None:
    """What moves no connection is seen all the same: sockets that listen, and those of UDP."""
    quiet = ["spin", 0], ["swap_listener", 4], ["bind_udp", 6, 2], ["open_files", 3], ["spawn"]
    connected, *others = told(["connect", 4, 5], *quiet)
    assert connected["walked"]
    for one in others:
        assert one["found"] == one["true"]
        assert one["found"]["age"] == 0
        found, true = one["rest"]
        assert found == true
    assert others[-1]["found"]["counts"] == [10, 0, 1, 0, 2]


@pytest.mark.parametrize("version", [4, 6])
def test_whatever_becomes_of_a_connection_has_it_walked_again(version: int) -> None:
    steps: list[list[Any]] = [
        ["connect", version, 6],
        ["move", 100_000],
        ["replace_connections", 2],
        ["listen", version, 1],
        ["fill_a_connection"],
        ["close_the_filled"],
    ]
    rows = told(*steps)
    for one in rows:
        assert one["walked"], one
        assert one["found"] == one["true"], one
    moved, *_ = (one["rest"] for one in rows if one["step"][0] == "move")
    assert moved[0] == moved[1]
    assert rows[-1]["found"]["states"]["fin_wait1"] == 1


def test_what_a_process_of_others_does_is_walked_too() -> None:
    rows = told(["connect", 4, 6], ["spawn"], ["tell", 0, "connect", 4, 2], ["tell", 0, "close_connections", 1])
    for one in rows:
        assert one["found"] == one["true"], one
        assert one["walked"] or one["step"] == ["spawn"]


def test_states_that_end_unseen_are_walked_each_time() -> None:
    """Who closes what waits, or accepts it, sends nothing; and a timer says nothing at all."""
    for unseen in (["half_shut", 1], ["half_close", 1], ["connect_unaccepted", 6, 2], ["connect_in_vain", 2]):
        _, one = told(["connect", 4, 6], unseen)
        assert one["found"] == one["true"], one
        assert one["rest"] is None


def test_a_connection_that_waits_is_seen_when_it_is_accepted() -> None:
    rows = told(["connect_unaccepted", 6, 2], ["accept_waiting", 1], ["accept_waiting", 1])
    assert [one["found"]["counts"][:4] for one in rows] == [[2, 0, 1, 2], [3, 0, 1, 1], [4, 0, 1, 0]]


@pytest.mark.parametrize("version", [4, 6])
def test_a_connection_that_waits_for_its_first_data_is_seen(version: int) -> None:
    """Nothing is sent for it; IPv6 has a counter of its own of the sockets that are there."""
    first, then = told(["connect", version, 1], ["defer_connection"])
    assert first["rest"] is not None
    assert then["found"] == then["true"]
    assert then["found"]["states"] == {"syn_sent": 1}


def test_counters_of_another_namespace_say_nothing_of_this_one() -> None:
    for one in told(["connect", 4, 6], *3 * (["move", 50_000],), how="beside another"):
        assert one["found"]["counts"] == one["true"]["counts"]
        assert one["walked"]


def test_nothing_is_believed_for_long_nor_without_counters(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def dump(states: int, *, info: bool = False) -> list[Any]:
        asked.append(states)
        return []

    monkeypatch.setattr(sock_diag, "dump_tcp", dump)
    still, walks = Activity(1, (0,) * len(ACTIVITY)), Connections()

    def walked(states: int, activity: Activity | None, *, info: bool = True) -> bool:
        asked.clear()
        list(walks.runs(states, info=info, activity=activity))
        return any(one & 2 for one in asked)

    assert [walked(2, still) for _ in range(14)] == [True, True, *[False] * 9, True, False, False]
    assert walked(2, still, info=False), "another question"
    assert walked(6, still, info=False), "other states"
    assert [walked(6, None) for _ in range(3)] == [True] * 3
    moved = [Activity(1, tuple(int(i == at) for i in range(len(ACTIVITY)))) for at in range(len(ACTIVITY))]
    for other in (*moved, still._replace(namespace=2)):
        assert [walked(2, still) for _ in range(3)] == [True, True, False]
        assert walked(2, other)
