"""``stresstui suite`` and a scenario of the guide in a workspace like the Rust project's, from build to verdict."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.box import STRESSTUI, Box
from tests.standin import make_workspace

pytestmark = pytest.mark.skipif(shutil.which("cargo") is None, reason="NO CARGO HERE: the suite is not shown")

LONG_S = 100
"""Seconds for a build and three short runs on a busy machine."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("standin") / "workspace")


@pytest.fixture
def there(workspace: Path, tmp_path: Path) -> Iterator[Box]:
    """A place for reports beside the workspace, which is built once."""
    box = Box(tmp_path)
    box.env |= {"CARGO_TARGET_DIR": str(workspace / "target"), "STANDIN_SPEEDUP": "60"}
    yield box
    box.close()


def run(box: Box, workspace: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        (*STRESSTUI, *arguments, "--headless", "--report-dir", str(box.reports)), cwd=workspace, env=box.env,
        capture_output=True, text=True, timeout=LONG_S, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def piped(folder: Path, command: str) -> list[str]:
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=True
    ).stdout.splitlines()


def criteria(directory: Path) -> dict[str, Any]:
    found = json.loads((directory / "result.json").read_text())
    return {each["id"]: (each["verdict"], each["value"]) for each in found["criteria"]}


@pytest.mark.timeout(LONG_S + 20)
def test_the_short_suite_ends_in_one_verdict_and_the_files_of_the_guide(there: Box, workspace: Path) -> None:
    done = run(there, workspace, "suite", "short", "--warm-up", "100ms")
    assert done.returncode == 3, done.stdout + done.stderr  # seconds settle no growth, and fail nothing
    reports = there.reports
    (found,) = reports.glob("suite_short_*.json")
    steps = json.loads(found.read_text())["scenarios"]
    assert [step["scenario"] for step in steps] == ["suite_short_baseline", "suite_memory_leak", "suite_fd_leak"]
    assert {step["outcome"] for step in steps} <= {"passed", "inconclusive"}, steps
    assert len(list(reports.glob("monitor_*.log"))) == 3
    successful = piped(reports, "grep 'Successful:' stress_test_short_*.log | awk '{print $2}'")
    assert len(successful) == 1 + 5 + 1
    assert all(int(number) > 0 for number in successful)
    leaks = piped(reports, "grep 'Leak Detected' stress_test_short_*.log")
    assert len(leaks) == 2 * (5 + 1)
    assert all("NO" in line for line in leaks)
    assert len(piped(reports, "grep 'Peak' stress_test_short_*.log")) > 7
    assert "Outcome:      inconclusive" in piped(reports, "cat summary_*.txt")
    assert len(piped(reports, r"grep -E 'Max Memory: [0-9]+KB  Max FDs: [0-9]+  Max Conn' summary_*.txt")) == 3
    for step in steps:
        judged = criteria(Path(step["run"]))
        assert judged["test_ran"] == ("passed", 1)
        assert judged["test_passed"] == ("passed", 0)
        assert judged["connected"][0] == "passed"
        assert judged["no_failures"] == ("passed", 0)


def test_a_guide_scenario_runs_the_projects_own_test_through_the_labs_tunnel(there: Box, workspace: Path) -> None:
    there.env["STANDIN_SPEEDUP"] = "1"
    done = run(there, workspace, "run", "ech_24h", "--duration", "8s")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "features long_tests,tls_ech" in done.stdout
    judged = criteria(there.directory())
    assert judged["ech_on_every_handshake"] == ("passed", 100)
    assert judged["ech_answers"] == ("passed", 0)
    assert judged["ech_handshakes_on_wire"] == ("passed", 0)
    assert judged["ech_seen_on_wire"][0] == "passed"
    assert judged["ech_seen_on_wire"][1] >= 100  # kB
    assert not any("nothing moved" in line or "skipp" in line for line in done.stdout.splitlines())
