"""``stresstui report`` of a recorded run."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from stresstui.cli import cli
from stresstui.core.model.event import encode_event
from tests.report.run_with_leak import leaking


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "story_1"
    folder.mkdir()
    (folder / "journal.jsonl").write_bytes(b"".join(encode_event(event) + b"\n" for event in leaking().events))
    return folder


def report(run_dir: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["report", str(run_dir), *options])


def test_without_options_it_is_the_page_in_the_run_s_folder(run_dir: Path) -> None:
    done = report(run_dir)
    assert done.exit_code == 0, done.output
    assert done.output.strip() == str(run_dir / "report.html")
    assert (run_dir / "report.html").read_text().startswith("<!DOCTYPE html>")


def test_several_go_into_a_folder(run_dir: Path, tmp_path: Path) -> None:
    done = report(run_dir, "--html", "--junit", "--csv", "--markdown", "-o", str(tmp_path / "new" / "folder"))
    assert done.exit_code == 0, done.output
    found = {path.name for path in (tmp_path / "new" / "folder").iterdir()}
    assert found == {"report.html", "junit.xml", "samples.csv", "summary.md"}


def test_one_goes_to_a_file_or_to_standard_output(run_dir: Path, tmp_path: Path) -> None:
    assert report(run_dir, "--junit", "-o", str(tmp_path / "x.xml")).exit_code == 0
    assert (tmp_path / "x.xml").read_text() == report(run_dir, "--junit", "-o", "-").output
    assert report(run_dir, "--csv", "-o", "-").output.startswith("t_s,wall,phase,")
    assert report(run_dir, "--csv", "--html", "-o", "-").exit_code == 2


def test_the_ending_of_a_file_says_which_format_is_meant(run_dir: Path, tmp_path: Path) -> None:
    assert report(run_dir, "-o", str(tmp_path / "x.csv")).exit_code == 0
    assert (tmp_path / "x.csv").read_text().startswith("t_s,wall,phase,")


def test_a_picture_that_is_named_as_a_file_is_one(run_dir: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    several = report(run_dir, "--svg", "-o", str(tmp_path / "x.svg"))
    assert several.exit_code == 2
    assert "x.svg is one file, and several are to be made" in several.output
    assert report(run_dir, "--metric", "rss", "-o", str(tmp_path / "x.svg")).exit_code == 0
    assert [path.name for path in tmp_path.glob("*.svg")] == ["x.svg"]
    assert (tmp_path / "x.svg").is_file()


def test_what_cannot_be_written_is_one_line(run_dir: Path) -> None:
    done = report(run_dir, "--html", "-o", "/proc/nothing/report.html")
    assert done.exit_code == 4
    assert "Traceback" not in done.output


def test_a_metric_that_is_not_there_is_refused(run_dir: Path) -> None:
    pytest.importorskip("matplotlib")
    assert report(run_dir, "--png", "--metric", "nothing").exit_code == 2
