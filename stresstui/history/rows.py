"""Runs as the rows of a history: what each came to in its soak, and which of them are of a kind."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from stresstui.compare.earlier import Scatter, scatter_of
from stresstui.compare.numbers import Numbers
from stresstui.compare.setting import kind_of
from stresstui.compare.steps import LONGEST
from stresstui.core.criteria.rule import RuleError
from stresstui.core.model.errors import UNREADABLE, RecordError
from stresstui.core.model.event import Phase
from stresstui.core.run.usual import usual_of
from stresstui.engine.control.runs import RunInfo, RunState, find_runs
from stresstui.engine.record.checkpoint import fold_run
from stresstui.files import read_plain
from stresstui.folder import JOURNAL, RESULT

_ENOUGH: Final = 0.8
"""Part of its plan that a run must have gone on for: what soaked shorter shows a part of the load's waves."""
PHASE: Final = "the soak: after warm-up, of times and rates without seconds in which the host was saturated"
"""What the numbers are of."""


class Metric(msgspec.Struct, frozen=True):
    """A metric in the soak of a run."""

    unit: str
    """Base unit."""
    value: float | None
    """All values as one, base unit."""


class Soak(msgspec.Struct, frozen=True):
    """The soak of a run."""

    metrics: dict[str, Metric] = {}
    """By name."""
    strained: float | None = None
    """Share of it in which the host was saturated, 0 to 1."""


class _Recorded(msgspec.Struct, frozen=True):
    soak: Soak | None = None
    runner: str = ""
    planned_s: float | None = None
    duration_s: float | None = None


class Row(msgspec.Struct, frozen=True):
    """A run in the history."""

    run: str
    """Its name."""
    started: str
    """Wall-clock time, UTC, ISO 8601."""
    outcome: str
    """What it came to, or ``lost``."""
    metrics: dict[str, Metric]
    """What it was in its soak."""
    strained: float
    """Share of its soak in which the host was saturated, 0 to 1."""
    kind: tuple[object, ...]
    """Runner, planned length in seconds, machine, load, of a bare command that: only who agree in all are one row."""
    short: bool
    """Whether it ended long before its plan."""


def row_of(info: RunInfo, *, fold: bool = True) -> Row | None:
    """A run as a row; None where its record cannot be read, or is an old one that is not to be folded."""
    try:
        found = msgspec.json.decode(read_plain(info.directory / RESULT), type=_Recorded)
    except (OSError, *UNREADABLE):
        return None
    soak = found.soak or (_folded(info.directory) if fold else None)
    if soak is None:
        return None
    kind = (found.runner, found.planned_s, *kind_of(info.directory))
    short = found.planned_s is not None and (found.duration_s or 0.0) < _ENOUGH * found.planned_s
    return Row(info.name, info.started, info.outcome or "lost", soak.metrics, soak.strained or 0.0, kind, short)


def _folded(run_dir: Path) -> Soak | None:
    """What an older version did not write, out of the journal: whole-run means beside it would look like a change."""
    try:
        found = usual_of(fold_run(run_dir / JOURNAL), Phase.SOAK)
    except (RuleError, RecordError, OSError):
        return None
    return Soak({name: Metric(one.unit, one.level) for name, one in found.values.items()}, found.strained)


def of_a_kind(rows: list[Row]) -> tuple[list[Row], str]:
    """Those of the kind that most whole ones are, of two the newer; and how many that leaves out, in words."""
    whole = [row for row in rows if row.outcome not in ("lost", "aborted") and not row.short]
    if not whole:
        return rows, ""
    kept = _of_one_kind(whole)
    count = len(rows) - len(kept)
    if not count:
        return kept, ""
    what = "run that is" if count == 1 else "runs that are"
    return (
        kept,
        f"left out: {count} {what} of another length, runner, load or machine, or not whole; --all has them too",
    )


def values_of(rows: list[Row], name: str) -> tuple[list[int], list[float]]:
    """Which runs have a value, and the values."""
    have = [(i, one.value) for i, row in enumerate(rows) if (one := row.metrics.get(name)) and one.value is not None]
    return [index for index, _ in have], [value for _, value in have]


def earlier_of(compared: Sequence[Numbers], report_dir: Path) -> Mapping[str, Scatter]:
    """What the newest ended runs of a folder differ by that began before the last of those compared, of their kind.

    Of runs of several kinds it is the one that most of them are of. Later ones are left out, so that a comparison says
    the same whenever it is made. A record of an older version, which has no soak, tells nothing here.
    """
    names = {one.run for one in compared}
    found = {info.began_as or info.name: info for info in find_runs(report_dir)}  # a copy of a run is no other run
    own = [info for name, info in found.items() if name in names]
    if not own:
        return {}
    scenarios, last = {info.scenario for info in own}, max(info.started for info in own)
    others = [
        info
        for name, info in found.items()
        if name not in names and info.scenario in scenarios and info.started < last and info.state is RunState.ENDED
    ]
    like = {row.kind for info in own if (row := row_of(info, fold=False)) is not None}
    rows = [row for info in others if (row := row_of(info, fold=False)) is not None and row.kind in like]
    kept = _of_one_kind([row for row in rows if row.outcome != "aborted" and not row.short])[-LONGEST:]
    metrics = {name for row in kept for name in row.metrics}
    return scatter_of({name: values_of(kept, name)[1] for name in sorted(metrics)})


def _of_one_kind(rows: list[Row]) -> list[Row]:
    """Those of the kind that most are of, of two the newer."""
    kinds = [row.kind for row in reversed(rows)]
    usual = max(kinds, key=kinds.count, default=None)
    return [row for row in rows if row.kind == usual]
