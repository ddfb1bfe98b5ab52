"""A scope of its own for a run."""

from pathlib import Path

import pytest

from stresstui.cli.starting import login


def test_without_systemd_a_scope_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit) as refused:
        login.in_scope(("true",))
    assert refused.value.code == 4


def test_a_scope_runs_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "systemd-run"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert login.in_scope(("a", "b"))[-3:] == ("--", "a", "b")
