"""The doctor before each run."""

from pathlib import Path

import pytest

from stresstui.catalogue import load
from stresstui.cli.starting.doctor import checked
from stresstui.core.model.check import Level
from stresstui.core.model.scenario import RunnerKind
from stresstui.engine.launch.request import RunRequest


def test_a_problem_is_said_before_the_start_and_kept_in_the_request(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("stresstui.doctor.needs.JOURNAL_RATE", 1 << 50)
    request = RunRequest(scenario=load("ech_24h"), runner=RunnerKind.LAB, duration=60.0)
    done = checked(request, tmp_path)
    assert [check.name for check in done.checks if check.level is Level.PROBLEM] == ["disk"]
    assert "stresstui doctor: disk: " in capsys.readouterr().err
