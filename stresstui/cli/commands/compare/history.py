"""``stresstui history``: how a scenario's runs came out over time, and where that changed."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import msgspec

from stresstui.cli.options import report_dir_option
from stresstui.cli.terminal import complete
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.core.derive.strain import TIMES
from stresstui.core.model.errors import UNREADABLE
from stresstui.core.model.outcome import ExitCode
from stresstui.files import read_plain

if TYPE_CHECKING:
    from stresstui.engine.control.runs import RunInfo
    from stresstui.report.html.history import Course

USUAL: Final = ("rss", "fds", "established", "cpu", "throughput", "latency_ms_p50", "latency_ms_p99", "connection_rate")
"""Metrics that are shown where nobody names others."""
_SAID: Final = 0.01
_BARS: Final = "▁▂▃▄▅▆▇█"


_ENOUGH: Final = 0.8
"""Part of its plan that a run must have gone on for: what soaked shorter shows a part of the load's waves."""
PHASE: Final = "the soak: after warm-up, of times and rates without seconds in which the host was saturated"
"""What the numbers are of."""


class _Metric(msgspec.Struct, frozen=True):
    unit: str
    value: float | None


class _Soak(msgspec.Struct, frozen=True):
    metrics: dict[str, _Metric] = {}
    strained: float | None = None


class _Recorded(msgspec.Struct, frozen=True):
    soak: _Soak | None = None
    runner: str = ""
    planned_s: float | None = None
    duration_s: float | None = None


class _Row(msgspec.Struct, frozen=True):
    """A run in the history."""

    run: str
    started: str
    outcome: str
    metrics: dict[str, _Metric]
    strained: float
    """Share of its soak in which the host was saturated, 0 to 1."""
    kind: tuple[object, ...]
    """Runner, planned length in seconds, machine, load: only runs that agree in all can be one row."""
    short: bool
    """Whether it ended long before its plan."""


@click.command()
@click.argument("scenario", shell_complete=complete.scenarios)
@click.option(
    "--metric",
    "metrics",
    metavar="NAME",
    multiple=True,
    shell_complete=complete.metrics,
    help="What is shown; repeatable  [default: the usual]",
)
@click.option(
    "--all", "every", is_flag=True, help="Also runs of other lengths, runners, loads or machines, and aborted ones."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write it as one page.")
@report_dir_option
def history(
    *, scenario: str, metrics: tuple[str, ...], every: bool, as_json: bool, html: Path | None, report_dir: Path
) -> None:
    """Show the mean of each run of SCENARIO over its soak, oldest first, and where they changed.

    Warm-up and cool-down are left out, and of times and rates the seconds in which the host was saturated.

    A change is a place where the runs before and behind it differ by more than chance allows (E-divisive, p < 0.002;
    of the newest three, four or five runs Student's t, p < 0.001); it takes three runs behind it to be told.
    Only runs of a kind are in it: of the length, runner, load and machine that most have.
    """
    from stresstui.compare.steps import LONGEST
    from stresstui.engine.control.runs import find_runs

    found = [info for info in find_runs(report_dir) if info.scenario == scenario and info.state.value == "ended"]
    rows = [row for info in found[-LONGEST:] if (row := _row(info)) is not None]
    if not rows:
        refuse(f"stresstui history: no ended run of {scenario} in {report_dir}")
    rows, left_out = (rows, "") if every else _of_a_kind(rows)
    there = {name for row in rows for name, one in row.metrics.items() if one.value is not None}
    unknown = [name for name in metrics if name not in there]
    if unknown:
        refuse(f"stresstui history: no run of {scenario} has a value of '{unknown[0]}'")
    names = metrics or tuple(name for name in USUAL if name in there)
    if as_json:
        found_steps = {name: _steps(rows, name) for name in names}
        told = {"scenario": scenario, "of": PHASE, "runs": rows, "steps": found_steps, "left_out": left_out}
        say(msgspec.json.encode(told).decode())
        return
    if html is not None:
        if left_out:
            say(left_out, err=True)
        _write_page(scenario, rows, names, html)
        return
    for row in rows:
        saturated = f"  the host was saturated for {100 * row.strained:.0f} %" if row.strained >= _SAID else ""
        say(f"{row.run}  {row.outcome}{saturated}")
    say(f"{left_out}\n" if left_out else "")
    say(f"means of {PHASE}\n")
    for name in names:
        _say_metric(rows, name)


def _row(info: "RunInfo") -> _Row | None:
    from stresstui.compare.setting import kind_of

    try:
        found = msgspec.json.decode(read_plain(info.directory / "result.json"), type=_Recorded)
    except (OSError, *UNREADABLE):
        return None
    soak = found.soak or _folded(info.directory)
    if soak is None:
        return None
    kind = (found.runner, found.planned_s, *kind_of(info.directory))
    short = found.planned_s is not None and (found.duration_s or 0.0) < _ENOUGH * found.planned_s
    return _Row(info.name, info.started, info.outcome or "lost", soak.metrics, soak.strained or 0.0, kind, short)


def _folded(run_dir: Path) -> "_Soak | None":
    """What an older version did not write, out of the journal: whole-run means beside it would look like a change."""
    from stresstui.core.criteria.rule import RuleError
    from stresstui.core.model.errors import RecordError
    from stresstui.core.model.event import Phase
    from stresstui.core.run.usual import usual_of
    from stresstui.engine.record.checkpoint import fold_run
    from stresstui.engine.record.journal import JOURNAL

    try:
        found = usual_of(fold_run(run_dir / JOURNAL), Phase.SOAK)
    except (RuleError, RecordError, OSError):
        return None
    return _Soak({name: _Metric(one.unit, one.level) for name, one in found.values.items()}, found.strained)


def _of_a_kind(rows: list[_Row]) -> tuple[list[_Row], str]:
    """Those of the kind that most whole ones are, of two the newer; and how many that leaves out, in words."""
    whole = [row for row in rows if row.outcome not in ("lost", "aborted") and not row.short]
    if not whole:
        return rows, ""
    kinds = [row.kind for row in whole]
    usual = max(reversed(kinds), key=kinds.count)
    kept = [row for row in whole if row.kind == usual]
    count = len(rows) - len(kept)
    if not count:
        return kept, ""
    what = "run that is" if count == 1 else "runs that are"
    return (
        kept,
        f"left out: {count} {what} of another length, runner, load or machine, or not whole; --all has them too",
    )


def _values(rows: list[_Row], name: str) -> tuple[list[int], list[float]]:
    """Which runs have a value, and the values."""
    have = [(i, one.value) for i, row in enumerate(rows) if (one := row.metrics.get(name)) and one.value is not None]
    return [index for index, _ in have], [value for _, value in have]


def _steps(rows: list[_Row], name: str) -> list[dict[str, object]]:
    from stresstui.compare.steps import steps_of

    places, values = _values(rows, name)
    steps = steps_of(values, times=_unit(rows, name) in TIMES)
    return [{"run": rows[places[step.at]].run, "before": step.before, "after": step.after} for step in steps]


def _unit(rows: list[_Row], name: str) -> str:
    return next(one.unit for row in rows if (one := row.metrics.get(name)))


def _write_page(scenario: str, rows: list[_Row], names: tuple[str, ...], path: Path) -> None:
    from stresstui.report.html.history import Run, page_of

    runs = [Run(row.run, row.started, row.outcome) for row in rows]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page_of(scenario, runs, [_course(rows, name) for name in names]), encoding="utf-8")
    except OSError as error:
        refuse(f"stresstui history: {error.filename or path}: {error.strerror or error}", ExitCode.COULD_NOT_RUN)
    say(str(path))


def _course(rows: list[_Row], name: str) -> "Course":
    from stresstui.compare.steps import steps_of
    from stresstui.core.model.metric import infer
    from stresstui.report.html.history import Change, Course

    places, values = _values(rows, name)
    unit = _unit(rows, name)
    changes = [Change(step.at, step.before, step.after) for step in steps_of(values, times=unit in TIMES)]
    return Course(name, infer(name).title, unit, list(zip(places, values, strict=True)), changes)


def _say_metric(rows: list[_Row], name: str) -> None:
    from stresstui.core.model.units import format_value

    _, values = _values(rows, name)
    unit = _unit(rows, name)
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    bars = "".join(_BARS[min(7, int(8 * (value - low) / span))] if high > low else _BARS[3] for value in values)
    shown = f"{format_value(low, unit)} .. {format_value(high, unit)}, last {format_value(values[-1], unit)}"
    say(f"{name:<18}  {bars}  {shown}")
    for step in _steps(rows, name):
        before, after = float(str(step["before"])), float(str(step["after"]))
        share = f" ({100 * (after / before - 1):+.1f} %)" if before else ""
        say(f"{'':<18}  changed with {step['run']}: {format_value(before, unit)} -> {format_value(after, unit)}{share}")
