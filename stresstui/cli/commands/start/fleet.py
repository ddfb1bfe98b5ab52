"""``stresstui fleet``: the runs of several boxes, one verdict."""

import getpass
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

from stresstui.cli.starting.boxes import CLUSTER, read_boxes, with_boxes, with_cluster
from stresstui.cli.starting.following import follow, loaded
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.core.model.outcome import ExitCode
from stresstui.core.text.columns import columns

if TYPE_CHECKING:
    from stresstui.fleet.controller import Controller
    from stresstui.fleet.matrix.inventory import Inventory, Wanted

_FOLDER: Final = Path("reports/fleet")
_CLOCKS_S: Final = 2.0
"""Seconds between two boxes' clocks, or a box's and this one's, that are told."""

inventory_option = click.option(
    "-f", "--file", "path", type=click.Path(dir_okay=False, path_type=Path), default=Path("fleet.toml"),
    show_default=True, help="The inventory.",
)  # fmt: skip
headless_option = click.option("--headless", is_flag=True, help="Print lines instead of the screen.")
folder_option = click.option(
    "--fleet-dir", type=click.Path(file_okay=False, path_type=Path), default=_FOLDER, show_default=True,
    help="Where runs of the fleet are recorded.",
)  # fmt: skip


@click.group()
def fleet() -> None:
    """Run scenarios on several boxes over SSH and judge them together: 'stresstui help fleet'."""
    _require_dask()


@fleet.command()
@inventory_option
@with_cluster
@click.option("--scenario", default="", help="The scenario that is planned.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(path: Path, scenario: str, as_json: bool, **cluster: Any) -> None:  # noqa: FBT001 - click's
    """Look at every box at once: versions, clocks, and what its doctor finds."""
    from stresstui.fleet.reach.health import compare, lines, looked

    inventory = read_boxes(path, cluster)
    found = with_boxes(inventory, lambda boxes: looked(boxes, inventory, scenario))
    troubles = compare(found, _CLOCKS_S)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode({"boxes": found, "troubles": troubles})).decode())
    else:
        for line in (*lines(found), *troubles):
            say(line)
    sys.exit(ExitCode.INCONCLUSIVE if troubles else ExitCode.PASSED)


class RunOfBoxes(click.Command):
    """A command whose ``--clients`` takes every name up to the next option; what ``run`` knows stands behind ``--``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Say the option once more before each name behind the first."""
        found: list[str] = []
        listing = False
        for place, word in enumerate(args):
            if word == "--":
                found += args[place:]
                break
            first = listing and args[place - 1] == "--clients"
            listing = word == "--clients" or (listing and not word.startswith("-"))
            found += ["--clients", word] if listing and not first and word != "--clients" else [word]
        try:
            return super().parse_args(ctx, found)
        except click.NoSuchOption as error:
            _tell_of_dashes(error.option_name, ctx)
            raise


def _tell_of_dashes(option: str, ctx: click.Context) -> None:
    """Raise UsageError with the mend where ``stresstui run`` has that option."""
    from stresstui.cli.commands.start.run import run as run_command

    if any(option in one.opts for one in run_command.params):
        mend = f"put it behind --, as in 'stresstui fleet run -- {option}'"
        raise click.UsageError(f"{option} is an option of 'stresstui run': {mend}", ctx) from None


@fleet.command(cls=RunOfBoxes)
@inventory_option
@with_cluster
@folder_option
@click.option("--scenario", help="One scenario on every box, in place of the inventory's matrix.")
@click.option("--duration", default="", help="Its length, or that of every run of the matrix.")
@click.option("--server", default="", metavar="BOX", help="Only this box has the servers of the scenario, ...")
@click.option("--clients", multiple=True, metavar="BOX...", help="... and these load them together.")
@click.option("--lost-after", type=float, default=3600.0, show_default=True, help="Seconds until a silent box is lost.")
@click.option("--detach", is_flag=True, help="Return when all have begun.")
@headless_option
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def run(path: Path, fleet_dir: Path, lost_after: float, **more: Any) -> None:
    """Begin the matrix of the inventory, or one scenario on every box; OPTIONS behind -- go to each 'stresstui run'.

    Every run is owned by its box: leaving this command, or losing it, ends none of them; 'stresstui fleet attach' goes
    on. The exit code is the verdict of all.
    """
    from stresstui.fleet.matrix.inventory import InventoryError
    from stresstui.fleet.matrix.plan import assign
    from stresstui.fleet.record import FleetRecord, FleetRun, new_folder, save

    detach, headless = more.pop("detach"), more.pop("headless")
    inventory = read_boxes(path, {key: more.pop(key) for key in CLUSTER})
    inventory = msgspec.structs.replace(inventory, run=_wanted(inventory, **more))
    try:
        plan = assign(inventory)
    except InventoryError as error:
        refuse(f"stresstui fleet: {path}: {error}")
    if not plan:
        refuse(f"stresstui fleet: {path} has no [[run]]; add one, or name a --scenario")
    runs = [FleetRun(box=one.box, wanted=one.wanted, part=one.part, load=one.load) for one in plan]
    try:
        folder = new_folder(fleet_dir)
        record = FleetRecord(
            name=folder.name,
            inventory=inventory,
            runs=runs,
        )
        save(record, folder)
    except OSError as error:
        refuse(f"stresstui fleet: {fleet_dir} cannot be written: {error.strerror or error}")
    say(f"{record.name}: {len(record.runs)} runs on {len({one.box for one in plan})} boxes, recorded in {folder}")
    follow(folder, lost_after, detach=detach, headless=headless or detach or not _has_screen())


def _wanted(
    inventory: "Inventory", *, scenario: str | None, duration: str, options: tuple[str, ...], server: str,
    clients: tuple[str, ...],
) -> "tuple[Wanted, ...]":  # fmt: skip
    """The matrix, its runs with that length and those options too; or the one scenario."""
    from stresstui.fleet.matrix.inventory import Wanted

    if scenario is not None:
        named = tuple(name for names in clients for name in names.split(",") if name)
        return (Wanted(scenario=scenario, duration=duration, options=options, server=server, clients=named),)
    if server or clients:
        refuse("stresstui fleet: --server and --clients carry out one scenario; name it with --scenario")
    return tuple(
        msgspec.structs.replace(one, duration=duration or one.duration, options=(*one.options, *options))
        for one in inventory.run
    )


@fleet.command()
@click.argument("name", required=False)
@folder_option
@headless_option
@click.option("--lost-after", type=float, default=3600.0, show_default=True, help="Seconds until a silent box is lost.")
def attach(name: str | None, fleet_dir: Path, headless: bool, lost_after: float) -> None:  # noqa: FBT001 - click's
    """Follow a run of the fleet again, from where it was; without NAME the newest."""
    follow(_found(name, fleet_dir), lost_after, detach=False, headless=headless or not _has_screen())


@fleet.command()
@click.argument("name", required=False)
@folder_option
def runs(name: str | None, fleet_dir: Path) -> None:
    """Show the runs of a fleet as they were last known here; asks no box."""
    from stresstui.fleet.joint import joints_of
    from stresstui.fleet.mirror import known
    from stresstui.fleet.table import lines

    folder = _found(name, fleet_dir)
    record = loaded(folder)
    found = {index: known(folder / one.box / one.name) for index, one in enumerate(record.runs) if one.directory}
    states = {index: state for index, state in found.items() if state is not None}
    for line in lines(record.runs, states, joints_of(record.runs, states)):
        say(line)


@fleet.command()
@click.argument("name", required=False)
@folder_option
def stop(name: str | None, fleet_dir: Path) -> None:
    """End every run of a fleet in good order; those that were not begun are not."""
    _tell(_found(name, fleet_dir), "stopping", lambda controller: controller.stop(f"fleet of {getpass.getuser()}"))


@fleet.command()
@click.argument("text")
@click.option("--name", help="Which run of the fleet  [default: the newest]")
@folder_option
def note(text: str, name: str | None, fleet_dir: Path) -> None:
    """Write a note into every run of a fleet that is on."""
    _tell(_found(name, fleet_dir), "noted in", lambda controller: controller.note(text, getpass.getuser()))


@fleet.command()
@click.argument("query")
@click.option("--name", help="Which run of the fleet  [default: all that are recorded]")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a row.")
@folder_option
def query(query: str, name: str | None, fleet_dir: Path, as_json: bool) -> None:  # noqa: FBT001 - click's
    """Ask over runs and boxes in SQL: tables runs, metrics and samples; 'stresstui help fleet' has their columns."""
    from stresstui.fleet.dataset import QueryError, ask, tables_of

    folders = _all_or_one(name, fleet_dir)
    try:
        names, rows = ask(tables_of(folders), query)
    except ImportError as error:
        missing = f"stresstui fleet: {error.name} is not installed; pip install 'stresstui[fleet]'"
        refuse(missing, ExitCode.COULD_NOT_RUN)
    except (QueryError, ValueError, OSError) as error:
        refuse(f"stresstui fleet query: {error}")
    if as_json:
        for row in rows:
            click.echo(msgspec.json.encode(dict(zip(names, row, strict=True)), enc_hook=str).decode())
        return
    for line in columns([names, *([_shown(cell) for cell in row] for row in rows)]):
        say(line)


def _shown(cell: Any) -> str:
    return "-" if cell is None else f"{cell:.6g}" if isinstance(cell, float) else str(cell)


@fleet.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", help="Which run of the fleet  [default: all that are recorded]")
@folder_option
def parquet(folder: Path, name: str | None, fleet_dir: Path) -> None:
    """Write the tables of 'query' as Parquet files into FOLDER."""
    from stresstui.fleet.dataset import tables_of, write_parquet

    folders = _all_or_one(name, fleet_dir)
    try:
        for path in write_parquet(tables_of(folders), folder):
            say(str(path))
    except ImportError as error:
        missing = f"stresstui fleet: {error.name} is not installed; pip install 'stresstui[fleet]'"
        refuse(missing, ExitCode.COULD_NOT_RUN)
    except (OSError, ValueError) as error:
        refuse(f"stresstui fleet parquet: {error}")


def _all_or_one(name: str | None, fleet_dir: Path) -> list[Path]:
    """The fleet of that name, else all that are recorded; ends the program where there is none."""
    folders = sorted(path.parent for path in fleet_dir.glob("*/fleet.json")) if name is None else []
    return folders or [_found(name, fleet_dir)]


def _has_screen() -> bool:
    from stresstui.cli.options import ShowOptions
    from stresstui.cli.show import wants_screen

    return wants_screen(ShowOptions())


def _require_dask() -> None:
    try:
        import asyncssh

        from stresstui.fleet.reach.worker import silence
    except ImportError as error:
        missing = f"stresstui fleet: {error.name} is not installed; pip install 'stresstui[fleet]'"
        refuse(missing, ExitCode.COULD_NOT_RUN)
    silence()
    del asyncssh


def _found(name: str | None, fleet_dir: Path) -> Path:
    from stresstui.fleet.record import newest

    folder = newest(fleet_dir) if name is None else fleet_dir / name
    if folder is None or not (folder / "fleet.json").is_file():
        missing = f"no run of a fleet is in {fleet_dir}" if name is None else f"{name} is not in {fleet_dir}"
        refuse(f"stresstui fleet: {missing}; --fleet-dir says where they are")
    return folder


def _tell(folder: Path, done: str, action: "Callable[[Controller], Coroutine[Any, Any, dict[str, str]]]") -> None:
    from stresstui.fleet.controller import Controller

    record = loaded(folder)
    on = sum(not run.over for run in record.runs)
    if not on:
        refuse(f"stresstui fleet: every run of {folder.name} is over; 'stresstui fleet runs' shows how they came out")
    wrong = with_boxes(record.inventory, lambda boxes: action(Controller(record, folder, boxes, lambda _: None)))
    for box, why in wrong.items():
        say(f"{box}: {why}", err=True)
    if not wrong:
        say(f"{folder.name}: {done} {on} run{'s' if on > 1 else ''}")
    sys.exit(ExitCode.COULD_NOT_RUN if wrong else ExitCode.PASSED)
