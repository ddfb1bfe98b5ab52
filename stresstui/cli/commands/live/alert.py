"""``stresstui alert``: who is told of what, and whether it arrives."""

import sys
from typing import TYPE_CHECKING

import click

from stresstui.cli.config import config_path
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.core.model.outcome import ExitCode

if TYPE_CHECKING:
    from stresstui.alerts.settings import Alert


@click.group()
def alert() -> None:
    """Who is told of breaches, recoveries, the end and the loss of runs: the [[alerts]] of config.toml."""


@alert.command("list")
def list_alerts() -> None:
    """List the receivers, without the secrets in their addresses."""
    for one in _read():
        way = (
            "url"
            if one.url
            else "apprise"
            if one.apprise
            else "desktop"
            if one.desktop
            else f"command {one.command[0]}"
        )
        whose = f" of {', '.join(one.scenarios)}" if one.scenarios else ""
        say(f"{one.name:<20}  {way:<20}  {', '.join(one.on)}{whose}")


@alert.command()
@click.argument("name", required=False)
def test(name: str | None) -> None:
    """Send a test message to NAME, or to all, and say whether it arrived; exit code 1 where one did not."""
    from stresstui.alerts.channels import DeliveryError, deliver
    from stresstui.alerts.message import Kind, Message

    alerts = [one for one in _read() if name in (None, one.name)]
    if not alerts:
        refuse(f"stresstui alert: no receiver '{name}'; 'stresstui alert list' shows them")
    message = Message(
        kind=Kind.TEST, run="test", scenario="test", title="stresstui: test",
        text="This is what an alert of stresstui looks like.",
    )  # fmt: skip
    failed = 0
    for one in alerts:
        try:
            deliver(one, message)
        except DeliveryError as error:
            failed += 1
            say(f"✗ {one.name}: {error}")
        else:
            say(f"✓ {one.name}: sent")
    sys.exit(ExitCode.FAILED if failed else ExitCode.PASSED)


def _read() -> "list[Alert]":
    from stresstui.alerts.settings import AlertError, read_alerts

    path = config_path()
    try:
        alerts = read_alerts(path)
    except AlertError as error:
        refuse(f"stresstui alert: {error}")
    if not alerts:
        refuse(f"stresstui alert: {path} has no [[alerts]]; 'stresstui help alerts' shows how to write them")
    return alerts
