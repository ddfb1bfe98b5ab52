"""The user's defaults: a file, before it the environment, before that the flags."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from stresstui.cli import cli
from stresstui.cli.config import ConfigError, read_config
from stresstui.cli.table import COMMANDS


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))  # runs of other tests are not to be found
    folder = tmp_path / "stresstui"
    folder.mkdir()
    return folder / "config.toml"


def runs_looked_for_in(*arguments: str, **env: str) -> str:
    return CliRunner().invoke(cli, ["runs", *arguments], env=env).output.strip()


def test_flag_before_environment_before_file_before_default(config: Path) -> None:
    assert runs_looked_for_in() == "no runs in reports/stress-tests"
    config.write_text('report_dir = "from-file"\n', encoding="utf-8")
    assert runs_looked_for_in() == "no runs in from-file"
    assert runs_looked_for_in(STRESSTUI_RUNS_REPORT_DIR="from-env") == "no runs in from-env"
    assert runs_looked_for_in("--report-dir", "flag", STRESSTUI_RUNS_REPORT_DIR="from-env") == "no runs in flag"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('theme = "dark"\nreport-dir = "x"\n', ":2: unknown key 'report-dir'; did you mean 'report_dir'?"),
        ("theme = 3\n", ":1: theme is to be text in quotes"),
        ('mouse = "yes"\n', ":1: mouse is to be true or false"),
        ("theme = \n", ": Invalid value (at line 1, column 9)"),
        ("[zebra]\n", ":1: unknown key 'zebra'; known are theme, report_dir, interval, collector, ascii, mouse, bell"),
    ],
)
def test_a_mistake_is_one_line_with_its_place(config: Path, text: str, message: str) -> None:
    config.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        read_config(config)
    assert str(raised.value) == f"{config}{message}"
    done = CliRunner().invoke(cli, ["list"])
    assert (done.exit_code, done.stderr) == (2, f"{config}{message}\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xef\xbb\xbftheme = 3\r\n", ":1: theme is to be text in quotes"),
        (b"theme = '\xe9'\n", ": line 1: not UTF-8 text; save the file as UTF-8"),
        (b"x = " + b"[" * 100_000, ": nested too deep; no option needs more than one level"),
    ],
)
def test_odd_bytes_are_one_line_too(config: Path, content: bytes, message: str) -> None:
    config.write_bytes(content)
    with pytest.raises(ConfigError) as raised:
        read_config(config)
    assert str(raised.value) == f"{config}{message}"


def test_a_folder_and_a_pipe_in_its_place_are_said_without_an_error_number(config: Path) -> None:
    config.mkdir()
    with pytest.raises(ConfigError, match=r"cannot be read \(Is a directory\); mend it, or move it away"):
        read_config(config)
    config.rmdir()
    os.mkfifo(config)
    with pytest.raises(ConfigError, match=r"cannot be read \(a pipe that nobody writes to\)"):
        read_config(config)


def test_no_file_is_no_mistake(config: Path) -> None:
    assert read_config(config) == {}


def test_no_option_of_the_short_form_is_called_as_a_command_whose_defaults_it_would_take() -> None:
    """``stresstui --scenario NAME`` has those of ``run``; the defaults of a command go by its name."""
    assert not {parameter.name for parameter in cli.params} & set(COMMANDS)
