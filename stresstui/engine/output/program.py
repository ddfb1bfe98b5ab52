"""A program that the supervisor started: its process, and what its output says."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from stresstui.core.model.event import ServiceState
from stresstui.engine.clock import RunClock
from stresstui.engine.output.line import clean
from stresstui.engine.output.line_budget import Digest
from stresstui.engine.output.line_protocol import Exported
from stresstui.engine.output.line_reader import Found, Heard, LineReader
from stresstui.engine.output.pipe import OutputLog, OutputPipe
from stresstui.engine.process.children import Child, Children

LAST_BYTES: Final = 4096
"""Bytes of the newest output that are remembered, to say why a program failed."""


class Program:
    """One started program; what its output means is told on the event loop, in the order in which it came."""

    def __init__(
        self, children: Children, log: OutputLog, clock: RunClock, reader: LineReader, hear: Callable[[Heard], None]
    ) -> None:
        """Nothing runs before ``start``."""
        self._children, self._log, self._clock, self._hear = children, log, clock, hear
        self._reader, self._digest = reader, Digest(reader)
        self._loop = asyncio.get_running_loop()
        self._newest: deque[bytes] = deque(maxlen=2)
        self._pipe = OutputPipe(self._on_chunk, self._on_tick)
        self._child: Child | None = None
        self._closing: asyncio.Future[None] | None = None
        self.ready = asyncio.Event()
        """Set when it said that it is ready."""
        self.complaint = ""
        """Why it failed, where it said so."""
        self.exported = asyncio.Event()
        """Set when it said which variable leads to it."""
        self.exports: dict[str, str] = {}
        """Those variables."""

    def start(self, argv: Sequence[str], *, cwd: str, env: Mapping[str, str], stdout: int | None = None) -> Child:
        """Start it, its standard output going elsewhere if so wished; raises OSError when it cannot be started."""
        pipe = self._pipe.write_end
        try:
            self._child = self._children.start(
                argv, cwd=cwd, env=env, stdout=pipe if stdout is None else stdout, stderr=pipe
            )
        except BaseException:
            self._pipe.abandon()
            raise
        self._pipe.start()
        return self._child

    @property
    def child(self) -> Child:
        """Its process; it must have been started."""
        if self._child is None:
            raise RuntimeError("this program was not started")
        return self._child

    @property
    def last_line(self) -> str:
        """The newest line of output that is not for machines; empty where there is none."""
        lines = b"".join(self._newest)[-LAST_BYTES:].split(b"\n")
        spoken = [line for line in map(clean, lines) if line.strip() and not line.startswith("STRESSTUI")]
        return spoken[-1].strip() if spoken else ""

    @property
    def build_error(self) -> str:
        """The first error of a compiler in its output, and where it is; empty where there is none."""
        return self._reader.build_error

    async def drain(self, timeout_s: float = 1.0) -> None:
        """Wait until what it wrote so far has been heard."""
        await self._pipe.drain(timeout_s)

    async def close(self) -> None:
        """Stop reading its output; an unfinished last line is heard now. What that asks of the disk holds up nobody."""
        if self._child is not None and self._closing is None:
            self._closing = asyncio.ensure_future(asyncio.to_thread(self._finish))
        if self._closing is not None:
            await asyncio.shield(self._closing)

    def _finish(self) -> None:
        self._pipe.stop()
        self._pass_on(self._digest.finish(self._clock.now()))

    def _on_chunk(self, chunk: bytes) -> None:
        self._log.write(chunk)
        self._newest.append(chunk[-LAST_BYTES:])
        self._pass_on(self._digest.feed(self._clock.now(), chunk))

    def _on_tick(self) -> None:
        self._pass_on(self._digest.tick(self._clock.now()))

    def _pass_on(self, found: list[Found]) -> None:
        if found:
            with contextlib.suppress(RuntimeError):  # the loop has closed: the run is over
                self._loop.call_soon_threadsafe(self._hear_all, found)

    def _hear_all(self, found: list[Found]) -> None:
        for one in found:
            if isinstance(one, Exported):
                self.exports[one.name] = one.value
                self.exported.set()
                continue
            self._hear(one)
            if isinstance(one, ServiceState) and one.state == "failed":
                self.complaint = one.detail
            if isinstance(one, ServiceState) and one.state == "ready":
                self.ready.set()
