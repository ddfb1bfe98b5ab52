from pathlib import Path

import pytest

from stresstui.engine.control.runs import damaged_runs, describe_run
from stresstui.folder import REQUEST


@pytest.mark.parametrize("damaged", [b'{"scenario":"\xae', b"", b"[]", b'{"scenario":' + b"[" * 5000])
def test_a_folder_whose_request_was_damaged_is_no_run(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / REQUEST).write_bytes(damaged)
    assert describe_run(tmp_path) is None


def test_runs_that_are_not_found_for_their_damaged_request_are_known(tmp_path: Path) -> None:
    run, other = tmp_path / "run", tmp_path / "other"
    for folder in (run, other):
        folder.mkdir()
        (folder / REQUEST).write_bytes(b"[]")
    (run / "journal.jsonl").write_bytes(b"")
    assert damaged_runs(tmp_path) == [run]
