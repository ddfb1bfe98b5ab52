"""Completion, man pages, the user's defaults, and words that are no command."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from stresstui.cli import cli
from tests.cli.box import STRESSTUI, Box


def invoke(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words))


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_a_shell_gets_its_script(shell: str) -> None:
    done = invoke("completion", shell)
    assert done.exit_code == 0, done.output
    assert "_STRESSTUI_COMPLETE" in done.output
    assert invoke("completion", "tcsh").exit_code == 2


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        (("run", "ech"), "ech_24h"),
        (("inve",), "investigate"),
        (("judge", "old_"), "old_run"),
        (("run", "--theme", "d"), "dark"),
        (("report", "--metric", "thr"), "throughput"),
        (("history", "tui"), "tuic_24h"),
    ],
)
def test_names_are_completed(typed: tuple[str, ...], word: str, tmp_path: Path) -> None:
    run = tmp_path / "reports" / "stress-tests" / "old_run"
    run.mkdir(parents=True)
    (run / "run.json").write_text("{}")
    env = os.environ | {
        "_STRESSTUI_COMPLETE": "zsh_complete",
        "COMP_WORDS": " ".join(("stresstui", *typed)),
        "COMP_CWORD": str(len(typed)),
    }
    done = subprocess.run(STRESSTUI, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert word in done.stdout.splitlines(), done.stdout + done.stderr


@pytest.mark.filterwarnings("ignore:.*make_default_short_help")
def test_man_pages(tmp_path: Path) -> None:
    pytest.importorskip("click_man")
    done = invoke("man", "-o", str(tmp_path / "man1"))
    assert done.exit_code == 0, done.output
    names = {path.name for path in (tmp_path / "man1").iterdir()}
    assert {"stresstui.1", "stresstui-run.1", "stresstui-doctor.1"} <= names
    assert "SYNOPSIS" in (tmp_path / "man1" / "stresstui-run.1").read_text()


def test_man_pages_have_each_example_on_a_line_and_lose_no_line_to_roff(tmp_path: Path) -> None:
    pytest.importorskip("click_man")
    invoke("man", "-o", str(tmp_path))
    pages = {path.stem: path.read_text() for path in tmp_path.iterdir()}
    example = ".nf\n\\&stresstui run ech_24h \\-\\-duration 1h\n\\&stresstui run \\-\\- ./soak \\-\\-forever\n"
    assert example in pages["stresstui-run"]
    assert "\n\\&'asciinema play FILE.cast' plays it." in pages["stresstui-clip"]
    for page in pages.values():
        assert "\b" not in page
        assert page.count("\n.nf\n") == page.count("\n.fi\n")
        assert not [line for line in page.splitlines() if re.match(r"'|\.(?!(?:[A-Z]{1,2}|nf|fi)\b)", line)]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("ech_24h", "It is a scenario: 'stresstui run ech_24h'"),
        ("rnu", "Did you mean 'stresstui run'?"),
        ("bisect", "There is a page on it: 'stresstui help bisect'."),
        ("ech_24", "Did you mean 'stresstui run ech_24h'?"),
        ("zzzzzzz", "--help' lists them"),
    ],
)
def test_what_is_no_command_is_told_what_was_meant(word: str, said: str) -> None:
    done = invoke(word)
    assert done.exit_code == 2
    assert said in done.output


def test_defaults_are_begun_shown_and_checked(box: Box) -> None:
    path = Path(box.run("config", "path").stdout.strip())
    assert box.run("config", "validate").returncode == 0
    assert box.run("config", "init").stdout.strip() == str(path)
    assert box.run("config", "init").returncode == 2
    assert box.run("config", "validate").returncode == 0
    path.write_text('theme = "light"\n')
    box.env["STRESSTUI_INTERVAL"] = "2s"
    said = box.run("config", "print").stdout
    assert f"theme = 'light'  # {path}" in said
    assert "interval = '2s'  # STRESSTUI_INTERVAL" in said
    path.write_text('them = "light"\n')
    done = box.run("config", "validate")
    assert done.returncode == 2
    assert "did you mean 'theme'" in done.stderr


def test_a_folder_that_cannot_be_made_is_named_without_a_number(box: Box) -> None:
    done = box.run("run", "--report-dir", "/proc/none", "--", "true")
    assert done.returncode == 4
    assert "/proc/none: No such file or directory; record elsewhere" in done.stderr
    assert "Errno" not in done.stderr
