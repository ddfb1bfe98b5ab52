"""``stresstui logs``: what a run's workload prints."""

import sys
import time
from pathlib import Path
from typing import BinaryIO, Final

import click

from stresstui.cli.find_run import find_run
from stresstui.cli.options import report_dir_option
from stresstui.cli.terminal import complete
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.cli.terminal.streams import reader_has_gone
from stresstui.files import open_plain
from stresstui.folder import OUTPUT

_LOOK_S: Final = 0.25


@click.command()
@click.argument("run", required=False, shell_complete=complete.runs)
@click.option("-f", "--follow", "goes_on", is_flag=True, help="Go on with what comes, until the run ends.")
@report_dir_option
def logs(run: str | None, goes_on: bool, report_dir: Path) -> None:  # noqa: FBT001 - click's
    """Print the output of RUN's workload, escape sequences taken out; without RUN of the one that is on."""
    run_dir = find_run(run, report_dir, live=False)
    try:
        with open_plain(run_dir / OUTPUT) as file:
            _print_all(file)
            if goes_on:
                _go_on(file, run_dir)
    except FileNotFoundError:
        refuse(f"stresstui: {run_dir.name} has no {OUTPUT}: its workload was never started")


def _print_all(file: BinaryIO) -> None:
    from stresstui.engine.output.line import clean

    for line in file:
        say(clean(line.rstrip(b"\n")))
    sys.stdout.flush()


def _go_on(file: BinaryIO, run_dir: Path) -> None:
    from stresstui.engine.process.pidfile import SupervisorWatch

    supervisor = SupervisorWatch(run_dir)
    while supervisor.lives() and not reader_has_gone():
        _print_all(file)
        time.sleep(_LOOK_S)
    _print_all(file)
