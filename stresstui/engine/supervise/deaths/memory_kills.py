"""Kills for want of memory, from the host's count and the kernel's log; a run's own group counts its own."""

from collections.abc import Callable, Iterable
from typing import Final

from stresstui.core.model.event import Doubted, Matched, Problem
from stresstui.core.model.sample import ProcessSample, Role, Sample
from stresstui.engine.process.kernel.log import KernelLog, MemoryKill, memory_groups
from stresstui.engine.supervise.run_context import RunContext

_DYING: Final = 3
"""Samples in which a process that was killed may still be seen."""
_READ_GROUPS: Final = 64
"""Processes whose groups are looked at."""

Groups = Callable[[Iterable[int]], set[str]]
ParentOf = Callable[[int], int]
"""Whose child a process was that is gone; 0 = not told."""


class MemoryKills:
    """Says of every process of the host that is killed whether it was under test."""

    def __init__(
        self,
        context: RunContext,
        log: KernelLog,
        parent_of: ParentOf,
        first: Callable[[], int | None],
        groups: Groups = memory_groups,
    ) -> None:
        """``first`` gives the process under test that was started, whom a short run may never have sampled."""
        self._context, self._log, self._parent_of, self._first, self._groups = context, log, parent_of, first, groups
        self._host, self._own = _Count(), _Count()
        self._processes: tuple[ProcessSample, ...] = ()
        self._sampled: frozenset[int] = frozenset()
        self._under_test: frozenset[int] = frozenset()
        self._waiting: list[tuple[MemoryKill, frozenset[int]]] = []
        self._of_own_group: list[MemoryKill] = []
        self._unnamed, self._looks = 0, 0
        self._suspects: frozenset[int] = frozenset()

    def observe(self, sample: Sample) -> None:
        """Take in a sample: one of the system under test fails the run, one that may have been leaves a doubt."""
        self._settle(sample.t)
        if sample.processes is not self._processes:
            self._processes = sample.processes
            self._sampled = frozenset(process.pid for process in sample.processes if process.role is Role.SUT)
        now = self._sampled
        if sample.cgroup is not None:
            self._own.note(sample.cgroup.oom_kills)
        unnamed = self._take(sample.t, sample.host.oom_kills, self._under_test | now)
        if unnamed and not self._own.known:
            self._unnamed, self._looks, self._suspects = unnamed, _DYING, self._under_test | now
        self._look_for_the_unnamed(sample.t, now)
        self._under_test = now

    def end(self, t: float, host_total: int | None) -> None:
        """No sample will follow: tell what has happened since the last one; ``host_total`` is the host's count."""
        unnamed = self._take(t, host_total, self._under_test)
        self._settle(t)
        uncounted, self._of_own_group = self._of_own_group[self._own.rise :], self._of_own_group[: self._own.rise]
        for kill in uncounted:
            self._context.record(Matched(t, "oom_kill", _whom(kill)))
        if unnamed and not self._own.known:
            self._doubt(t, f"{_many(unnamed)}, as the run ended: whether it was of this run cannot be told")

    def _take(self, t: float, host_total: int | None, under_test: frozenset[int]) -> int:
        """Read the log; answer how many kills the host has counted that it does not name."""
        kills = self._log.memory_kills()
        first = self._first()
        under_test = under_test if first is None else under_test | {first}
        unnamed = self._host.unexplained(host_total, len(kills))
        for kill in kills:
            if kill.pid in under_test:
                self._record_of_the_run(t, kill)
            else:
                self._waiting.append((kill, under_test))
        return unnamed

    def _settle(self, t: float) -> None:
        """Say of those still in doubt what can be said by now: the log has a kill before the kernel reports the end."""
        waiting, self._waiting = self._waiting, []
        for kill, under_test in waiting:
            if self._parent_of(kill.pid) in under_test:
                self._record_of_the_run(t, kill)
            elif not self._own.known:
                self._tell_of_no_sample(t, kill, under_test)

    def _record_of_the_run(self, t: float, kill: MemoryKill) -> None:
        """A run's own group counts its kills, and the fold reads that; only what it has not counted is told here."""
        if self._own.known:
            self._of_own_group.append(kill)
        else:
            self._context.record(Matched(t, "oom_kill", _whom(kill)))

    def _tell_of_no_sample(self, t: float, kill: MemoryKill, under_test: frozenset[int]) -> None:
        if not kill.group or kill.group in self._groups(sorted(under_test)[:_READ_GROUPS]):
            self._doubt(t, f"{_whom(kill)}; no sample had seen it, and whether it was of this run cannot be told")
        else:
            self._context.record(Problem(t, "host", f"{_whom(kill)}; it was in a control group of others"))

    def _look_for_the_unnamed(self, t: float, now: frozenset[int]) -> None:
        """Without a name, a kill concerns the run only if a process of it is gone."""
        if not self._looks:
            return
        self._looks -= 1
        if self._suspects - now:
            self._looks = 0
            whether = "whether it was that one cannot be told"
            self._doubt(t, f"{_many(self._unnamed)}, and a process under test is gone: {whether}")
        elif not self._looks:
            self._context.record(Problem(t, "host", f"{_many(self._unnamed)}; none under test is gone"))

    def _doubt(self, t: float, reason: str) -> None:
        self._context.record(Doubted(t, "host", reason))


class _Count:
    """A count of the kernel's from the first reading on."""

    def __init__(self) -> None:
        self._first: int | None = None
        self.rise = 0
        """Since the first reading."""
        self._explained = 0

    @property
    def known(self) -> bool:
        """Whether it could be read."""
        return self._first is not None

    def note(self, total: int | None) -> None:
        """Take a reading in; None where there is none."""
        if total is None:
            return
        self._first = total if self._first is None else self._first
        self.rise = total - self._first

    def unexplained(self, total: int | None, named: int) -> int:
        """How many more it has counted than were named; each is told once. The log may be ahead of the count."""
        was_known = self.known
        self.note(total)
        if not was_known:
            return 0
        self._explained += named
        more = max(0, self.rise - self._explained)
        self._explained += more
        return more


def _whom(kill: MemoryKill) -> str:
    return f"the kernel killed {kill.name} (pid {kill.pid}) for want of memory"


def _many(count: int) -> str:
    return f"the kernel killed {count} process{'es' if count > 1 else ''} of this host for want of memory"
