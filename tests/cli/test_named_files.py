"""Files that a person names and that are none: one line with file and mend, and exit code 2, at once."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from stresstui.cli import cli
from stresstui.cli.suite.choice import SuiteError, scenarios_of


def asked(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words))


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe.toml", 0o600)
    return tmp_path / "pipe.toml"


@pytest.mark.parametrize(
    "words",
    [
        ("show", "--scenario-file"),
        ("growth",),
        ("suite",),
        ("fleet", "run", "-f"),
    ],
)
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(pipe: Path, words: tuple[str, ...]) -> None:
    done = asked(*words, str(pipe))
    assert done.exit_code == 2, done.output
    assert "a pipe that nobody writes to" in done.output
    assert "pipe.toml" in done.output


def test_a_suite_that_is_no_file_of_scenarios_says_why(tmp_path: Path) -> None:
    path = tmp_path / "suite.toml"
    path.write_bytes(b"\xef\xbb\xbfscenarios = ['ech_24h']\r\n")
    assert scenarios_of(str(path), {}) == ("ech_24h",)
    for content, why in ((b"x = " + b"[" * 100_000, "recursion"), (b"\xff", "line 1: not UTF-8 text")):
        path.write_bytes(content)
        with pytest.raises(SuiteError, match=why):
            scenarios_of(str(path), {})
    with pytest.raises(SuiteError, match=r"cannot be read \(Is a directory\); name a file of scenarios"):
        scenarios_of(str(tmp_path), {})
