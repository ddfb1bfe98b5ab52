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


@pytest.mark.parametrize(
    "words", [("judge",), ("report", "--markdown", "-o", "-"), ("compare",), ("growth", "--value", "fds")]
)
def test_what_is_put_together_out_of_two_runs_is_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    for name in ("story_1", "story_2"):
        recorded(tmp_path, name, 100.0)
    (tmp_path / "story_2" / "journal.jsonl").replace(tmp_path / "story_1" / "journal.jsonl")
    done = CliRunner().invoke(cli, [words[0], "story_1", *words[1:], "--report-dir", str(tmp_path)])
    assert done.exit_code == 2, done.output
    assert "its run.json is of story_1, its journal of story_2: put back what belongs together" in done.output
