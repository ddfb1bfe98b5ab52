"""The event router: what the programs of a run say, as events; every program is made here, so that it is heard."""

from pathlib import Path

import msgspec

from stresstui.core.derive.child import FAULT_SIGNALS
from stresstui.core.model.event import SERVICE, Doubted, ProcessKnown, Reported, ServiceState
from stresstui.core.model.sample import Role
from stresstui.core.model.scenario import Scenario
from stresstui.engine.launch.meant_panics import MeantPanics
from stresstui.engine.output.crash import Crashed
from stresstui.engine.output.line_protocol import Announced
from stresstui.engine.output.line_reader import Heard, LineReader
from stresstui.engine.output.program import Program
from stresstui.engine.process.children import Children, ExitStatus
from stresstui.engine.supervise.process_tracker import ProcessTracker
from stresstui.engine.supervise.run_context import RunContext

WORKLOAD = "workload"
"""Name of the program under stress among the programs of a run."""


class EventRouter:
    """Records what programs say, and how processes end that nobody here ended."""

    def __init__(self, context: RunContext, tracker: ProcessTracker) -> None:
        self._context, self._tracker = context, tracker

    def program(self, children: Children, name: str, scenario: Scenario | None, sources: Path | None = None) -> Program:
        """Prepare a program; without a scenario only what any program may say is understood.

        In the folder ``sources`` is what its tests were made of, where that is known.
        """
        reader = LineReader(scenario or Scenario(name=name), MeantPanics(sources) if sources else lambda _: None)
        context = self._context
        return Program(children, context.output, context.clock, reader, lambda found: self.route(name, found))

    def silent_program(self, children: Children, name: str) -> Program:
        """Prepare a program whose output is kept and means nothing to the run."""
        context = self._context
        return Program(children, context.output, context.clock, LineReader(Scenario(name=name)), lambda _: None)

    def route(self, name: str, found: Heard) -> None:
        """Take what a program's output means."""
        match found:
            case Announced():
                self._announce(name, found)
            case Crashed():
                self._crash(found)
            case ServiceState():
                self._context.record(msgspec.structs.replace(found, name=name, ending=self._context.ending))
            case Reported():
                # A service's numbers carry its name: they are evidence of what passed through it.
                self._context.record(found)
            case _:
                # What else a service prints is not the workload's result.
                if name == WORKLOAD:
                    self._context.record(found)

    def _announce(self, name: str, found: Announced) -> None:
        role = found.role if name == WORKLOAD else Role.SERVICE
        if found.ended:
            self._announce_end(found, role)
            return
        self._context.roles.announce(found.pid, role)
        event = ProcessKnown(self._context.clock.now(), found.pid, role, found.name, pprof=found.pprof)
        self._tracker.announce(event)
        self._context.record(event)

    def _announce_end(self, found: Announced, role: Role) -> None:
        """Take an end that the lab did not ask for; how it ended, only the lab knows, whose child it was."""
        now = self._context.clock.now()
        event = self._tracker.unasked_end(now, found.pid, role, found.name, found.ended)
        if event is None or self._context.ending:
            return
        self._context.record(event)
        if role is not Role.SUT:  # what is under test leans on it, as on a service
            self._context.record(Doubted(now, SERVICE, f"the lab's {found.name} ended in mid-run ({found.ended})"))

    def _crash(self, found: Crashed) -> None:
        pid, name = self._tracker.suspect()
        event = self._tracker.crashed(self._context.clock.now(), pid, Role.SUT, name, found.signal)
        if event is not None and not self._context.ending:
            self._context.record(event)

    def record_adopted_end(self, pid: int, status: ExitStatus) -> None:
        """Take the end of a process that had forked away."""
        event = self._tracker.record_exit_status(self._context.clock.now(), pid, status, self._context.roles.otherwise)
        if event is not None and (not self._context.ending or status.signal in FAULT_SIGNALS):
            self._context.record(event)
