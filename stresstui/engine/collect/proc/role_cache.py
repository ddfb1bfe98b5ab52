"""Roles asked for once for each process, and again after it executed another program."""

from collections.abc import Callable, Collection, Hashable

import msgspec

from stresstui.core.model.sample import Role
from stresstui.engine.collect.proc.facts import Classify, Key, ProcessFacts, RoleVersion


class _Known(msgspec.Struct):
    mark: Hashable
    role: Role | None
    parent_role: Role | None
    version: int


class RoleCache:
    """Cache in front of a ``Classify``."""

    def __init__(self, classify: Classify, version: RoleVersion) -> None:
        self._classify, self._version = classify, version
        self._known: dict[Key, _Known] = {}

    def of(
        self,
        key: Key,
        mark: Hashable,
        parent_role: Role | None,
        facts: Callable[[Role | None], ProcessFacts],
    ) -> Role | None:
        """Return the role; ``mark`` changes when the process executes a program, ``facts`` is read only to ask."""
        known = self._known.get(key)
        version = self._version()  # before the role is asked for: what is learned meanwhile is asked about again
        if known and known.mark == mark and known.version == version:
            return known.role
        # A process that forked away has lost its parent, not where it came from.
        remembered = parent_role or (known.parent_role if known else None)
        role = self._classify(facts(remembered))
        self._known[key] = _Known(mark, role, remembered, version)
        return role

    def keep(self, keys: Collection[Key]) -> None:
        """Drop what is not in ``keys``."""
        for key in self._known.keys() - keys:
            del self._known[key]
