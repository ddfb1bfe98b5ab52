"""The supervisor: what owns a run, from its first phase to its outcome, whatever happens around it."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec

from stresstui.core.model.check import Level
from stresstui.core.model.event import (
    BreachBegan,
    Burdened,
    Doubted,
    Ended,
    Event,
    Noted,
    Started,
    StopRequested,
)
from stresstui.core.model.scenario import RunnerKind
from stresstui.core.run.breaches import EarlyEnd
from stresstui.core.run.fold import RunState
from stresstui.core.text.secret import without_secrets
from stresstui.engine.clock import RunClock, describe_set, wall_clock
from stresstui.engine.collect.sampler import OpenCollector
from stresstui.engine.launch.allocations import traced
from stresstui.engine.launch.cargo_command import is_test_command
from stresstui.engine.launch.plan import Plan, lab_command, make_plan, services_of
from stresstui.engine.launch.request import HEAPTRACK, RunRequest, kept
from stresstui.engine.output.pipe import OutputLog
from stresstui.engine.process.children import Children, become_subreaper
from stresstui.engine.process.find import send
from stresstui.engine.process.run_group import open_run_group
from stresstui.engine.process.terminate import below, end_all, repeat
from stresstui.engine.process.watchdog import Guard
from stresstui.engine.record.rate_limit import Complaints
from stresstui.engine.record.recorder import DISK_S, OnEnd, OnEvent, Recorder, say_traceback
from stresstui.engine.supervise.at_limit import AtLimit
from stresstui.engine.supervise.cannot_start import CannotStart
from stresstui.engine.supervise.deaths.death_watch import DeathWatch
from stresstui.engine.supervise.event_router import EventRouter
from stresstui.engine.supervise.evidence import Evidence
from stresstui.engine.supervise.phases import Phases
from stresstui.engine.supervise.process_tracker import ProcessTracker
from stresstui.engine.supervise.roles import Roles
from stresstui.engine.supervise.run_context import RunContext
from stresstui.engine.supervise.run_disk import RunDisk
from stresstui.engine.supervise.sampling import Sampling
from stresstui.engine.supervise.services import Services
from stresstui.engine.supervise.workload import Workload
from stresstui.folder import EVIDENCE, JOURNAL, OUTPUT

KILLED_S: Final = 2.0
"""Seconds that a control group has to be empty after its members were killed at one stroke."""

_SIGNALS: Final = ("SIGTERM", "SIGINT")


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
        self._disk = RunDisk(run_dir, request, self._recorder)
        self._early_ends: set[asyncio.Task[None]] = set()
        self._hurried = asyncio.Event()
        self._plan: Plan = self._made_plan()
        self._tracker = ProcessTracker()
        self._output = OutputLog(run_dir / OUTPUT)
        argv = self._plan.argv
        builds = self._plan.builds_itself or (request.runner is RunnerKind.COMMAND and is_test_command(argv))
        roles = Roles(request.runner, builds=builds)
        self._context = RunContext(self._clock, self._output, roles, self._recorder.record)
        self._wire(open_with, guard)

    def _made_plan(self) -> Plan:
        plan = make_plan(self._request)
        if not self._request.heaptrack:
            return plan
        folder = self._dir / EVIDENCE
        folder.mkdir(mode=0o700, exist_ok=True)
        return traced(plan, folder)

    def _wire(self, open_with: OpenCollector, guard: Guard | None) -> None:
        """Make the parts that work with each other."""
        request, context, roles = self._request, self._context, self._context.roles
        router = EventRouter(context, self._tracker)
        self._children = Children(
            router.record_adopted_end, guard, lambda text: self._complain("guard", text), open_run_group()
        )
        command = request.lab or lab_command()
        self._services = Services(services_of(request), command, self._children, context, router)
        self._workload = Workload(self._plan, request, self._children, context, router, services=self._services)
        self._deaths = DeathWatch(context, lambda: self.state, lambda: self._workload.tested_pid)
        self._evidence = Evidence(self._dir, self._clock, self._recorder.record, self._deaths.messages)
        collector = open_with(
            request.collector, self._roots, roles.classify, lambda: roles.version, monitor_pid=os.getpid()
        )
        self._sampling = Sampling(
            collector, request.interval, context, self._tracker, state=lambda: self.state, complain=self._complain
        )
        self._sampling.observers += [
            lambda _: self._evidence.observe(self.state),
            self._services.look_after,
            self._workload.observe,
            self._deaths.observe,
            AtLimit(context).observe,
            lambda _: self._look_around(),
        ]
        self._phases = Phases(
            request,
            context,
            self._workload,
            self._tracker,
            self._evidence,
            state=lambda: self.state,
            spared=self._spared,
            stop_sampling=self._stop_sampling,
        )

    def _spared(self) -> list[int]:
        return [*self._services.pids, *self._children.spared]

    @property
    def state(self) -> RunState:
        """The run as judged so far; live."""
        return self._recorder.state

    def _roots(self) -> list[int]:
        """Asked by the sampler's thread: a subreaper finds in its own tree also what forked away."""
        own = [os.getpid()] if self._adopts else self._children.pids
        return [*own, *self._workload.watched.pids]

    async def run(self, on_end: OnEnd | None = None) -> RunState:
        """Run all phases; whatever goes wrong, the run ends with its last event in the journal."""
        self._listen_to_signals()
        self._clock.restart()
        self._recorder.record(self._started())
        self._tell_checks()
        if self._request.heaptrack:
            what = "heaptrack from the start on"
            self._recorder.record(Burdened(self._clock.now(), HEAPTRACK, what, None, everything=True))
        try:
            await self._sampling.start()
            reason = await self._phases.run()
        except CannotStart as error:
            reason = await self._phases.end_unstarted(error)
        except Exception as error:  # noqa: BLE001 - an error of this program must still end the run and say so
            say_traceback()
            self._recorder.problem("supervisor", f"{type(error).__name__}: {error}")
            self.request_stop("supervisor", f"internal error: {error}")
            reason = f"internal error: {error}"
        await self._take_down()
        deadline = self._loop.time() + DISK_S
        await self._disk.wait(deadline, self._hurried)
        self._look_at_clock()
        self._recorder.end(Ended(self._clock.now(), wall_clock(self._clock.set_by), reason))
        await self._disk.wait(deadline, self._hurried)
        self._recorder.close(on_end)
        self._disk.say_unwritten()
        return self.state

    def _listen_to_signals(self) -> None:
        self._loop.set_exception_handler(self._callback_failed)
        # Handlers, unlike SIG_IGN, are not inherited by the workload.
        self._loop.add_signal_handler(signal.SIGHUP, lambda: None)
        for name in _SIGNALS:
            self._loop.add_signal_handler(signal.Signals[name], self.request_stop, name)

    def _callback_failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """An error in a callback costs what it was about, not the run."""
        loop.default_exception_handler(context)
        self._complain("supervisor", repr(context.get("exception") or context.get("message")))

    def _started(self) -> Started:
        request = self._request
        return Started(
            self._clock.now(),
            run=request.run or self._dir.name,
            wall=wall_clock(),
            scenario=msgspec.to_builtins(kept(request).scenario),
            runner=request.runner.value,
            why=request.why,
            command=without_secrets(self._plan.argv),
            tests=self._plan.tests,
            interval=request.interval,
            duration=request.duration,
            warm_up=request.warm_up,
            cool_down=request.cool_down,
        )

    def _tell_checks(self) -> None:
        """What the doctor called a problem stands in the record of the run itself."""
        for check in self._request.checks:
            if check.level is Level.PROBLEM:
                self._recorder.problem("doctor", f"{check.name}: {check.found}; {check.mend}")

    async def _stop_sampling(self) -> None:
        """End the samples; what only the next ones would have settled is settled now."""
        await self._sampling.stop()
        self._deaths.settle(self._clock.now())

    async def _take_down(self) -> None:
        """Leave no process, thread or descriptor behind."""
        self._phases.close()
        await self._stop_sampling()
        self._context.ending = True
        self._evidence.close()
        for task in self._early_ends:
            task.cancel()
        await self._services.stop()
        left = await end_all(lambda: below(without=self._children.spared))
        if left:
            self._children.kill_group()
            left = await repeat(lambda: below(without=self._children.spared), KILLED_S)
        if left:
            self._recorder.problem("supervisor", f"processes could not be ended: {[process.pid for process in left]}")
        await self._workload.close()
        await self._services.close()
        await asyncio.sleep(0)  # what the readers said last is waiting on the loop
        self._sampling.close()
        self._deaths.close()
        self._output.close()
        self._doubt_output()
        self._children.close()

    def request_stop(self, by: str, reason: str = "") -> None:
        """Have the run end now, in good order; who asks a second time is not kept waiting for that."""
        if not self._phases.stop_asked.done():
            self._recorder.record(StopRequested(self._clock.now(), by, reason))
            self._phases.stop_asked.set_result(None)
        elif by not in ("criterion", "supervisor"):
            self._context.ending = True
            self._hurried.set()
            send(below(without=self._children.spared), signal.SIGKILL)
            self._children.kill_group()

    def request_finish(self, by: str) -> None:
        """Have the load be over, as if its time were."""
        if not self._phases.load_over.done():
            self._recorder.record(Noted(self._clock.now(), "the load is over", by))
            self._phases.load_over.set_result(None)

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

    def _look_around(self) -> None:
        """Notice what happens to the disk, the clock and the run's folder."""
        trouble = self._output.take_trouble()
        if trouble is not None:
            self._complain("output", f"output.log is incomplete: {trouble}")
        self._doubt_output()
        self._look_at_clock()
        self._disk.keep()

    def _look_at_clock(self) -> None:
        if by := self._clock.was_set():
            self._recorder.problem("clock", describe_set(by))

    def _doubt_output(self) -> None:
        for loss in self._output.take_losses():
            self._recorder.record(Doubted(self._clock.now(), "output", loss))

    def _complain(self, where: str, text: str) -> None:
        self._complaints.complain(self._clock.now(), where, text)
