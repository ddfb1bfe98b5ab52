"""``stresstui judge`` by the criteria of another file."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from stresstui.cli import cli
from stresstui.core.model.event import encode_event
from stresstui.core.model.scenario import MetricSpec
from tests.core.story import Story


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    """A run whose own scenario declares what its workload reports."""
    story = Story("max(fds) < 100", metrics={"handled_total": MetricSpec(title="Requests handled")})
    story.whole(report=lambda t: {"handled_total": 7 * t})
    folder = tmp_path / "story_1"
    folder.mkdir()
    (folder / "journal.jsonl").write_bytes(b"".join(encode_event(event) + b"\n" for event in story.events))
    return folder


def judged(run_dir: Path, rule: str, more: str = "") -> Result:
    """Judge the run by a file of one criterion."""
    file = run_dir.parent / "strict.toml"
    file.write_text(f'{more}[[criteria]]\nid = "work"\ntitle = "Work"\nrule = "{rule}"\n', encoding="utf-8")
    return CliRunner().invoke(cli, ["judge", str(run_dir), "--criteria", str(file)])


@pytest.mark.parametrize(("rule", "code", "word"), [
    ("count(handled_total) > 100", 0, "passed"), ("count(handled_total) > 1000", 1, "failed"),
])  # fmt: skip
def test_what_the_run_reported_needs_no_second_declaration(run_dir: Path, rule: str, code: int, word: str) -> None:
    done = judged(run_dir, rule)
    assert done.exit_code == code, done.output
    assert word in done.output


def test_the_file_s_own_declaration_wins(run_dir: Path) -> None:
    done = judged(run_dir, "last(handled_total) > 10", '[metrics]\nhandled_total = { kind = "gauge" }\n')
    assert done.exit_code == 0, done.output


def test_what_neither_declares_is_one_line_with_its_place(run_dir: Path) -> None:
    done = judged(run_dir, "count(handld_total) > 1")
    assert done.exit_code == 2
    assert "strict.toml:4: 'count(handld_total) > 1': unknown metric 'handld_total'; did you mean 'handled_total'?" in (
        done.output
    )
