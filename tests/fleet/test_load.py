"""One box with servers and three that load them: real tunnels between namespaces, and one verdict."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from stresstui.core.run.fold import fold
from stresstui.engine.process.pidfile import supervisor_pid
from stresstui.engine.record import journal
from stresstui.lab.net.latency import Latency, read_counts
from tests.engine.launcher import until
from tests.fleet.rig import Rig, make_rig, why_not

WHY_NOT = why_not()
pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)
DEADLINE_S = 60.0
SCENARIO = """
title = "Joint"
include = ["lab"]
interval = "500ms"
cool_down = "1s"
[lab]
protocol = "{protocol}"
options = {{ rate = 20, flows = 2, settle = "100ms" }}
[[criteria]]
id = "sound"
title = "No connection fails"
rule = "count(connection_failures_total) == 0"
[[criteria]]
id = "few"
title = "Few descriptors"
rule = "max(fds) < 1000"
"""
MATRIX = """
[[run]]
scenario = "{plain}"
duration = "3s"
server = "box1"
clients = ["box2", "box3", "box4"]
[[run]]
scenario = "{tuic}"
duration = "4s"
server = "box4"
clients = ["box1", "box2"]
"""


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with make_rig(tmp_path_factory.mktemp("load"), 4) as made:
        made.make_switch()
        yield made


def loading(rig: Rig, matrix: str, *protocols: str) -> list[str]:
    """The command that runs a matrix of loads, in which each protocol's name stands for its scenario's file."""
    places = {name: rig.folder / f"{name}.toml" for name in protocols}
    for name, place in places.items():
        place.write_text(SCENARIO.format(protocol=name))
    argv = [sys.executable, "-m", "stresstui", "fleet", "run", "-f", str(rig.inventory(matrix.format(**places)))]
    return [*argv, "--headless", "--fleet-dir", str(rig.folder / "fleets")]


def start(rig: Rig) -> "subprocess.Popen[str]":
    argv = loading(rig, MATRIX, "plain", "tuic")
    return subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def soaking(rig: Rig, box: str, scenario: str) -> Path | None:
    """The run of a scenario on a box, once it is in its soak."""
    run = next(iter(rig.runs_of(box, scenario)), None)
    path = None if run is None else run / "journal.jsonl"
    return run if path is not None and path.exists() and b'"soak"' in path.read_bytes() else None


@pytest.fixture(scope="module")
def fleet(rig: Rig) -> tuple[int, str, Path]:
    """Two loads at once; of the second one's clients one is killed in its soak. Exit code, what was said, record."""
    process = start(rig)
    run = until(lambda: soaking(rig, "box2", "tuic-client"), "the soak on a client's box", DEADLINE_S)
    pid = supervisor_pid(run)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    said, _ = process.communicate(timeout=DEADLINE_S)
    folder = next(path.parent for path in (rig.folder / "fleets").glob("*/fleet.json"))
    return process.returncode, said, folder


def verdict(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode((folder / "verdict.json").read_bytes())
    return found


def test_what_three_boxes_count_is_what_the_servers_relays_saw(fleet: tuple[int, str, Path]) -> None:
    _, said, folder = fleet
    joint = verdict(folder)["joints"][0]
    assert (joint["outcome"], joint["clients"]) == ("passed", ["box2", "box3", "box4"]), said
    paths = folder.glob("box*/plain-*/journal.jsonl")
    states = {path.parent.parent.name: fold(list(journal.read(path))) for path in paths}
    clients = [states.pop(box) for box in ("box2", "box3", "box4")]
    own, saw = [state.workload.totals for state in clients], states["box1"].workload.totals
    assert saw["target_connections_total"] == sum(one["reached_total"] for one in own) > 60
    assert saw["wire_connections_total"] == sum(one["wire_connections_total"] for one in own)
    assert saw["target_bytes_total"] == 2 * sum(one["returned_bytes_total"] for one in own)
    assert joint["counts"]["connections_total"] == sum(one["connections_total"] for one in own)
    assert [one["clients"] == one["server"] for one in joint["compared"]] == [True, True, True]
    every = Latency()
    for state in clients:
        every.add(read_counts(state.workload.times["latency_ms"]))
    assert joint["times"]["latency_ms"]["p99"] == 1e3 * every.percentile(99.0)
    assert every.count == joint["counts"]["requests_total"]
    assert re.search(r"3 on box1 +plain +passed .*the servers' relays saw the same", said), said


def test_a_client_box_that_is_lost_makes_its_load_inconclusive_by_name(fleet: tuple[int, str, Path]) -> None:
    code, said, folder = fleet
    found = verdict(folder)
    assert (code, found["outcome"]) == (3, "inconclusive"), said
    assert found["joints"][1]["outcome"] == "inconclusive"
    lost = "box2 was lost (its supervisor has died); 1 of 2 boxes loaded to the end"
    assert lost in found["joints"][1]["reasons"]
    assert f"because the load on box4: {lost}" in said
    outcomes = {(run["box"], run["scenario"]): run["outcome"] for run in found["runs"]}
    assert outcomes.pop(("box2", "tuic-client")) == "lost"
    assert set(outcomes.values()) == {"passed"}, said


def test_keys_are_neither_left_on_a_box_nor_in_what_was_copied(rig: Rig, fleet: tuple[int, str, Path]) -> None:
    del fleet
    assert [path for path in rig.folder.rglob("*") if path.is_file() and b'"password"' in path.read_bytes()] == []
