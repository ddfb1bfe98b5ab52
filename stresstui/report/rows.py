"""A run as a table: one row a sample, each metric a column, in base units; what was not read is empty, never 0."""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TextIO

from stresstui.core.model.event import Event, Reported, Sampled
from stresstui.core.model.metric import infer
from stresstui.core.run.fold import RunState, advance

Row = dict[str, object]
"""Time, phase, and a value by metric."""
FIXED = ("t_s", "wall", "phase")
"""Columns that every table has: seconds since the start, wall-clock time UTC, and the phase."""


def rows_of(events: Iterable[Event]) -> Iterator[Row]:
    """Each sample of a run with what was derived from it, and what the workload reported since the one before."""
    state, began = RunState(), None
    reported: dict[str, float] = {}
    for event in events:
        advance(state, event)
        if isinstance(event, Reported):
            reported.update(event.values)
        if isinstance(event, Sampled):
            began = began or _began(state)
            values: Row = {"t_s": round(event.t, 3), "wall": _wall(began, event.t), "phase": state.phase.value}
            values.update(reported)
            values.update(state.reading.values)
            reported.clear()
            yield values


def columns_of(state: RunState) -> list[str]:
    """Names of all columns: the fixed ones, then every metric that had a value, by name."""
    return [*FIXED, *(name for name in sorted(state.summaries) if state.summaries[name].samples)]


def units_of(state: RunState) -> dict[str, str]:
    """Unit of each column that has one."""
    return {name: (state.scenario.metric(name) or infer(name)).unit for name in columns_of(state)[len(FIXED) :]}


def write_csv(rows: Iterable[Row], columns: list[str], file: TextIO) -> int:
    """Write the rows as CSV (RFC 4180) under a line of names; return how many there were."""
    writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
    writer.writeheader()
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
    return count


def _began(state: RunState) -> datetime | None:
    try:
        return datetime.fromisoformat(state.started.wall).astimezone(UTC) if state.started else None
    except ValueError:
        return None


def _wall(began: datetime | None, t: float) -> str:
    """Wall-clock time, which a suspended machine or a stepped clock makes later than this."""
    return "" if began is None else (began + timedelta(seconds=t)).isoformat(timespec="milliseconds")
