"""``stresstui prune``: remove old runs."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stresstui.cli.options import DURATION, report_dir_option
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say

if TYPE_CHECKING:
    from stresstui.engine.control.runs import RunInfo


@click.command()
@click.option("--keep", type=click.IntRange(min=0), help="Keep the newest N runs.", metavar="N")
@click.option("--older-than", type=DURATION, help="Remove only what was started longer ago, such as 30d.")
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and remove nothing.")
@report_dir_option
def prune(keep: int | None, older_than: float | None, dry_run: bool, report_dir: Path) -> None:  # noqa: FBT001 - click's
    """Remove recorded runs of a report folder; live ones and archives stay."""
    from stresstui.engine.control.runs import find_runs

    if keep is None and older_than is None:
        refuse("stresstui prune: say what is to go: --keep N, --older-than 30d, or both")
    ended = [info for info in find_runs(report_dir) if not info.live]
    going = [info for info in ended[: len(ended) - (keep or 0)] if _is_older(info, older_than)]
    freed = sum(_remove(info.directory, dry_run=dry_run) for info in going)
    done = "would be removed" if dry_run else "removed"
    say(f"{len(going)} of {len(ended)} runs {done}, {freed / 2**20:.1f} MiB")


def _is_older(info: "RunInfo", seconds: float | None) -> bool:
    if seconds is None:
        return True
    try:
        started = datetime.fromisoformat(info.started)
    except ValueError:
        return False
    return datetime.now(UTC) - started > timedelta(seconds=seconds)


def _remove(directory: Path, *, dry_run: bool) -> int:
    """Remove a run; give its size in bytes."""
    size = sum(path.lstat().st_size for path in directory.rglob("*"))
    say(f"{directory.name}  {size / 2**20:.1f} MiB")
    if not dry_run:
        try:
            shutil.rmtree(directory)
        except OSError as error:
            refuse(f"stresstui: {directory} cannot be removed: {error.strerror}")
    return size
