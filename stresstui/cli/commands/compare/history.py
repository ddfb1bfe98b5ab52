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
from stresstui.core.model.outcome import ExitCode
from stresstui.history.rows import PHASE, Row, of_a_kind, row_of, values_of

if TYPE_CHECKING:
    from stresstui.report.html.history import Course

USUAL: Final = ("rss", "fds", "established", "cpu", "throughput", "latency_ms_p50", "latency_ms_p99", "connection_rate")
"""Metrics that are shown where nobody names others."""
_SAID: Final = 0.01
_BARS: Final = "▁▂▃▄▅▆▇█"


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
    rows = [row for info in found[-LONGEST:] if (row := row_of(info)) is not None]
    if not rows:
        refuse(f"stresstui history: no ended run of {scenario} in {report_dir}")
    rows, left_out = (rows, "") if every else of_a_kind(rows)
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


def _steps(rows: list[Row], name: str) -> list[dict[str, object]]:
    from stresstui.compare.steps import steps_of

    places, values = values_of(rows, name)
    steps = steps_of(values, times=_unit(rows, name) in TIMES)
    return [{"run": rows[places[step.at]].run, "before": step.before, "after": step.after} for step in steps]


def _unit(rows: list[Row], name: str) -> str:
    return next(one.unit for row in rows if (one := row.metrics.get(name)))


def _write_page(scenario: str, rows: list[Row], names: tuple[str, ...], path: Path) -> None:
    from stresstui.report.html.history import Run, page_of

    runs = [Run(row.run, row.started, row.outcome) for row in rows]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page_of(scenario, runs, [_course(rows, name) for name in names]), encoding="utf-8")
    except OSError as error:
        refuse(f"stresstui history: {error.filename or path}: {error.strerror or error}", ExitCode.COULD_NOT_RUN)
    say(str(path))


def _course(rows: list[Row], name: str) -> "Course":
    from stresstui.compare.steps import steps_of
    from stresstui.core.model.metric import infer
    from stresstui.report.html.history import Change, Course

    places, values = values_of(rows, name)
    unit = _unit(rows, name)
    changes = [Change(step.at, step.before, step.after) for step in steps_of(values, times=unit in TIMES)]
    return Course(name, infer(name).title, unit, list(zip(places, values, strict=True)), changes)


def _say_metric(rows: list[Row], name: str) -> None:
    from stresstui.core.model.units import format_value

    _, values = values_of(rows, name)
    unit = _unit(rows, name)
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    bars = "".join(_BARS[min(7, int(8 * (value - low) / span))] if high > low else _BARS[3] for value in values)
    shown = f"{format_value(low, unit)} .. {format_value(high, unit)}, last {format_value(values[-1], unit)}"
    few = f" (in {len(values)} of {len(rows)} runs is enough left)" if len(values) < len(rows) else ""
    say(f"{name:<18}  {bars}  {shown}{few}")
    for step in _steps(rows, name):
        before, after = float(str(step["before"])), float(str(step["after"]))
        share = f" ({100 * (after / before - 1):+.1f} %)" if before else ""
        say(f"{'':<18}  changed with {step['run']}: {format_value(before, unit)} -> {format_value(after, unit)}{share}")
