"""Where a screen's run comes from: a RunSource. The real one follows a run directory; tests bring their own."""

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final, Protocol

import aiofiles
import aiofiles.os
from aiofiles.threadpool.binary import AsyncFileIO

from stresstui import itself
from stresstui.core.model.event import Event
from stresstui.core.run.fold import RunState
from stresstui.engine.control import client
from stresstui.engine.process.pidfile import SupervisorWatch
from stresstui.engine.record.beginning import NOTHING
from stresstui.engine.record.checkpoint import resume
from stresstui.engine.record.journal import tail_batches
from stresstui.folder import JOURNAL, OUTPUT, PAGE, SUMMARY

TAIL: Final = 1 << 18
"""Bytes of old output that a screen begins with."""
POLL_S: Final = 0.25
"""Seconds between two looks at the output."""
_CHUNK: Final = 1 << 18


class RunSource(Protocol):
    """What a screen needs of a run."""

    run_name: str
    """Name of the run."""
    directory: Path
    """Its directory, for the person's eyes."""
    read_only: str
    """Why nothing may be asked of the run, for people; empty where it may."""

    def begin(self) -> RunState:
        """The run as far as it was folded before; called once, before ``events``."""
        ...

    def events(self) -> AsyncIterator[list[Event]]:
        """Everything that happened since, in batches, and everything that goes on to happen; ends with the run."""
        ...

    def output(self) -> AsyncIterator[bytes]:
        """What the workload printed lately, and goes on to print; may never end."""
        ...

    def lives(self) -> bool:
        """Whether somebody still runs it; False where that cannot be."""
        ...

    async def stop(self) -> None:
        """Ask for the run to end; raises OSError with a message for people."""
        ...

    async def note(self, text: str) -> None:
        """Add a note to the run; raises OSError with a message for people."""
        ...

    async def investigate(self, *options: str) -> str:
        """Look into the run's processes; what was found and where, in lines. Raises OSError with a message."""
        ...


class JournalSource:
    """A run directory, live or ended."""

    def __init__(self, run_dir: Path, *, read_only: str = "", lives: Callable[[], bool] | None = None) -> None:
        """``lives`` says whether the run is on, where that cannot be seen here."""
        self.read_only = read_only and f"this screen only looks on: {read_only}"
        self._lives = lives
        self.run_name = run_dir.name
        self.directory = run_dir
        self._supervisor = SupervisorWatch(run_dir)
        self._beginning = NOTHING

    def begin(self) -> RunState:
        """The run up to its newest checkpoint."""
        state, self._beginning = resume(self.directory / JOURNAL)
        return state

    def events(self) -> AsyncIterator[list[Event]]:
        """Follow the journal; raises OSError when it cannot be read."""
        return tail_batches(self.directory / JOURNAL, beginning=self._beginning)

    async def output(self) -> AsyncIterator[bytes]:
        """Follow the output over its rotations, from the last ``TAIL`` bytes on; raises OSError."""
        tail = OutputTail(self.directory / OUTPUT)
        try:
            while True:
                chunk = await tail.advance()
                if chunk:
                    yield chunk
                else:
                    await asyncio.sleep(POLL_S)
        finally:
            await tail.close()

    def lives(self) -> bool:
        """Look for the supervisor."""
        return self._lives() if self._lives else self._supervisor.lives()

    async def stop(self) -> None:
        """Ask the supervisor to end the run; raises OSError."""
        self._refuse_if_read_only()
        await asyncio.to_thread(client.stop_run, self.directory, self._supervisor, "user", "from the screen")

    async def note(self, text: str) -> None:
        """Ask the supervisor to write a note; raises OSError."""
        self._refuse_if_read_only()
        answer = await asyncio.to_thread(client.note, self.directory, text, "screen")
        if answer.trouble:
            raise OSError(f"not noted yet, the journal cannot be written: {answer.trouble}")

    async def investigate(self, *options: str) -> str:
        """Have a process of its own look, for as long as it takes; raises OSError."""
        self._refuse_if_read_only()
        command = itself.module("stresstui", "investigate", str(self.directory.absolute()), *options)
        environment = {**itself.environment(), "NO_COLOR": "1"}
        asked = await asyncio.create_subprocess_exec(
            *command, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT, env=environment, cwd="/"
        )
        try:
            said, _ = await asked.communicate()
        finally:
            if asked.returncode is None:  # the person left the screen: nothing goes on that nobody asked for any more
                asked.terminate()
        text = said.decode(errors="replace").strip()
        if asked.returncode:
            raise OSError(text.splitlines()[-1].strip() if text else "the investigation said nothing")
        return text

    def _refuse_if_read_only(self) -> None:
        if self.read_only:
            raise OSError(self.read_only)


REPORTS: Final = (PAGE, SUMMARY)
"""What is shown of a run that has ended, the best first."""


def report_of(run_dir: Path) -> str:
    """The path of a run's report; empty while there is none."""
    return next((str(run_dir / name) for name in REPORTS if (run_dir / name).is_file()), "")


class OutputTail:
    """Reads what was appended to a file since it last looked; begins near its end, and follows its rotation.

    It reads off the event loop: a disk that hangs must not freeze the screen.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: AsyncFileIO | None = None
        self._first = True
        self._cut = False

    async def advance(self) -> bytes:
        """What is new, empty when nothing is; raises OSError."""
        file = self._file or await self._open()
        if file is None:
            return b""
        chunk = bytes(await file.read(_CHUNK))
        if not chunk and await self._rotated(file):
            await self.close()
        if self._cut and chunk:
            self._cut, chunk = False, chunk.partition(b"\n")[2] or chunk  # reading began within a line
        return chunk

    async def _open(self) -> AsyncFileIO | None:
        try:
            self._file = file = await aiofiles.open(self._path, "rb", buffering=0)
        except FileNotFoundError:
            return None
        size = (await aiofiles.os.stat(self._path)).st_size
        if self._first and size > TAIL:
            await file.seek(size - TAIL)
            self._cut = True
        self._first = False
        return file

    async def _rotated(self, file: AsyncFileIO) -> bool:
        try:
            return (await aiofiles.os.stat(self._path)).st_ino != os.fstat(file.fileno()).st_ino
        except FileNotFoundError:
            return False

    async def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            await self._file.close()
            self._file = None
