"""Kills for want of memory, from the host's count and the kernel's log where the run has no group of its own."""

from stresstui.core.model.event import Doubted, Matched
from stresstui.core.model.sample import Role, Sample
from stresstui.engine.process.kernel_log import KernelLog, MemoryKill
from stresstui.engine.supervise.run_context import RunContext


class MemoryKills:
    """Says of every process of the host that is killed whether it was under test."""

    def __init__(self, context: RunContext, log: KernelLog) -> None:
        self._context, self._log = context, log
        self._total: int | None = None
        self._under_test: frozenset[int] = frozenset()

    def observe(self, sample: Sample) -> None:
        """Take in a sample: one of the system under test fails the run, any other leaves a doubt."""
        total, known = sample.host.oom_kills, self._total
        under_test = frozenset(process.pid for process in sample.processes if process.role is Role.SUT)
        if total is not None:
            self._total = total
            if known is not None and total > known and not _has_own_group(sample):
                self._tell(sample.t, total - known, self._under_test | under_test)
        self._under_test = under_test

    def close(self) -> None:
        """Let go of the kernel's log."""
        self._log.close()

    def _tell(self, t: float, count: int, under_test: frozenset[int]) -> None:
        kills = self._log.memory_kills()
        for kill in kills:
            if kill.pid in under_test:
                line = f"the kernel killed {_named(kill)} for want of memory"
                self._context.record(Matched(t, "oom_kill", line))
            else:
                self._doubt(t, f"{_named(kill)}, which no sample had seen under test,")
        if len(kills) < count:
            others = count - len(kills)
            self._doubt(t, f"{others} process{'es' if others > 1 else ''} of this host")

    def _doubt(self, t: float, whom: str) -> None:
        reason = f"the kernel killed {whom} for want of memory; whether of this run cannot be told"
        self._context.record(Doubted(t, "host", reason))


def _has_own_group(sample: Sample) -> bool:
    return sample.cgroup is not None and sample.cgroup.oom_kills is not None


def _named(kill: MemoryKill) -> str:
    return f"{kill.name} (pid {kill.pid})"
