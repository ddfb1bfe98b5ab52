"""One run of the lab: build the tunnels, prove them, load them, go idle, leave nothing behind."""

import asyncio
import os
import re
import signal
import time
from collections.abc import Awaitable, Mapping
from typing import Final, Protocol

import uvloop

from stresstui.lab.options import Options
from stresstui.lab.process.announce import Role as AnnouncedRole
from stresstui.lab.process.announce import announce, bury, declare, report, report_times
from stresstui.lab.process.binaries import MissingError
from stresstui.lab.process.process import LabChild
from stresstui.lab.protocols import PROTOCOLS
from stresstui.lab.testbed.errors import ChildDiedError, LabStartError
from stresstui.lab.testbed.testbed import Build, Testbed
from stresstui.lab.testbed.tunnel import Tunnel

EXIT_DIED: Final = 1
"""Exit code: a proxy ended by itself."""
EXIT_COULD_NOT_START: Final = 4
"""Exit code: something is missing or did not come up."""
LATEST: Final = 1.5
"""Seconds within which what the relays counted last has been told."""
_TRIES = 3
# sing-box, sshd and Python say so; Xray only exits so.
_TAKEN = re.compile(r"address already in use|\bexited 255\b", re.IGNORECASE)
_LOOK_AGAIN = 1.0  # children may have been replaced meanwhile
_SETTLE = 0.1
# How a process ends that was told to, by whomever.
_TOLD = (0, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP, -signal.SIGKILL)
# Between two lots of histograms, some 20 kB each: seconds, and share of the time so far, so that a day has a hundred.
_TIMES_EVERY, _TIMES_SHARE = 10.0, 0.1


class LoadStrategy(Protocol):
    """How the tunnels of a session come under load: by drivers of its own, or by other programs."""

    introduction: tuple[AnnouncedRole, str]
    """Role and name of this process itself."""

    async def bring_up(self, session: "Session", build: Build) -> list[float]:
        """Build every tunnel and return the seconds of each one's first round trip; raises LabStartError."""
        ...

    async def load(self, session: "Session") -> None:
        """Keep the tunnels under load until it is time to rest."""
        ...

    async def cool(self, session: "Session") -> None:
        """Stay idle for as long as that is wanted."""
        ...

    def metrics(self) -> Mapping[str, float]:
        """What is to be reported now."""
        ...

    def histograms(self) -> Mapping[str, str]:
        """Times since the start that are to be merged with other boxes', by name, as text."""
        ...

    def summary(self) -> list[str]:
        """Lines for people at the end."""
        ...


class Session:
    """A run in progress."""

    def __init__(self, options: Options, testbed: Testbed, strategy: LoadStrategy) -> None:
        self.options, self.testbed = options, testbed
        self._strategy = strategy
        self.tunnels: list[Tunnel] = []
        self.stop_load = asyncio.Event()
        """Set when the load is to stop."""
        self.leave = asyncio.Event()
        """Set when the lab is to end."""
        self.restarts = 0
        """Proxies started again so far."""

    async def start(self, build: Build) -> None:
        """Build and prove every tunnel; raises LabStartError or MissingError."""
        declare("starting", f"{self.options.protocol}: starting the proxies")
        role, name = self._strategy.introduction
        announce(os.getpid(), role, name)
        took = await self._bring_up(build)
        notes = [f"round trip in {max(took) * 1e3:.0f} ms"] if took else []
        notes += [tunnel.note for tunnel in self.tunnels if tunnel.note]
        declare("ready", "; ".join(notes))

    async def _bring_up(self, build: Build) -> list[float]:
        """A port that was free may be taken a moment later: then all is built once more."""
        for left in reversed(range(_TRIES)):
            try:
                return await self._strategy.bring_up(self, build)
            except LabStartError as error:
                if not left or _TAKEN.search(str(error)) is None:
                    raise
                print(f"a port was taken meanwhile, once more: {error}", flush=True)
                await self.testbed.crew.clear()
        raise LabStartError("no port is free")

    async def live(self) -> None:
        """Load, then idle, while the metrics go out and the children are watched; raises ChildDiedError."""
        try:
            async with asyncio.TaskGroup() as group:
                others = (group.create_task(self._narrate()), group.create_task(self.keep_watch(say=True)))
                await self._strategy.load(self)
                await self._strategy.cool(self)
                for task in others:
                    task.cancel()
        except BaseExceptionGroup as failed:
            raise failed.exceptions[0] from None
        finally:
            self._report()
            self._report_times()

    async def _narrate(self) -> None:
        """Print the metrics line on a grid."""
        due = time.monotonic()
        began = timed = due
        while True:
            due += self.options.interval
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            self._report()
            if due - timed >= max(_TIMES_EVERY, _TIMES_SHARE * (timed - began)):
                timed = due
                self._report_times()

    def _report(self) -> None:
        report({**self._strategy.metrics(), "restarts_total": self.restarts})

    def _report_times(self) -> None:
        for name, buckets in self._strategy.histograms().items():
            report_times(name, buckets)

    async def keep_watch(self, *, say: bool = False) -> None:
        """Return never; starts a proxy that died again if asked to, raises ChildDiedError otherwise.

        With ``say`` the death is declared at once: closing the load takes a while.
        """
        while True:
            ends = [child.ended for child in self.testbed.crew.children]
            await asyncio.wait(ends, timeout=_LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED)
            dead = self.testbed.crew.dead()
            if dead is not None and not await self._was_told(dead):
                await self._replace(dead, say=say)
            await asyncio.sleep(_SETTLE)

    async def _was_told(self, dead: LabChild) -> bool:
        """Whoever ends the lab may have told its children a moment before: then nobody has died."""
        if dead.process.returncode not in _TOLD:
            return False
        await first_of(self.leave, within=_SETTLE)
        return self.leave.is_set()

    async def _replace(self, dead: LabChild, *, say: bool) -> None:
        bury(dead.pid, dead.role, dead.name, dead.fate())
        if self.restarts >= self.options.restarts or not dead.replaceable:
            if say:
                declare("failed", dead.last_words())
            raise ChildDiedError(dead.last_words())
        self.restarts += 1
        print(f"restarting: {dead.last_words()}", flush=True)
        await self.testbed.crew.restart(dead)

    async def prove(self, name: str, trip: Awaitable[float]) -> float:
        """Return the seconds of a first round trip while every child lives; raises LabStartError with last words."""
        try:
            async with asyncio.TaskGroup() as group:
                watch = group.create_task(self.keep_watch())
                took = await trip
                watch.cancel()
        except BaseExceptionGroup as failed:
            words = "; ".join(child.last_words() for child in self.testbed.crew.children if child.role == "sut")
            raise LabStartError(f"{name} is not ready: {failed.exceptions[0]}; {words}") from None
        return took

    def summary(self) -> list[str]:
        """Lines for people at the end."""
        return self._strategy.summary()


async def first_of(*what: "asyncio.Event | asyncio.Task[None]", within: float | None = None) -> None:
    """Wait until an event is set or a task is done, or the time is over."""
    waits = [asyncio.create_task(one.wait()) if isinstance(one, asyncio.Event) else one for one in what]
    try:
        await asyncio.wait(waits, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait, one in zip(waits, what, strict=True):
            if isinstance(one, asyncio.Event):
                wait.cancel()


def run(options: Options, strategy: LoadStrategy, build: Build | None = None) -> int:
    """Run the lab to its end and return the exit code; raises nothing that a person could cause."""
    try:
        return uvloop.run(_run(options, strategy, build or PROTOCOLS[options.protocol]))
    except BrokenPipeError:
        # Whoever started the lab is gone. Nothing more can be said, not even by the interpreter's last flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return EXIT_DIED


async def _run(options: Options, strategy: LoadStrategy, build: Build) -> int:
    session = Session(options, Testbed(options.schedule), strategy)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, session.stop_load.set)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, session.leave.set)
    try:
        code = await _course(session, build)
    finally:
        await session.testbed.close()
    if code == 0:
        declare("stopped", "everything is stopped and removed")
    return code


async def _course(session: Session, build: Build) -> int:
    """Start and live; return the exit code."""
    try:
        if await _unless_left(session, session.start(build)):
            await session.live()
        for line in session.summary():
            print(line, flush=True)
    except (MissingError, LabStartError) as error:
        declare("failed", str(error))
        return EXIT_COULD_NOT_START
    except ChildDiedError:
        return EXIT_DIED
    return 0


async def _unless_left(session: Session, work: Awaitable[None]) -> bool:
    """Do the work, unless the lab is told to end before it is done; tell whether it was done."""
    task = asyncio.ensure_future(work)
    await first_of(session.leave, task)
    if task.done():
        task.result()
        return not session.leave.is_set()
    task.cancel()
    await asyncio.wait({task})
    return False
