"""``stresstui baseline``: the runs that later ones are compared with."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from stresstui.cli.options import report_dir_option
from stresstui.cli.runs_of import numbers
from stresstui.cli.terminal import complete
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.core.model.outcome import ExitCode

if TYPE_CHECKING:
    from stresstui.compare.baseline import Baseline


@click.group()
def baseline() -> None:
    """The runs with which later ones of the same scenario are compared, by themselves when they end.

    It is kept in baselines/SCENARIO.json of the report folder, which holds the numbers: it can be committed, and the
    runs themselves may go.
    """


@baseline.command("set")
@click.argument("scenario", shell_complete=complete.scenarios)
@click.argument("runs", nargs=-1)
@report_dir_option
def set_baseline(scenario: str, runs: tuple[str, ...], report_dir: Path) -> None:
    """Take RUNS as the baseline of SCENARIO (without RUNS the newest of it that passed); several tell more than one."""
    from stresstui.compare.baseline import SCHEMA, Baseline, write

    found = [numbers(run, report_dir) for run in runs or (_newest(scenario, report_dir),)]
    for one in found:
        if one.scenario != scenario:
            refuse(f"stresstui baseline: {one.run} is a run of {one.scenario}, not of {scenario}")
        if not any(one.phases.values()):
            refuse(f"stresstui baseline: {one.run} has too few values in its soak to compare anything with")
        if one.outcome != "passed":
            say(f"note: {one.run} is not a run that passed ({one.outcome or 'not ended'})", err=True)
    try:
        path = write(report_dir, Baseline(SCHEMA, scenario, found))
    except OSError as error:
        refuse(f"stresstui baseline: {error.filename or report_dir}: {error.strerror}", ExitCode.COULD_NOT_RUN)
    say(f"{path}: {', '.join(one.run for one in found)}")


def _newest(scenario: str, report_dir: Path) -> str:
    from stresstui.engine.control.runs import find_runs

    known = [info for info in find_runs(report_dir) if info.scenario == scenario and not info.live]
    passed = [info for info in known if info.outcome == "passed"]
    if not passed:
        more = f"; {known[-1].name} ended {known[-1].outcome or 'lost'}, name it if it is good" if known else ""
        refuse(f"stresstui baseline: no run of {scenario} in {report_dir} has passed{more}")
    return str(passed[-1].directory)


@baseline.command()
@click.argument("scenario", shell_complete=complete.scenarios)
@report_dir_option
def show(scenario: str, report_dir: Path) -> None:
    """Say which runs are the baseline of SCENARIO, and their numbers."""
    from statistics import fmean

    from stresstui.core.model.units import format_value

    found = _read(scenario, report_dir)
    if found is None:
        refuse(f"stresstui baseline: {scenario} has none in {report_dir}; 'stresstui baseline set {scenario}' sets it")
    for run in found.runs:
        say(f"{run.run}  {run.outcome or 'not ended'}, {run.runner}")
        for phase, metrics in run.phases.items():
            for name, one in metrics.items():
                say(f"  {phase}  {name:<28}  {format_value(fmean(one.values), one.unit):>12}  {len(one.values)} values")


@baseline.command()
@click.argument("scenario", shell_complete=complete.scenarios)
@report_dir_option
def clear(scenario: str, report_dir: Path) -> None:
    """Forget the baseline of SCENARIO."""
    from stresstui.compare.baseline import path_of

    path = path_of(report_dir, scenario)
    try:
        path.unlink()
    except FileNotFoundError:
        refuse(f"stresstui baseline: {scenario} has none in {report_dir}")
    except OSError as error:
        refuse(f"stresstui baseline: {path}: {error.strerror}", ExitCode.COULD_NOT_RUN)
    say(f"{path} removed")


def _read(scenario: str, report_dir: Path) -> "Baseline | None":
    from stresstui.compare.baseline import BaselineError, read

    try:
        return read(report_dir, scenario)
    except BaselineError as error:
        refuse(f"stresstui baseline: {error}")
