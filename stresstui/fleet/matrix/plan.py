"""The plan: which box runs what."""

import msgspec

from stresstui.fleet.matrix.inventory import Box, Inventory, InventoryError, Wanted
from stresstui.fleet.matrix.labels import LabelError, compile_condition


class Assignment(msgspec.Struct, frozen=True):
    """A run that a box is to carry out."""

    box: str
    """Name of the box."""
    wanted: Wanted
    """What it runs."""
    instead_of: str = ""
    """Name of the box that was lost with it; empty for the first one."""


def assign(inventory: Inventory) -> list[Assignment]:
    """Every line of the matrix on every box that it is for; raises InventoryError where a line is for none."""
    found: list[Assignment] = []
    for wanted in inventory.run:
        boxes = fitting(inventory, wanted)
        if not boxes:
            raise InventoryError(f"{wanted.scenario}: where = {wanted.where!r} holds for no box")
        found += [Assignment(box.name, wanted) for box in boxes]
    return found


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
