"""The supervisor: what owns a run, from its first phase to its outcome, whatever happens around it."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from stresstui.core.model.check import Level
from stresstui.core.model.event import (
    BreachBegan,
    Burdened,
    Doubted,
    Ended,
    Event,
    Noted,
    Sampled,
    Started,
    StopRequested,
)
from stresstui.core.model.sample import Sample
from stresstui.core.model.scenario import RunnerKind
from stresstui.core.run.breaches import EarlyEnd
from stresstui.core.run.fold import RunState
from stresstui.core.text.secret import without_secrets
from stresstui.engine.clock import RunClock, describe_set, wall_clock
from stresstui.engine.collect.proc.host import memory_kills
from stresstui.engine.collect.sampler import OpenCollector, Sampler
from stresstui.engine.control.registry import register
from stresstui.engine.launch.allocations import traced
from stresstui.engine.launch.cargo_command import is_test_command
from stresstui.engine.launch.plan import Plan, lab_command, make_plan, services_of
from stresstui.engine.launch.request import HEAPTRACK, RunRequest, kept, save_request
from stresstui.engine.output.pipe import OutputLog
from stresstui.engine.process.children import Children, become_subreaper
from stresstui.engine.process.find import send
from stresstui.engine.process.kernel.exits import ExitReports
from stresstui.engine.process.kernel.lineage import Lineage
from stresstui.engine.process.kernel.log import KernelLog
from stresstui.engine.process.pidfile import PID_FILE, write_pid_file
from stresstui.engine.process.run_group import open_run_group
from stresstui.engine.process.terminate import below, end_all, repeat
from stresstui.engine.process.watchdog import Guard
from stresstui.engine.record.rate_limit import Complaints
from stresstui.engine.record.recorder import DISK_S, OnEnd, OnEvent, Recorder, say_traceback
from stresstui.engine.supervise.at_limit import AtLimit
from stresstui.engine.supervise.cannot_start import CannotStart
from stresstui.engine.supervise.deaths.kernel_faults import KernelFaults
from stresstui.engine.supervise.deaths.memory_kills import MemoryKills
from stresstui.engine.supervise.descriptors import InventoryTaker
from stresstui.engine.supervise.event_router import EventRouter
from stresstui.engine.supervise.evidence import Evidence
from stresstui.engine.supervise.phases import Phases
from stresstui.engine.supervise.process_tracker import ProcessTracker
from stresstui.engine.supervise.roles import Roles
from stresstui.engine.supervise.run_context import RunContext
from stresstui.engine.supervise.services import Services
from stresstui.engine.supervise.workload import Workload
from stresstui.folder import EVIDENCE, JOURNAL, OUTPUT

DISK_TRY_S: Final = 0.5
"""Seconds between two tries to write the last events of a run to a disk that refuses them."""
KILLED_S: Final = 2.0
"""Seconds that a control group has to be empty after its members were killed at one stroke."""
FIRST_SAMPLE_S: Final = 2.0
"""Seconds to wait for the first sample before the run goes on without it."""

_SIGNALS: Final = ("SIGTERM", "SIGINT")

_T = TypeVar("_T")


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
        self._kernel_log, self._exits, self._lineage = KernelLog(), ExitReports(), Lineage()
        self._inventories = InventoryTaker()
        self._evidence = Evidence(run_dir, self._clock, self._recorder.record, self._kernel_log.messages)
        self._early_ends: set[asyncio.Task[None]] = set()
        self._sampling, self._hurried = asyncio.Event(), asyncio.Event()
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
        self._collector = open_with(
            request.collector, self._roots, roles.classify, lambda: roles.version, monitor_pid=os.getpid()
        )
        self._sampler = Sampler(self._collector, self._clock, request.interval, self._sampled, self._complained)
        self._memory_kills = MemoryKills(
            context, self._kernel_log, self._exits.parent_of, lambda: self._workload.tested_pid
        )
        self._at_limit = AtLimit(context)
        faults = (self._kernel_log, self._exits)
        self._faults = KernelFaults(
            context,
            faults,
            crashes=lambda: self.state.facts.crashes_told,
            tests_run=lambda: self.state.facts.tests_run,
            first=lambda: self._workload.tested_pid,
            lineage=self._lineage,
        )
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
        self._sampler.start()
        try:
            await self._first_sample()
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
        await self._wait_for_disk(deadline)
        self._look_at_clock()
        self._recorder.end(Ended(self._clock.now(), wall_clock(self._clock.set_by), reason))
        await self._wait_for_disk(deadline)
        self._recorder.close(on_end)
        self._say_unwritten()
        return self.state

    async def _first_sample(self) -> None:
        """Let the host be read once before anything runs."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._sampling.wait(), FIRST_SAMPLE_S)

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
        await asyncio.to_thread(self._sampler.stop)
        self._memory_kills.end(self._clock.now(), memory_kills())
        self._faults.settle(self._clock.now())

    async def _take_down(self) -> None:
        """Leave no process, thread or descriptor behind."""
        self._phases.close()
        await self._stop_sampling()
        self._context.ending = True
        self._evidence.close()
        self._inventories.close()
        for task in self._early_ends:
            task.cancel()
        await self._services.stop()
        left = await end_all(lambda: below(without=self._children.spared))
        if left:
            self._children.kill_group()
            left = await repeat(lambda: below(without=self._children.spared), KILLED_S)
        if left:
            self._recorder.problem("supervisor", f"processes could not be ended: {[process.pid for process in left]}")
        self._workload.close()
        await self._services.close()
        await asyncio.sleep(0)  # what the readers said last is waiting on the loop
        self._collector.close()
        self._kernel_log.close()
        self._exits.close()
        self._lineage.close()
        self._output.close()
        self._doubt_output()
        self._children.close()

    async def _wait_for_disk(self, deadline: float) -> None:
        """Wait until the disk takes what it refused, or whoever asks the run to end does not wish to wait."""
        while not self._recorder.retry() and self._loop.time() < deadline and not self._hurried.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hurried.wait(), DISK_TRY_S)

    def _say_unwritten(self) -> None:
        """The run's own disk takes no word of it any more; the registry may be on another."""
        if self._recorder.unwritten:
            register(self._dir, self._recorder.unwritten)
            with contextlib.suppress(OSError):
                sys.stderr.write(f"stresstui: {self._recorder.unwritten}\n")

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

    def _sampled(self, sample: Sample) -> None:
        self._on_loop(self._record_sample, sample)

    def _record_sample(self, sample: Sample) -> None:
        sample, comings_and_goings = self._tracker.track(sample)
        sample = self._inventories.add_to(sample)
        self._recorder.record(Sampled(sample.t, sample))
        for event in comings_and_goings:
            self._recorder.record(event)
        self._evidence.observe(self.state)
        self._inventories.observe(self.state)
        self._services.look_after(sample)
        self._workload.observe(sample)
        self._memory_kills.observe(sample)
        self._faults.observe(sample)
        self._at_limit.observe(sample)
        trouble = self._output.take_trouble()
        if trouble is not None:
            self._complain("output", f"output.log is incomplete: {trouble}")
        self._doubt_output()
        self._look_at_clock()
        self._sampling.set()
        self._keep_folder()

    def _look_at_clock(self) -> None:
        if by := self._clock.was_set():
            self._recorder.problem("clock", describe_set(by))

    def _doubt_output(self) -> None:
        for loss in self._output.take_losses():
            self._recorder.record(Doubted(self._clock.now(), "output", loss))

    def _keep_folder(self) -> None:
        """A folder that was deleted comes back with its journal; what a run is found by has to come back too."""
        if not self._dir.exists() and (moved := self._recorder.directory).exists():
            self._dir = moved
            register(moved)
        if self._dir.exists() and not (self._dir / PID_FILE).exists():
            with contextlib.suppress(OSError):
                save_request(self._request, self._dir)
                write_pid_file(self._dir)

    def _complained(self, text: str) -> None:
        self._on_loop(lambda where: self._complain(where, text), "collector")

    def _complain(self, where: str, text: str) -> None:
        self._complaints.complain(self._clock.now(), where, text)

    def _on_loop(self, handle: Callable[[_T], None], value: _T) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has closed: the run is over
            self._loop.call_soon_threadsafe(handle, value)
