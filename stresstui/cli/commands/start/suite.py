"""``stresstui suite``: several scenarios in sequence, one verdict."""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from stresstui.cli.options import RunOptions, plan_options
from stresstui.cli.show import check_theme, show
from stresstui.cli.starting.launch import choose, held_signals, load_scenario, make_request, start
from stresstui.cli.suite.choice import SuiteError, scenarios_of, with_features
from stresstui.cli.suite.files import table, write_files
from stresstui.cli.suite.step import NOT_RUN, Step, combined, ended_step, ends_suite
from stresstui.cli.terminal.refuse import refuse
from stresstui.core.model.outcome import ExitCode


@click.command()
@click.argument("name", metavar="SUITE")
@click.option("--runner", type=click.Choice(["cargo", "lab", "command"]), help="How to start the workloads.")
@click.option(
    "--workspace", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Cargo workspace of the tests."
)
@plan_options
def suite(name: str, **options: Any) -> None:
    """Run the scenarios of SUITE one after the other: short, medium, long, endurance, all, or a TOML file.

    A file says scenarios = ["NAME", "mine.toml", ...]. SB_STRESS_FEATURES replaces the features of cargo tests;
    SB_STRESS_FULL_ENDURANCE=1 makes 'endurance' the test of 24 hours.
    """
    given = RunOptions(**options)
    if given.detach or given.repeat is not None or given.until_fail or given.bisect:
        refuse(
            "stresstui suite: --detach, --repeat, --until-fail and --bisect are for one scenario; use 'stresstui run'"
        )
    check_theme(given)
    try:
        names = scenarios_of(name, os.environ)
    except SuiteError as error:
        refuse(f"stresstui suite: {error}")
    for scenario in names:  # a mistake in the last is told before the first has run
        load_scenario(scenario, None)
    _end(Path(name).stem, list(_steps(names, given)), given)


def _steps(names: tuple[str, ...], options: RunOptions) -> Iterator[Step]:
    ended = False
    for number, name in enumerate(names, 1):
        if ended:
            yield Step(scenario=Path(name).stem, outcome=NOT_RUN, reasons=["the suite was ended before"])
            continue
        click.echo(f"scenario {number} of {len(names)}: {Path(name).stem}")
        step = _run(name, options)
        ended = ends_suite(step)
        yield step


def _run(name: str, options: RunOptions) -> Step:
    """Run a scenario; one that cannot be started does not keep the others from theirs."""
    scenario = with_features(load_scenario(name, None), os.environ)
    name = scenario.name
    try:
        choice = choose(scenario, options)
        workspace = str(options.workspace) if options.workspace else None
        request = make_request(choice.scenario, choice.runner, choice.why, options, workspace=workspace)
        with held_signals() as asked:
            run_dir = start(request, options)
    except KeyboardInterrupt:  # between two runs
        return Step(scenario=name, outcome="aborted", code=ExitCode.INTERRUPTED, reasons=["interrupted before it ran"])
    except SystemExit as refused:
        return Step(
            scenario=name, outcome="could not run", code=int(refused.code or 0), reasons=["it could not be started"]
        )
    return ended_step(name, run_dir, show(run_dir, options, owns=True, asked=asked[0] if asked else ""))


def _end(name: str, steps: list[Step], options: RunOptions) -> None:
    code = combined(steps)
    verdict = "aborted" if code in (ExitCode.INTERRUPTED, ExitCode.TERMINATED) else code.name.lower().replace("_", " ")
    click.echo(f"\nsuite {name}: {verdict.upper()}")
    for line in table(steps):
        click.echo(f"  {line}")
    stamp = f"{datetime.now(UTC).astimezone():%Y%m%d_%H%M%S}"
    try:
        written = write_files(options.report_dir, name, stamp, steps, verdict)
    except OSError as error:
        refuse(f"stresstui suite: {options.report_dir} cannot be written: {error.strerror or error}", code or 4)
    click.echo("\n".join(f"written: {path}" for path in written))
    sys.exit(code)
