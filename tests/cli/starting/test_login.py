"""A scope of its own for a run."""

from pathlib import Path

import pytest

from stresstui.cli.starting import login


def test_without_systemd_a_scope_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit) as refused:
        login.in_scope(("true",))
    assert refused.value.code == 4


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    made = tmp_path / "systemd-run"
    made.write_text("#!/bin/sh\n")
    made.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return made


def test_a_machine_that_systemd_does_not_run_is_refused(
    monkeypatch: pytest.MonkeyPatch, program: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(login, "_BOOTED", program.parent / "none")
    with pytest.raises(SystemExit) as refused:
        login.in_scope(("true",))
    assert refused.value.code == 4
    assert "was not booted with it" in capsys.readouterr().err


def test_a_scope_runs_the_command(monkeypatch: pytest.MonkeyPatch, program: Path) -> None:
    monkeypatch.setattr(login, "_BOOTED", program.parent)
    assert login.in_scope(("a", "b"))[-3:] == ("--", "a", "b")
