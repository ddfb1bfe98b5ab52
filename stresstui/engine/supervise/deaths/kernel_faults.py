"""Workers that a fault ended and of whom nobody says so: their parent took their end in silence."""

from collections.abc import Callable
from typing import Final, Protocol

from stresstui.core.derive.child import FAULT_SIGNALS
from stresstui.core.model.event import ProcessKnown
from stresstui.core.model.sample import ProcessSample, Role, Sample
from stresstui.engine.process.kernel.log import Fault
from stresstui.engine.supervise.run_context import RunContext

_SAMPLES: Final = 2
"""Samples in which a shell, a runtime or an exit status may still tell of the crash itself."""


class Source(Protocol):
    """What the kernel tells of faults."""

    def faults(self) -> list[Fault]:
        """Who was ended for a fault since the last call."""


class KernelFaults:
    """Tells of processes under test that the kernel says had a fault, where nothing else counts it."""

    def __init__(self, context: RunContext, sources: tuple[Source, ...], crashes: Callable[[], float]) -> None:
        """``crashes`` gives how many crashes were counted so far; of one end several sources may tell."""
        self._context, self._sources, self._crashes = context, sources, crashes
        self._under_test: dict[int, str] = {}
        self._processes: tuple[ProcessSample, ...] = ()
        self._counted = 0.0
        self._waiting: list[tuple[Fault, float, int]] = []

    def observe(self, sample: Sample) -> None:
        """Take in a sample; one that no sample had seen lived too shortly to be more than an attempt."""
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
        known = {fault.pid for fault, _, _ in self._waiting}
        new = {fault.pid: fault for fault in told if fault.pid in self._under_test and fault.pid not in known}
        self._waiting += [(fault, self._counted, _SAMPLES) for fault in new.values()]
        self._counted = self._crashes()

    def _settle(self, t: float, passed: int) -> None:
        waiting, self._waiting = self._waiting, []
        for fault, counted, left in waiting:
            if self._crashes() > counted:
                continue
            if left > passed:
                self._waiting.append((fault, counted, left - passed))
                continue
            name = self._under_test.get(fault.pid, fault.name)
            detail = f"killed by {fault.signal}, says the kernel"
            self._context.record(ProcessKnown(t, fault.pid, Role.SUT, name, "ended", detail))
