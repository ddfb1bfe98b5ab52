"""Processes that run already, found by pid or by pattern, and whether they still do."""

import os
import re
from collections.abc import Iterable, Sequence
from typing import Final

from stresstui.engine.process.find import Found, ancestors, command_parts, executable, look_up, scan
from stresstui.engine.process.matching import Candidate, Choice, choose


class Watched:
    """The processes of a ``pid`` run."""

    def __init__(self, pids: Sequence[int], pattern: str | None) -> None:
        """Nothing is found before ``rescan``; raises re.error for a wrong pattern."""
        self._given = tuple(pids)
        self._pattern = re.compile(pattern) if pattern else None
        self._found: dict[int, Found] = {}
        self._by_program = False
        self.left_out: list[Found] = []
        """Processes that have the pattern in their arguments only, and were not taken."""

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
            choice = self._choose(self._pattern)
            self._by_program, self.left_out = choice.by_program, choice.left_out
            self._found = {process.pid: process for process in choice.taken}
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

    def _choose(self, pattern: re.Pattern[str]) -> Choice:
        own = ancestors(os.getpid())
        return choose(
            pattern,
            (Candidate(p, command_parts(p.pid), executable(p.pid)) for p in scan() if p.pid not in own),
            by_program=self._by_program,
        )

    def describe(self) -> str:
        """Say which processes were taken and which were not, in one sentence."""
        if not self._found:
            return f"what matches {self._pattern.pattern}" if self._pattern else ", ".join(map(str, self._given))
        text = f"{_listed(self._found.values())}"
        if self.left_out:
            text += f"; not {_listed(self.left_out)}, with the word in their arguments only (--pid takes them)"
        return text


_TOLD: Final = 8


def _listed(processes: Iterable[Found]) -> str:
    """Names and pids; a name may hold anything."""
    every = [f"{_plain(process.name)} ({process.pid})" for process in processes]
    more = len(every) - _TOLD
    return ", ".join(every[:_TOLD]) + (f" and {more} more" if more > 0 else "")


def _plain(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name).strip()


def _same(process: Found) -> bool:
    now = look_up(process.pid)
    return now is not None and now.started == process.started
