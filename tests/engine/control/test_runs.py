from pathlib import Path

import pytest

from stresstui.engine.control.runs import describe_run
from stresstui.engine.launch.request import REQUEST


@pytest.mark.parametrize("damaged", [b'{"scenario":"\xae', b"", b"[]", b'{"scenario":' + b"[" * 5000])
def test_a_folder_whose_request_was_damaged_is_no_run(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / REQUEST).write_bytes(damaged)
    assert describe_run(tmp_path) is None
