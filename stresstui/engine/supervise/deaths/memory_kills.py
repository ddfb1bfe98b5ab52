"""Kills for want of memory, from the host's count and the kernel's log where the run has no group of its own."""

from collections.abc import Callable, Iterable
from typing import Final

from stresstui.core.model.event import Doubted, Matched, Problem
from stresstui.core.model.sample import Role, Sample
from stresstui.engine.process.kernel.log import KernelLog, MemoryKill, memory_groups
from stresstui.engine.supervise.run_context import RunContext

_DYING: Final = 3
"""Samples in which a process that was killed may still be seen."""
_READ_GROUPS: Final = 64
"""Processes whose groups are looked at."""

Groups = Callable[[Iterable[int]], set[str]]


class MemoryKills:
    """Says of every process of the host that is killed whether it was under test."""

    def __init__(self, context: RunContext, log: KernelLog, groups: Groups = memory_groups) -> None:
        self._context, self._log, self._groups = context, log, groups
        self._total: int | None = None
        self._under_test: frozenset[int] = frozenset()
        self._unnamed, self._looks = 0, 0
        self._suspects: frozenset[int] = frozenset()

    def observe(self, sample: Sample) -> None:
        """Take in a sample: one of the system under test fails the run, one that may have been leaves a doubt."""
        total, known = sample.host.oom_kills, self._total
        now = frozenset(process.pid for process in sample.processes if process.role is Role.SUT)
        if total is not None:
            self._total = total
            if known is not None and total > known and not _has_own_group(sample):
                self._tell(sample.t, total - known, self._under_test | now)
        self._look_for_the_unnamed(sample.t, now)
        self._under_test = now

    def _tell(self, t: float, count: int, under_test: frozenset[int]) -> None:
        kills = self._log.memory_kills()
        for kill in kills:
            self._tell_one(t, kill, under_test)
        if len(kills) < count:
            self._unnamed, self._looks, self._suspects = count - len(kills), _DYING, under_test

    def _tell_one(self, t: float, kill: MemoryKill, under_test: frozenset[int]) -> None:
        whom = f"the kernel killed {kill.name} (pid {kill.pid}) for want of memory"
        if kill.pid in under_test:
            self._context.record(Matched(t, "oom_kill", whom))
        elif not kill.group or kill.group in self._groups(sorted(under_test)[:_READ_GROUPS]):
            self._doubt(t, f"{whom}; no sample had seen it, and whether it was of this run cannot be told")
        else:
            self._context.record(Problem(t, "host", f"{whom}; it was in a control group of others"))

    def _look_for_the_unnamed(self, t: float, now: frozenset[int]) -> None:
        """Without a name, a kill concerns the run only if a process of it is gone."""
        if not self._looks:
            return
        self._looks -= 1
        many = f"{self._unnamed} process{'es' if self._unnamed > 1 else ''}"
        whom = f"the kernel killed {many} of this host for want of memory"
        if self._suspects - now:
            self._looks = 0
            self._doubt(t, f"{whom}, and a process under test is gone: whether it was that one cannot be told")
        elif not self._looks:
            self._context.record(Problem(t, "host", f"{whom}; none under test is gone"))

    def _doubt(self, t: float, reason: str) -> None:
        self._context.record(Doubted(t, "host", reason))


def _has_own_group(sample: Sample) -> bool:
    return sample.cgroup is not None and sample.cgroup.oom_kills is not None
