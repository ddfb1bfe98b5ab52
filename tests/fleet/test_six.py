"""Loads between boxes by IPv6, and by a name that has both families' addresses."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.fleet.rig import SixRig, why_not, why_not_apart
from tests.fleet.test_load import loading

WHY_NOT = why_not() or why_not_apart()
pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)
DEADLINE_S = 90.0
MATRIX = """
[[run]]
scenario = "{tuic}"
duration = "3s"
server = "box1"
clients = ["box2", "box3"]
[[run]]
scenario = "{ech}"
duration = "3s"
server = "box4"
clients = ["box3"]
"""


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SixRig]:
    with SixRig(tmp_path_factory.mktemp("six"), 4) as made:
        made.make_switch()
        yield made


@pytest.fixture(scope="module")
def fleet(rig: SixRig) -> tuple[str, dict[str, Any]]:
    """Two loads at once: what was said, and the verdict."""
    done = subprocess.run(
        loading(rig, MATRIX, "tuic", "ech"), capture_output=True, text=True, check=False, timeout=DEADLINE_S
    )
    folder: Path = next(path.parent for path in (rig.folder / "fleets").glob("*/fleet.json"))
    return done.stdout + done.stderr, msgspec.json.decode((folder / "verdict.json").read_bytes())


@pytest.mark.parametrize("number", [0, 1], ids=["a name with both, clients of one family each", "ipv6 alone"])
def test_counts_of_both_ends_are_equal(fleet: tuple[str, dict[str, Any]], number: int) -> None:
    said, verdict = fleet
    joint = verdict["joints"][number]
    assert joint["outcome"] == "passed", said
    assert joint["counts"]["connections_total"] > 40
    assert [one["clients"] == one["server"] for one in joint["compared"]] == [True] * len(joint["compared"])
    assert len(joint["compared"]) >= 2


def test_every_run_passed(fleet: tuple[str, dict[str, Any]]) -> None:
    said, verdict = fleet
    assert verdict["outcome"] == "passed", said
