"""Which run is meant: what cannot be told apart is listed, and not without end."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from stresstui.cli import cli
from tests.cli.commands.compare.test_compare import recorded


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    for number in range(11):
        recorded(tmp_path, f"story_{number % 10}{number // 10}{number % 9}", 100.0)
    return tmp_path


def test_the_newest_candidates_are_named_and_the_others_counted(reports: Path) -> None:
    done = CliRunner().invoke(cli, ["judge", "story", "--report-dir", str(reports)])
    assert done.exit_code == 2
    assert done.output.count("story_") == 8
    assert "and 3 others" in done.output


def test_an_empty_name_is_none(reports: Path) -> None:
    done = CliRunner().invoke(cli, ["judge", "", "--report-dir", str(reports)])
    assert done.exit_code == 2
    assert "empty" in done.output
