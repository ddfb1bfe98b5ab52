"""The folder of a run and the disk under it, which others may delete, move or fill while the run lasts."""

import asyncio
import contextlib
import sys
from pathlib import Path
from typing import Final

from stresstui.engine.control.registry import is_registered, register
from stresstui.engine.launch.request import RunRequest, save_request
from stresstui.engine.process.pidfile import PID_FILE, write_pid_file
from stresstui.engine.record.recorder import Recorder

TRY_S: Final = 0.5
"""Seconds between two tries to write the last events of a run to a disk that refuses them."""


class RunDisk:
    """Keeps what a run is found by, and sees its last events written."""

    def __init__(self, run_dir: Path, request: RunRequest, recorder: Recorder) -> None:
        self._dir, self._request, self._recorder = run_dir, request, recorder
        self._may_register = True

    def keep(self) -> None:
        """A folder that was deleted comes back with its journal; what a run is found by has to come back too."""
        if not self._dir.exists() and (moved := self._recorder.directory).exists():
            self._dir = moved
        if self._dir.exists() and not (self._dir / PID_FILE).exists():
            with contextlib.suppress(OSError):
                save_request(self._request, self._dir)
                write_pid_file(self._dir)
        if self._may_register and self._dir.exists() and not is_registered(self._dir):
            self._may_register = register(self._dir)

    async def wait(self, deadline: float, hurried: asyncio.Event) -> None:
        """Wait until it takes what it refused, or whoever asks the run to end does not wish to wait.

        ``deadline`` is a time of the running loop.
        """
        loop = asyncio.get_running_loop()
        while not self._recorder.retry() and loop.time() < deadline and not hurried.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(hurried.wait(), TRY_S)

    def say_unwritten(self) -> None:
        """It takes no word of the run any more; the registry may be on another."""
        if self._recorder.unwritten:
            register(self._dir, self._recorder.unwritten)
            with contextlib.suppress(OSError):
                sys.stderr.write(f"stresstui: {self._recorder.unwritten}\n")
