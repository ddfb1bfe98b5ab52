"""CPU time of processes that no sample saw: it shows in what their parents waited for (times(2), cutime and cstime).

A parent's count takes in everything that a child ever used, once it waits for it. What samples told as the child's own
is therefore owed: it is taken off what the parent's count grows by, when it does.
"""

from collections.abc import Collection, Container, Iterable, Mapping
from typing import Final

import msgspec

from stresstui.engine.collect.proc.procfs import Stat

_PATIENCE: Final = 3
"""Readings after which a debt is forgotten: the parent does not wait for its children."""
_SLACK: Final = 1.5
_SLACK_S: Final = 0.2


class _Parent(msgspec.Struct):
    counted: float
    """Its count at the reading before."""
    owed: float = 0.0
    patience: int = 0
    unseen: float = 0.0
    unpaid: int = 0
    """Readings for which it has owed and paid nothing."""
    alone: bool = False
    """Whether nobody else can have waited for whom it owes."""
    lets_go: bool = False
    """Whether its children ended and it waited for none: what they used is in no count of anybody's (wait(2))."""


class WaitedCpu:
    """Keeps account, by pid, of what children used that nobody saw: each time ``owe``, ``settle``, ``forget``."""

    def __init__(self) -> None:
        self._parents: dict[int, _Parent] = {}
        self._owing: set[int] = set()

    def owe(self, gone: Collection[Stat], alive: Container[int], reaper: int | None) -> None:
        """Take those that were reaped since the reading before; ``reaper`` inherits orphans."""
        self._lose_patience()
        lost = {stat.pid: stat.ppid for stat in gone}
        for stat in gone:
            known = self._parents.get(stat.pid)
            debt = stat.cpu_s + stat.children_cpu_s + (known.owed if known else 0.0)
            creditors = _creditors(stat.ppid, alive, lost, reaper)
            for creditor in creditors:
                self._add_debt(creditor, debt, alone=len(creditors) == 1)

    def settle(self, stat: Stat, possible_s: float, *, born_here: bool) -> None:
        """Take a process's next reading, made before those of its children; what has not changed need not be told.

        More than ``possible_s`` CPU seconds cannot have been used unseen: what exceeds that is an old child's and was
        told before, or is from before the first reading. Of who was ``born_here`` all children count.
        """
        known = self._parents.get(stat.pid)
        if known is None:
            known = self._parents[stat.pid] = _Parent(0.0 if born_here else stat.children_cpu_s)
        grown, known.counted = max(0.0, stat.children_cpu_s - known.counted), stat.children_cpu_s
        paid = min(grown, known.owed)
        known.unpaid = 0 if paid else known.unpaid
        known.owed -= paid
        if grown - paid <= possible_s * _SLACK + _SLACK_S:
            known.unseen += grown - paid

    def forget(self, pids: Iterable[int]) -> None:
        """Drop who is gone."""
        for pid in pids:
            self._parents.pop(pid, None)
            self._owing.discard(pid)

    def unseen(self, pid: int) -> float:
        """CPU seconds of children of this process that nobody saw, since it was first read."""
        known = self._parents.get(pid)
        return known.unseen if known else 0.0

    @property
    def any_lets_go(self) -> bool:
        """Whether somebody who is there lets children end unwaited for: such as nobody saw are missing."""
        return any(parent.lets_go for parent in self._parents.values())

    def _add_debt(self, pid: int | None, debt: float, *, alone: bool) -> None:
        if pid is not None and (parent := self._parents.get(pid)) is not None:
            parent.alone = alone and (parent.alone or not parent.owed)
            parent.owed += debt
            parent.patience = _PATIENCE
            self._owing.add(pid)

    def _lose_patience(self) -> None:
        for pid in list(self._owing):
            parent = self._parents[pid]
            parent.patience -= 1
            parent.unpaid += 1
            parent.lets_go = parent.lets_go or (parent.alone and parent.unpaid >= _PATIENCE and parent.owed > _SLACK_S)
            if parent.patience <= 0:
                parent.owed, parent.unpaid = 0.0, 0
                self._owing.discard(pid)


def _creditors(ppid: int, alive: Container[int], lost: Mapping[int, int], reaper: int | None) -> set[int | None]:
    """Who may have waited for a child of ``ppid``, or for one who did: the next above that lives, or the reaper."""
    if ppid in alive:
        return {ppid}
    while ppid in lost and ppid not in alive:
        ppid = lost[ppid]
    return {ppid, reaper}
