"""Whether a run is over because somebody wanted that: who has several in a row then begins no other."""

from pathlib import Path
from typing import Final

import msgspec

from stresstui.core.model.errors import UNREADABLE
from stresstui.folder import RESULT

_OF_ITS_OWN: Final = ("", "criterion", "supervisor")
"""What ends a run that nobody asked to end."""


class _Result(msgspec.Struct):
    stopped_by: str = ""


def was_stopped(run_dir: Path) -> bool:
    """Whether somebody asked for the end of a run, whatever it had come to by then; False where it has no result."""
    try:
        return msgspec.json.decode((run_dir / RESULT).read_bytes(), type=_Result).stopped_by not in _OF_ITS_OWN
    except (OSError, *UNREADABLE):
        return False
