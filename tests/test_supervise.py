"""What a supervisor leaves behind when its run has ended."""

import sys
from pathlib import Path

import pytest

from stresstui import supervise
from stresstui.folder import BASELINES, PAGE
from tests.core.story import Story


def test_what_compares_is_not_loaded_where_nobody_has_set_a_baseline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "stresstui.history.against", None)
    state, run_dir = Story("max(fds) < 100").warm().soak(3).state(), tmp_path / "run"
    run_dir.mkdir()
    supervise._write_more(state, run_dir)
    assert (run_dir / PAGE).exists()
    (tmp_path / BASELINES).mkdir()
    with pytest.raises(ImportError):
        supervise._write_more(state, run_dir)
