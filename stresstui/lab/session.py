"""One run of the lab: build the tunnels, prove them, load them, go idle, leave nothing behind."""

import asyncio
import contextlib
import os
import re
import signal
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field

import uvloop

from stresstui.lab.load.driver import Driver
from stresstui.lab.load.profiles import Plan, small_part
from stresstui.lab.loaded_tunnel import Line, merged
from stresstui.lab.net.socks import Address
from stresstui.lab.process.announce import announce, bury, declare, report
from stresstui.lab.process.binaries import MissingError
from stresstui.lab.process.process import Child
from stresstui.lab.protocols import PROTOCOLS
from stresstui.lab.relay.faults.kinds import FaultSpec
from stresstui.lab.testbed.schedule import Schedule
from stresstui.lab.testbed.testbed import Build, DeathError, Room, StartError, Tunnel

EXIT_DIED = 1
"""Exit code: a proxy ended by itself."""
EXIT_COULD_NOT_START = 4
"""Exit code: something is missing or did not come up."""
READY_TIMEOUT = 20.0
"""Seconds that a tunnel has for its first round trip."""
SIDE_TIMEOUT = 6.0
"""Seconds that a side tunnel has before its client is started once more: one probe that hangs, and the next."""
_TRIES = 3
# sing-box, sshd and Python say so; Xray only exits so.
_TAKEN = re.compile(r"address already in use|\bexited 255\b", re.IGNORECASE)
_LOOK_AGAIN = 1.0  # children may have been replaced meanwhile
_SETTLE = 0.1


@dataclass(frozen=True, slots=True)
class Options:
    """What a person asked of one run."""

    protocol: str
    """Name of the protocol."""
    plan: Plan
    """The load through each of its tunnels."""
    duration: float | None = None
    """Seconds of load; None loads until told to stop."""
    cool_down: float = 0.0
    """Seconds idle after the load when duration is given."""
    max_duration: float = 25 * 3600.0
    """Seconds after which the run ends whatever happens."""
    interval: float = 1.0
    """Seconds between metrics lines."""
    restarts: int = 0
    """How often a proxy that died is started again before the run has failed."""
    faults: tuple[FaultSpec, ...] = ()
    """What goes wrong on purpose once the load is on."""
    env: bool = False
    """Whether to print the variables that lead to tunnels that stand for others."""
    settle: float = 0.0
    """Seconds between ready and the load, in which whoever watches sees everything at rest."""
    schedule: Schedule = field(default_factory=Schedule)
    """When keys change, visitors come and the wire stalls."""


@dataclass(slots=True)
class Session:
    """A run in progress."""

    options: Options
    room: Room
    tunnels: list[Tunnel] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    rest: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the load is to stop."""
    leave: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the lab is to end."""
    restarts: int = 0
    """Proxies started again so far."""

    async def start(self, build: Build) -> None:
        """Build and prove every tunnel; raises StartError or MissingError."""
        declare("starting", f"{self.options.protocol}: starting the proxies")
        self.introduce()
        for left in reversed(range(_TRIES)):
            try:
                took = await self.bring_up(build)
                break
            except StartError as error:
                if not left or _TAKEN.search(str(error)) is None:
                    raise
                print(f"a port was taken meanwhile, once more: {error}", flush=True)
                await self.room.clear()
        notes = [f"round trip in {max(took) * 1e3:.0f} ms", *(tunnel.note for tunnel in self.tunnels if tunnel.note)]
        declare("ready", "; ".join(notes))

    def introduce(self) -> None:
        """Say what this process itself is."""
        announce(os.getpid(), "driver", "driver")

    async def bring_up(self, build: Build) -> list[float]:
        """Build everything and return the seconds of each tunnel's first round trip; raises StartError."""
        echo = target = await self.room.echo()
        self.tunnels = await build(self.room)
        if any(fault.after_tunnel for fault in self.options.faults):
            target = await self.room.stage(echo)
        self.lines = [self._line(tunnel, target, echo) for tunnel in self.tunnels]
        return [await self._prove(line) for line in self.lines]

    async def _prove(self, line: Line) -> float:
        """Prove one tunnel; a multiplexing client whose one connection hangs from its start is started once more."""
        name = line.tunnel.name
        client = next((child for child in self.room.children if child.name == f"{name}-client"), None)
        if line.tunnel.side and client is not None:
            try:
                return await self.proven(name, line.driver.prove(SIDE_TIMEOUT))
            except StartError:
                if client.ended.done():
                    raise
                await self.room.restart(client)
        return await self.proven(name, line.driver.prove(READY_TIMEOUT))

    def _line(self, tunnel: Tunnel, target: Address, udp_target: Address) -> Line:
        plan = small_part(self.options.plan) if tunnel.side else self.options.plan
        return Line(tunnel, Driver(tunnel.entrance, target, plan, udp=tunnel.udp, udp_target=udp_target))

    async def load(self) -> None:
        """Load every tunnel until it is time to rest; the metrics go on until the end."""
        await _first(self.rest, self.leave, within=self.options.settle)
        notes = [f"{self.options.protocol}: load through {len(self.lines)} tunnel(s)"]
        notes += [f"injected: {fault.text}" for fault in self.options.faults]
        declare("loading", "; ".join(notes))
        for fault in self.options.faults:
            self.room.inject(fault)
        tallies = {line.tunnel.name: line.driver.tally for line in self.lines}
        works = [line.driver.run() for line in self.lines]
        works += [drill(tallies) for line in self.lines for drill in line.tunnel.drills]
        drivers = [asyncio.create_task(work) for work in works]
        try:
            await _first(self.rest, self.leave, *drivers, within=self._load_time())
        finally:
            for driver in drivers:
                driver.cancel()
            results = await asyncio.gather(*drivers, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result
        declare("idle", "load stopped, connections closed, everything still up")

    async def cool(self) -> None:
        """Stay idle until told to end, or for the cool-down where the duration was given."""
        timed = self.options.duration is not None
        await _first(self.leave, within=self.options.cool_down if timed else self.options.max_duration)

    async def narrate(self) -> None:
        """Print the metrics line on a grid."""
        due = time.monotonic()
        while True:
            due += self.options.interval
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            self.tell()

    async def guard(self) -> None:
        """Return never; starts a proxy that died again if asked to, raises DeathError otherwise."""
        while True:
            ends = [child.ended for child in self.room.children]
            await asyncio.wait(ends, timeout=_LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED)
            dead = self.room.dead()
            if dead is not None:
                await self._replace(dead)
            await asyncio.sleep(_SETTLE)

    async def _replace(self, dead: Child) -> None:
        bury(dead.pid, dead.role, dead.name, dead.fate())
        if self.restarts >= self.options.restarts or not dead.replaceable:
            raise DeathError(dead.last_words())
        self.restarts += 1
        print(f"restarting: {dead.last_words()}", flush=True)
        await self.room.restart(dead)

    def tell(self) -> None:
        """Print the metrics line now."""
        each = {line.tunnel.name: line.metrics() for line in self.lines if not line.tunnel.side}
        sides = {line.tunnel.name: line.metrics() for line in self.lines if line.tunnel.side}
        report(merged(each, sides) | {"restarts_total": self.restarts})

    def summary(self) -> None:
        """Print the histograms for people."""
        for line in self.lines:
            for text in line.driver.tally.summary():
                print(f"{line.tunnel.name} {text}", flush=True)

    async def proven(self, name: str, trip: Coroutine[None, None, float]) -> float:
        """Return the seconds of a first round trip while every child lives; raises StartError with the last words."""
        proof = asyncio.create_task(trip)
        watch = asyncio.create_task(self.guard())
        await asyncio.wait({proof, watch}, return_when=asyncio.FIRST_COMPLETED)
        for task in (proof, watch):
            task.cancel()
        results = await asyncio.gather(proof, watch, return_exceptions=True)
        if isinstance(results[0], float):
            return results[0]
        words = "; ".join(child.last_words() for child in self.room.children if child.role == "sut")
        raise StartError(f"{name} is not ready: {results[0] or results[1]}; {words}")

    def _load_time(self) -> float:
        limits = (self.options.duration, self.options.max_duration)
        return min(limit for limit in limits if limit is not None)


def run(options: Options, build: Build | None = None, kind: type[Session] = Session) -> int:
    """Run the lab to its end and return the exit code; raises nothing that a person could cause."""
    try:
        return uvloop.run(_run(kind(options, Room.open(options.schedule)), build or PROTOCOLS[options.protocol]))
    except BrokenPipeError:
        # Whoever started the lab is gone. Nothing more can be said, not even by the interpreter's last flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return EXIT_DIED


async def _run(session: Session, build: Build) -> int:
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, session.rest.set)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, session.leave.set)
    code = 0
    try:
        await _until_leave(session, session.start(build))
        if not session.leave.is_set():
            await _live(session)
        session.summary()
    except (MissingError, StartError) as error:
        code = _fail(error, EXIT_COULD_NOT_START)
    except DeathError:
        code = EXIT_DIED
    finally:
        await session.room.close()
    if code == 0:
        declare("stopped", "everything is stopped and removed")
    return code


def _fail(error: Exception, code: int) -> int:
    declare("failed", str(error))
    return code


async def _until_leave(session: Session, work: Coroutine[None, None, None]) -> None:
    task = asyncio.create_task(work)
    await _first(session.leave, task)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _live(session: Session) -> None:
    """Load, then idle, while the metrics go out and the children are watched."""
    work = asyncio.create_task(_load_and_cool(session))
    others = [asyncio.create_task(session.narrate()), asyncio.create_task(session.guard())]
    await asyncio.wait({work, *others}, return_when=asyncio.FIRST_COMPLETED)
    failed = next((task for task in others if task.done()), None)
    if failed is not None and isinstance(error := failed.exception(), DeathError):
        _fail(error, EXIT_DIED)  # said at once: closing the load takes a while
    for task in (work, *others):
        task.cancel()
    await asyncio.gather(work, *others, return_exceptions=True)
    session.tell()
    if failed is not None:
        failed.result()
    if not work.cancelled():
        work.result()


async def _load_and_cool(session: Session) -> None:
    await session.load()
    await session.cool()


async def _first(*what: "asyncio.Event | asyncio.Task[None]", within: float | None = None) -> None:
    """Wait until an event is set or a task is done, or the time is over."""
    waits = [asyncio.create_task(one.wait()) if isinstance(one, asyncio.Event) else one for one in what]
    await asyncio.wait(waits, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    for wait, one in zip(waits, what, strict=True):
        if isinstance(one, asyncio.Event):
            wait.cancel()
