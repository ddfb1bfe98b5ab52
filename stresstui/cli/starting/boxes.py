"""The boxes of a fleet, of an inventory's file and the options that name a cluster."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click
import msgspec

from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say

if TYPE_CHECKING:
    from stresstui.fleet.matrix.inventory import Dask, Inventory
    from stresstui.fleet.reach.boxes import Boxes

CLUSTER: Final = ("scheduler", "ca", "cert", "key")
"""The options that name a cluster, by their parameters."""
_FILE: Final = click.Path(dir_okay=False, exists=True)
_OPTIONS: Final = (
    click.option("--scheduler", metavar="ADDRESS", help="A Dask cluster whose hosts are the boxes: tls://HOST:PORT."),
    click.option("--tls-ca", "ca", type=_FILE, help="Certificates that it is checked by."),
    click.option("--tls-cert", "cert", type=_FILE, help="This side's certificate, ..."),
    click.option("--tls-key", "key", type=_FILE, help="... and its key."),
)
_Command = TypeVar("_Command", bound=Callable[..., Any])


def with_cluster(command: _Command) -> _Command:
    """Give a command the options that name a cluster."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_boxes(path: Path, cluster: dict[str, str | None]) -> "Inventory":
    """The inventory of a file, of a cluster's hosts, or of both; ends the program with what is wrong."""
    from stresstui.fleet.matrix.inventory import Dask, Inventory, InventoryError, read_inventory, wrong_address

    given = {key: value for key, value in cluster.items() if value}
    try:
        bare = "scheduler" in given and not path.exists()
        inventory = Inventory() if bare else read_inventory(path, clustered="scheduler" in given)
    except InventoryError as error:
        refuse(f"stresstui fleet: {error}")
    known = {} if inventory.dask is None else msgspec.to_builtins(inventory.dask)
    if given and "scheduler" not in known | given:
        refuse("stresstui fleet: certificates are for a cluster; name its --scheduler")
    if not known | given:
        return inventory
    named = Dask(**(known | given))
    if why := wrong_address(named):
        refuse(f"stresstui fleet: {why}")
    return msgspec.structs.replace(inventory, dask=named, box=_hosts(named, inventory))


def _hosts(cluster: "Dask", inventory: "Inventory") -> Any:
    """The hosts of a cluster that are boxes."""
    from stresstui.fleet.reach.cluster import ClusterBoxes, found_boxes
    from stresstui.fleet.reach.link import LinkError

    async def look() -> Any:
        async with ClusterBoxes(cluster) as boxes:
            return await boxes.workers()

    if cluster.scheduler.startswith("tcp://"):
        say(
            "stresstui fleet: tcp:// is not encrypted, and whoever reaches the cluster commands it; use tls://",
            err=True,
        )
    try:
        found = found_boxes(asyncio.run(look()), inventory.box)
    except LinkError as error:
        refuse(f"stresstui fleet: {error}; look at its address, its certificates, and whether it runs")
    if not found:
        refuse("stresstui fleet: the cluster has no worker that could be a box; start one, or name it in a [[box]]")
    return found


def with_boxes(inventory: "Inventory", action: "Callable[[Boxes], Coroutine[Any, Any, Any]]") -> Any:
    """What is asked of all boxes of an inventory."""
    from stresstui.fleet.reach.boxes import boxes_of

    async def act() -> Any:
        async with boxes_of(inventory) as boxes:
            return await action(boxes)

    return asyncio.run(act())
