"""The plan: which box runs what."""

import msgspec

from stresstui.fleet.matrix.inventory import Box, Inventory, InventoryError, Wanted
from stresstui.fleet.matrix.labels import LabelError, compile_condition
from stresstui.lab.net.socks import parse_door


class Assignment(msgspec.Struct, frozen=True):
    """A run that a box is to carry out."""

    box: str
    """Name of the box."""
    wanted: Wanted
    """What it runs."""
    instead_of: str = ""
    """Name of the box that was lost with it; empty for the first one."""
    part: str = ""
    """``server`` or ``client`` where it is one side of a load on several boxes."""
    load: int = 0
    """Number of that load; 0 = none."""


def assign(inventory: Inventory) -> list[Assignment]:
    """Every line of the matrix on every box that it is for; raises InventoryError where a line is for none."""
    found: list[Assignment] = []
    for number, wanted in enumerate(inventory.run, 1):
        if wanted.server or wanted.clients:
            found += _apart(inventory, wanted, number)
            continue
        boxes = fitting(inventory, wanted)
        if not boxes:
            raise InventoryError(f"{wanted.scenario}: where = {wanted.where!r} holds for no box")
        found += [Assignment(box.name, wanted) for box in boxes]
    return found


def _apart(inventory: Inventory, wanted: Wanted, load: int) -> list[Assignment]:
    """A load of several boxes on one: its servers first; raises InventoryError."""
    if mistake := _mistake(inventory, wanted):
        raise InventoryError(f"{wanted.scenario}: {mistake}")
    door_of(inventory, wanted.server)
    server = Assignment(wanted.server, wanted, part="server", load=load)
    return [server, *(Assignment(name, wanted, part="client", load=load) for name in wanted.clients)]


def _mistake(inventory: Inventory, wanted: Wanted) -> str:
    if not wanted.server or not wanted.clients:
        return "a load of several boxes needs both, a server and clients"
    known = [box.name for box in inventory.box]
    for name in (wanted.server, *wanted.clients):
        if name not in known:
            return f"there is no box '{name}'; there are {', '.join(known)}"
    twice = [name for name in known if (wanted.server, *wanted.clients).count(name) > 1]
    if twice:
        return f"box '{twice[0]}' is named twice; each is one side"
    placed = wanted.where or wanted.elsewhere
    return "server and clients say where it runs; leave out where and elsewhere" if placed else ""


def door_of(inventory: Inventory, name: str) -> str:
    """Address at which clients reach servers on a box; raises InventoryError where none is known.

    A name that is only its host's may be one of ``~/.ssh/config``, which its clients do not know.
    """
    box = next(box for box in inventory.box if box.name == name)
    try:
        found = parse_door(box.door or box.address)
    except ValueError as error:
        raise InventoryError(f"[[box]] {name}: {error}; say where its clients reach it: door = 'ADDRESS'") from None
    if not box.door and not found.numeric:
        raise InventoryError(
            f"[[box]] {name}: {found.host!r} may be known here alone; say where its clients reach it: door = 'ADDRESS'"
        )
    return found.written().removesuffix(":0")


def fitting(inventory: Inventory, wanted: Wanted) -> list[Box]:
    """The boxes that a line of the matrix is for, in the inventory's order; raises InventoryError."""
    labels = {label for box in inventory.box for label in box.labels}
    try:
        holds = compile_condition(wanted.where, labels)
    except LabelError as error:
        raise InventoryError(f"{wanted.scenario}: where = {wanted.where!r}: {error}") from None
    return [box for box in inventory.box if holds(box.labels)]


def replacement(inventory: Inventory, lost: Assignment, gone: set[str]) -> Assignment | None:
    """Where a lost run is carried out instead: on another box that it is for; None where the matrix has no such box."""
    if not lost.wanted.elsewhere:
        return None
    others = (box for box in fitting(inventory, lost.wanted) if box.name not in gone and box.name != lost.box)
    box = next(others, None)
    return None if box is None else Assignment(box.name, lost.wanted, lost.box)
