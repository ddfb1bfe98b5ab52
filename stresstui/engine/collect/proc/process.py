"""One process of the tree: what is kept open of it, and what was read of it for the present sample."""

from stresstui.core.model.sample import ProcessSample, Role
from stresstui.engine.collect.proc import descriptors, procfs
from stresstui.engine.collect.proc.facts import Key
from stresstui.engine.collect.proc.memory_details import Memory
from stresstui.engine.collect.proc.procfs import View
from stresstui.engine.collect.proc.run_count import RunCount


class Process:
    """A process of the tree, with what was read of it for this sample."""

    __slots__ = (
        "accounted", "asked", "counter", "ended", "fds", "file", "key", "memory", "rests", "role", "runs", "stat",
        "told", "told_of", "view",
    )  # fmt: skip

    def __init__(self, pid: int) -> None:
        """Open it; raises OSError where there is none."""
        self.file = procfs.StatFile(pid)
        self.stat = self.file.first
        self.ended = self.stat.ended
        """Whether it waits to be reaped, by that."""
        self.counter = descriptors.FdCount(pid)
        self.fds: int | None = None
        """Open descriptors, once counted."""
        self.runs: RunCount | None = None
        self.rests = False
        """Whether it is taken for what it was: it has not run since."""
        self.key: Key = (pid, self.stat.started)
        """Process id and start time."""
        self.view: View = pid
        """Where /proc shows it."""
        self.memory = Memory()
        self.role: Role | None = None
        self.asked: tuple[object, ...] = ()
        """What it was like when its role was asked for."""
        self.told: ProcessSample | None = None
        """What the sample before said of it."""
        self.told_of: tuple[object, ...] = ()
        """What that was made of."""
        self.accounted: procfs.Stat | None = None
        """What was read when its children's CPU was accounted for."""
        self._find_view(self.stat)

    def reread(self) -> bool:
        """Read it again; False once it has been reaped."""
        self.rests = False
        stat = self.file.read()
        if stat is None:
            return False
        if stat is not self.stat:
            self._find_view(stat)
        return True

    def count_fds(self) -> int | None:
        """Count its descriptors, which nobody else opens or closes."""
        self.fds = self.counter.read(self.view)
        return self.fds

    def has_rested(self) -> bool:
        """Say whether its stat cannot have changed by its own doing since this was asked before."""
        if self.runs is None:
            self.runs = RunCount(self.stat.pid)
        rested, stat = self.runs.has_rested(), self.stat
        return rested and (stat.threads == 1 or self.runs.of_all_threads) and stat.state != "R"

    def has_ended(self) -> bool:
        """Look whether it has, without taking that in: the next reading does."""
        stat = self.file.read()
        return stat is None or stat.ended or self.file.is_exiting()

    def _find_view(self, stat: procfs.Stat) -> None:
        self.view = stat.pid
        if stat.headless and (found := procfs.living_thread(stat.pid)):
            self.view, living = found
            stat = stat._replace(vsz=living.vsz, rss=living.rss)
        self.stat, self.ended = stat, stat.ended

    def close(self) -> None:
        """Let go of what is kept."""
        self.file.close()
        self.counter.close()
        if self.runs is not None:
            self.runs.close()
