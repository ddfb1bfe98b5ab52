"""How a run ended, by its result.json alone: for a journal that could not be written to its end."""

from pathlib import Path

import msgspec

from stresstui.core.model.errors import UNREADABLE
from stresstui.files import read_plain
from stresstui.folder import RESULT


class Ending(msgspec.Struct, frozen=True):
    """What result.json says of the end."""

    outcome: str | None = None
    """The outcome; None where the run had none when it was written."""
    reasons: list[str] = []
    """Why."""
    exit_code: int | None = None
    """Exit code of the run."""
    ended: str | None = None
    """Wall-clock time of the end, UTC, ISO 8601."""
    duration_s: float | None = None
    """Seconds from start to end."""


def read_ending(run_dir: Path) -> Ending | None:
    """Read how a run ended; None where there is no result, or none that can be read."""
    try:
        return msgspec.json.decode(read_plain(run_dir / RESULT), type=Ending)
    except (OSError, *UNREADABLE):
        return None
