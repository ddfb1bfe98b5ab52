"""The process tree on Linux: found by its roots, followed by kept descriptors, searched where pids were given away."""

import itertools
import os
import time
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from stresstui.core.model.sample import Role
from stresstui.engine.collect.proc import procfs
from stresstui.engine.collect.proc.facts import Classify, ProcessFacts, RoleVersion, Roots, never_changes
from stresstui.engine.collect.proc.process import Process
from stresstui.engine.collect.proc.role_cache import RoleCache
from stresstui.engine.collect.proc.waited_cpu import WaitedCpu

_WALK_EVERY: Final = 30
"""Refreshes after which the whole tree is walked, whatever is known."""
_MANY: Final = 100
"""Processes from which on those that have not run are not read each time."""
_TURNS: Final = 8
"""Refreshes in which each of them is read once all the same."""
_WALKED_UP_TO: Final = 64
"""Threads up to which it costs less to ask each for its children than to look through all pids of the machine."""
_ASKED_UP_TO: Final = 64
"""Threads of those that have run, likewise."""
_UNREAPED_ASKED: Final = 100
"""Ended children that are looked at again in each refresh."""


class Tree:
    """Everything that descends from the roots, or did when it was first seen."""

    def __init__(
        self, roots: Roots, classify: Classify, version: RoleVersion = never_changes, *, without: int | None = None
    ) -> None:
        self._roots = roots
        self._version = version
        self._roles = RoleCache(classify, version)
        self._without = without
        self._known: dict[int, Process] = {}
        self._root_started: dict[int, float] = {}
        self._has_children_lists = procfs.lists_children()
        self._scanned: dict[int, list[int]] | None = None
        self._last_pid = b""
        self._foreign: set[int] = set()
        self._unreaped: dict[int, None] = {}
        self._refreshes = 0
        self._awake: list[Process] | None = None
        self._read_at = time.monotonic()
        self._waited = WaitedCpu()

    def refresh(self) -> list[Process]:
        """Read the tree now: the processes of the run that have not ended, parents before their children."""
        last_pid = procfs.last_pid()
        gone = self._reread()
        roots = self._living_roots()
        self._look_for_new(roots, last_pid)
        self._settle_roles()
        if gone:
            self._roles.keep({process.key for process in self._known.values()})
        self._account(gone)
        return [p for p in self._known.values() if p.role is not None and not p.ended]

    @property
    def zombies(self) -> int:
        """Processes of the run that have ended and that their parent has not waited for."""
        known = sum(1 for p in self._known.values() if p.ended and p.stat.ppid != self._without)
        return known + len(self._unreaped)

    @property
    def any_lets_go(self) -> bool:
        """As of ``WaitedCpu``."""
        return self._waited.any_lets_go

    @property
    def orphans_cpu_s(self) -> float:
        """CPU time of processes that forked away to the one left out, and that were never seen."""
        return self._waited.unseen(self._without) if self._without is not None else 0.0

    def children_cpu_s(self, pid: int) -> float:
        """CPU time of children that this process waited for, and that were never seen."""
        return self._waited.unseen(pid)

    def close(self) -> None:
        """Close the kept descriptors."""
        for process in self._known.values():
            process.close()
        self._known.clear()

    def _account(self, gone: list[procfs.Stat]) -> None:
        now = time.monotonic()
        possible, self._read_at = (now - self._read_at) * (os.cpu_count() or 1), now
        changed = [p for p in self._known.values() if p.accounted is not p.stat]
        self._waited.owe(gone, self._known, self._without)
        for process in changed:
            process.accounted = stat = process.stat
            self._waited.settle(stat, possible, born_here=self._refreshes > 1 and stat.ppid in self._known)
        self._waited.forget([stat.pid for stat in gone])

    def _reread(self) -> list[procfs.Stat]:
        """Read every known process again; return what was last read of those that are gone.

        Of many, those that have rested are read in turn only: what others do to them shows some readings later.
        """
        gone: list[procfs.Stat] = []
        self._awake = None
        if len(self._known) <= _MANY:
            self._reread_these(self._known.values(), gone)
            return gone
        turn = self._refreshes % _TURNS
        due, awake = [], []
        for at, process in enumerate(self._known.values()):
            process.rests = process.has_rested()
            if not process.rests:
                awake.append(process)
            if not process.rests or at % _TURNS == turn:
                due.append(process)
        lost = self._reread_these(due, gone)
        if not lost and self._has_children_lists and sum(p.stat.threads for p in awake) <= _ASKED_UP_TO:
            self._awake = awake
        while lost:  # who has lost its parent has another one now, though it has not run
            lost = self._reread_these([p for p in self._known.values() if p.stat.ppid in lost], gone)
        return gone

    def _reread_these(self, processes: Iterable[Process], gone: list[procfs.Stat]) -> set[int]:
        """Read some again; return the pids of those that are not there any more, or have just ended."""
        lost: set[int] = set()
        for process in list(processes):
            had_ended = process.stat.ended
            if not process.reread():
                process.close()
                gone.append(self._known.pop(process.stat.pid).stat)
                lost.add(process.stat.pid)
            elif process.stat.ended and not had_ended:
                lost.add(process.stat.pid)
        return lost

    def _living_roots(self) -> list[int]:
        """Open new roots; a pid that now belongs to another process than when it became a root is gone."""
        asked = list(dict.fromkeys(self._roots()))
        self._root_started = {pid: s for pid, s in self._root_started.items() if pid in asked}
        for pid in asked:
            process = self._known.get(pid) or _opened(pid)
            if process is None:
                continue
            if pid not in self._known:
                self._last_pid = b""  # its children were there before it was a root
            if self._root_started.setdefault(pid, process.stat.started) == process.stat.started:
                self._known[pid] = process
            elif self._known.get(pid) is not process:
                process.close()
        return [pid for pid in asked if pid in self._known]

    def _look_for_new(self, roots: list[int], last_pid: bytes) -> None:
        """Where no pid was given away since the refresh before, there is no new process."""
        self._refreshes += 1
        whole = self._refreshes % _WALK_EVERY == 1 or not self._last_pid
        born = last_pid != self._last_pid
        if whole or (born and sum(process.stat.threads for process in self._known.values()) <= _WALKED_UP_TO):
            self._walk(roots)
            self._foreign.clear()
        elif born and self._awake is not None:
            self._ask(self._awake)
        elif born:
            self._scan()
        self._last_pid = last_pid
        self._ask_unreaped()

    def _walk(self, roots: list[int]) -> None:
        """Walk from the roots, and from what is known: its parent may have ended."""
        ordered: dict[int, Process] = {}
        self._scanned = None
        for start in (*roots, *self._known):
            todo = deque([start])
            while todo:
                pid = todo.popleft()
                if pid in ordered or not (process := self._known.get(pid)):
                    continue
                ordered[pid] = process
                todo.extend(self._adopt(pid, process))
        self._known = ordered

    def _adopt(self, parent: int, process: Process) -> Iterator[int]:
        for pid in self._children(parent, process.stat.threads):
            if pid not in self._known and pid not in self._unreaped:
                self._try(pid, parent)
            yield pid

    def _children(self, pid: int, threads: int) -> list[int]:
        """Ask its threads, where these are few; else look through all of /proc, once for a walk."""
        if self._has_children_lists and threads <= _WALKED_UP_TO:
            return procfs.children(pid, threads)
        if self._scanned is None:
            self._scanned = procfs.all_children()
        return self._scanned.get(pid, [])

    def _ask(self, awake: Iterable[Process]) -> None:
        """Ask those for new children that have run, and who is above them: nobody else can have any.

        Who forks away from a parent that ends at once is given to somebody above it, whom that does not wake.
        """
        asked = dict.fromkeys(awake)
        for process in list(asked):
            above = self._known.get(process.stat.ppid)
            while above is not None and above not in asked:
                asked[above] = None
                above = self._known.get(above.stat.ppid)
        todo = deque(asked)
        while todo:
            process = todo.popleft()
            before = len(self._known)
            for _ in self._adopt(process.stat.pid, process):
                pass
            todo.extend(itertools.islice(self._known.values(), before, None))

    def _scan(self) -> None:
        """Ask every pid of the machine that is new whose child it is; parents have the smaller pids, mostly."""
        pids = procfs.all_pids()
        self._foreign &= pids
        left = sorted(pids - self._known.keys() - self._foreign - self._unreaped.keys())
        while left:
            strangers = [pid for pid in left if not self._try(pid, None)]
            if len(strangers) == len(left):
                break
            left = strangers
        self._foreign.update(left)

    def _try(self, pid: int, parent: int | None) -> bool:
        """Take a process in where it descends from a known one; say whether it was."""
        child = _opened(pid)
        if child is None:
            return False
        ppid = child.stat.ppid
        # Between the list and the opening the pid may have gone to a stranger.
        if ppid != parent and ppid not in self._known:
            child.close()
            return False
        if child.stat.ended:
            child.close()
            if ppid != self._without:
                self._unreaped[pid] = None
        else:
            self._known[pid] = child
        return True

    def _ask_unreaped(self) -> None:
        """Forget those that were reaped; a few in each refresh, since there may be very many."""
        for pid in list(itertools.islice(self._unreaped, _UNREAPED_ASKED)):
            del self._unreaped[pid]
            if (stat := procfs.stat(pid)) and stat.ended:
                self._unreaped[pid] = None

    def _settle_roles(self) -> None:
        """Ask where a process has executed another program, or where other roles hold now."""
        version = self._version()
        for process in self._known.values():
            if process.asked != (process.stat.mark, version):
                process.role, process.asked = self._role(process), (process.stat.mark, version)

    def _role(self, process: Process) -> Role | None:
        stat = process.stat
        if stat.pid == self._without:
            return None
        parent = self._known.get(stat.ppid)

        def facts(parent_role: Role | None) -> ProcessFacts:
            return ProcessFacts(
                pid=stat.pid,
                ppid=stat.ppid,
                started=stat.started,
                name=stat.name,
                exe=procfs.exe(process.view),
                argv=procfs.argv(process.view),
                parent_role=parent_role,
            )

        return self._roles.of(process.key, stat.mark, parent.role if parent else None, facts)


def _opened(pid: int) -> Process | None:
    try:
        return Process(pid)
    except (OSError, ValueError, IndexError):
        return None
