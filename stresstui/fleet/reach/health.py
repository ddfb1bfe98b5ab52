"""The doctor of a fleet: every box looked at at once, and what differs between them."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any, Final

from stresstui.core.text.columns import columns
from stresstui.fleet.matrix.inventory import Inventory
from stresstui.fleet.reach import box_side
from stresstui.fleet.reach.boxes import Boxes
from stresstui.fleet.reach.link import LinkError

SAME: Final = ("stresstui", "python", "machine")
"""What all boxes should have alike: results of others are compared with care."""

Found = dict[str, Any]


async def looked(boxes: Boxes, inventory: Inventory, scenario: str) -> list[Found]:
    """What was found of each box, in the inventory's order; ``unreachable`` says why nothing was."""
    return list(await asyncio.gather(*(_look(boxes, box.name, scenario) for box in inventory.box)))


async def _look(boxes: Boxes, name: str, scenario: str) -> Found:
    try:
        await boxes.ask(name, box_side.runs, "reports/stress-tests")  # so that what follows does not pay for the start
        began = time.time()
        clock = await boxes.ask(name, time.time)
        middle = (began + time.time()) / 2
        found: Found = await boxes.ask(name, box_side.look, scenario)
    except (LinkError, RuntimeError, OSError) as error:
        return {"box": name, "unreachable": str(error)}
    return {"box": name, **found, "clock_off_s": clock - middle}


def compare(found: Sequence[Found], clocks_s: float) -> list[str]:
    """What stands in the way of a common verdict, in sentences."""
    troubles = [f"{one['box']}: not ready: {one['unreachable']}" for one in found if "unreachable" in one]
    ready = [one for one in found if "unreachable" not in one]
    for key in SAME:
        values = {str(one[key]) for one in ready}
        if len(values) > 1:
            each = ", ".join(f"{one['box']} {one[key]}" for one in ready)
            troubles.append(f"{key} differs: {each}")
    troubles += _shared(ready)
    troubles += [
        f"{one['box']}: its clock is {one['clock_off_s']:+.1f} s off this machine's"
        for one in ready
        if abs(one["clock_off_s"]) > clocks_s
    ]
    troubles += [f"{one['box']}: {said}" for one in ready for said in problems(one)]
    return troubles


def _shared(ready: Sequence[Found]) -> list[str]:
    """Boxes that are one machine, as under two names: what one of them runs disturbs the others."""
    by_boot: dict[str, list[str]] = {}
    for one in ready:
        if one.get("boot"):  # a box with an older stresstui does not say
            by_boot.setdefault(str(one["boot"]), []).append(str(one["box"]))
    some = [names for names in by_boot.values() if len(names) > 1]
    return [f"{' and '.join(names)} are one machine: what runs on one disturbs the other" for names in some]


def problems(one: Found) -> list[str]:
    """What a box's own doctor calls a problem."""
    report = one.get("doctor") or {}
    checks = report.get("checks", []) if isinstance(report, dict) else report
    bad = [check for check in checks if isinstance(check, dict) and check.get("level") == "problem"]
    said = [f"{check.get('name')}: {check.get('found')}; {check.get('mend', '')}".rstrip("; ") for check in bad]
    return said if report else [f"its doctor said nothing: {one.get('trouble', '')}"]


def lines(found: Sequence[Found]) -> list[str]:
    """A table, a line a box."""
    head = ("box", "host", "kernel", "machine", "cores", "python", "stresstui")
    return columns([head, *(tuple(str(one.get(name, "-")) for name in head) for one in found)])
