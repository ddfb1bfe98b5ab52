"""Workers that a fault ended and of whom nobody says so: their parent took their end in silence."""

from collections import Counter
from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

from stresstui.core.derive.child import FAULT_SIGNALS
from stresstui.core.model.event import Doubted, Problem, ProcessKnown
from stresstui.core.model.sample import ProcessSample, Role, Sample
from stresstui.engine.process.kernel.log import Fault
from stresstui.engine.supervise.run_context import RunContext

MANY: Final = 10
"""So many children of one that lived too shortly for a sample are a program that breaks whenever it is started."""
_SAMPLES: Final = 2
"""Samples in which a shell, a runtime or an exit status may still tell of the crash itself."""


class Source(Protocol):
    """What the kernel tells of faults."""

    def faults(self) -> list[Fault]:
        """Who was ended for a fault since the last call."""


class _Waiting(NamedTuple):
    fault: Fault
    name: str
    """What a sample called it; empty where none had seen it."""
    counted: float
    """Crashes that were counted when the kernel told of it."""
    left: int
    """Samples in which somebody else may still tell."""


class KernelFaults:
    """Tells of processes under test that the kernel says had a fault, where nothing else counts it.

    One that no sample had seen lived too shortly to be more than an attempt, such as a test of a crash; it is said, and
    many of one parent's are no attempts any more.
    """

    def __init__(
        self,
        context: RunContext,
        sources: tuple[Source, ...],
        crashes: Callable[[], float],
        tests_run: Callable[[], float],
    ) -> None:
        """``crashes`` gives how many crashes were counted so far; of one end several sources may tell.

        ``tests_run`` gives how many tests have ended: those may break many children on purpose.
        """
        self._context, self._sources, self._crashes, self._tests_run = context, sources, crashes, tests_run
        self._under_test: dict[int, str] = {}
        self._processes: tuple[ProcessSample, ...] = ()
        self._counted = 0.0
        self._waiting: list[_Waiting] = []
        self._unseen = Counter[int]()
        """Those that no sample had seen, by their parent."""

    def observe(self, sample: Sample) -> None:
        """Take in a sample."""
        self._notice()
        self._settle(sample.t, 1)
        if sample.processes is not self._processes:
            self._processes = sample.processes
            self._under_test = {p.pid: p.name for p in sample.processes if p.role is Role.SUT}

    def settle(self, t: float) -> None:
        """The run ends: what nobody has told by now, nobody will."""
        self._notice()
        self._settle(t, _SAMPLES)

    def _notice(self) -> None:
        told = [fault for source in self._sources for fault in source.faults()]
        if self._context.ending:
            told = [fault for fault in told if fault.signal in FAULT_SIGNALS]
        known, ours = {one.fault.pid for one in self._waiting}, self._under_test
        new = {
            fault.pid: fault for fault in told if (fault.pid in ours or fault.parent in ours) and fault.pid not in known
        }
        self._waiting += [_Waiting(one, ours.get(one.pid, ""), self._counted, _SAMPLES) for one in new.values()]
        self._counted = self._crashes()

    def _settle(self, t: float, passed: int) -> None:
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            if self._crashes() > one.counted:
                continue
            if one.left > passed:
                self._waiting.append(one._replace(left=one.left - passed))
            elif one.name:
                detail = f"killed by {one.fault.signal}, says the kernel"
                self._context.record(ProcessKnown(t, one.fault.pid, Role.SUT, one.name, "ended", detail))
            else:
                self._tell_of_unseen(t, one.fault)

    def _tell_of_unseen(self, t: float, fault: Fault) -> None:
        self._unseen[fault.parent] += 1
        count = self._unseen[fault.parent]
        of = f"{self._under_test.get(fault.parent, 'a process')} (pid {fault.parent})"
        if count == 1:
            said = f"a child of {of} was ended by {fault.signal}; it lived less than a sample, and counts as no crash"
            self._context.record(Problem(t, "workload", said))
        elif count == MANY and not self._tests_run():
            said = f"{MANY} children of {of} that lived less than a sample were ended by {fault.signal} and the like"
            self._context.record(Doubted(t, "workload", said))
