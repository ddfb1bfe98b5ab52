"""The user's defaults: a file, before it the environment, before that the flags."""

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


def test_no_file_is_no_mistake(config: Path) -> None:
    assert read_config(config) == {}


def test_no_option_of_the_short_form_is_called_as_a_command_whose_defaults_it_would_take() -> None:
    """``stresstui --scenario NAME`` has those of ``run``; the defaults of a command go by its name."""
    assert not {parameter.name for parameter in cli.params} & set(COMMANDS)
