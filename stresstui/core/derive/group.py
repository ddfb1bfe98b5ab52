"""The processes of a sample taken together: sums over those under test, carried on by what has changed since before."""

from operator import attrgetter
from typing import Final

import msgspec

from stresstui.core.derive.sockets import COUNTS
from stresstui.core.model.sample import Pair, ProcessSample, Role, Sample, moved

_SUT: Final = Role.SUT
GAUGES: Final = {
    "rss": "rss", "vsz": "vsz", "fds": "fds", "threads": "threads", **COUNTS,
}  # fmt: skip
"""Metrics that sum a field of the processes."""
DETAILS: Final = ("rss_anon", "rss_file", "rss_shmem", "swap", "pss")
"""Fields that are parts of a process's memory."""
COUNTERS: Final = ("cpu_s", "children_cpu_s", "bytes_in", "bytes_out")
"""Fields that only grow."""
_SUMMED: Final = (*GAUGES.values(), *DETAILS)
_FIELDS: Final = (*_SUMMED, *COUNTERS)
_fields_of: Final = attrgetter(*_FIELDS)
_NOTHING: Final = dict.fromkeys(_FIELDS, 0)


def watched(sample: Sample) -> list[ProcessSample]:
    """The processes of the system under test."""
    return [process for process in sample.processes if process.role is _SUT]


class Group(msgspec.Struct):
    """What the processes of one sample add up to; not to be changed."""

    processes: tuple[ProcessSample, ...] = ()
    """All of the sample."""
    since: tuple[ProcessSample, ...] | None = None
    """Those of the sample before, where the same were there in the same roles; else None."""
    changed: list[Pair] = []
    """Those that are not what they were, with what they were; of the others nothing need be looked at."""
    under_test: list[ProcessSample] = []
    """Those of the system under test; all below is of them."""
    totals: dict[str, int] = msgspec.field(default_factory=_NOTHING.copy)
    """Sums by field, of those that could be read."""
    unread: dict[str, int] = msgspec.field(default_factory=_NOTHING.copy)
    """By field, of how many it could not be read."""
    largest_shared: int = 0
    """Most shared memory that one of them has mapped, bytes."""

    def reads_any(self, field: str) -> bool:
        """Say whether a field could be read of any of them."""
        return self.unread[field] < len(self.under_test)


def group_of(sample: Sample, last: Group | None = None) -> Group:
    """Add up a sample's processes, on from the ``last`` one where the same are there."""
    changed = moved(last.processes, sample.processes) if last is not None else None
    if last is None or changed is None or any(then.role is not now.role for then, now in changed):
        return _whole(sample)
    if sample.processes is last.processes is last.since:
        return last
    return _continued(sample, last, changed)


def _whole(sample: Sample) -> Group:
    mine = watched(sample)
    if not mine:
        return Group(sample.processes)
    columns = dict(zip(_FIELDS, zip(*map(_fields_of, mine), strict=True), strict=True))
    return Group(
        sample.processes,
        under_test=mine,
        totals={name: sum(number for number in columns[name] if number is not None) for name in _SUMMED},
        unread={name: numbers.count(None) for name, numbers in columns.items()},
        largest_shared=_largest(mine),
    )


def _continued(sample: Sample, last: Group, changed: list[Pair]) -> Group:
    """Whole numbers add up to the same in whatever order."""
    totals, unread = last.totals.copy(), last.unread.copy()
    mine = [(then, now) for then, now in changed if now.role is _SUT]
    for then, now in mine:
        for name, before, after in zip(_FIELDS, _fields_of(then), _fields_of(now), strict=True):
            if before != after:
                unread[name] += (after is None) - (before is None)
                if name in totals:
                    totals[name] += (after or 0) - (before or 0)
    under_test = watched(sample) if mine else last.under_test
    shared = any(then.rss_shmem != now.rss_shmem for then, now in mine)
    largest = _largest(under_test) if shared else last.largest_shared
    return Group(sample.processes, last.processes, changed, under_test, totals, unread, largest)


def _largest(processes: list[ProcessSample]) -> int:
    return max((process.rss_shmem or 0 for process in processes), default=0)
