"""A load of several boxes as one: what is added up and merged, and what makes it inconclusive."""

import random
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from stresstui.core.model.event import Ended, Event, Exited, Phase, PhaseBegan, Reported, ServiceState, Started, Timed
from stresstui.core.model.scenario import CriterionSpec, Scenario
from stresstui.core.run.fold import RunState, fold
from stresstui.fleet.joint import Side, join, joints_of
from stresstui.fleet.matrix.inventory import Wanted
from stresstui.fleet.record import FleetRun, State
from stresstui.fleet.table import lines, say_joint
from stresstui.fleet.verdict import Joint
from stresstui.lab.net.latency import Latency, write_counts

WANTED = Wanted(scenario="ssh_24h")


def times(durations: Sequence[float]) -> str:
    one = Latency()
    for duration in durations:
        one.record(duration)
    return write_counts([one])


def state(counts: dict[str, float], durations: Sequence[float] = (), *, planned: bool = True) -> RunState:
    scenario = Scenario(name="x", criteria=(CriterionSpec(id="a", title="A", rule="max(fds) < 9"),))
    events: list[Event] = [
        Started(0.0, "x_1", "2026-01-01T00:00:00Z", msgspec.to_builtins(scenario), "lab", duration=10.0),
        ServiceState(0.5, "ready"), PhaseBegan(1.0, Phase.WARM_UP), PhaseBegan(1.0, Phase.SOAK),
        Reported(1.5, dict.fromkeys(counts, 0.0)), Reported(5.0, counts),
    ]  # fmt: skip
    events += [Timed(5.0, "latency_ms", times(durations))] if durations else []
    events += [Exited(9.0, 0, None, planned), Ended(9.0)]
    return fold(events)


def client(box: str, connections: int, durations: Sequence[float], failed: int = 0, **more: Any) -> Side:
    counts = {
        "connections_total": connections, "connection_failures_total": failed, "reached_total": connections + 1,
        "returned_bytes_total": 1000.0 * connections, "bytes_total": 1000.0 * connections,
        "requests_total": len(durations), "handshakes_total": 1, "failures_reset_total": failed,
    }  # fmt: skip
    return run(box, "client"), state(counts, durations, **more)


def run(box: str, part: str, **more: Any) -> FleetRun:
    usual: dict[str, Any] = {
        "box": box,
        "wanted": WANTED,
        "directory": "/r",
        "state": State.ENDED,
        "part": part,
        "load": 1,
    }
    return FleetRun(**usual | more)


def server(connections: int, handshakes: int, size: float) -> Side:
    saw = {"target_connections_total": connections, "handshakes_total": handshakes, "target_bytes_total": size}
    return run("a", "server"), state(saw)


def two(**more: Any) -> list[Side]:
    return [client("b", 10, [0.01] * 20), client("c", 20, [0.02] * 40, **more)]


def test_counts_are_added_up_and_percentiles_are_those_of_all_times_together() -> None:
    draw = random.Random(3)
    each = [[draw.expovariate(1 / mean) for _ in range(500)] for mean in (0.002, 0.01, 0.05)]
    joint = join(server(63, 3, 120_000.0), [client(box, 20, times) for box, times in zip("bcd", each, strict=True)])
    every = sorted(duration for durations in each for duration in durations)
    assert (joint.outcome, joint.reasons) == ("passed", ())
    assert joint.counts["connections_total"] == 60
    assert joint.rates["connections_total"] == pytest.approx(60 / 8)
    assert joint.times["latency_ms"].count == 1500
    assert joint.times["latency_ms"].p99 == pytest.approx(1e3 * every[round(0.99 * 1500) - 1], rel=0.01)
    assert joint.times["latency_ms"].longest == pytest.approx(1e3 * every[-1], rel=0.01)
    assert [(one.clients, one.server) for one in joint.compared] == [(63, 63), (120_000, 120_000), (3, 3)]


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ({"state": State.LOST, "why": "its supervisor has died"}, "c was lost (its supervisor has died); 1 of 2 boxes"),
        ({"state": State.LOST, "why": "gone", "directory": ""}, "c never came (gone); 1 of 2 boxes"),
        ({"state": State.REFUSED, "why": "no lab"}, "c never came (no lab); 1 of 2 boxes"),
        ({"state": State.STOPPED, "why": ""}, "c never came (not begun); 1 of 2 boxes"),
    ],
)
def test_a_client_that_is_missing_is_named(missing: dict[str, Any], said: str) -> None:
    sides = two()
    joint = join(server(32, 2, 60_000.0), [sides[0], (run("c", "client", **missing), sides[1][1])])
    assert joint.outcome == "inconclusive"
    assert joint.reasons[0].startswith(said)


def test_a_client_that_ended_early_is_named() -> None:
    joint = join(server(32, 2, 60_000.0), two(planned=False))
    assert joint.reasons == ("c ended early; 1 of 2 boxes loaded to the end",)


def test_what_differs_where_a_side_is_missing_follows_from_that() -> None:
    missing = run("c", "client", state=State.LOST, why="gone")
    joint = join(server(90, 9, 99_000.0), [two()[0], (missing, None)])
    assert joint.reasons == ("c was lost (gone); 1 of 2 boxes loaded to the end",)
    assert [one.clients == one.server for one in joint.compared] == [False, False, False]


def test_a_row_says_what_the_relays_did_not_see() -> None:
    joint = join(server(31, 2, 60_000.0), two(failed=1))
    assert joint.outcome == "passed"
    assert say_joint(joint).endswith("; connections to the target: 32, the servers' relays saw 31")


def test_servers_that_are_lost_leave_nothing_to_compare_with() -> None:
    joint = join((run("a", "server", state=State.LOST, why="it died"), None), two())
    assert (joint.outcome, joint.compared) == ("inconclusive", ())
    assert joint.reasons[0] == "what the relays on a saw is not whole: it was lost (it died)"


def test_a_side_that_counted_nothing_passes_nothing() -> None:
    silent = (run("a", "server"), state({"handshakes_total": 2}))
    assert join(silent, two()).reasons == ("the servers' relays told nothing to compare with",)
    idle = (run("c", "client"), state({"connections_total": 0, "requests_total": 0}))
    joint = join(server(11, 1, 20_000.0), [client("b", 10, [0.01] * 20), idle])
    assert joint.reasons == ("c made no connection; 1 of 2 boxes loaded to the end",)


def test_a_difference_is_inconclusive_unless_failures_explain_it() -> None:
    joint = join(server(31, 2, 60_000.0), two())
    assert joint.reasons == ("connections to the target: the clients count 32, the servers' relays 31",)
    assert join(server(33, 2, 60_000.0), two(failed=1)).outcome == "passed"
    assert join(server(34, 2, 60_000.0), two(failed=1)).outcome == "inconclusive"
    assert join(server(32, 2, 59_999.0), two(failed=1)).outcome == "inconclusive"  # more came back than went there


def test_failures_of_a_tunnel_beside_the_main_one_explain_a_difference_too() -> None:
    sides = two()
    known = sides[1][1]
    assert known is not None
    known.workload.totals["mux_connection_failures_total"] = 1.0
    assert join(server(31, 2, 60_000.0), sides).outcome == "passed"


def test_times_that_are_missing_are_said() -> None:
    sides = two()
    known = sides[1][1]
    assert known is not None
    known.workload.times["latency_ms"] = times([0.02] * 39)
    assert join(server(32, 2, 60_000.0), sides).reasons == ("the merged latency_ms have 59 times of 60 round trips",)


def test_a_load_is_a_row_of_the_table_and_no_verdict_while_it_is_on() -> None:
    sides = [server(32, 2, 60_000.0), *two()]
    runs, states = [one for one, _ in sides], {index: found for index, (_, found) in enumerate(sides) if found}
    row = next(row for row in lines(runs, states, joints_of(runs, states)) if row.startswith("2 on a"))
    assert row.endswith("30 connections, 0 failed, p99 20.1 ms; the servers' relays saw the same")
    runs[2].state = State.RUNNING
    joint: Joint = joints_of(runs, states)[0]
    assert (joint.outcome, joint.reasons) == ("running", ())
    assert "saw the same" not in "".join(lines(runs, states, [joint]))
