from pathlib import Path

from click.testing import CliRunner

from stresstui.cli.commands.past.runs import runs


def test_a_run_that_cannot_be_listed_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "soak_1"
    folder.mkdir()
    (folder / "run.json").write_bytes(b'{"scenario":"\xae')
    (folder / "journal.jsonl").write_bytes(b"")
    told = CliRunner().invoke(runs, ["--report-dir", str(tmp_path)])
    assert told.exit_code == 0
    assert f"not listed: {folder}: its run.json cannot be read" in told.output
