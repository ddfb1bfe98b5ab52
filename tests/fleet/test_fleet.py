"""Four boxes with an sshd each: runs that are begun, followed over what befalls them, and judged together."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from stresstui.core.model.event import Sampled
from stresstui.engine.process.pidfile import supervisor_pid
from stresstui.engine.record import journal
from tests.engine.launcher import until
from tests.fleet.rig import Rig, make_rig, why_not, write_scenario

WHY_NOT = why_not()
pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)
DEADLINE_S = 60.0
MATRIX = """
[[run]]
scenario = "{good}"
where = "number != 2"
[[run]]
scenario = "{leaky}"
where = "number == 2"
[[run]]
scenario = "nonesuch"
where = "number == 0"
"""


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with make_rig(tmp_path_factory.mktemp("fleet"), 4) as made:
        yield made


def scenario(rig: Rig, name: str, *, files: int = 5, seconds: float = 4.0) -> str:
    code = f"import time; kept = [open('/dev/null') for _ in range({files})]; time.sleep({seconds})"
    return str(write_scenario(rig.folder / f"{name}.toml", code, 'warm_up = "1s"\n'))


def start(rig: Rig, *argv: str) -> "subprocess.Popen[str]":
    where = [] if argv[0] == "doctor" else ["--fleet-dir", str(rig.folder / "fleets")]
    command = [sys.executable, "-m", "stresstui", "fleet", *argv, *where]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def ended(process: "subprocess.Popen[str]") -> str:
    said, _ = process.communicate(timeout=DEADLINE_S)
    return said


def newest(rig: Rig) -> Path:
    return max(path.parent for path in (rig.folder / "fleets").glob("*/fleet.json"))


def states(rig: Rig) -> dict[str, str]:
    """How each box's run stands; that of ``nonesuch`` under its own name."""
    record = msgspec.json.decode((newest(rig) / "fleet.json").read_bytes())
    return {
        run["box"] if run["wanted"]["scenario"] != "nonesuch" else "nonesuch": run["state"] for run in record["runs"]
    }


def mirrored(rig: Rig, box: str) -> Path:
    return next((newest(rig) / box).glob("*/journal.jsonl"))


def own(rig: Rig, box: str) -> Path:
    """The journal of the newest run on its box."""
    return max(rig.runs(box), key=lambda path: path.stat().st_mtime_ns) / "journal.jsonl"


def test_what_befalls_a_fleet_loses_no_sample_of_a_living_box_and_each_is_named(rig: Rig) -> None:
    """One box leaks, one's network is cut, one's supervisor killed, then the controller; another one goes on."""
    good, leaky = scenario(rig, "good", seconds=600.0), scenario(rig, "leaky", files=80)
    first = start(rig, "run", "-f", str(rig.inventory(MATRIX.format(good=good, leaky=leaky))))
    until(lambda: any((rig.folder / "fleets").glob("*/fleet.json")), "a record", DEADLINE_S)
    until(lambda: not {"waiting"} & set(states(rig).values()), "four runs that have begun", DEADLINE_S)
    rig.cut("box1")
    pid = supervisor_pid(own(rig, "box2").parent)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    befell = {"box1": "unreachable", "box2": "lost", "box3": "ended", "box4": "running", "nonesuch": "could not run"}
    until(lambda: states(rig) == befell, "what befell them", DEADLINE_S)
    first.kill()
    first.communicate()
    before = _samples(own(rig, "box1"))
    rig.mend("box1")
    second = start(rig, "attach")
    until(lambda: states(rig)["box1"] == "running", "the box that came back", DEADLINE_S)
    until(lambda: _samples(mirrored(rig, "box1")) > before, "what was missed meanwhile", DEADLINE_S)
    stopping = start(rig, "stop")
    assert ended(stopping).endswith(": stopping 2 runs\n")
    said = ended(second)
    assert second.returncode == 1, said
    leaked = r"because box3: leaky failed: .*; mostly python3?[\d.]* \(pid \d+\): File descriptors"
    for told in (leaked, "box2: good lost: its supervisor has died", "box1: nonesuch could not run: .*nonesuch"):
        assert re.search(told, said), said
    verdict: dict[str, Any] = msgspec.json.decode((newest(rig) / "verdict.json").read_bytes())
    assert [run["box"] for run in verdict["runs"] if run["outcome"] == "failed"] == ["box3"]
    for box in ("box1", "box3", "box4"):
        assert own(rig, box).read_bytes() == mirrored(rig, box).read_bytes()
        assert len(list((newest(rig) / box).glob("*.tar.zst"))) == 1
        assert (mirrored(rig, box).parent / "result.json").exists()
        assert _samples(own(rig, box)) > 10


def _samples(path: Path) -> int:
    return sum(isinstance(event, Sampled) for event in journal.read(path))


def test_runs_are_scraped_where_the_targets_say(rig: Rig) -> None:
    targets = rig.folder / "targets.json"
    long = scenario(rig, "scraped", seconds=60.0)
    path = rig.inventory(f'[[run]]\nscenario = "{long}"\nwhere = "number < 2"\n', scraped=targets)
    process = start(rig, "run", "-f", str(path))
    until(lambda: targets.exists() and len(json.loads(targets.read_text())) == 2, "two targets", DEADLINE_S)
    for one in json.loads(targets.read_text()):
        until(partial(is_scraped, one["targets"][0]), one["labels"]["box"], DEADLINE_S)
        assert one["labels"]["box_half"] == "first"
    ended(start(rig, "stop"))
    assert process.stdout is not None
    with process:
        assert any("the last targets stay in" in line for line in process.stdout)
        assert len(json.loads(targets.read_text())) == 2
        process.terminate()  # it would wait for the last scrapes


def is_scraped(address: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(f"http://{address}/metrics", timeout=5) as answer:
        return b"stresstui_run_live" in answer.read()
    return False


def test_doctor_looks_at_all_boxes_in_one_table_and_talks_to_none_whose_key_is_not_known(rig: Rig) -> None:
    """One is reached through a jump, itself; one's key is another one than is known, and one's is not known."""
    known = (rig.folder / "known_hosts").read_text().splitlines(keepends=True)
    other = " ".join((rig.folder / "id.pub").read_text().split()[:2])
    changed = [line for line in known[:-2] if rig.address("box3") not in line]
    changed += [f"[{rig.address('box3')}]:{rig.port} {other}\n", f"{rig.address('box3')} {other}\n"]
    (rig.folder / "three").write_text("".join(changed))
    there = rig.address("box1")
    jump = f"Host {there}\n  ProxyJump jump\nHost jump\n  HostName {there}\n  Port {rig.port}\n"
    (rig.folder / "jump").write_text(jump)
    process = start(rig, "doctor", "-f", str(rig.inventory("", "three", config=str(rig.folder / "jump"))))
    said = ended(process)
    assert process.returncode == 3
    assert [line.split()[0] for line in said.splitlines()[:5]] == ["box", *rig.names]
    refused = re.findall(r"(\w+): not ready: (.*) for host [\d.]+: \S+ (has \w+)", said)
    assert refused == [
        ("box3", "Host key is not trusted", "has another"),
        ("box4", "Host key is not trusted", "has none"),
    ]
    assert "box1 and box2 are one machine" in said
