"""What the programs of a run share: clock, children, kept output, and where what they say goes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from stresstui.core.model.event import Event, ProcessKnown, Reported, ServiceState
from stresstui.core.model.sample import Role, Sample
from stresstui.core.model.scenario import Scenario
from stresstui.engine.clock import RunClock
from stresstui.engine.output.line_protocol import Announced, Crashed, Exported, Found, LineReader
from stresstui.engine.output.pipe import OutputLog
from stresstui.engine.output.program import Program
from stresstui.engine.process.children import Children, ExitStatus
from stresstui.engine.supervise.process_tracker import Census
from stresstui.engine.supervise.roles import Roles


class CannotStart(Exception):  # noqa: N818 - it is an outcome of a run, not an error of this program
    """Raised when the workload cannot be brought up; ``cause`` as in the event Exited."""

    def __init__(self, cause: str, detail: str) -> None:
        super().__init__(detail)
        self.cause = cause
        """``not_found``, ``build_failed`` or ``not_ready``."""


def cannot_execute(argv: Sequence[str], error: OSError) -> CannotStart:
    """Say for people why a program could not be started."""
    if isinstance(error, FileNotFoundError):
        return CannotStart("not_found", f"not found: {error.filename or argv[0]}")
    return CannotStart("not_found", f"cannot start {argv[0]}: {error.strerror or error}")


@dataclass(slots=True)
class Stage:
    """Shared by the programs of one run."""

    clock: RunClock
    log: OutputLog
    roles: Roles
    record: Callable[[Event], None]
    """Takes an event."""
    reclassify: Callable[[], None]
    """Has the collector ask for every role again."""
    census: Census = field(default_factory=Census)
    ending: bool = False
    """True once this program ends processes itself: how they end then says nothing about them."""

    def program(self, children: Children, name: str, scenario: Scenario | None) -> Program:
        """Prepare a program; without a scenario its output is kept and not read."""
        reader = LineReader(scenario or Scenario(name=name))
        return Program(children, self.log, self.clock, reader, lambda found: self.hear(name, found))

    def deaf_program(self, children: Children, name: str) -> Program:
        """Prepare a program whose output is kept and means nothing to the run."""
        return Program(children, self.log, self.clock, LineReader(Scenario(name=name)), lambda _: None)

    def hear(self, name: str, found: Found) -> None:
        """Take what a program's output means."""
        match found:
            case Announced():
                self._announce(name, found)
            case Crashed():
                self._crash(found)
            case ServiceState():
                self.record(msgspec.structs.replace(found, name=name))
            case Exported():
                return
            case Reported():
                # A service's numbers carry its name: they are evidence of what passed through it.
                self.record(found)
            case _:
                # What else a service prints is not the workload's result.
                if name == WORKLOAD:
                    self.record(found)

    def _announce(self, name: str, found: Announced) -> None:
        role = found.role if name == WORKLOAD else Role.SERVICE
        if found.ended:
            self._announce_end(found, role)
            return
        self.roles.announce(found.pid, role)
        self.reclassify()
        event = ProcessKnown(self.clock.now(), found.pid, role, found.name)
        self.census.announced(event)
        self.record(event)

    def _announce_end(self, found: Announced, role: Role) -> None:
        """Take an end that the lab did not ask for; how it ended, only the lab knows, whose child it was."""
        event = self.census.unasked_end(self.clock.now(), found.pid, role, found.name, found.ended)
        if event is not None and not self.ending:
            self.record(event)

    def _crash(self, found: Crashed) -> None:
        pid, name = self.census.suspect()
        event = self.census.crashed(self.clock.now(), pid, Role.SUT, name, found.signal)
        if event is not None and not self.ending:
            self.record(event)

    def adopted_end(self, pid: int, status: ExitStatus) -> None:
        """Take the end of a process that had forked away."""
        event = self.census.reaped(self.clock.now(), pid, status, self.roles.otherwise)
        if event is not None and not self.ending:
            self.record(event)

    def follow(self, sample: Sample) -> None:
        """Record who came and went since the sample before."""
        for event in self.census.follow(sample):
            self.record(event)


WORKLOAD = "workload"
"""Name of the program under stress among the programs of a run."""
