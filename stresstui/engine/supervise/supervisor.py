"""The supervisor: the process that owns a run, from its first phase to its outcome, whatever happens around it.

``python -m stresstui.engine.supervise.supervisor RUN_DIR`` runs what ``run.json`` in that directory asks for.
"""

import asyncio
import contextlib
import os
import signal
import sys
import traceback
from collections.abc import Callable
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from stresstui.core.model.event import (
    BreachBegan,
    Ended,
    Event,
    Exited,
    Phase,
    PhaseBegan,
    Sampled,
    ServiceState,
    Started,
    StopRequested,
)
from stresstui.core.model.sample import Role, Sample
from stresstui.core.run.breaches import EarlyEnd
from stresstui.core.run.fold import RunState
from stresstui.engine.clock import RunClock, wall_clock
from stresstui.engine.collect import open_collector
from stresstui.engine.collect.sampler import OpenCollector, Sampler
from stresstui.engine.control import server
from stresstui.engine.launch.plan import Plan, lab_command, make_plan
from stresstui.engine.launch.request import RunRequest, load_request
from stresstui.engine.output.pipe import OUTPUT, OutputLog
from stresstui.engine.process.children import Children, become_subreaper
from stresstui.engine.process.pidfile import write_pid_file
from stresstui.engine.process.terminate import below, end_all
from stresstui.engine.process.watchdog import Guard
from stresstui.engine.record.journal import JOURNAL
from stresstui.engine.record.rate_limit import Complaints
from stresstui.engine.record.recorder import OnEnd, OnEvent, OnSample, Recorder, both
from stresstui.engine.supervise.event_router import CannotStart, Stage
from stresstui.engine.supervise.evidence import Evidence
from stresstui.engine.supervise.roles import Roles
from stresstui.engine.supervise.services import Services
from stresstui.engine.supervise.workload import Workload

INTERNAL_ERROR: Final = 70
"""Exit status of a supervisor that failed itself."""
DISK_TRIES: Final = 60
"""How often to try again, each half second, at the end of a run whose last events the disk refuses."""
FIRST_SAMPLE_S: Final = 2.0
"""Seconds to wait for the first sample before the run goes on without it."""

_T = TypeVar("_T")


class _Reason(Enum):
    """What ended a wait."""

    TIME = auto()
    EXIT = auto()
    STOP = auto()


class Supervisor:
    """One run."""

    def __init__(
        self,
        run_dir: Path,
        request: RunRequest,
        on_event: OnEvent | None,
        open_with: OpenCollector,
        guard: Guard | None = None,
    ) -> None:
        """Prepare a run on the running loop; raises OSError, ValueError."""
        self._loop = asyncio.get_running_loop()
        self._dir, self._request = run_dir, request
        self._adopts = become_subreaper()
        self._clock = RunClock()
        self._recorder = Recorder(run_dir / JOURNAL, self._clock, on_event, self._end_early, self._breached)
        self._complaints = Complaints(self._recorder)
        self._evidence = Evidence(run_dir, self._clock, self._recorder.record)
        self._early_ends: set[asyncio.Task[None]] = set()
        self._stop: asyncio.Future[None] = self._loop.create_future()
        self._plan: Plan = make_plan(request)
        roles = Roles(request.runner)
        self._stage = Stage(self._clock, OutputLog(run_dir / OUTPUT), roles, self._recorder.record, self._reclassify)
        self._children = Children(self._stage.adopted_end, guard)
        command = request.lab or lab_command()
        self._services = Services(request.scenario.services, command, self._children, self._stage)
        self._workload = Workload(self._plan, request, self._children, self._stage, self._services)
        self._collector = open_with(request.collector, self._roots, roles.classify, monitor_pid=os.getpid())
        self._sampler = Sampler(self._collector, self._clock, request.interval, self._sampled, self._complained)
        self._exit_recorded = False
        self._sampling = asyncio.Event()

    @property
    def state(self) -> RunState:
        """The run as judged so far; live."""
        return self._recorder.state

    def _roots(self) -> list[int]:
        """Asked by the sampler's thread: a subreaper finds in its own tree also what forked away."""
        own = [os.getpid()] if self._adopts else self._children.pids
        return [*own, *self._workload.watched.pids]

    def _reclassify(self) -> None:
        self._collector.reclassify()

    async def run(self, on_end: OnEnd | None = None) -> RunState:
        """Run all phases; whatever goes wrong, the run ends with its last event in the journal."""
        self._listen_to_signals()
        self._clock.restart()
        self._recorder.record(self._started())
        self._sampler.start()
        try:
            await self._first_sample()
            reason = await self._live()
        except CannotStart as error:
            reason = await self._could_not_start(error)
        except Exception as error:  # noqa: BLE001 - an error of this program must still end the run and say so
            traceback.print_exc()
            self._recorder.problem("supervisor", f"{type(error).__name__}: {error}")
            self.request_stop("supervisor", f"internal error: {error}")
            reason = f"internal error: {error}"
        await self._take_down()
        self._recorder.end(Ended(self._clock.now(), wall_clock(), reason), on_end)
        await self._wait_for_disk()
        return self.state

    async def _first_sample(self) -> None:
        """Let the host be read once before anything runs."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._sampling.wait(), FIRST_SAMPLE_S)

    def _listen_to_signals(self) -> None:
        self._loop.set_exception_handler(self._callback_failed)
        # Handlers, unlike SIG_IGN, are not inherited by the workload.
        self._loop.add_signal_handler(signal.SIGHUP, lambda: None)
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, self.request_stop, number.name)

    def _callback_failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """An error in a callback costs what it was about, not the run."""
        loop.default_exception_handler(context)
        self._take_complaint("supervisor", repr(context.get("exception") or context.get("message")))

    def _started(self) -> Started:
        request = self._request
        return Started(
            self._clock.now(),
            run=request.run or self._dir.name,
            wall=wall_clock(),
            scenario=msgspec.to_builtins(request.scenario),
            runner=request.runner.value,
            why=request.why,
            command=self._plan.argv,
            interval=request.interval,
            duration=request.duration,
            warm_up=request.warm_up,
            cool_down=request.cool_down,
        )

    async def _live(self) -> str:
        """Go through the phases; return why the run ended, in words."""
        if self._workload.prepares:
            self._begin(Phase.BUILD, "building" if self._plan.build else "waiting until it is ready")
        if not await self._prepared():
            return await self._stopped()
        self._begin(Phase.WARM_UP)
        reason = await self._until(self._request.warm_up)
        if reason is _Reason.TIME:
            self._begin(Phase.SOAK)
            reason = await self._until(self._request.soak_limit)
        match reason:
            case _Reason.TIME:
                return await self._completed()
            case _Reason.EXIT:
                return await self._workload_ended()
        return await self._stopped()

    def _begin(self, phase: Phase, why: str = "") -> None:
        self._recorder.record(PhaseBegan(self._clock.now(), phase, why))
        if phase in (Phase.WARM_UP, Phase.SOAK):
            self._evidence.refer(self._under_test())

    def _under_test(self) -> dict[int, str]:
        """Names by pid; what was announced or given may not have been sampled yet."""
        sampled = {process.pid: process.name for process in self.state.under_test()}
        return self._workload.watched.names | self._stage.census.announced_under_test() | sampled

    async def _prepared(self) -> bool:
        """Bring the workload up; False when somebody wants the run to end before that is done."""
        preparing = asyncio.ensure_future(self._workload.prepare())
        waits: set[asyncio.Future[Any]] = {preparing, self._stop}
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        if not preparing.done():
            preparing.cancel()
            await asyncio.wait({preparing})
            return False
        await preparing
        return True

    async def _until(self, seconds: float | None) -> _Reason:
        """Wait for the end of the workload or of the time, or for somebody who wants the run to end."""
        if seconds == 0.0:
            return _Reason.TIME
        waits: set[asyncio.Future[Any]] = {self._stop, self._workload.exited}
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if self._stop.done():
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
        if self._request.cool_down and self._left_behind():
            self._begin(Phase.COOL_DOWN, "processes of the system under test are left")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._stop), self._request.cool_down)
            await self._evidence.leftover(self._under_test())
        await self._end_workload(planned=False)
        return "the workload ended"

    def _left_behind(self) -> bool:
        sample = self.state.sample
        under_test = {p.pid for p in sample.processes if p.role is Role.SUT} if sample else set()
        return any(
            process.pid in under_test for process in below(without=[*self._services.pids, *self._children.spared])
        )

    async def _stopped(self) -> str:
        await self._end_workload(planned=False)
        facts = self.state.facts
        return f"stopped by {facts.stopped_by} {facts.stop_reason}".rstrip()

    async def _end_workload(self, *, planned: bool) -> None:
        """End it; what its processes look like while they are being ended is not judged."""
        await self._evidence.settled()
        await asyncio.to_thread(self._sampler.stop)
        running = not self._workload.exited.done()
        await self._workload.stop()
        if self._workload.own:
            self._record_exit(planned=planned and running)

    def _record_exit(self, *, planned: bool) -> None:
        if self._exit_recorded or not self._workload.exited.done():
            return
        self._exit_recorded = True
        how = self._workload.exited.result()
        self._recorder.record(Exited(self._clock.now(), how.status, how.signal, planned))

    async def _could_not_start(self, error: CannotStart) -> str:
        await asyncio.to_thread(self._sampler.stop)
        await self._workload.stop()
        now = self._clock.now()
        self._recorder.record(ServiceState(now, "failed", str(error)))
        self._recorder.record(Exited(now, cause=error.cause))
        return str(error)

    async def _take_down(self) -> None:
        """Leave no process, thread or descriptor behind."""
        if not self._stop.done():
            self._stop.set_result(None)  # it is too late to ask for an end
        await asyncio.to_thread(self._sampler.stop)
        self._stage.ending = True
        self._evidence.close()
        for task in self._early_ends:
            task.cancel()
        await self._services.stop()
        left = await end_all(lambda: below(without=self._children.spared))
        if left:
            self._recorder.problem("supervisor", f"processes could not be ended: {[process.pid for process in left]}")
        self._workload.close()
        await self._services.close()
        await asyncio.sleep(0)  # what the readers said last is waiting on the loop
        self._collector.close()
        self._stage.log.close()
        self._children.close()

    async def _wait_for_disk(self) -> None:
        for _ in range(DISK_TRIES):
            if self._recorder.retry():
                break
            await asyncio.sleep(0.5)
        self._recorder.close()

    def request_stop(self, by: str, reason: str = "") -> None:
        """Have the run end now, in good order."""
        if not self._stop.done():
            self._recorder.record(StopRequested(self._clock.now(), by, reason))
            self._stop.set_result(None)

    def _end_early(self, end: EarlyEnd) -> None:
        task = asyncio.ensure_future(self._end_after(end))
        self._early_ends.add(task)
        task.add_done_callback(self._early_ends.discard)

    async def _end_after(self, end: EarlyEnd) -> None:
        await asyncio.gather(asyncio.sleep(end.grace_s), self._evidence.settled())
        self.request_stop("criterion", end.title)

    def _breached(self, event: BreachBegan, state: RunState) -> None:
        self._evidence.breach(event, state)

    def record(self, make: Callable[[float], Event]) -> None:
        """Record an event that is made for the present instant."""
        self._recorder.record(make(self._clock.now()))

    @property
    def trouble(self) -> str | None:
        """Why the journal cannot be written just now; None while it can."""
        return self._recorder.trouble

    def _sampled(self, sample: Sample) -> None:
        self._from_thread(self._take_sample, sample)

    def _take_sample(self, sample: Sample) -> None:
        sample = self._stage.census.named(sample)
        self._recorder.record(Sampled(sample.t, sample))
        self._evidence.follow(self.state)
        self._stage.follow(sample)
        trouble = self._stage.log.take_trouble()
        if trouble is not None:
            self._take_complaint("output", f"output.log is incomplete: {trouble}")
        self._sampling.set()

    def _complained(self, text: str) -> None:
        self._from_thread(lambda where: self._take_complaint(where, text), "collector")

    def _take_complaint(self, where: str, text: str) -> None:
        self._complaints.complain(self._clock.now(), where, text)

    def _from_thread(self, take: Callable[[_T], None], value: _T) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has closed: the run is over
            self._loop.call_soon_threadsafe(take, value)


def run(
    run_dir: Path,
    on_event: OnEvent | None = None,
    on_end: OnEnd | None = None,
    on_sample: OnSample | None = None,
    open_with: OpenCollector = open_collector,
) -> int:
    """Run what ``run.json`` asks for; return the exit code of the run. Takes over signals and children of the process.

    ``on_event`` hears of every event, ``on_sample`` of every sample, ``on_end`` of the end, just before the journal
    says so. Raises OSError, ValueError for a bad request.
    """
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        os.setsid()
    write_pid_file(run_dir)
    request, listener, guard = load_request(run_dir), both(on_event, on_sample), Guard()
    make = partial(Supervisor, run_dir, request, listener, open_with, guard)
    state = asyncio.run(_run(run_dir, make, on_end))
    guard.dismiss()
    return INTERNAL_ERROR if state.exit_code is None else state.exit_code


async def _run(run_dir: Path, make: Callable[[], Supervisor], on_end: OnEnd | None) -> RunState:
    supervisor = make()
    async with server.serve(run_dir, supervisor):
        return await supervisor.run(on_end)


def main(argv: list[str]) -> int:
    """Run as a program: one argument, the run's directory."""
    try:
        return run(Path(argv[1]).absolute())
    except Exception:  # noqa: BLE001 - the last resort: the starter reads this in supervisor.log
        traceback.print_exc()
        return INTERNAL_ERROR


if __name__ == "__main__":
    sys.exit(main(sys.argv))
