"""The registry: where this user's runs are, so that they are found from any folder and any login.

One small file a run, in ``$XDG_STATE_HOME/stresstui/runs``; where that cannot be written, in
``$XDG_RUNTIME_DIR/stresstui/runs``. It is a help, not a truth: a run is what its folder says.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zlib import crc32

import msgspec

from stresstui.core.model.errors import UNREADABLE
from stresstui.files import read_plain, write_whole
from stresstui.places import state_folder

_ENTRIES_MAX: Final = 10_000


class _Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    directory: str
    unwritten: str = ""


def register(run_dir: Path, unwritten: str = "") -> bool:
    """Remember a run, and what its own record lacks where its disk took no word of that; say whether that worked."""
    text = msgspec.json.encode(_Entry(str(run_dir), unwritten))
    return any(_written(folder, run_dir, text) for folder in _folders())


def is_registered(run_dir: Path) -> bool:
    """Say whether a run is known; others may remove what remembers it."""
    return any((folder / _name(run_dir)).exists() for folder in _folders())


def registered() -> list[Path]:
    """Directories of the runs that are known and still there; entries of those that are gone are removed."""
    found: dict[Path, None] = {}
    for path in _entries():
        entry = _read(path)
        if entry is not None and Path(entry.directory).is_dir():
            found[Path(entry.directory)] = None
        else:
            with contextlib.suppress(OSError):
                path.unlink()
    return list(found)


def unwritten(run_dir: Path) -> str:
    """What the record of a run lacks, by the last word of its supervisor; empty where it had none."""
    found = (_read(folder / _name(run_dir)) for folder in _folders())
    return next((entry.unwritten for entry in found if entry is not None and entry.unwritten), "")


def _name(run_dir: Path) -> str:
    """A name that tells two runs of the same name apart."""
    return f"{run_dir.name}.{crc32(os.fsencode(run_dir)):08x}.json"


def _folders() -> list[Path]:
    folders = [state_folder() / "runs"]
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return [*folders, Path(runtime) / "stresstui" / "runs"] if runtime else folders


def _written(folder: Path, run_dir: Path, text: bytes) -> bool:
    """Write an entry whole."""
    path = folder / _name(run_dir)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, text)
    except OSError:
        return False
    return True


def _entries() -> Iterator[Path]:
    for folder in _folders():
        with contextlib.suppress(OSError):
            yield from sorted(folder.glob("*.json"))[-_ENTRIES_MAX:]


def _read(path: Path) -> _Entry | None:
    try:
        return msgspec.json.decode(read_plain(path), type=_Entry)
    except (OSError, *UNREADABLE):
        return None
