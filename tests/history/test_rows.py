"""Runs as rows: which are read, which are of a kind, which values they have."""

import json
from pathlib import Path
from typing import Any

import pytest

from stresstui.engine.control.runs import RunInfo, RunState
from stresstui.folder import RESULT
from stresstui.history.rows import Metric, Row, of_a_kind, row_of, values_of

SOAK = {"metrics": {"rss": {"unit": "bytes", "value": 5.0}}, "strained": 0.25}


def row(run: str, kind: str = "lab", *, outcome: str = "passed", short: bool = False, rss: float | None = 1.0) -> Row:
    return Row(run, "", outcome, {"rss": Metric("bytes", rss)}, 0.0, (kind,), short)


def recorded(folder: Path, **fields: Any) -> RunInfo:
    content = {"soak": SOAK, "runner": "lab", "planned_s": 100.0, "duration_s": 100.0, **fields}
    (folder / RESULT).write_text(json.dumps(content))
    return RunInfo(folder.name, folder, RunState.ENDED, "ech", "2026-11-27T10:00:00Z", outcome="passed")


def test_a_run_is_a_row(tmp_path: Path) -> None:
    found = row_of(recorded(tmp_path))
    assert found is not None
    assert found.metrics == {"rss": Metric("bytes", 5.0)}
    assert (found.strained, found.short, found.outcome) == (0.25, False, "passed")
    assert found.kind[:2] == ("lab", 100.0)


@pytest.mark.parametrize(
    ("planned", "lasted", "short"),
    [(100.0, 80.0, False), (100.0, 79.0, True), (100.0, None, True), (None, 3.0, False)],
)
def test_what_ended_long_before_its_plan_is_short(
    tmp_path: Path, planned: float | None, lasted: float | None, *, short: bool
) -> None:
    found = row_of(recorded(tmp_path, planned_s=planned, duration_s=lasted))
    assert found is not None
    assert found.short is short


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"soak": 3}', b"\xff\xfe"])
def test_a_record_that_cannot_be_read_is_no_row(tmp_path: Path, content: bytes) -> None:
    info = recorded(tmp_path)
    (tmp_path / RESULT).write_bytes(content)
    assert row_of(info) is None


def test_an_old_record_without_a_soak_is_a_row_only_by_its_journal(tmp_path: Path) -> None:
    info = recorded(tmp_path, soak=None)
    assert row_of(info, fold=False) is None
    assert row_of(info) is None  # there is no journal either


@pytest.mark.parametrize(
    ("rows", "kept", "left_out"),
    [
        ([row("a"), row("b"), row("c", "cargo")], "ab", "1 run that is"),
        ([row("a"), row("b", "cargo")], "b", "1 run that is"),
        (
            [row("a"), row("b", outcome="aborted"), row("c", short=True), row("d", outcome="lost")],
            "a",
            "3 runs that are",
        ),
        ([row("a"), row("b", outcome="failed")], "ab", ""),
        ([row("a", outcome="aborted")], "a", ""),
    ],
)
def test_those_of_the_commonest_kind_are_kept_and_of_two_the_newer(rows: list[Row], kept: str, left_out: str) -> None:
    found, said = of_a_kind(rows)
    assert "".join(one.run for one in found) == kept
    assert said.startswith(f"left out: {left_out}" if left_out else "")
    assert bool(said) is bool(left_out)


def test_values_are_those_of_the_runs_that_have_one() -> None:
    rows = [row("a", rss=3.0), row("b", rss=None), row("c", rss=4.0)]
    assert values_of(rows, "rss") == ([0, 2], [3.0, 4.0])
    assert values_of(rows, "fds") == ([], [])
