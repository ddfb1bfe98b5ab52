"""What the kernel alone tells of deaths: its log, its reports and its counts, held against the samples of a run."""

from collections.abc import Callable

from stresstui.core.model.sample import Sample
from stresstui.core.run.fold import RunState
from stresstui.engine.collect.proc.host import memory_kills
from stresstui.engine.process.kernel.exits import ExitReports
from stresstui.engine.process.kernel.lineage import Lineage
from stresstui.engine.process.kernel.log import KernelLog
from stresstui.engine.supervise.deaths.kernel_faults import KernelFaults
from stresstui.engine.supervise.deaths.memory_kills import MemoryKills
from stresstui.engine.supervise.run_context import RunContext


class DeathWatch:
    """Listens to the kernel from now on, and tells of ends under test of which nobody else may."""

    def __init__(
        self, context: RunContext, state: Callable[[], RunState], tested_pid: Callable[[], int | None]
    ) -> None:
        """``state`` gives the run as judged so far, ``tested_pid`` the first process under test."""
        self._log, self._exits, self._lineage = KernelLog(), ExitReports(), Lineage()
        self._memory_kills = MemoryKills(context, self._log, self._exits.parent_of, tested_pid)
        self._faults = KernelFaults(
            context,
            (self._log, self._exits),
            crashes=lambda: state().facts.crashes_told,
            tests_run=lambda: state().facts.tests_run,
            first=tested_pid,
            lineage=self._lineage,
        )

    def messages(self) -> list[str]:
        """The newest messages of the kernel's log."""
        return self._log.messages()

    def observe(self, sample: Sample) -> None:
        """Take in a sample."""
        self._memory_kills.observe(sample)
        self._faults.observe(sample)

    def settle(self, t: float) -> None:
        """No sample will follow: tell what only the next ones would have settled."""
        self._memory_kills.end(t, memory_kills())
        self._faults.settle(t)

    def close(self) -> None:
        """Listen no longer."""
        self._log.close()
        self._exits.close()
        self._lineage.close()
