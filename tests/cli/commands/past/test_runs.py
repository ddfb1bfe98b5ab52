import shutil
from pathlib import Path

from click.testing import CliRunner

from stresstui.cli.commands.past.runs import runs
from stresstui.core.model.scenario import RunnerKind, Scenario
from stresstui.engine.control.archives import pack
from stresstui.engine.control.runs import describe_run
from stresstui.engine.launch.request import RunRequest, save_request


def test_a_run_that_cannot_be_listed_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "soak_1"
    folder.mkdir()
    (folder / "run.json").write_bytes(b'{"scenario":"\xae')
    (folder / "journal.jsonl").write_bytes(b"")
    told = CliRunner().invoke(runs, ["--report-dir", str(tmp_path)])
    assert told.exit_code == 0
    assert f"not listed: {folder}: its run.json cannot be read" in told.output


def test_a_run_whose_archive_lies_beside_its_folder_is_listed_once(tmp_path: Path) -> None:
    folder = tmp_path / "soak_1"
    folder.mkdir()
    request = RunRequest(scenario=Scenario(name="soak"), runner=RunnerKind.COMMAND, requested="2026-11-28T10:00:00Z")
    save_request(request, folder)
    info = describe_run(folder)
    assert info is not None
    pack(info, tmp_path / "soak_1.tar.zst")
    listed = CliRunner().invoke(runs, ["--report-dir", str(tmp_path)]).output
    assert listed.count("soak_1") == 1
    shutil.rmtree(folder)
    assert CliRunner().invoke(runs, ["--report-dir", str(tmp_path)]).output == listed
