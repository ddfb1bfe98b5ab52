"""The workload: what is under stress, from its build to the end of its last process."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

from stresstui.core.model.event import Noted, Problem
from stresstui.core.model.sample import Sample
from stresstui.core.model.scenario import CargoRun, RunnerKind
from stresstui.engine.launch.binary_tests import LIST, is_libtest, read_list, select
from stresstui.engine.launch.cargo import Built, find_executable
from stresstui.engine.launch.cargo_command import sources_of
from stresstui.engine.launch.plan import Plan, services_of
from stresstui.engine.launch.request import RunRequest
from stresstui.engine.output.program import Program
from stresstui.engine.process.attached import Watched
from stresstui.engine.process.children import Children, ExitStatus
from stresstui.engine.process.terminate import below, end_all
from stresstui.engine.supervise.build_watch import BuildWatch
from stresstui.engine.supervise.cannot_start import CannotStart, cannot_execute
from stresstui.engine.supervise.event_router import WORKLOAD, EventRouter
from stresstui.engine.supervise.run_context import RunContext
from stresstui.engine.supervise.services import Services, wait_ready

LAB_PATIENCE_S = 10.0
"""Seconds that the lab has to take its own processes down."""
RESCAN_S = 5.0
"""Seconds between two searches for processes that match a pattern."""
LOOK_S = 0.25
"""Seconds between two looks at whether watched processes are alive."""


class Workload:
    """What the run is about; one runner's way of bringing it up and down."""

    def __init__(
        self,
        plan: Plan,
        request: RunRequest,
        children: Children,
        context: RunContext,
        router: EventRouter,
        *,
        services: Services,
    ) -> None:
        """Nothing is started yet; raises re.error for a wrong pattern."""
        self._plan, self._request = plan, request
        self._children, self._context, self._router, self._services = children, context, router, services
        self._program: Program | None = None
        self._builder: Program | None = None
        self._word_of_tool = ""
        self._command = plan.argv
        self._watcher: asyncio.Task[None] | None = None
        self._build_watch = BuildWatch() if plan.builds_itself else None
        self.watched = Watched(request.pids, request.pattern)
        """Processes that ran before, for the ``pid`` runner."""
        self.tested_pid: int | None = None
        """The process that was started, where that itself is under test; also when it has ended."""
        self.exited: asyncio.Future[ExitStatus] = asyncio.get_running_loop().create_future()
        """Done when it has ended, and all its output was read."""

    @property
    def prepares(self) -> bool:
        """Whether anything has to happen before load can begin."""
        return bool(self.builds or self._plan.says_ready or services_of(self._request))

    @property
    def command(self) -> tuple[str, ...]:
        """What is started; empty where it runs already."""
        return self._command

    @property
    def folder(self) -> str:
        """Where it is started."""
        return self._plan.cwd

    @property
    def builds(self) -> bool:
        """Whether it has to be built first."""
        return bool(self._plan.build or self._build_watch)

    @property
    def own(self) -> bool:
        """Whether this program started it, and so may end it."""
        return self._plan.runner is not RunnerKind.PID

    async def prepare(self) -> None:
        """Build it, bring services up, start it, and wait until it is ready; raises CannotStart."""
        if self._plan.build:
            await self._build(self._plan.build)
        await self._services.start(self._plan.cwd)
        if self.own:
            await self._start()
        elif not self.watched.rescan():
            raise CannotStart("not_found", self._nobody())
        else:
            self._watcher = asyncio.create_task(self._watch_given())

    def _nobody(self) -> str:
        wanted = " or ".join(map(str, self._request.pids))
        what = f"matches '{self._request.pattern}'" if self._request.pattern else f"has pid {wanted}"
        return f"no process {what}"

    async def _build(self, argv: tuple[str, ...]) -> None:
        status, messages = await self._tool("build", argv)
        if status.status != 0:
            raise CannotStart("build_failed", self._word_of_tool or f"the build ended with {status}")
        if self._plan.runner is RunnerKind.CARGO:
            await self._learn_binary(messages)

    async def _tool(self, name: str, argv: tuple[str, ...], cwd: str | None = None) -> tuple[ExitStatus, bytes]:
        """Run a program to its end; give how it ended and what it wrote to its standard output. Raises CannotStart."""
        import tempfile  # noqa: PLC0415 - costly, and few runs build anything

        program = self._builder = self._router.silent_program(self._children, name)
        with tempfile.TemporaryFile() as written:
            try:
                child = program.start(argv, cwd=cwd or self._plan.cwd, env=self._plan.env, stdout=written.fileno())
            except OSError as error:
                raise cannot_execute(argv, error) from error
            status = await asyncio.shield(child.exited)
            await program.drain()
            await program.close()
            self._word_of_tool = program.build_error or program.last_line
            self._builder = None
            written.seek(0)
            return status, written.read()

    async def _learn_binary(self, messages: bytes) -> None:
        run = self._request.scenario.cargo
        built = find_executable(messages, run) if run else None
        if run is None or built is None:
            raise CannotStart("build_failed", "the build names no executable of the test target")
        if is_libtest(built.manifest, run.test_target):
            await self._select(run, built)
        self._context.roles.set_binary(built.path)

    async def _select(self, run: CargoRun, built: Built) -> None:
        """Run just the test that is meant, by what the binary says that it holds."""
        folder = str(Path(built.manifest).parent) if built.manifest else None
        status, listed = await self._tool("list", (built.path, *LIST), folder)
        _, ignored = await self._tool("list", (built.path, *LIST, "--ignored"), folder)
        if status.status != 0:
            return
        found = select(run, read_list(listed.decode(errors="replace")), read_list(ignored.decode(errors="replace")))
        self._command = found.run.command
        if found.said:
            now, said = self._context.clock.now(), f"{Path(built.path).name}: {found.said}"
            self._context.record(Problem(now, "cargo", said) if found.lacks else Noted(now, said, "cargo"))

    async def _start(self) -> None:
        program = self._program = self._router.program(
            self._children, WORKLOAD, self._request.scenario, sources_of(self._command, self._plan.cwd)
        )
        env = {**self._plan.env, **self._to_services()}
        try:
            program.start(self._command, cwd=self._plan.cwd, env=env)
        except OSError as error:
            raise cannot_execute(self._command, error) from error
        if self._plan.runner is not RunnerKind.LAB and self._build_watch is None:
            self.tested_pid = program.child.pid
        if self._plan.says_ready:
            await wait_ready("the lab", program, self._plan.ready_within)
        self._watcher = asyncio.create_task(self._watch_child(program))
        if self._build_watch is not None:
            await self._built(self._build_watch)

    def observe(self, sample: Sample) -> None:
        """Take in a sample: it tells when a command that builds by itself has come to run what it built."""
        if self._build_watch is not None:
            self._build_watch.observe(sample)

    async def _built(self, build: BuildWatch) -> None:
        over = asyncio.ensure_future(build.over.wait())
        waits: set[asyncio.Future[Any]] = {over, self.exited}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            over.cancel()

    def _to_services(self) -> dict[str, str]:
        """Variables that lead to the services, without those that a person set to lead elsewhere."""
        own = {name for name in self._services.env if name in os.environ or name in self._plan.env}
        if own:
            said = f"{', '.join(sorted(own))} was set before: the workload does not go to the service of this run"
            self._context.record(Problem(self._context.clock.now(), "service", said))
        return {name: value for name, value in self._services.env.items() if name not in own}

    async def _watch_child(self, program: Program) -> None:
        status = await asyncio.shield(program.child.exited)
        await program.drain()
        if not self.exited.done():
            self.exited.set_result(status)

    async def _watch_given(self) -> None:
        """Look for the end of processes that are not this program's children; a restart within a rescan is none."""
        looks = 0
        while True:
            await asyncio.sleep(LOOK_S)
            looks += 1
            alive = self.watched.alive()
            if self._request.pattern and (not alive or looks * LOOK_S >= RESCAN_S):
                looks, alive = 0, self.watched.rescan()
            if not alive:
                break
        if not self.exited.done():
            self.exited.set_result(ExitStatus(None, None))

    @property
    def can_rest(self) -> bool:
        """Whether it stays when its load is over: the lab does, and what was not started here has to."""
        return not self.own or (self._plan.quieten is not None and not self.exited.done())

    @property
    def is_left(self) -> bool:
        """Whether what was started has not ended, for all that was done to end it."""
        return self._program is not None and not self._program.child.exited.done()

    def quieten(self) -> None:
        """Have it stop its load and stay, where it can."""
        if self._plan.quieten is not None and self._program is not None:
            self._program.child.send(self._plan.quieten)

    async def stop(self) -> None:
        """End every process of it that this program started, also those that forked away."""
        self._context.ending = True
        program = self._program
        if program is not None and not self._plan.whole_tree and not program.child.exited.done():
            program.child.send(signal.SIGTERM)
            await asyncio.wait({program.child.exited}, timeout=LAB_PATIENCE_S)
        await end_all(lambda: below(without=[*self._services.pids, *self._children.spared]))
        if self._watcher is not None and self.own:
            await asyncio.wait({self.exited}, timeout=2.0)

    async def close(self) -> None:
        """Stop reading its output and looking for its end."""
        if self._watcher is not None:
            self._watcher.cancel()
        for program in (self._builder, self._program):
            if program is not None:
                await program.close()
