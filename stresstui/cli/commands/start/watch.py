"""``stresstui watch``: what is already running."""

from typing import Any

import click
import msgspec

from stresstui.cli.options import PlanOptions, plan_options
from stresstui.cli.starting.launch import launch, make_request
from stresstui.cli.terminal.refuse import refuse


@click.command()
@click.option("--pid", "pids", type=click.IntRange(min=1), multiple=True, help="Process to watch; may be repeated.")
@click.option(
    "--name",
    "pattern",
    metavar="PATTERN",
    help="Watch every program whose name matches; where none does, what has it in its arguments.",
)
@plan_options
def watch(pids: tuple[int, ...], pattern: str | None, **options: Any) -> None:
    """Watch processes that are already running, with their descendants, and judge them.

    The run ends with the last of them, after --duration, or when you stop it.
    """
    from stresstui.catalogue import default_scenario
    from stresstui.core.model.scenario import RunnerKind

    if bool(pids) == bool(pattern):
        refuse("stresstui watch: give --pid N or --name PATTERN")
    scenario = msgspec.structs.replace(default_scenario(), name="watch")
    why = f"watching {_found(pids, pattern)}"
    plan = PlanOptions(**options)
    launch(make_request(scenario, RunnerKind.PID, why, plan, pids=pids, pattern=pattern), plan)


def _found(pids: tuple[int, ...], pattern: str | None) -> str:
    """Say which processes these are now; the supervisor looks again by itself."""
    import re

    from stresstui.engine.process.attached import Watched

    try:
        watched = Watched(pids, pattern)
    except re.error as error:
        refuse(f"stresstui watch: --name '{pattern}' is not a regular expression: {error}")
    watched.rescan()
    return watched.describe()
