"""The folder of a run that somebody else has laid hands on, and a disk that refuses."""

import asyncio
import shutil
from pathlib import Path

import pytest

from stresstui.core.model.scenario import RunnerKind, Scenario
from stresstui.engine.clock import RunClock
from stresstui.engine.control.registry import registered
from stresstui.engine.launch.request import RunRequest
from stresstui.engine.process.pidfile import PID_FILE
from stresstui.engine.record.recorder import Recorder
from stresstui.engine.supervise.run_disk import RunDisk
from stresstui.folder import JOURNAL
from stresstui.places import state_folder


@pytest.fixture
def disk(tmp_path: Path) -> RunDisk:
    request = RunRequest(run="", scenario=Scenario(name="a"), runner=RunnerKind.COMMAND, why="", interval=1.0)
    recorder = Recorder(tmp_path / JOURNAL, RunClock(), None, lambda _: None)
    return RunDisk(tmp_path, request, recorder)


def test_what_a_run_is_found_by_comes_back(disk: RunDisk, tmp_path: Path) -> None:
    disk.keep()
    (tmp_path / PID_FILE).unlink()
    disk.keep()
    assert (tmp_path / PID_FILE).exists()


def test_what_remembers_it_comes_back(disk: RunDisk, tmp_path: Path) -> None:
    disk.keep()
    assert tmp_path in registered()
    shutil.rmtree(state_folder())
    disk.keep()
    assert tmp_path in registered()


async def test_nobody_waits_for_a_disk_that_takes_everything(disk: RunDisk) -> None:
    await asyncio.wait_for(disk.wait(asyncio.get_running_loop().time() + 1e6, asyncio.Event()), 10.0)


def test_what_was_written_is_not_told_as_lost(disk: RunDisk, capsys: pytest.CaptureFixture[str]) -> None:
    disk.say_unwritten()
    assert not capsys.readouterr().err
