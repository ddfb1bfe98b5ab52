"""``stresstui archive``: a run in one file."""

import shutil
from pathlib import Path

import click

from stresstui.cli.find_run import find_run
from stresstui.cli.options import report_dir_option
from stresstui.cli.terminal import complete
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("run", required=False, shell_complete=complete.runs)
@click.option("-o", "--output", type=_FILE, help="The file  [default: RUN.tar.zst]")
@click.option("--remove", is_flag=True, help="Remove the run's folder once the archive is written.")
@report_dir_option
def archive(run: str | None, output: Path | None, remove: bool, report_dir: Path) -> None:  # noqa: FBT001 - click's
    """Put RUN into one .tar.zst file, which attach, judge and runs read as they read its folder."""
    from stresstui.engine.control.archives import SUFFIX, pack
    from stresstui.engine.control.runs import describe_run

    run_dir = find_run(run, report_dir, live=False)
    info = describe_run(run_dir)
    if info is None:
        refuse(f"stresstui: {run_dir} holds no run")
    if info.live:
        refuse(f"stresstui: {run_dir.name} is still on; stop it first, or wait for its end")
    path = output or run_dir.with_name(run_dir.name + SUFFIX)
    try:
        size = pack(info, path)
        if remove:
            shutil.rmtree(run_dir)
    except OSError as error:
        refuse(f"stresstui: {path} cannot be written: {error.strerror or error}")
    say(f"{path}  {size / 2**20:.2f} MiB")
