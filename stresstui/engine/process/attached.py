"""Processes that run already, found by pid or by pattern, and whether they still do."""

import os
import re
from collections.abc import Sequence

from stresstui.engine.process.find import Found, ancestors, command_parts, look_up, scan


class Watched:
    """The processes of a ``pid`` run."""

    def __init__(self, pids: Sequence[int], pattern: str | None) -> None:
        """Nothing is found before ``rescan``; raises re.error for a wrong pattern."""
        self._given = tuple(pids)
        self._pattern = re.compile(pattern) if pattern else None
        self._found: dict[int, Found] = {}

    @property
    def pids(self) -> list[int]:
        """Pids found so far that had not ended when last looked at."""
        return list(self._found)

    @property
    def names(self) -> dict[int, str]:
        """The same, with their names."""
        return {process.pid: process.name for process in self._found.values()}

    def rescan(self) -> bool:
        """Look again; say whether any is alive. With a pattern new ones are found, without one they are not."""
        if self._pattern is not None:
            self._found = {process.pid: process for process in self._matching(self._pattern)}
        else:
            self._found = {process.pid: process for pid in self._given if (process := self._given_still(pid))}
        return bool(self._found)

    def alive(self) -> bool:
        """Say whether one of those found is alive, without looking for others."""
        return any(_same(process) for process in self._found.values())

    def _given_still(self, pid: int) -> Found | None:
        process, known = look_up(pid), self._found.get(pid)
        if process is None or (known is not None and known.started != process.started):
            return None
        return process

    def _matching(self, pattern: re.Pattern[str]) -> list[Found]:
        own = ancestors(os.getpid())
        return [
            process
            for process in scan()
            if process.pid not in own
            and (pattern.search(process.name) or pattern.search(" ".join(command_parts(process.pid))))
        ]


def _same(process: Found) -> bool:
    now = look_up(process.pid)
    return now is not None and now.started == process.started
