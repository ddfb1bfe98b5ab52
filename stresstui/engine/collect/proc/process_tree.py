"""The process tree on Linux: found by its roots, followed by kept descriptors."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from stresstui.core.model.sample import Role
from stresstui.engine.collect.proc import procfs
from stresstui.engine.collect.proc.facts import Classify, Key, ProcessFacts, RoleVersion, Roots, never_changes
from stresstui.engine.collect.proc.role_cache import RoleCache


@dataclass(slots=True)
class Process:
    """A process of the tree, with what was read of it for this sample."""

    file: procfs.StatFile
    stat: procfs.Stat
    role: Role | None = None

    @property
    def key(self) -> Key:
        """Process id and start time."""
        return (self.stat.pid, self.stat.started)


class Tree:
    """Everything that descends from the roots, or did when it was first seen."""

    def __init__(
        self, roots: Roots, classify: Classify, version: RoleVersion = never_changes, *, without: int | None = None
    ) -> None:
        self._roots = roots
        self._roles = RoleCache(classify, version)
        self._without = without
        self._known: dict[int, Process] = {}
        self._root_started: dict[int, float] = {}
        self._has_children_lists = procfs.lists_children()

    def refresh(self) -> list[Process]:
        """Read the tree now: the processes of the run that have not ended, parents before their children."""
        self._reread()
        self._discover(self._living_roots())
        for process in self._known.values():
            process.role = self._role(process)
        self._roles.keep({process.key for process in self._known.values()})
        return [p for p in self._known.values() if p.role is not None]

    def close(self) -> None:
        """Close the kept descriptors."""
        for process in self._known.values():
            process.file.close()
        self._known.clear()

    def _reread(self) -> None:
        for pid, process in list(self._known.items()):
            stat = process.file.read()
            if stat is None or stat.ended:
                process.file.close()
                del self._known[pid]
            else:
                process.stat = stat

    def _living_roots(self) -> list[int]:
        """Open new roots; a pid that now belongs to another process than when it became a root is gone."""
        asked = list(dict.fromkeys(self._roots()))
        self._root_started = {pid: s for pid, s in self._root_started.items() if pid in asked}
        for pid in asked:
            process = self._known.get(pid) or _opened(pid)
            if process is None:
                continue
            if self._root_started.setdefault(pid, process.stat.started) == process.stat.started:
                self._known[pid] = process
            else:
                process.file.close()
        return [pid for pid in asked if pid in self._known]

    def _discover(self, roots: list[int]) -> None:
        """Walk from the roots, and from what is known: its parent may have ended."""
        ordered: dict[int, Process] = {}
        scanned = None if self._has_children_lists else procfs.all_children()
        for start in (*roots, *self._known):
            todo = deque([start])
            while todo:
                pid = todo.popleft()
                if pid in ordered or not (process := self._known.get(pid)):
                    continue
                ordered[pid] = process
                todo.extend(self._adopt(pid, process, scanned))

        self._known = ordered

    def _adopt(self, parent: int, process: Process, scanned: dict[int, list[int]] | None) -> Iterator[int]:
        listed = procfs.children(parent, process.stat.threads) if scanned is None else scanned.get(parent, [])
        for pid in listed:
            if pid not in self._known and (child := _opened(pid)):
                # Between the list and the opening the pid may have gone to a stranger.
                if child.stat.ppid != parent and child.stat.ppid not in self._known:
                    child.file.close()
                    continue
                self._known[pid] = child
            yield pid

    def _role(self, process: Process) -> Role | None:
        stat = process.stat
        parent = self._known.get(stat.ppid)

        def facts(parent_role: Role | None) -> ProcessFacts:
            return ProcessFacts(
                pid=stat.pid,
                ppid=stat.ppid,
                started=stat.started,
                name=stat.name,
                exe=procfs.exe(stat.pid),
                argv=procfs.argv(stat.pid),
                parent_role=parent_role,
            )

        if stat.pid == self._without:
            return None
        return self._roles.of(process.key, stat.mark, parent.role if parent else None, facts)


def _opened(pid: int) -> Process | None:
    try:
        file = procfs.StatFile(pid)
    except OSError:
        return None
    stat = file.read()
    if stat is None or stat.ended:
        file.close()
        return None
    return Process(file, stat)
