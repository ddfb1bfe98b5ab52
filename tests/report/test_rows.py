"""A run as a table."""

import csv
import io
from pathlib import Path

import pytest

from stresstui.report.parquet import write_parquet
from stresstui.report.rows import columns_of, rows_of, units_of, write_csv
from tests.core.story import MIB, Story


def story() -> Story:
    return Story("max(fds) < 100").warm().soak(5, report=lambda t: {"queue": t}).run(3, rss=None).cool().end()


def test_a_row_for_each_sample_and_a_column_for_each_metric() -> None:
    events, state = story().events, story().state()
    file = io.StringIO(newline="")
    assert write_csv(rows_of(events), columns_of(state), file) == state.samples
    rows = list(csv.DictReader(io.StringIO(file.getvalue())))
    assert len(rows) == state.samples
    assert rows[0]["t_s"] == "0.0"
    assert rows[0]["wall"] == "2026-11-23T10:15:00.000+00:00"
    assert [row["phase"] for row in rows[9:11]] == ["warm_up", "soak"]
    assert float(rows[3]["rss"]) == 50 * MIB
    assert float(rows[12]["queue"]) == 11.0


def test_what_was_not_read_is_empty_never_zero() -> None:
    rows = list(rows_of(story().events))
    assert "rss" not in rows[16]
    file = io.StringIO()
    write_csv(rows, ["t_s", "rss"], file)
    assert file.getvalue().splitlines()[17] == "16.0,"


def test_parquet_has_the_units(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    state = story().state()
    path = tmp_path / "run.parquet"
    assert write_parquet(rows_of(story().events), columns_of(state), units_of(state), path) == state.samples
    table = parquet.read_table(path)
    assert table.num_rows == state.samples
    assert table.schema.field("rss").metadata == {b"unit": b"bytes"}
    assert table.column("rss").null_count == 3
