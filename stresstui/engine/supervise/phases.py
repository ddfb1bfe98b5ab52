"""The course of a run: build, warm-up, soak, cool-down, and the four ways in which it comes to its end."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from enum import Enum, auto
from pathlib import Path
from typing import Any, Final

from stresstui.core.model.event import Doubted, Exited, Phase, PhaseBegan, ProcessKnown, ServiceState
from stresstui.core.model.sample import Role
from stresstui.core.run.state import RunState
from stresstui.engine.launch.cargo_command import explain_no_tests, is_cargo_test
from stresstui.engine.launch.request import RunRequest
from stresstui.engine.process.find import Found
from stresstui.engine.process.kernel.frozen import frozen
from stresstui.engine.process.terminate import below, repeat
from stresstui.engine.supervise.cannot_start import CannotStart
from stresstui.engine.supervise.evidence import Evidence
from stresstui.engine.supervise.process_tracker import ProcessTracker
from stresstui.engine.supervise.run_context import RunContext
from stresstui.engine.supervise.workload import Workload

LINGER_S: Final = 1.0
"""Seconds that what a child leaves behind has to end before it counts as leaked."""
LEAKED_MAX: Final = 100
"""Leaked processes that are named."""


class _Reason(Enum):
    """What ended a wait."""

    TIME = auto()
    EXIT = auto()
    STOP = auto()


class Phases:
    """Takes a workload through the phases of its run."""

    def __init__(
        self,
        request: RunRequest,
        context: RunContext,
        workload: Workload,
        tracker: ProcessTracker,
        evidence: Evidence,
        *,
        state: Callable[[], RunState],
        spared: Callable[[], list[int]],
        stop_sampling: Callable[[], Awaitable[None]],
    ) -> None:
        """``spared`` gives children of this process that are not the workload's."""
        self._request, self._context, self._workload = request, context, workload
        self._tracker, self._evidence = tracker, evidence
        self._state, self._spared, self._stop_sampling = state, spared, stop_sampling
        self._exit_recorded = False
        self.stop_asked: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when somebody wants the run to end."""
        self.load_over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when whoever makes the load says that it is over: what is planned for the end follows."""

    async def run(self) -> str:
        """Go through the phases; return why the run ended, in words. Raises CannotStart."""
        if self._workload.prepares:
            self._begin(Phase.BUILD, "building" if self._workload.builds else "waiting until it is ready")
        if not await self._prepared():
            return await self._stopped()
        self._begin(Phase.WARM_UP)
        reason = await self._until(self._request.warm_up, self.load_over)
        if reason is _Reason.TIME:
            self._begin(Phase.SOAK)
            reason = await self._until(self._request.soak_limit, self.load_over)
        match reason:
            case _Reason.TIME:
                return await self._completed()
            case _Reason.EXIT:
                return await self._workload_ended()
        return await self._stopped()

    def _begin(self, phase: Phase, why: str = "") -> None:
        self._context.record(PhaseBegan(self._context.clock.now(), phase, why))
        if phase in (Phase.WARM_UP, Phase.SOAK):
            self._evidence.refer(self._under_test())

    def _under_test(self) -> dict[int, str]:
        """Names by pid; what was announced or given may not have been sampled yet."""
        sampled = {process.pid: process.name for process in self._state().under_test()}
        return self._workload.watched.names | self._tracker.announced_under_test() | sampled

    async def _prepared(self) -> bool:
        """Bring the workload up; False when somebody wants the run to end before that is done."""
        preparing = asyncio.ensure_future(self._workload.prepare())
        waits: set[asyncio.Future[Any]] = {preparing, self.stop_asked}
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        if not preparing.done():
            preparing.cancel()
            await asyncio.wait({preparing})
            return False
        await preparing
        return True

    async def _until(self, seconds: float | None, *over: asyncio.Future[None]) -> _Reason:
        """Wait for the end of the workload or of the time (or what stands for it), or for who wants the run to end."""
        if seconds == 0.0:
            return _Reason.TIME
        waits: set[asyncio.Future[Any]] = {self.stop_asked, self._workload.exited, *over}
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if self.stop_asked.done():
            return _Reason.STOP
        return _Reason.EXIT if self._workload.exited.done() else _Reason.TIME

    async def _completed(self) -> str:
        """The planned duration is over: let it cool down where it can rest, then end it."""
        if self._request.cool_down and self._workload.can_rest:
            self._evidence.refer(self._under_test())
            await self._evidence.settled()
            self._workload.quieten()
            self._begin(Phase.COOL_DOWN)
            await self._until(self._request.cool_down)
            await self._evidence.leftover(self._under_test())
        await self._end_workload(planned=True)
        return "the planned duration was over"

    async def _workload_ended(self) -> str:
        """It ended by itself; what it left behind has the cool-down to end as well."""
        self._record_exit(planned=False)
        await self._doubt_no_tests()
        if self._request.cool_down and self._left_behind():
            self._begin(Phase.COOL_DOWN, "processes of the system under test are left")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self.stop_asked), self._request.cool_down)
            await self._evidence.leftover(self._under_test())
        await self._stop_sampling()
        await self._record_leaked()
        await self._end_workload(planned=False)
        return "the workload ended"

    async def _doubt_no_tests(self) -> None:
        """Where cargo ran no test, say which feature it wants."""
        facts, argv = self._state().facts, self._workload.command
        if not facts.harness or facts.tests_run or not is_cargo_test(argv):
            return
        reason = await asyncio.to_thread(explain_no_tests, argv, Path(self._workload.folder))
        if reason:
            self._context.record(Doubted(self._context.clock.now(), "workload", reason))

    def _left_behind(self) -> list[Found]:
        left = below(without=self._spared())
        if self._context.roles.otherwise is Role.SUT:
            return left  # also what no sample has seen yet
        under_test = {process.pid for process in self._state().under_test()}
        return [process for process in left if process.pid in under_test]

    async def _record_leaked(self) -> None:
        """Name the processes that outlive the child that left them, and that do not end in a moment."""
        if not self._workload.own:
            return
        for process in (await repeat(self._left_behind, LINGER_S))[:LEAKED_MAX]:
            now = self._context.clock.now()
            detail = "outlived the child: nobody ended it"
            self._context.record(ProcessKnown(now, process.pid, Role.SUT, process.name, "leaked", detail))

    async def _stopped(self) -> str:
        await self._end_workload(planned=False)
        facts = self._state().facts
        return f"stopped by {facts.stopped_by} {facts.stop_reason}".rstrip()

    async def _end_workload(self, *, planned: bool) -> None:
        """End it; what its processes look like while they are being ended is not judged."""
        await self._evidence.settled()
        await self._stop_sampling()
        running = not self._workload.exited.done()
        await self._doubt_frozen()
        asked = self._context.clock.now() if running else None
        await self._workload.stop()
        if self._workload.own:
            self._record_exit(planned=planned and running, asked=asked)
            self._record_left(planned=planned, asked=asked)

    async def _doubt_frozen(self) -> None:
        """What does nothing breaches nothing: its calm is no proof."""
        names = self._under_test()
        for pid, how in (await asyncio.to_thread(frozen, list(names))).items():
            reason = f"{names[pid]} ({pid}) did nothing when the run ended: {how}"
            self._context.record(Doubted(self._context.clock.now(), "supervisor", reason))

    def _record_exit(self, *, planned: bool, asked: float | None = None) -> None:
        if self._exit_recorded or not self._workload.exited.done():
            return
        self._exit_recorded = True
        how = self._workload.exited.result()
        self._context.record(Exited(self._context.clock.now(), how.status, how.signal, planned, asked=asked))

    def _record_left(self, *, planned: bool, asked: float | None) -> None:
        """What could not be ended was under load until it was asked to end."""
        if not self._exit_recorded and self._workload.is_left:
            self._exit_recorded = True
            self._context.record(Exited(self._context.clock.now(), planned=planned, asked=asked, left=True))

    async def end_unstarted(self, error: CannotStart) -> str:
        """End a run whose workload could not be brought up; return why, in words."""
        await self._stop_sampling()
        await self._workload.stop()
        now = self._context.clock.now()
        self._context.record(ServiceState(now, "failed", str(error)))
        self._context.record(Exited(now, cause=error.cause))
        return str(error)

    def close(self) -> None:
        """It is too late to ask for an end."""
        if not self.stop_asked.done():
            self.stop_asked.set_result(None)
