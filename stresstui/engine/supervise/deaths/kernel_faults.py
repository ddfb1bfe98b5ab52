"""Workers that a fault ended and of whom nobody says so: their parent took their end in silence."""

from collections.abc import Callable
from typing import Final

from stresstui.core.model.event import ProcessKnown
from stresstui.core.model.sample import Role, Sample
from stresstui.engine.process.kernel.log import Fault, KernelLog
from stresstui.engine.supervise.run_context import RunContext

_SAMPLES: Final = 2
"""Samples in which a shell, a runtime or an exit status may still tell of the crash itself."""


class KernelFaults:
    """Tells of processes under test that the kernel's log says had a fault, where nothing else counts it."""

    def __init__(self, context: RunContext, log: KernelLog, crashes: Callable[[], float]) -> None:
        """``crashes`` gives how many crashes were counted so far."""
        self._context, self._log, self._crashes = context, log, crashes
        self._under_test: dict[int, str] = {}
        self._counted = 0.0
        self._waiting: list[tuple[Fault, float, int]] = []

    def observe(self, sample: Sample) -> None:
        """Take in a sample; one that no sample had seen lived too shortly to be more than an attempt."""
        self._notice()
        self._settle(sample.t, 1)
        self._under_test = {p.pid: p.name for p in sample.processes if p.role is Role.SUT}

    def settle(self, t: float) -> None:
        """The run ends: what nobody has told by now, nobody will."""
        self._notice()
        self._settle(t, _SAMPLES)

    def _notice(self) -> None:
        if not self._context.ending:
            new = [fault for fault in self._log.faults() if fault.pid in self._under_test]
            self._waiting += [(fault, self._counted, _SAMPLES) for fault in new]
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
            detail = f"killed by {fault.signal}, says the kernel's log"
            self._context.record(ProcessKnown(t, fault.pid, Role.SUT, name, "ended", detail))
