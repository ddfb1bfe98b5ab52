"""What logout does to a run."""

from pathlib import Path

import pytest

from stresstui.cli.starting import login


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (("",), "goes on"),
        (("#KillUserProcesses=yes\n",), "goes on"),
        (("[Login]\nKillUserProcesses=yes\n",), "killed"),
        (("KillUserProcesses=yes\n", "KillUserProcesses=no\n"), "goes on"),
    ],
)
def test_the_last_word_of_logind_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, texts: tuple[str, ...], said: str
) -> None:  # fmt: skip
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.conf").write_text(text)
    monkeypatch.setattr(login, "_CONFIG", (f"{tmp_path}/*.conf",))
    assert login.logout_kills() == (said == "killed")


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
