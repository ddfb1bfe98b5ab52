"""``stresstui export``: a run for Prometheus, rules and a dashboard for a scenario."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from stresstui.cli.find_run import find_run
from stresstui.cli.options import PAUSE, report_dir_option
from stresstui.cli.starting.launch import load_scenario
from stresstui.cli.terminal import complete
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.core.model.outcome import ExitCode

if TYPE_CHECKING:
    from stresstui.core.model.scenario import Scenario

_FILE = click.option(
    "--scenario-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The scenario, by file."
)

_FLEET = click.option(
    "--fleet", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="All scenarios of a fleet's inventory, by box.",
)  # fmt: skip


@click.group()
def export() -> None:
    """Give a run to Prometheus and Grafana; 'run --metrics-listen' does so from its start."""


@export.command()
@click.argument("run", required=False, shell_complete=complete.runs)
@click.option("--listen", default="127.0.0.1:9464", show_default=True, metavar="ADDRESS", help="Where it answers.")
@click.option("--linger", type=PAUSE, default="60s", show_default=True, help="How long it still answers after the end.")
@report_dir_option
def metrics(run: str | None, listen: str, linger: float, report_dir: Path) -> None:
    """Answer scrapes of RUN in OpenMetrics at http://ADDRESS/metrics, until it has ended."""
    import asyncio

    run_dir = find_run(run, report_dir, live=False)
    try:
        from stresstui.export.serve import AddressError, parse_address, serve
    except ModuleNotFoundError as error:
        refuse(f"stresstui export: {error.name} is missing; pip install 'stresstui[metrics]'", ExitCode.COULD_NOT_RUN)
    say(f"{run_dir.name} at http://{listen}/metrics")
    sys.stdout.flush()
    try:
        asyncio.run(serve(run_dir, parse_address(listen), linger))
    except AddressError as error:
        refuse(f"stresstui export: {error}", ExitCode.COULD_NOT_RUN)
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)


@export.command("prometheus-rules")
@click.argument("scenario", required=False, shell_complete=complete.scenarios)
@_FILE
@_FLEET
def prometheus_rules(scenario: str | None, scenario_file: Path | None, fleet: Path | None) -> None:
    """Print alerting rules that say what SCENARIO's criteria say; 'promtool check rules' reads them."""
    from stresstui.export.rules import rules_of

    if fleet is not None:
        click.echo(rules_of(*_matrix(fleet), by_box=True), nl=False)
    else:
        click.echo(rules_of(load_scenario(scenario, scenario_file)), nl=False)


@export.command()
@click.argument("scenario", required=False, shell_complete=complete.scenarios)
@_FILE
@_FLEET
def grafana(scenario: str | None, scenario_file: Path | None, fleet: Path | None) -> None:
    """Print a dashboard for SCENARIO, to be imported."""
    from stresstui.export.grafana import dashboard_of, fleet_dashboard

    if fleet is not None:
        found = fleet_dashboard(fleet.stem, _matrix(fleet))
    else:
        found = dashboard_of(load_scenario(scenario, scenario_file))
    click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())


def _matrix(inventory: Path) -> "list[Scenario]":
    """The scenarios of a fleet's matrix; one that only its boxes have is left out, which is said."""
    from stresstui.catalogue import ScenarioError, load, load_file
    from stresstui.fleet.matrix.inventory import InventoryError, read_inventory

    found: list[Scenario] = []
    try:
        names = dict.fromkeys(wanted.scenario for wanted in read_inventory(inventory).run)
    except InventoryError as error:
        refuse(f"stresstui export: {error}")
    for name in names:
        try:
            found.append(load_file(Path(name)) if name.endswith(".toml") else load(name))
        except ScenarioError as error:
            say(f"stresstui export: left out: {error}", err=True)
    return found or refuse(f"stresstui export: {inventory}: no [[run]] names a scenario that is here")
