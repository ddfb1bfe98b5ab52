"""How a program is started so that its allocations are recorded."""

from pathlib import Path

import pytest

from stresstui.core.model.scenario import RunnerKind
from stresstui.engine.launch import allocations
from stresstui.engine.launch.allocations import RECORDING, interpreter, library, traced
from stresstui.engine.launch.plan import Plan, RunnerError


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Heaptrack as Debian lays it out."""
    for name in ("bin/heaptrack", "lib/heaptrack/libheaptrack_preload.so", "lib/heaptrack/libexec/heaptrack_interpret"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path / "lib" / "heaptrack"


def test_a_command_is_started_with_the_library(tool: Path) -> None:
    plan = traced(Plan(RunnerKind.COMMAND, ("./soak",), env={"A": "1"}), Path("/runs/one two/evidence"))
    assert plan.argv == ("./soak",)
    assert plan.env == {
        "A": "1", "LD_PRELOAD": str(tool / "libheaptrack_preload.so"),
        "DUMP_HEAPTRACK_OUTPUT": f"/runs/one two/evidence/{RECORDING}",
    }  # fmt: skip
    assert interpreter() == tool / "libexec" / "heaptrack_interpret"


@pytest.mark.parametrize("runner", [RunnerKind.CARGO, RunnerKind.COMMAND])
def test_of_cargo_it_is_the_test_binary_that_is_recorded(
    tool: Path, monkeypatch: pytest.MonkeyPatch, runner: RunnerKind
) -> None:
    monkeypatch.setattr(allocations, "_triple", lambda cwd: "X86_64_UNKNOWN_LINUX_GNU")
    plan = traced(Plan(runner, ("cargo", "test", "soak")), Path("/runs/one"))
    assert set(plan.env) == {"CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER"}
    words = next(iter(plan.env.values())).split()
    assert words == ["env", f"LD_PRELOAD={library()}", f"DUMP_HEAPTRACK_OUTPUT=/runs/one/{RECORDING}"]
    with pytest.raises(RunnerError, match="blanks in a path"):
        traced(Plan(runner, ("cargo", "test")), Path("/runs/one two"))


def test_what_cannot_be_recorded_is_refused_with_the_mend(tool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RunnerError, match="not a run by lab"):
        traced(Plan(RunnerKind.LAB, ("lab",)), Path("/runs"))
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(RunnerError, match="apt install heaptrack"):
        traced(Plan(RunnerKind.COMMAND, ("x",)), Path("/runs"))
