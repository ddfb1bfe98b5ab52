"""Descriptors of a child that opens as many as it is told."""

from pathlib import Path

import pytest

from tests.engine.collect.conftest import Child, Watch


def test_open_files_are_descriptors(child: Child, watch: Watch) -> None:
    before = watch.child().fds
    child.tell("open_files", 37)
    assert before is not None
    assert before == len(list(Path(f"/proc/{child.pid}/fd").iterdir())) - 37
    assert watch.child().fds == before + 37


def test_descriptors_are_listed_where_the_kernel_does_not_count_them(
    child: Child, fast: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = fast.child().fds
    monkeypatch.setattr("stresstui.engine.collect.proc.descriptors._COUNTED_BY_SIZE", False)
    assert fast.child().fds == counted
