"""Whether a run gets anywhere, by what it or its services count."""

import msgspec
import pytest

from stresstui.core.derive.reading import Reading
from stresstui.core.derive.reported import WorkloadReport
from stresstui.core.model.certainty import Certainty
from stresstui.core.run.outcome import decide
from stresstui.core.run.progress import Progress
from tests.core.story import Story


def moved(*totals: dict[str, float], values: dict[str, float] | None = None) -> bool:
    progress = Progress()
    for t, each in enumerate(totals):
        reading = Reading(t=float(t), values=values or {})
        progress.observe(float(t), WorkloadReport(totals=each), reading, under_load=True)
    return progress.moved


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("reality_wire_bytes_total", True),
        ("suite_bytes_received_total", True),
        ("hy1_wire_connections_total", True),
        ("bytes_total", True),
        ("connection_failures_total", False),
        ("failed_connections_total", False),
        ("bytes_lost_total", False),
        ("kilobytesque_total", False),
        ("retries_total", False),
    ],
)
def test_a_counter_of_bytes_or_connections_that_rises_shows_that_something_moves(name: str, *, counts: bool) -> None:
    assert moved({name: 0.0}, {name: 7000.0}) is counts


def test_what_the_workload_counts_itself_is_believed_before_any_socket() -> None:
    assert not moved({"bytes_total": 0.0}, {"bytes_total": 0.0}, values={"throughput": 5.0})
    assert moved({}, {}, values={"throughput": 5.0})
    assert not moved({"wire_bytes_total": 5.0, "bytes_total": 0.0}, {"wire_bytes_total": 9.0, "bytes_total": 0.0})


def test_a_counter_that_stands_still_moves_nothing() -> None:
    assert not moved({}, {})
    assert not moved({"wire_bytes_total": 0.0}, {"wire_bytes_total": 0.0})


def test_the_probe_and_the_keep_alives_of_an_idle_tunnel_move_nothing() -> None:
    assert not moved({}, {"tuic_wire_bytes_total": 5200.0}, {"tuic_wire_bytes_total": 5290.0})


@pytest.mark.parametrize(
    ("counts", "certainty", "moves"),
    [
        ([0, 0, 3], {}, True),
        ([600, 598, 601], {}, True),
        ([0, 0, 3], {"time_wait_ports": Certainty.ESTIMATE}, True),
        ([0, 0, 3], {"time_wait_ports": Certainty.AT_MOST}, False),
        ([600, 598, 300], {}, False),
        ([600, 600, 600], {}, False),
    ],
)
def test_connections_that_just_ended_show_those_that_no_sample_saw(
    counts: list[int], certainty: dict[str, Certainty], *, moves: bool
) -> None:
    progress = Progress()
    for t, count in enumerate(counts):
        reading = Reading(t=float(t), values={"time_wait_ports": float(count)}, certainty=certainty)
        progress.observe(float(t), WorkloadReport(), reading, under_load=True)
    assert progress.moved is moves


@pytest.mark.parametrize(("listening", "said"), [(1.0, True), (0.0, False)])
def test_short_connections_that_nobody_could_see_are_told_of(listening: float, *, said: bool) -> None:
    progress = Progress()
    values = {"time_wait_ports": 15_345.0, "listen": listening}
    reading = Reading(t=1.0, values=values, certainty={"time_wait_ports": Certainty.AT_MOST})
    progress.observe(1.0, WorkloadReport(), reading, under_load=True)
    assert bool(progress.hidden) is said
    state = Story("max(fds) < 100").warm().soak(5).exit(planned=True).end().state()
    state.scenario, state.progress = msgspec.structs.replace(state.scenario, moves_bytes=True), progress
    (reason,) = [one for one in decide(state).reasons if one.startswith("nothing moved")]
    assert ("among 15,345 of this host in TIME_WAIT" in reason) is said
