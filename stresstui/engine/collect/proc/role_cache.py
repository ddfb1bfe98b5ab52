"""Roles asked for once for each process, and again after it executed another program."""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass

from stresstui.core.model.sample import Role
from stresstui.engine.collect.proc.facts import Classify, Key, ProcessFacts


@dataclass(slots=True)
class _Known:
    mark: Hashable
    role: Role | None
    parent_role: Role | None
    epoch: int


class Roles:
    """Cache in front of a ``Classify``."""

    def __init__(self, classify: Classify) -> None:
        self._classify = classify
        self._known: dict[Key, _Known] = {}
        self._epoch = 0

    def of(
        self,
        key: Key,
        mark: Hashable,
        parent_role: Role | None,
        facts: Callable[[Role | None], ProcessFacts],
    ) -> Role | None:
        """Return the role; ``mark`` changes when the process executes a program, ``facts`` is read only to ask."""
        known = self._known.get(key)
        if known and known.mark == mark and known.epoch == self._epoch:
            return known.role
        # A process that forked away has lost its parent, not where it came from.
        remembered = parent_role or (known.parent_role if known else None)
        epoch = self._epoch
        role = self._classify(facts(remembered))
        self._known[key] = _Known(mark, role, remembered, epoch)
        return role

    def forget(self) -> None:
        """Ask again for every process; parents' roles are remembered."""
        self._epoch += 1

    def keep(self, keys: Collection[Key]) -> None:
        """Drop what is not in ``keys``."""
        for key in self._known.keys() - keys:
            del self._known[key]
