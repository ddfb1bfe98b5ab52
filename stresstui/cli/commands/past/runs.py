"""``stresstui runs``: the runs there are, and how they came out."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import msgspec

from stresstui.cli.options import report_dir_option
from stresstui.cli.terminal.say import say

if TYPE_CHECKING:
    from stresstui.engine.control.runs import RunInfo

_REASON: Final = 100


@click.command()
@report_dir_option
@click.option("--all", "everywhere", is_flag=True, help="All that are known, wherever they are.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def runs(report_dir: Path, everywhere: bool, as_json: bool) -> None:  # noqa: FBT001 - click's
    """List the recorded runs, the newest last; where the folder has none, all that are known."""
    found = _found(report_dir, everywhere=everywhere)
    _tell_damaged(report_dir)
    if as_json:
        say(msgspec.json.encode([_for_programs(info) for info in found]).decode())
        return
    if not found:
        say(f"no runs in {report_dir}")
    width = max((len(info.name) for info in found), default=0)
    for info in found:
        say(_row(info, width))


def _tell_damaged(report_dir: Path) -> None:
    from stresstui.engine.control.runs import damaged_runs

    for folder in damaged_runs(report_dir):
        say(f"not listed: {folder}: its run.json cannot be read; 'stresstui judge' goes by its journal", err=True)


def _found(report_dir: Path, *, everywhere: bool) -> "list[RunInfo]":
    from stresstui.engine.control.runs import find_runs, known_runs

    folders = find_runs(report_dir)
    kept = {(info.name, info.started) for info in folders}
    here = [*folders, *(info for info in _archives(report_dir) if (info.name, info.started) not in kept)]
    here.sort(key=lambda info: (info.started, info.name))
    if here and not everywhere:
        return here
    there = {info.directory.resolve(): info for info in (*here, *known_runs())}
    return sorted(there.values(), key=lambda info: (info.started, info.name))


def _archives(report_dir: Path) -> "list[RunInfo]":
    paths = sorted(report_dir.glob("*.tar.zst"))
    if not paths:
        return []
    from stresstui.engine.control.archives import archived

    return [info for path in paths if (info := archived(path)) is not None]


def _for_programs(info: "RunInfo") -> dict[str, object]:
    plain = msgspec.structs.asdict(info)
    return plain | {"directory": str(info.directory), "state": str(info.state)}


def _row(info: "RunInfo", width: int) -> str:
    from stresstui.core.model.units import format_duration

    outcome = info.outcome or {"live": "running"}.get(info.state, str(info.state))
    lasted = "-" if info.duration_s is None else format_duration(info.duration_s)
    cells = f"{info.name:<{width}}  {outcome:<12}  {lasted:>10}  {info.scenario:<20}  {info.started}"
    owner = "" if info.owner is None else f"  of another user (uid {info.owner})"
    return f"{cells}{owner}  {info.reason[:_REASON]}".rstrip()
