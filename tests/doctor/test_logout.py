"""What logout does to a run."""

import os
import pwd
from pathlib import Path

import pytest

from stresstui.core.model.check import Level
from stresstui.doctor import logout


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (("",), "goes on"),
        (("#KillUserProcesses=yes\n",), "goes on"),
        (("[Login]\nKillUserProcesses=yes\n",), "killed"),
        (("KillUserProcesses=yes\n", "KillUserProcesses=no\n"), "goes on"),
    ],
)
def test_the_last_word_of_logoutd_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, texts: tuple[str, ...], said: str
) -> None:  # fmt: skip
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.conf").write_text(text)
    monkeypatch.setattr(logout, "_CONFIG", (f"{tmp_path}/*.conf",))
    assert logout.logout_kills() == (said == "killed")


def test_who_lingers_is_told_that_a_unit_is_safe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "logind.conf").write_text("KillUserProcesses=yes\n")
    monkeypatch.setattr(logout, "_CONFIG", (f"{tmp_path}/*.conf",))
    monkeypatch.setattr(logout, "_LINGER", tmp_path / "linger")
    assert logout.look()[0].level is Level.WARNING
    (tmp_path / "linger").mkdir()
    (tmp_path / "linger" / pwd.getpwuid(os.geteuid()).pw_name).touch()
    assert logout.look()[0].level is Level.OK
