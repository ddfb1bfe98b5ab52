"""``stresstui ci``: the file that has a CI system run a scenario."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from stresstui.cli.options import DURATION, Decorator
from stresstui.cli.starting.launch import load_scenario
from stresstui.cli.terminal.refuse import refuse

if TYPE_CHECKING:
    from stresstui.ci.plan import Plan

_CRON: Final = re.compile(r"[\d*,/\-]+( [\dA-Za-z*,/\-]+){4}")
_SYSTEM: Final = re.compile(r"[\w.\-]+")


def _job_options(function: Any) -> Any:
    options: tuple[Decorator, ...] = (
        click.option("-s", "--scenario", metavar="NAME", required=True, help="What is run."),
        click.option("--duration", type=DURATION, help="Length of the load  [default: the scenario's]"),
        click.option("--runner", type=click.Choice(["cargo", "lab", "command"]), help="How it is started."),
        click.option("--schedule", metavar="CRON", default="0 0 * * 0", show_default=True, help="When it runs."),
        click.option("--on", "where", metavar="LABEL", default="", help="Machine that runs it, by its label."),
        click.option("--install", metavar="COMMAND", default="pip install 'stresstui[lab]'", show_default=True,
                     help="How the program gets there."),
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


@click.group()
def ci() -> None:
    """Print a file that has a CI system run a scenario: on schedule or by hand, headless, its record kept.

    Under GitHub Actions and GitLab CI a headless run folds its log; on GitHub it also writes the job's summary and one
    annotation for each criterion that failed.
    """


@ci.command()
@_job_options
@click.option("--series", is_flag=True, help="Cut what is too long for a hosted machine into runs that fit.")
def github(*, series: bool, **options: Any) -> None:
    """Print a workflow for .github/workflows/."""
    from stresstui.ci.github import workflow_of
    from stresstui.ci.plan import cut

    plan = _plan(**options)
    click.echo(workflow_of(cut(plan) if series and plan.too_long_for_hosted else plan), nl=False)


@ci.command()
@_job_options
def gitlab(**options: Any) -> None:
    """Print a job for .gitlab-ci.yml."""
    from stresstui.ci.gitlab import job_of

    click.echo(job_of(_plan(**options)), nl=False)


def _plan(
    *, scenario: str, duration: float | None, runner: str | None, schedule: str, where: str, install: str
) -> "Plan":
    from stresstui.ci.plan import USUAL_S, Plan

    if not _CRON.fullmatch(schedule):
        refuse(f"stresstui ci: --schedule {schedule!r} is no cron line; write five fields, such as '0 0 * * 0'")
    file = Path(scenario) if scenario.endswith(".toml") else None
    found = load_scenario(None if file else scenario, file)
    if not _SYSTEM.fullmatch(found.name):
        refuse(f"stresstui ci: the name {found.name!r} cannot stand in a shell command; rename the scenario")
    return Plan(
        scenario=found, runner=runner or "", duration=duration or found.duration or USUAL_S,
        explicit=duration is not None or found.duration is None, schedule=schedule, install=install, where=where,
    )  # fmt: skip
