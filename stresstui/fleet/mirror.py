"""A run of a box as it is known here: its journal copied byte by byte, and what that folds to."""

import os
import time
from pathlib import Path
from typing import Any, Final

from stresstui.core.model.errors import RecordError
from stresstui.core.model.units import format_clock
from stresstui.core.run.fold import RunState, advance
from stresstui.engine.record.checkpoint import fold_run
from stresstui.engine.record.journal import Follower
from stresstui.files import write_whole
from stresstui.folder import JOURNAL

_SILENCE_S: Final = 15.0
"""Seconds without a byte of a journal after which its run is silent, or ..."""
_SILENT_SAMPLES: Final = 5.0
"""... so many of its sampling intervals, where those are longer."""
_APPEND: Final = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW


class Mirror:
    """One run; a mirror that is made again in the same folder goes on where the last one was."""

    def __init__(self, folder: Path) -> None:
        """Mirror into a folder; raises OSError."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        """Where it is: a run's directory, which every command reads."""
        self.state = RunState()
        """The run as far as it is known here."""
        self._path = folder / JOURNAL
        self._fd = os.open(self._path, _APPEND, 0o600)
        self._follower = Follower(self._path)
        self._news_at = time.monotonic()
        self._fold()

    @property
    def silent(self) -> str:
        """That nothing new has come for longer than a run is silent, in one clause; empty where it has."""
        interval = self.state.started.interval if self.state.started is not None else 1.0
        if self.state.samples and time.monotonic() - self._news_at > max(_SILENCE_S, _SILENT_SAMPLES * interval):
            return f"its supervisor lives and has written nothing since {format_clock(self.state.t)}"
        return ""

    @property
    def offset(self) -> int:
        """Bytes of the journal that are here."""
        return os.fstat(self._fd).st_size

    def append(self, data: bytes) -> None:
        """Take the next bytes; raises OSError where the disk does not."""
        left = memoryview(data)
        if data:
            self._news_at = time.monotonic()
        while left:
            left = left[os.write(self._fd, left) :]
        self._fold()

    def keep(self, files: dict[str, bytes]) -> None:
        """Keep the small files of a run that has ended; raises OSError."""
        for name, content in files.items():
            write_whole(self.folder / Path(name).name, content, durable=False)

    def _fold(self) -> None:
        while not self.state.ended and (events := self._follower.advance()):
            for event in events:
                try:
                    advance(self.state, event)
                except RecordError:
                    continue  # it says itself that it cannot be read, wherever it is shown

    def close(self) -> None:
        """Close both files."""
        os.close(self._fd)
        self._follower.close()


def known(folder: Path) -> RunState | None:
    """What a mirror folds to that nobody writes just now; None where it cannot be read."""
    try:
        return fold_run(folder / JOURNAL)
    except (OSError, RecordError):
        return None


def means(result: dict[str, Any]) -> dict[str, float]:
    """The mean of each metric in a ``result.json``."""
    found = result.get("metrics")
    values = found.items() if isinstance(found, dict) else ()
    return {
        str(name): float(one["mean"])
        for name, one in values
        if isinstance(one, dict) and isinstance(one.get("mean"), int | float)
    }
