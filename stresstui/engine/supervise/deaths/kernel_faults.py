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


class Above(Protocol):
    """Knows whose children processes are and were."""

    def refresh(self) -> None:
        """Learn of those that have ended."""

    def above(self, pid: int) -> list[int]:
        """The pids above a process, itself first."""


class _Waiting(NamedTuple):
    fault: Fault
    name: str
    """What a sample called it; empty where none had seen it."""
    below: int
    """Of those that are known to be under test, the nearest above it."""
    counted: float
    """Crashes that were counted when the kernel told of it."""
    left: int
    """Samples in which somebody else may still tell."""


class KernelFaults:
    """Tells of processes under test that the kernel says had a fault, where nothing else counts it.

    One that no sample had seen may have been an attempt, such as a test of a crash; it is said, and where no tests ran
    it leaves a doubt: many of one parent's at once, fewer at the end, as some harnesses only tell then that they ran.
    """

    def __init__(
        self,
        context: RunContext,
        sources: tuple[Source, ...],
        crashes: Callable[[], float],
        tests_run: Callable[[], float],
        *,
        first: Callable[[], int | None],
        lineage: Above,
    ) -> None:
        """``crashes`` gives how many crashes were counted so far; of one end several sources may tell.

        ``first`` gives the process under test that was started, which may be over before a sample; ``lineage`` knows
        who is above a process.

        ``tests_run`` gives how many tests have ended: those may break many children on purpose.
        """
        self._context, self._sources, self._crashes, self._tests_run = context, sources, crashes, tests_run
        self._first, self._lineage = first, lineage
        self._under_test: dict[int, str] = {}
        self._processes: tuple[ProcessSample, ...] = ()
        self._counted = 0.0
        self._waiting: list[_Waiting] = []
        self._unseen = Counter[int]()
        """Those that no sample had seen, by their parent ..."""
        self._whose: dict[int, str] = {}
        """... whose name that was."""

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
        few = {parent: count for parent, count in self._unseen.items() if count < MANY}
        for parent, count in few.items() if not self._tests_run() else ():
            them = "a process" if count == 1 else f"{count} processes"
            said = f"{them} below {self._whose[parent]} lived less than a sample and broke"
            self._context.record(Doubted(t, "workload", f"{said}; whether that was meant is not told"))

    def _notice(self) -> None:
        told = [fault for source in self._sources for fault in source.faults()]
        self._lineage.refresh()
        if self._context.ending:
            told = [fault for fault in told if fault.signal in FAULT_SIGNALS]
        known, names = {one.fault.pid for one in self._waiting}, self._under_test
        for fault in {fault.pid: fault for fault in told if fault.pid not in known}.values():
            below = self._nearest(fault)
            if fault.pid in names or below:
                self._waiting.append(_Waiting(fault, names.get(fault.pid, ""), below, self._counted, _SAMPLES))
        self._counted = self._crashes()

    def _nearest(self, fault: Fault) -> int:
        """Of those above it, at whatever remove, the nearest that is known to be under test; 0 = none is."""
        if fault.parent in self._under_test or not fault.parent:
            return fault.parent
        ours = self._under_test.keys() | {self._first()}
        return next((pid for pid in self._lineage.above(fault.parent) if pid in ours), 0)

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
                self._tell_of_unseen(t, one)

    def _tell_of_unseen(self, t: float, one: _Waiting) -> None:
        self._unseen[one.below] += 1
        count = self._unseen[one.below]
        of = self._whose.setdefault(one.below, f"{self._under_test.get(one.below, 'the command')} (pid {one.below})")
        signal = one.fault.signal
        if count == 1:
            said = f"a process below {of} was ended by {signal}; it lived less than a sample"
            self._context.record(Problem(t, "workload", said))
        elif count == MANY and not self._tests_run():
            said = f"{MANY} processes below {of} that lived less than a sample were ended by {signal} and the like"
            self._context.record(Doubted(t, "workload", said))
