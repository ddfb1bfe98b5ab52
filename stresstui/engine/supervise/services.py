"""Services: parts of the lab that are up while a workload runs, and say in variables how to reach them."""

import asyncio
import contextlib
import signal
from collections.abc import Sequence
from typing import Any

from stresstui.core.model.event import SERVICE, Doubted, ServiceState
from stresstui.core.model.sample import Role, Sample
from stresstui.engine.launch.plan import READY_WITHIN_S
from stresstui.engine.output.program import Program
from stresstui.engine.process.children import Children
from stresstui.engine.process.kernel.frozen import is_stopped
from stresstui.engine.supervise.cannot_start import CannotStart, cannot_execute
from stresstui.engine.supervise.event_router import EventRouter
from stresstui.engine.supervise.run_context import RunContext

STOP_WITHIN_S = 10.0
"""Seconds that a service has to end when asked to."""

EXPORT_WITHIN_S = 2.0
"""Seconds that a service that is ready has to say which variable leads to it."""


class Services:
    """The services of a run, in the order of the scenario."""

    def __init__(
        self,
        names: Sequence[str],
        command: Sequence[str],
        children: Children,
        context: RunContext,
        router: EventRouter,
    ) -> None:
        """``command`` starts the lab; nothing is started yet."""
        self._names, self._command = tuple(names), tuple(command)
        self._children, self._context, self._router = children, context, router
        self._programs: dict[str, Program] = {}
        self._watchers: list[asyncio.Task[None]] = []
        self._stopped: set[tuple[int, float]] = set()

    @property
    def pids(self) -> list[int]:
        """Pids of those started."""
        return [program.child.pid for program in self._programs.values()]

    @property
    def env(self) -> dict[str, str]:
        """Variables that lead to them."""
        return {name: value for program in self._programs.values() for name, value in program.exports.items()}

    async def start(self, cwd: str, *, within_s: float = READY_WITHIN_S) -> None:
        """Start all at once and wait until each is ready; raises CannotStart."""
        for name in self._names:
            self._start_one(name, cwd)
        for name, program in self._programs.items():
            await wait_ready(name, program, within_s)
            with contextlib.suppress(TimeoutError):  # said just before or just after
                await asyncio.wait_for(program.exported.wait(), EXPORT_WITHIN_S)
        self._watchers = [asyncio.create_task(self._watch(name, p)) for name, p in self._programs.items()]

    def _start_one(self, name: str, cwd: str) -> None:
        program = self._router.program(self._children, name, None)
        argv = (*self._command, "up", name, "--env")
        try:
            child = program.start(argv, cwd=cwd, env={"PYTHONUNBUFFERED": "1"})
        except OSError as error:
            raise cannot_execute(argv, error) from error
        self._context.roles.add_service(child.pid)
        self._programs[name] = program

    async def _watch(self, name: str, program: Program) -> None:
        """Say when a service ends that should not."""
        await asyncio.wait({program.child.exited})
        if not self._context.ending:
            now, how = self._context.clock.now(), program.child.exited.result()
            text = ": ".join(filter(None, ("ended in mid-run", program.last_line)))
            self._context.record(ServiceState(now, "failed", text, name))
            reason = f"the service {name} ended in mid-run ({how.signal or f'exit status {how.status}'})"
            self._context.record(Doubted(now, SERVICE, reason))

    def look_after(self, sample: Sample) -> None:
        """Say of a service's process that somebody has stopped it, once: what leans on it shows nothing any more."""
        for process in sample.processes:
            if process.role is Role.SERVICE and process.key not in self._stopped and is_stopped(process.pid):
                self._stopped.add(process.key)
                reason = f"{process.name} ({process.pid}), a process of the services, was stopped in mid-run"
                self._context.record(Doubted(sample.t, SERVICE, reason))

    async def stop(self) -> None:
        """Ask all to end and wait for it; what does not is left to the end of the tree."""
        for program in self._programs.values():
            with contextlib.suppress(OSError):
                program.child.send(signal.SIGTERM)
        exits = {program.child.exited for program in self._programs.values()}
        if exits:
            await asyncio.wait(exits, timeout=STOP_WITHIN_S)

    async def close(self) -> None:
        """Stop reading their output."""
        for watcher in self._watchers:
            watcher.cancel()
        for program in self._programs.values():
            await program.close()


async def wait_ready(name: str, program: Program, within_s: float) -> None:
    """Wait until a program says that it is ready; raises CannotStart when it ends first, or takes too long."""
    ready = asyncio.ensure_future(program.ready.wait())
    exited = program.child.exited
    try:
        waits: set[asyncio.Future[Any]] = {ready, exited}
        await asyncio.wait(waits, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
        if exited.done():
            await program.drain()
    finally:
        ready.cancel()
    if exited.done() and not program.ready.is_set():
        how = exited.result()
        reason = (
            program.complaint
            or program.last_line
            or f"{name} ended with {how.signal or how.status} before it was ready"
        )
        raise CannotStart("not_ready", reason)
    if not program.ready.is_set():
        raise CannotStart(
            "not_ready", f"{name} was not ready within {within_s:.0f} s: {program.last_line}".rstrip(": ")
        )
