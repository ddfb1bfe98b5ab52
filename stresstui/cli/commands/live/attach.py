"""``stresstui attach``: come back to a run that is on, or look at one that has ended."""

import sys
from pathlib import Path
from typing import Any

import click

from stresstui.cli.find_run import find_run
from stresstui.cli.options import ShowOptions, report_dir_option, show_options
from stresstui.cli.show import check_theme, show
from stresstui.cli.terminal import complete


@click.command()
@click.argument("run", required=False, shell_complete=complete.runs)
@report_dir_option
@show_options
@click.option("--read-only", is_flag=True, help="Only look: no note, no stop from this screen.")
def attach(run: str | None, report_dir: Path, **options: Any) -> None:
    """Show RUN from its start and follow it; without RUN the one that is on, else the newest.

    RUN is a name, the beginning of one, a directory or an archive. Any number of viewers may look at a run; leaving
    one, or ending it by a signal, never ends the run.
    """
    how = ShowOptions(**options)
    check_theme(how)
    sys.exit(show(find_run(run, report_dir, live=False), how, owns=False))
