"""The supervisor's side of the control socket: one JSON object a line, one answer each."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Protocol

import msgspec

from stresstui.core.model.event import Event, Noted
from stresstui.core.run.fold import RunState
from stresstui.engine.control.socket import CONTROL, listen

LINE_CAP = 64 * 1024
"""Bytes of a command at most."""
TEXT_CAP = 4000
"""Characters of a note or a reason that are kept."""


class Controlled(Protocol):
    """What can be controlled: a supervisor."""

    @property
    def state(self) -> RunState:
        """The run as judged so far."""
        ...

    @property
    def trouble(self) -> str | None:
        """Why the journal cannot be written just now."""
        ...

    def request_stop(self, by: str, reason: str = "") -> None:
        """Have the run end."""

    def record(self, make: Callable[[float], Event]) -> None:
        """Record an event for the present instant."""


class Command(msgspec.Struct, frozen=True):
    """What a client asks."""

    do: str
    """``status``, ``stop`` or ``note``."""
    by: str = ""
    """Who asks."""
    reason: str = ""
    """Why it should stop."""
    text: str = ""
    """The note."""


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the supervisor answers."""

    ok: bool
    """False where the command was refused."""
    error: str = ""
    """Why."""
    run: str = ""
    """Name of the run."""
    pid: int = 0
    """Pid of the supervisor."""
    phase: str = ""
    """Phase of the run."""
    t: float = 0.0
    """Time of the newest event, seconds since the run started."""
    state: str = ""
    """State word of the whole run: the worst verdict so far, or the outcome."""
    stopping: bool = False
    """True once an early end was asked for."""
    trouble: str | None = None
    """Why the journal cannot be written just now; its events wait in memory."""


@contextlib.asynccontextmanager
async def serve(run_dir: Path, supervisor: Controlled) -> AsyncIterator[None]:
    """Answer on the control socket for as long as the context lasts; raises OSError."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The end of the run cancels conversations that are still open.
        with contextlib.suppress(OSError, ValueError, asyncio.CancelledError):
            while line := await reader.readline():
                writer.write(msgspec.json.encode(obey(supervisor, line)) + b"\n")
                await writer.drain()
        writer.close()

    listener = await asyncio.start_unix_server(converse, sock=listen(run_dir), limit=LINE_CAP)
    try:
        yield
    finally:
        listener.close()
        with contextlib.suppress(OSError):
            (run_dir / CONTROL).unlink()


def obey(supervisor: Controlled, line: bytes) -> Answer:
    """Carry out one command."""
    try:
        command = msgspec.json.decode(line, type=Command)
    except msgspec.DecodeError as error:
        return Answer(ok=False, error=str(error))
    match command.do:
        case "status":
            pass
        case "stop":
            supervisor.request_stop(command.by or "user", command.reason[:TEXT_CAP])
        case "note":
            supervisor.record(lambda t: Noted(t, command.text[:TEXT_CAP], command.by))
        case _:
            return Answer(ok=False, error=f"unknown command '{command.do}'")
    return Answer(**_describe(supervisor))


def _describe(supervisor: Controlled) -> dict[str, Any]:
    state = supervisor.state
    return {
        "ok": True,
        "run": state.started.run if state.started else "",
        "pid": os.getpid(),
        "phase": state.phase.value,
        "t": state.t,
        "state": (state.outcome or state.worst).value,
        "stopping": bool(state.facts.stopped_by),
        "trouble": supervisor.trouble,
    }
