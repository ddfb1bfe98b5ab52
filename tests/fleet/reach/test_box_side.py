"""What is done on a box, called here as its worker would."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from stresstui.fleet.reach import box_side
from tests.engine.launcher import end_supervisor, until
from tests.fleet.rig import write_scenario


def test_a_run_that_is_asked_for_twice_is_begun_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    path = write_scenario(tmp_path / "s.toml", "import time; time.sleep(30)")
    first = box_side.begin("fleet_1.0", str(path), [], str(tmp_path / "reports"))
    try:
        assert box_side.begin("fleet_1.0", str(path), [], str(tmp_path / "reports")) == first
        assert box_side.read(first, 0)["lives"]
        assert box_side.runs(str(tmp_path / "reports")) == [first]
    finally:
        end_supervisor(Path(first))


def test_a_worker_that_dies_while_it_begins_a_run_leaves_it_to_whoever_asks_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    path = write_scenario(tmp_path / "s.toml", "import time; time.sleep(30)")
    reports = tmp_path / "reports"
    code = f"from stresstui.fleet.reach import box_side; box_side.begin('one', {str(path)!r}, [], {str(reports)!r})"
    worker = subprocess.Popen([sys.executable, "-c", code])
    until(lambda: bool(psutil.Process(worker.pid).children()), "a run that is beginning")
    worker.kill()
    worker.wait()
    run = box_side.begin("one", str(path), [], str(reports))
    try:
        assert box_side.runs(str(reports)) == [run]
    finally:
        end_supervisor(Path(run))


def test_what_cannot_be_begun_says_why(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="nonesuch"):
        box_side.begin("fleet_1.1", "nonesuch", [], str(tmp_path / "reports"))
    assert not (tmp_path / "reports" / ".begun.fleet_1.1").exists()


def test_an_invitation_is_kept_for_this_login_only_and_forgotten(tmp_path: Path) -> None:
    place = box_side.invitation_place("fleet_1.2", str(tmp_path / "reports"))
    assert box_side.invitation(place) == ""
    assert box_side.take_invitation(place, "keys") == place
    assert Path(place).stat().st_mode & 0o777 == 0o600
    assert box_side.invitation(place) == "keys"
    box_side.forget(place)
    assert not Path(place).exists()


def test_servers_that_do_not_answer_are_asked_to_end_again(tmp_path: Path) -> None:
    assert box_side.finish(str(tmp_path / "none"), "fleet") is False
