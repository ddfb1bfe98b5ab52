"""Each process that was under test, from its first to its last sample: memory, descriptors, connections, CPU."""

from typing import Final

import msgspec

from stresstui.core.derive.group import Group
from stresstui.core.model.sample import ProcessSample, Role, Sample

PROCESSES_MAX: Final = 200
"""Processes that are followed; of more it is said how many there were."""

# Kept apart because Python 3.11 takes longer to look a member of an enumeration up than to compare with it.
_BUILD: Final = Role.BUILD


class ProcessRow(msgspec.Struct):
    """One process over the time that it was seen."""

    pid: int
    """Process id."""
    name: str
    """Short command name."""
    role: Role
    """What it is to the run."""
    began: float
    """Seconds of the run at the first sample that has it."""
    ended: float
    """Seconds of the run at the last."""
    cpu_first: float | None
    """CPU seconds at the first sample."""
    cpu_s: float | None
    """CPU seconds at the last sample."""
    rss_first: int | None
    """Resident set at the first sample, bytes."""
    rss: int | None
    """Resident set at the last sample, bytes."""
    rss_max: int | None
    """Largest resident set, bytes."""
    fds_first: int | None
    """Descriptors at the first sample."""
    fds: int | None
    """Descriptors at the last sample."""
    fds_max: int | None
    """Most descriptors."""
    established: int | None
    """ESTABLISHED at the last sample."""
    close_wait: int | None
    """CLOSE_WAIT at the last sample."""

    @property
    def cpu_percent(self) -> float | None:
        """Mean CPU, percent of one core; None where it was seen once only."""
        if self.cpu_s is None or self.cpu_first is None or self.ended <= self.began:
            return None
        return 100.0 * (self.cpu_s - self.cpu_first) / (self.ended - self.began)


class ProcessTable(msgspec.Struct):
    """Rows in the order in which the processes were first seen."""

    rows: dict[tuple[int, float], ProcessRow] = {}
    """By pid and start time."""
    left_out: bool = False
    """Whether there were more than are followed."""
    there: list[ProcessRow] = []
    """Those of the newest sample."""

    def observe(self, sample: Sample, group: Group) -> None:
        """Take in a sample, whose processes are ``group``; who has not changed has only grown older."""
        if group.since is None:
            self._look_at_each(sample)
        for _, process in group.changed:
            if process.role is not _BUILD and (row := self.rows.get(process.key)) is not None:
                _continue(row, process)
        for row in self.there:
            row.ended = sample.t

    def _look_at_each(self, sample: Sample) -> None:
        self.there = []
        for process in sample.processes:
            if process.role is _BUILD:
                continue
            row = self.rows.get((process.pid, process.started))
            if row is None and len(self.rows) >= PROCESSES_MAX:
                self.left_out = True
                continue
            if row is None:
                row = self.rows[process.key] = _begin(process, sample.t)
            else:
                _continue(row, process)
            self.there.append(row)


def _begin(process: ProcessSample, t: float) -> ProcessRow:
    return ProcessRow(
        pid=process.pid, name=process.name, role=process.role, began=t, ended=t, cpu_first=process.cpu_s,
        cpu_s=process.cpu_s, rss_first=process.rss, rss=process.rss, rss_max=process.rss, fds_first=process.fds,
        fds=process.fds, fds_max=process.fds, established=process.established, close_wait=process.close_wait,
    )  # fmt: skip


def _continue(row: ProcessRow, process: ProcessSample) -> None:
    row.name, row.role = process.name, process.role
    row.cpu_s = row.cpu_s if process.cpu_s is None else process.cpu_s
    row.rss, row.rss_max = _newest(row.rss, process.rss), _larger(row.rss_max, process.rss)
    row.fds, row.fds_max = _newest(row.fds, process.fds), _larger(row.fds_max, process.fds)
    row.established = _newest(row.established, process.established)
    row.close_wait = _newest(row.close_wait, process.close_wait)


def _newest(before: int | None, now: int | None) -> int | None:
    return before if now is None else now


def _larger(before: int | None, now: int | None) -> int | None:
    return max(before, now) if before is not None and now is not None else _newest(before, now)
