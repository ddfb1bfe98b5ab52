"""Boxes behind a network that loses packets: nothing of a run is lost, and what is said is so."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.engine.launcher import until
from tests.fleet.rig import Rig, why_not, why_not_apart, write_scenario
from tests.fleet.test_fleet import mirrored, newest, own, states

WHY_NOT = why_not() or why_not_apart()
pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)
DEADLINE_S = 120.0
LOST = {"box1": 5, "box2": 20, "box3": 0}


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with Rig(tmp_path_factory.mktemp("loss"), len(LOST)) as made:
        yield made


def lose(rig: Rig, name: str, percent: int) -> None:
    try:
        rig.lose(name, percent)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"this kernel drops no packets for tc: {error}")


def test_runs_behind_a_lossy_network_and_one_that_fails_for_ten_seconds_are_whole(rig: Rig) -> None:
    path = write_scenario(rig.folder / "good.toml", "import time; time.sleep(20)", 'warm_up = "1s"\n')
    for name, percent in LOST.items():
        lose(rig, name, percent)
    argv = ["-f", str(rig.inventory(f'[[run]]\nscenario = "{path}"\n')), "--fleet-dir", str(rig.folder / "fleets")]
    command = [sys.executable, "-m", "stresstui", "fleet", "run", *argv, "--headless"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    until(lambda: any((rig.folder / "fleets").glob("*/fleet.json")), "a record", DEADLINE_S)
    until(lambda: states(rig)["box3"] == "running", "the box whose network fails", DEADLINE_S)
    lose(rig, "box3", 100)
    until(lambda: states(rig)["box3"] == "unreachable", "that it does not answer", DEADLINE_S)
    lose(rig, "box3", 0)
    said, _ = process.communicate(timeout=DEADLINE_S)
    assert re.search(r"^box3: good unreachable: no answer for 10 s$", said, re.MULTILINE), said
    assert process.returncode == 0, said
    for name in LOST:
        assert own(rig, name).read_bytes() == mirrored(rig, name).read_bytes()
    verdict = msgspec.json.decode(Path(newest(rig) / "verdict.json").read_bytes())
    assert [run["outcome"] for run in verdict["runs"]] == ["passed"] * len(LOST)
