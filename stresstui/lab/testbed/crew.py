"""The children of one lab run: started, asked, started again in their place, stopped in order."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from stresstui import itself
from stresstui.lab.process.announce import Role
from stresstui.lab.process.helper import PORT
from stresstui.lab.process.process import LabChild, OnLine, spawn, stop
from stresstui.lab.testbed.errors import LabStartError

_SPEAK_TIMEOUT = 15.0


@dataclass(frozen=True, slots=True)
class HelperProgram:
    """One of the lab's own programs that is running, for example a relay."""

    port: int
    """Where it accepts."""
    readings: dict[str, float]
    """Its latest metrics, kept up to date."""
    say: Callable[[str], None]
    """Writes a line to its standard input, for example ``hold 1``."""


class Crew:
    """Everything that one run has started, in order."""

    def __init__(self) -> None:
        self.children: list[LabChild] = []
        """Stopped in reverse, so clients before servers, the echo target last."""
        self._caretaker: LabChild | None = None
        self._ports: dict[str, int] = {}

    async def start(self, name: str, argv: Sequence[str], *, role: Role = "sut", pprof: str = "") -> LabChild:
        """Start a proxy, which gives Go's profiles at ``pprof``; raises LabStartError where it cannot be run."""
        return await self._spawn(name, argv, role=role, pprof=pprof)

    async def start_helper(self, name: str, module: str, *arguments: str, role: Role = "sut") -> HelperProgram:
        """Start one of the lab's own programs that listens on a port and reports metrics; raises LabStartError."""
        argv = itself.module(f"stresstui.lab.{module}", *arguments)
        _, facts = await self._spawn_speaking(name, argv, role=role)
        port = self._ports[name] = int(facts.pop("port"))
        return HelperProgram(port, facts, lambda line: self.say(name, line))

    async def start_driver(self, name: str, *arguments: str, hear: Callable[[dict[str, Any]], None]) -> LabChild:
        """Start a part of the load in a process of its own, whose reports are heard; raises LabStartError."""
        argv = itself.module("stresstui.lab.load.shard", *arguments)
        child, _ = await self._spawn_speaking(name, argv, role="driver", replaceable=False, hear=hear)
        return child

    async def start_caretaker(self, name: str, module: str, *arguments: str) -> int:
        """Start the program that clears up should the lab be killed; return its port. Raises LabStartError."""
        argv = itself.module(f"stresstui.lab.{module}", *arguments)
        self._caretaker, facts = await self._spawn_speaking(name, argv, role="service", orphan=True)
        return int(facts["port"])

    async def _spawn_speaking(
        self,
        name: str,
        argv: Sequence[str],
        *,
        role: Role,
        orphan: bool = False,
        replaceable: bool = True,
        hear: Callable[[dict[str, Any]], None] | None = None,
    ) -> tuple[LabChild, dict[str, float]]:
        """Start one of the lab's own programs and wait for its first JSON line; the facts are kept up to date."""
        facts: dict[str, float] = {}
        spoke = asyncio.Event()

        def keep(found: dict[str, float]) -> None:
            facts.update(found)
            if spoke.is_set():
                facts.pop("port", None)  # said once more by one that was started again

        def on_line(line: str) -> None:
            (hear or keep)(json.loads(line))
            spoke.set()

        child = await self._spawn(name, argv, role=role, on_line=on_line, orphan=orphan, replaceable=replaceable)
        waiting = asyncio.create_task(spoke.wait())
        await asyncio.wait({waiting, child.ended}, timeout=_SPEAK_TIMEOUT, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not spoke.is_set():
            raise LabStartError(child.last_words())
        return child, facts

    async def restart(self, child: LabChild) -> LabChild:
        """Start a command again in its place and on its port, stopping it first if it runs; raises OSError."""
        await stop([] if child.ended.done() else [child])
        port = self._ports.get(child.name)
        env = None if port is None else {PORT: str(port)}
        again = await spawn(child.name, child.argv, role=child.role, on_line=child.on_line, env=env, pprof=child.pprof)
        self.children[self.children.index(child)] = again
        self._inform_caretaker(again, child)
        return again

    def dead(self) -> LabChild | None:
        """Return a child that ended without being asked to, or None."""
        return next((child for child in self.children if child.ended.done() and not child.expected), None)

    def say(self, name: str, line: str) -> None:
        """Write a line to the standard input of a child, however often it has been started again."""
        for child in self.children:
            if child.name == name:
                child.say(line)

    async def clear(self) -> None:
        """Stop every child, so that everything can be built anew; raises nothing."""
        await stop(self.children[::-1])
        self.children.clear()
        self._caretaker = None

    async def _spawn(
        self,
        name: str,
        argv: Sequence[str],
        *,
        role: Role,
        on_line: OnLine | None = None,
        orphan: bool = False,
        replaceable: bool = True,
        pprof: str = "",
    ) -> LabChild:
        try:
            child = await spawn(
                name, argv, role=role, on_line=on_line, orphan=orphan, replaceable=replaceable, pprof=pprof
            )
        except OSError as error:
            raise LabStartError(f"{name} could not be started: {error}") from error
        self.children.append(child)
        self._inform_caretaker(child)
        return child

    def _inform_caretaker(self, started: LabChild, ended: LabChild | None = None) -> None:
        if self._caretaker is not None:
            if ended is not None:
                self._caretaker.say(f"-{ended.pid}")
            self._caretaker.say(f"+{started.pid}")
