"""The runs of fleets as tables that can be asked in SQL: ``runs``, ``metrics`` and ``samples``; Parquet files of them.

Needs the extra ``fleet`` (DuckDB and pyarrow).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from stresstui.core.run.fold import RunState
from stresstui.fleet.mirror import known
from stresstui.fleet.record import FleetRecord, load

RUNS: Final = {
    "fleet": "VARCHAR", "box": "VARCHAR", "run": "VARCHAR", "scenario": "VARCHAR", "state": "VARCHAR",
    "outcome": "VARCHAR", "reason": "VARCHAR", "seconds": "DOUBLE", "labels": "VARCHAR",
}  # fmt: skip
METRICS: Final = {
    "fleet": "VARCHAR", "box": "VARCHAR", "run": "VARCHAR", "metric": "VARCHAR", "low": "DOUBLE", "mean": "DOUBLE",
    "high": "DOUBLE", "last": "DOUBLE", "samples": "BIGINT",
}  # fmt: skip
SAMPLES: Final = {
    "fleet": "VARCHAR", "box": "VARCHAR", "run": "VARCHAR", "t": "DOUBLE", "metric": "VARCHAR", "low": "DOUBLE",
    "mean": "DOUBLE", "high": "DOUBLE",
}  # fmt: skip
TABLES: Final = {"runs": RUNS, "metrics": METRICS, "samples": SAMPLES}
"""The tables, with columns and types; ``labels`` is JSON, ``samples`` are the buckets of each metric's history."""

Rows = list[tuple[Any, ...]]


class QueryError(ValueError):
    """Raised where a query cannot be carried out; its message is for people."""


def tables_of(folders: Sequence[Path]) -> dict[str, Rows]:
    """The rows of all tables over some fleets; raises InventoryError and OSError where a record cannot be read."""
    found: dict[str, Rows] = {name: [] for name in TABLES}
    for folder in folders:
        record = load(folder)
        for index, state in enumerate(_states(record, folder)):
            run = record.runs[index]
            name = (record.name, run.box, run.name)
            labels = next((box.labels for box in record.inventory.box if box.name == run.box), {})
            outcome = str(state.outcome) if state is not None and state.outcome else None
            reasons = state.reasons if state is not None else []
            found["runs"].append(
                (
                    *name, run.scenario, str(run.state), outcome, run.why or next(iter(reasons), None),
                    state.t if state is not None else None, msgspec.json.encode(labels).decode(),
                )
            )  # fmt: skip
            if state is not None:
                found["metrics"] += [(*name, *row) for row in _metrics(state)]
                found["samples"] += [(*name, *row) for row in _samples(state)]
    return found


def _states(record: FleetRecord, folder: Path) -> Iterator[RunState | None]:
    return (known(folder / run.box / run.name) if run.directory else None for run in record.runs)


def _metrics(state: RunState) -> Rows:
    return [
        (name, one.low, one.mean, one.high, one.last, one.samples)
        for name, one in state.summaries.items()
        if one.samples
    ]


def _samples(state: RunState) -> Rows:
    return [
        (bucket.start, name, bucket.low, bucket.mean, bucket.high)
        for name, series in state.series.items()
        for bucket in series.buckets
        if bucket.count
    ]


def ask(tables: dict[str, Rows], query: str) -> tuple[list[str], Rows]:
    """Ask in SQL; give the names of the columns, and the rows. Raises QueryError.

    The query sees these tables and nothing else: no file is read or written by it.
    """
    import duckdb  # noqa: PLC0415 - an extra, and heavy

    with duckdb.connect(":memory:") as base:
        for name, rows in tables.items():
            _fill(base, name, rows)
        base.execute("SET enable_external_access = false; SET lock_configuration = true")
        try:
            answer = base.execute(query)
            return [column[0] for column in answer.description or []], answer.fetchall()
        except duckdb.Error as error:
            raise QueryError(str(error).split("\n\n")[0]) from None


def write_parquet(tables: dict[str, Rows], folder: Path) -> list[Path]:
    """Write each table as a Parquet file into a folder; raises OSError."""
    import pyarrow as pa  # noqa: PLC0415 - an extra, and heavy
    from pyarrow import parquet  # noqa: PLC0415 - the same

    kinds = {"VARCHAR": pa.string(), "DOUBLE": pa.float64(), "BIGINT": pa.int64()}
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, rows in tables.items():
        schema = pa.schema([(column, kinds[kind]) for column, kind in TABLES[name].items()])
        columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in schema.names]
        path = folder / f"{name}.parquet"
        parquet.write_table(pa.table(dict(zip(schema.names, columns, strict=True)), schema=schema), path)
        written.append(path)
    return written


def _fill(base: Any, name: str, rows: Rows) -> None:
    columns = ", ".join(f"{column} {kind}" for column, kind in TABLES[name].items())
    base.execute(f"CREATE TABLE {name} ({columns})")
    if rows:
        import pyarrow as pa  # noqa: PLC0415 - row by row would take minutes of a day's samples

        block = pa.table(dict(zip(TABLES[name], map(list, zip(*rows, strict=True)), strict=True)))
        base.register("block", block)
        base.execute(f"INSERT INTO {name} SELECT * FROM block")  # noqa: S608 - of this module's own names
        base.unregister("block")
