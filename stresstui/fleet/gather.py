"""Runs that have ended are brought here whole, as archives: in pieces, and from where they were when a link broke."""

import asyncio
from pathlib import Path
from typing import Any, Final

from stresstui.engine.control.archives import SUFFIX, archived
from stresstui.fleet.reach import box_side
from stresstui.fleet.reach.boxes import Boxes
from stresstui.fleet.reach.link import LinkError
from stresstui.fleet.reach.pieces import PieceSize
from stresstui.fleet.record import FleetRun

PACK_S: Final = 600.0
"""Seconds that a box may take to pack a run."""
_PATIENCE_S: Final = (5.0, 15.0, 45.0)
"""Seconds after which a box that could not be reached is asked for an archive again, as long as nothing of it comes."""


async def gather(run: FleetRun, folder: Path, boxes: Boxes, size: PieceSize, whose: str) -> None:
    """Bring an ended run into a folder; where that cannot be, the run says why. ``whose`` is this fleet's own word."""
    part = folder / (run.name + SUFFIX + ".part")
    found: dict[str, Any] = {}
    waits = iter(_PATIENCE_S)
    while not run.archive:
        had = _bytes_of(part)
        try:
            if not found:
                part.unlink(missing_ok=True)
                found = await boxes.ask(run.box, box_side.archive, run.directory, whose, within=PACK_S)
            if not part.with_suffix("").exists():  # else only its box has not heard that it can be forgotten
                await _copy(run, part, boxes, size, found)
                _take(part)
            await boxes.ask(run.box, box_side.forget, found["path"])
            run.archive, run.archive_why = run.name + SUFFIX, ""
        except LinkError as error:
            run.archive_why = str(error)
            waits = iter(_PATIENCE_S) if _bytes_of(part) > had else waits
            if (wait := next(waits, None)) is None:
                break
            await asyncio.sleep(wait)
        except (RuntimeError, OSError, ValueError) as error:  # what the box, or the disk here, itself said
            run.archive_why = str(error) or type(error).__name__
            break


async def _copy(run: FleetRun, part: Path, boxes: Boxes, size: PieceSize, found: dict[str, Any]) -> None:
    """Copy what is missing of an archive."""
    with part.open("ab") as file:
        while (have := file.tell()) < found["size"]:
            with size.asked() as most:
                data = await boxes.ask(run.box, box_side.piece, found["path"], have, most)
            if not data:
                raise ValueError(f"its archive ended after {have} of {found['size']} bytes")
            file.write(data)


def _take(part: Path) -> None:
    """Give a whole archive its name; raises ValueError where it is none."""
    if archived(part) is None:
        raise ValueError("its archive did not arrive whole")
    part.replace(part.with_suffix(""))


def _bytes_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
