"""CPU time of processes that no sample saw: it shows in what their parents waited for (times(2), cutime and cstime).

A parent's count takes in everything that a child ever used, once it waits for it. What samples told as the child's own
is therefore owed: it is taken off what the parent's count grows by, when it does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from stresstui.engine.collect.proc.procfs import Stat

_PATIENCE: Final = 3
"""Readings after which a debt is forgotten: the parent does not wait for its children."""
_SLACK: Final = 1.5
_SLACK_S: Final = 0.2


@dataclass(slots=True)
class _Parent:
    counted: float
    """Its count at the reading before."""
    owed: float = 0.0
    patience: int = 0
    unseen: float = 0.0


class WaitedCpu:
    """Keeps account, by pid, of what children used that nobody saw."""

    def __init__(self) -> None:
        self._parents: dict[int, _Parent] = {}

    def observe(
        self, now: Mapping[int, Stat], gone: Iterable[Stat], reaper: int | None, possible_s: float, *, first: bool
    ) -> None:
        """Take the next reading, parents read before their children; ``gone`` were reaped since the one before.

        ``reaper`` inherits orphans. More than ``possible_s`` CPU seconds cannot have been used unseen; what exceeds
        that is an old child's and was told before, or is from before the first reading.
        """
        self._owe(now, list(gone), reaper)
        for pid, stat in now.items():
            known = self._parents.get(pid)
            if known is None:
                born_here = stat.ppid in now and not first
                known = self._parents[pid] = _Parent(0.0 if born_here else stat.children_cpu_s)
            _settle(known, stat.children_cpu_s, possible_s)
        for pid in self._parents.keys() - now.keys():
            del self._parents[pid]

    def unseen(self, pid: int) -> float:
        """CPU seconds of children of this process that nobody saw, since it was first read."""
        known = self._parents.get(pid)
        return known.unseen if known else 0.0

    def _owe(self, now: Mapping[int, Stat], gone: list[Stat], reaper: int | None) -> None:
        lost = {stat.pid: stat.ppid for stat in gone}
        for stat in gone:
            known = self._parents.get(stat.pid)
            debt = stat.cpu_s + stat.children_cpu_s + (known.owed if known else 0.0)
            for creditor in _creditors(stat.ppid, now, lost, reaper):
                self._add_debt(creditor, debt)

    def _add_debt(self, pid: int | None, debt: float) -> None:
        if pid is not None and (parent := self._parents.get(pid)) is not None:
            parent.owed += debt
            parent.patience = _PATIENCE


def _creditors(ppid: int, now: Mapping[int, Stat], lost: Mapping[int, int], reaper: int | None) -> set[int | None]:
    """Who may have waited for a child of ``ppid``, or for one who did: the next above that lives, or the reaper."""
    if ppid in now:
        return {ppid}
    while ppid in lost and ppid not in now:
        ppid = lost[ppid]
    return {ppid, reaper}


def _settle(parent: _Parent, counted: float, possible_s: float) -> None:
    grown, parent.counted = max(0.0, counted - parent.counted), counted
    paid = min(grown, parent.owed)
    parent.owed -= paid
    unseen = grown - paid
    if unseen <= possible_s * _SLACK + _SLACK_S:
        parent.unseen += unseen
    parent.patience -= 1
    if parent.patience <= 0:
        parent.owed = 0.0
