"""Starts the lab's children so that none outlives it, keeps their last output, and stops them in order."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from stresstui.core.text.line_buffer import LineBuffer
from stresstui.lab.process.announce import Role, announce

PATIENCE = 5.0
"""Seconds between asking a child to end and killing it."""
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None

OnLine = Callable[[str], None]


@dataclass(eq=False, slots=True)
class LabChild:
    """A running process of the lab."""

    name: str
    """What it is called in the monitor, for example ``ech-server``."""
    role: Role
    """``sut`` is judged; ``driver`` and ``service`` are only recorded."""
    argv: tuple[str, ...]
    """The command that started it."""
    process: asyncio.subprocess.Process
    """The process itself."""
    said: deque[str] = field(default_factory=lambda: deque(maxlen=20))
    """Its last lines of output."""
    ended: asyncio.Task[int] = field(init=False)
    """Done, with the exit status, when the process has ended and its output is read."""
    on_line: OnLine | None = None
    """Takes what it says to the lab; None for a proxy, which says nothing to it."""
    replaceable: bool = True
    """Whether it can be started again when it died: everything can but the caretaker, and who has counted something."""
    pprof: str = ""
    """Where it gives Go's profiles, ``host:port``; empty where it does not."""
    expected: bool = False
    """True once the lab itself has asked it to end."""

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid

    def last_words(self) -> str:
        """Return how it ended and what it said last, as one sentence."""
        status = self.process.returncode
        how = (
            "is running" if status is None else f"was killed by signal {-status}" if status < 0 else f"exited {status}"
        )
        return f"{self.name} (pid {self.pid}) {how}; last output: {' | '.join(list(self.said)[-3:]) or 'none'}"

    def fate(self) -> str:
        """Return how it ended, in a few words."""
        status = self.process.returncode
        if status is None:
            return "is running"
        if status >= 0:
            return f"exit status {status}"
        return f"killed by {next((one.name for one in signal.Signals if one == -status), f'signal {-status}')}"

    def say(self, line: str) -> None:
        """Write one line to its standard input; a child that is gone is not told."""
        stdin = self.process.stdin
        if stdin is not None and not stdin.is_closing():
            stdin.write(line.encode() + b"\n")


async def spawn(
    name: str,
    argv: Sequence[str],
    *,
    role: Role = "sut",
    on_line: OnLine | None = None,
    orphan: bool = False,
    replaceable: bool = True,
    env: Mapping[str, str] | None = None,
    pprof: str = "",
) -> LabChild:
    """Start a child in its own session, with env added to its environment, and read its output; raises OSError.

    With on_line the child has a standard input, and its lines that begin with ``{`` go there instead of into its
    last output. An orphan may live on after the lab for a moment (it clears up); any other is killed with the lab.
    """
    process = await asyncio.create_subprocess_exec(
        *argv,
        stdin=asyncio.subprocess.PIPE if on_line else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
        env={**os.environ, **env} if env else None,
        # Only prctl runs between fork and exec, in the loop's own thread, which lives as long as the lab.
        preexec_fn=None if orphan or _LIBC is None else _die_with(os.getpid()),
    )
    child = LabChild(
        name, role, tuple(argv), process, on_line=on_line, replaceable=replaceable and not orphan, pprof=pprof
    )
    child.ended = asyncio.create_task(_follow(child, on_line))
    announce(child.pid, role, name, pprof)
    return child


async def stop(children: Sequence[LabChild]) -> None:
    """Ask children to end, in the order given, and kill those that have not after five seconds."""
    for child in children:
        child.expected = True
        _send(child, signal.SIGTERM)
    if not children:
        return
    _, late = await asyncio.wait([child.ended for child in children], timeout=PATIENCE)
    for child in children:
        if child.ended in late:
            _send(child, signal.SIGKILL)
    if late:
        await asyncio.wait(late, timeout=PATIENCE)


def _send(child: LabChild, number: signal.Signals) -> None:
    if child.process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            child.process.send_signal(number)


def _die_with(parent: int) -> Callable[[], None]:
    def settle() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # the lab died before prctl
            os._exit(1)

    return settle


async def _follow(child: LabChild, on_line: OnLine | None) -> int:
    stream, buffer = child.process.stdout, LineBuffer()
    while stream is not None and (chunk := await stream.read(65536)):
        for line in buffer.feed(chunk):
            _hear(child, line.decode("utf-8", "replace"), on_line)
    if buffer.waiting:
        _hear(child, buffer.take_partial().decode("utf-8", "replace"), on_line)
    return await child.process.wait()


def _hear(child: LabChild, line: str, on_line: OnLine | None) -> None:
    if on_line and line.startswith("{"):
        on_line(line)
    elif line.strip():
        child.said.append(line.strip())
