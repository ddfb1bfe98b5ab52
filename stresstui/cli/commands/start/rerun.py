"""``stresstui rerun``: a recorded run once more."""

import os
import resource
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from stresstui.cli.find_run import find_run
from stresstui.cli.options import PlanOptions, report_dir_option, shared_option, show_options
from stresstui.cli.starting.launch import launch
from stresstui.cli.starting.secrets import with_secrets
from stresstui.cli.terminal import complete
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.core.model.errors import UNREADABLE

if TYPE_CHECKING:
    from stresstui.engine.launch.request import RunRequest


@click.command()
@click.argument("run", required=False, shell_complete=complete.runs)
@report_dir_option
@shared_option
@show_options
@click.option("--detach", is_flag=True, help="Start the run and return at once.")
def rerun(run: str | None, report_dir: Path, **options: Any) -> None:
    """Run again what RUN ran: scenario, command, lengths, folder and resource limits are those of its record."""
    from stresstui.engine.launch.request import load_request

    run_dir = find_run(run, report_dir, live=False)
    try:
        request = load_request(run_dir)
    except (OSError, *UNREADABLE) as error:
        refuse(f"stresstui: {run_dir.name} cannot be run again, its run.json cannot be read: {error}")
    request = with_secrets(request)
    report_dir = report_dir.absolute()
    _go_there(request.cwd)
    for name, (soft, _) in request.limits.items():
        _limit(name, soft)
    fresh = _unmade(request, f"run again as {run_dir.name}")
    launch(fresh, PlanOptions(report_dir=report_dir, **options))


def _unmade(request: "RunRequest", why: str) -> "RunRequest":
    """The request without what is known only when a run is started."""
    return msgspec.structs.replace(request, run="", requested="", why=why, limits={}, versions={}, revision=None)


def _go_there(cwd: str) -> None:
    try:
        os.chdir(cwd or ".")
    except OSError as error:
        refuse(f"stresstui: the folder that it ran in cannot be used: {cwd}: {error.strerror}")


def _limit(name: str, soft: int) -> None:
    """Set a resource limit as it was; one that is not allowed here is said and stays."""
    number = getattr(resource, name, None)
    if number is None:
        return
    now, hard = resource.getrlimit(number)
    wanted = resource.RLIM_INFINITY if soft == -1 else soft
    if wanted == now:
        return
    try:
        resource.setrlimit(number, (wanted, hard))
    except (ValueError, OSError):
        say(f"stresstui: {name} was {soft} then and is {now} now, which cannot be changed here", err=True)
