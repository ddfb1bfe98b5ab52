"""The supervisor's side of the control socket: one JSON object a line, one answer each."""

import asyncio
import contextlib
import os
import select
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

import msgspec

from stresstui.core.model.errors import UNREADABLE
from stresstui.core.model.event import Burdened, Event, Noted
from stresstui.core.run.fold import RunState
from stresstui.engine.control.messages import Answer, Command
from stresstui.engine.control.socket import CONTROL, listen, peer_uid
from stresstui.within import within

LINE_CAP = 64 * 1024
"""Bytes of a command at most."""
CLIENTS_MAX = 8
"""Clients that are listened to at once."""
IDLE_S = 30.0
"""Seconds that a client may say nothing."""
LOOK_S = 2.0
"""Seconds between two looks at whether the socket is still there."""
NOTES_MAX = 10_000
"""Notes that a run takes."""
NAME_CAP = 100
"""Characters of who burdens a run, and of with what."""
BURDEN_MAX_S = 86400.0
"""Seconds from which on a burden is one to the end."""
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

    def request_finish(self, by: str) -> None:
        """Have a run without a planned end come to it now: what is planned for its end follows."""

    def record(self, make: Callable[[float], Event]) -> None:
        """Record an event for the present instant."""


class _Conversations:
    """Those who talk on the socket, at most CLIENTS_MAX: the oldest has to leave when one more comes."""

    def __init__(self, supervisor: Controlled) -> None:
        self._supervisor = supervisor
        self._open: list[asyncio.StreamWriter] = []

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if peer_uid(writer.get_extra_info("socket")) not in (None, 0, os.geteuid()):
            writer.transport.abort()
            return
        self._admit(writer)
        # The end of the run cancels conversations that are still open, and waits for them.
        with contextlib.suppress(OSError, ValueError, asyncio.CancelledError, TimeoutError):
            while line := await within(IDLE_S, reader.readline()):
                if not _has_left(writer):
                    writer.write(msgspec.json.encode(obey(self._supervisor, line)) + b"\n")
                    await writer.drain()
        if writer in self._open:
            self._open.remove(writer)
        writer.close()

    def _admit(self, writer: asyncio.StreamWriter) -> None:
        self._open.append(writer)
        if len(self._open) > CLIENTS_MAX:
            self._open.pop(0).transport.abort()


def _has_left(writer: asyncio.StreamWriter) -> bool:
    """Whether the client hung up before its command was read: it has stopped waiting, and withdrawn it."""
    poll = select.poll()
    poll.register(writer.get_extra_info("socket").fileno(), 0)
    return bool(poll.poll(0))


@contextlib.asynccontextmanager
async def serve(run_dir: Path, supervisor: Controlled) -> AsyncIterator[None]:
    """Answer on the control socket for as long as the context lasts; raises OSError."""
    converse = _Conversations(supervisor).converse

    async def start() -> asyncio.Server:
        # A short backlog: no more descriptors are taken at once than clients are admitted.
        return await asyncio.start_unix_server(converse, sock=listen(run_dir), limit=LINE_CAP, backlog=CLIENTS_MAX)

    servers = [await start()]
    keeping = asyncio.create_task(_keep(run_dir, servers, start))
    try:
        yield
    finally:
        keeping.cancel()
        servers[0].close()
        with contextlib.suppress(OSError):
            (run_dir / CONTROL).unlink()


def _is_gone(run_dir: Path) -> bool:
    return run_dir.exists() and not (run_dir / CONTROL).exists()


async def _keep(run_dir: Path, servers: list[asyncio.Server], start: Callable[[], Awaitable[asyncio.Server]]) -> None:
    """Make the socket again where it was deleted with its folder, and the folder is back."""
    while True:
        await asyncio.sleep(LOOK_S)
        if _is_gone(run_dir):
            with contextlib.suppress(OSError):
                servers[0].close()
                servers[0] = await start()


def obey(supervisor: Controlled, line: bytes) -> Answer:
    """Carry out one command."""
    try:
        command = msgspec.json.decode(line, type=Command)
    except UNREADABLE as error:
        return Answer(ok=False, error=str(error))
    match command.do:
        case "status":
            pass
        case "stop":
            supervisor.request_stop(command.by or "user", command.reason[:TEXT_CAP])
        case "finish":
            if supervisor.state.planned is not None:
                return Answer(ok=False, error="it has a planned end of its own; stop it, or wait")
            supervisor.request_finish(command.by or "user")
        case "note":
            if supervisor.state.notes >= NOTES_MAX:
                return Answer(ok=False, error=f"it has {NOTES_MAX} notes, and takes no more")
            supervisor.record(lambda t: Noted(t, command.text[:TEXT_CAP], command.by))
        case "burden":
            supervisor.record(lambda t: _burdened(t, command))
        case _:
            return Answer(ok=False, error=f"unknown command '{command.do}'")
    return Answer(**_describe(supervisor))


def _burdened(t: float, command: Command) -> Burdened:
    seconds = command.seconds
    if seconds is not None and not 0 <= seconds < BURDEN_MAX_S:
        seconds = None
    return Burdened(t, command.by[:NAME_CAP], command.text[:NAME_CAP], seconds, command.everything)


def _describe(supervisor: Controlled) -> dict[str, Any]:
    state = supervisor.state
    return {
        "ok": True,
        "run": state.started.run if state.started else "",
        "pid": os.getpid(),
        "phase": state.phase.value,
        "t": state.t,
        "state": state.standing.word.value,
        "stopping": bool(state.facts.stopped_by),
        "trouble": supervisor.trouble,
    }
