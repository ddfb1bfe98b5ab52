"""``stresstui attach``, ``stop``, ``note`` and ``runs``: come back to runs that are on, or look at ended ones."""

import sys
from pathlib import Path
from typing import Any

import click

from stresstui.cli.options import ShowOptions, report_dir_option, show_options
from stresstui.cli.refuse import refuse
from stresstui.cli.show import check_theme, show

_RUN = click.argument("run", required=False)


def find_run(run: str | None, report_dir: Path, *, live: bool) -> Path:
    """Find the directory of a run by name or path; without either the newest live one, or the newest of all."""
    from stresstui.engine.control import client

    if run is not None:
        for candidate in (Path(run), report_dir / run):
            if (candidate / "journal.jsonl").is_file():
                return candidate.resolve()
        refuse(f"stresstui: no run '{run}' in {report_dir}; 'stresstui runs' lists them")
    found = client.find_runs(report_dir)
    alive = [info for info in found if info.live]
    if live and len(alive) > 1:
        names = ", ".join(info.name for info in alive)
        refuse(f"stresstui: {len(alive)} runs are on, name one: {names}")
    chosen = alive or ([] if live else found)
    if not chosen:
        what = "run is on" if live else "run has been recorded"
        refuse(f"stresstui: no {what} in {report_dir}; another --report-dir?")
    return chosen[-1].directory


@click.command()
@_RUN
@report_dir_option
@show_options
def attach(run: str | None, report_dir: Path, **options: Any) -> None:
    """Show RUN from its start and follow it; without RUN the one that is on, else the newest."""
    how = ShowOptions(**options)
    check_theme(how)
    sys.exit(show(find_run(run, report_dir, live=False), how, owns=False))


@click.command()
@_RUN
@report_dir_option
@click.option("--reason", default="", help="Why; recorded with the run.")
def stop(run: str | None, report_dir: Path, reason: str) -> None:
    """Stop RUN (without RUN the one that is on) cleanly; it is judged as aborted."""
    from stresstui.engine.control import client

    run_dir = find_run(run, report_dir, live=True)
    try:
        client.stop(run_dir, by="user", reason=reason)
    except OSError as error:
        refuse(f"stresstui: {run_dir.name} cannot be stopped, its supervisor does not answer: {error}")
    click.echo(f"{run_dir.name} is stopping")


@click.command()
@click.argument("text")
@click.option("--run", metavar="RUN", help="The run  [default: the one that is on]")
@report_dir_option
def note(text: str, run: str | None, report_dir: Path) -> None:
    """Write TEXT into the journal of the run that is on."""
    import getpass

    from stresstui.engine.control import client

    run_dir = find_run(run, report_dir, live=True)
    try:
        client.note(run_dir, text, by=getpass.getuser())
    except OSError as error:
        refuse(f"stresstui: {run_dir.name} takes no notes, its supervisor does not answer: {error}")
    click.echo(f"noted in {run_dir.name}")


@click.command()
@report_dir_option
def runs(report_dir: Path) -> None:
    """List the recorded runs, the newest last."""
    from stresstui.engine.control import client

    found = client.find_runs(report_dir)
    if not found:
        click.echo(f"no runs in {report_dir}")
    for info in found:
        state = "running" if info.live else info.outcome or "died"
        click.echo(f"{info.name:<44}  {state:<13}  {info.started}")
