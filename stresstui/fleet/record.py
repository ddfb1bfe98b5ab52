"""The record of a fleet's run: ``fleet.json``, beside a folder for each box with its runs as they were copied."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from stresstui.core.model.errors import UNREADABLE
from stresstui.core.text.secret import without_secrets
from stresstui.files import make_folder, read_plain, write_whole
from stresstui.fleet.matrix.inventory import Inventory, InventoryError, Wanted

FOLDER: Final = Path("reports/fleet")
"""Where fleets are recorded, from the working directory, unless said otherwise."""
RECORD: Final = "fleet.json"
_LOCK: Final = "followed.lock"
_STOPPED: Final = "stop"
_AT_ONCE: Final = 40


class State(StrEnum):
    """How it stands with a run of the fleet."""

    WAITING = "waiting"
    """Its box was not reached yet."""
    RUNNING = "running"
    SILENT = "silent"
    """Its supervisor lives and writes nothing: it was stopped, or has no room on its disk."""
    UNREACHABLE = "unreachable"
    """Its box does not answer, or this machine keeps nothing; the run there goes on for all that is known."""
    ENDED = "ended"
    LOST = "lost"
    """Its supervisor died, or its box was gone for too long."""
    REFUSED = "could not run"
    """Its box could not start it."""
    STOPPED = "not begun"
    """The fleet was stopped before it began."""


class FleetRun(msgspec.Struct, kw_only=True):
    """A run on a box."""

    box: str
    """Name of the box."""
    wanted: Wanted
    """What it runs."""
    directory: str = ""
    """Its directory there; empty until it was begun."""
    state: State = State.WAITING
    """How it stands."""
    why: str = ""
    """Why, where that is not plain."""
    instead_of: str = ""
    """The box that was lost with it."""
    replaced: bool = False
    """True where another box carries it out instead."""
    part: str = ""
    """``server`` or ``client`` where it is one side of a load on several boxes."""
    load: int = 0
    """Number of that load; 0 = none."""
    target: str = ""
    """Where it answers scrapes; empty = nowhere."""
    archive: str = ""
    """Name of its archive, beside its folder; empty until that is here whole."""
    archive_why: str = ""
    """Why there is none."""

    @property
    def name(self) -> str:
        """Name of the run; empty until it was begun."""
        return Path(self.directory).name

    @property
    def scenario(self) -> str:
        """What it runs, with its side where it is only one."""
        return f"{self.wanted.name}{self.part and f'-{self.part}'}"

    @property
    def over(self) -> bool:
        """Whether nothing more is to come."""
        return self.state in (State.ENDED, State.LOST, State.REFUSED, State.STOPPED)


class FleetRecord(msgspec.Struct, kw_only=True):
    """Everything that a controller must know to go on."""

    name: str
    """What this run of the fleet is called."""
    inventory: Inventory
    """The boxes and the matrix as they were."""
    runs: list[FleetRun] = []
    """The runs, in the order in which they were wanted."""


def new_folder(folder: Path) -> Path:
    """Make a folder for a run of the fleet; raises OSError."""
    make_folder(folder)
    name = f"fleet_{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    for suffix in ("", *(f"_{number}" for number in range(2, 100))):
        try:
            (folder / (name + suffix)).mkdir(mode=0o700)
        except FileExistsError:
            continue
        return folder / (name + suffix)
    raise FileExistsError(f"no name is left for a fleet in {folder}")


def save(record: FleetRecord, folder: Path) -> None:
    """Write the record, without what looks like a secret in its options; raises OSError."""
    inventory = msgspec.structs.replace(record.inventory, run=tuple(map(_kept, record.inventory.run)))
    runs = [msgspec.structs.replace(run, wanted=_kept(run.wanted)) for run in record.runs]
    kept = msgspec.structs.replace(record, inventory=inventory, runs=runs)
    write_whole(folder / RECORD, msgspec.json.format(msgspec.json.encode(kept)), durable=False)


def _kept(wanted: Wanted) -> Wanted:
    return msgspec.structs.replace(wanted, options=without_secrets(wanted.options))


def ask_to_stop(folder: Path, by: str) -> None:
    """Have whoever follows the fleet begin nothing more, and end what it reaches; raises OSError."""
    write_whole(folder / _STOPPED, by.encode())


def stop_asked(folder: Path) -> str:
    """Who asked that; empty where nobody did."""
    try:
        return read_plain(folder / _STOPPED).decode("utf-8", "replace") or "somebody"
    except OSError:
        return ""


def load(folder: Path) -> FleetRecord:
    """Read a record; raises InventoryError with one clause for people."""
    try:
        return msgspec.json.decode(read_plain(folder / RECORD), type=FleetRecord)
    except (OSError, *UNREADABLE) as error:
        raise InventoryError(f"{folder / RECORD}: {error}") from None


def pace(runs: int) -> float:
    """Seconds between two looks at each of so many runs, and between two drawings of them.

    One second up to forty runs; of more, what following costs stays about what it is for forty.
    """
    return max(1.0, runs / _AT_ONCE)


class FollowedError(OSError):
    """Raised where another controller copies the runs of a fleet into the same folder."""


@contextlib.contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Keep other controllers out of a fleet's folder: two would write each piece of a journal twice.

    Raises FollowedError; the claim ends with its process, however that ends.
    """
    lock = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FollowedError(f"{folder.name} is followed by another 'stresstui fleet' already") from None
        yield
    finally:
        os.close(lock)


def newest(folder: Path) -> Path | None:
    """The newest fleet's folder; None where there is none."""
    return max((place.parent for place in folder.glob(f"*/{RECORD}")), key=lambda p: p.name, default=None)
