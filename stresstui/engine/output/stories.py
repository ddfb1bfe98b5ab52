"""One end, one count: what a second line says of the same end is not told again."""

from functools import cache
from typing import Any, Final

import re2

from stresstui.core.derive.tellers import Tellers
from stresstui.core.model.event import Matched
from stresstui.core.text.lazy_pattern import lazy
from stresstui.engine.output.crash import Crashed
from stresstui.engine.output.line import Line
from stresstui.engine.output.words.crash import CRASH, OOM, PANIC
from stresstui.engine.output.words.stories import ENDS, STORIES, Story

_KINDS: Final = frozenset((PANIC, CRASH, OOM))
_OF_TEST: Final = lazy(r"\s*\d+/\d+ ")
_PID: Final = lazy(r"\b(?i:pid|process)[: =(]{1,2}(\d{2,7})\b")
_PID_S: Final = 3.0
"""Seconds between two lines of one process's end, at most."""
_TESTS_MOST: Final = 1000


class Stories:
    """Leaves out what retells an end. Of an end at least one line is told, whichever of them comes first."""

    def __init__(self) -> None:
        """Nothing was told yet."""
        self._of_tests: set[str] = set()
        self._pids: dict[str, tuple[float, str]] = {}
        self._tellers: dict[tuple[str, str], Tellers] = {}

    def fresh(self, t: float, told: list[Any]) -> list[Any]:
        """Give of what a line tells at ``t`` seconds that which is not of an end that was told already."""
        return [one for one in told if self._is_fresh(t, one)]

    def _is_fresh(self, t: float, one: Any) -> bool:
        is_end = isinstance(one, Crashed)
        if not is_end and not (isinstance(one, Matched) and one.pattern in _KINDS):
            return True
        line = Line(one.line)
        found = _teller_of(STORIES, line)
        if found is None:
            if not is_end:
                return True
            if (_OF_TEST.match(line.bare) and self._was_told(one.line)) or self._was_seen(t, one):
                return False
            found = _teller_of((ENDS,), line) or (ENDS, "")
        story, teller = found
        what = one.signal if story is ENDS else str(not is_end and one.pattern == OOM)
        return self._tellers.setdefault((story.name, what), Tellers()).is_news(t, teller, story.within)

    def _was_told(self, line: str) -> bool:
        """Whether a harness says of a test once more, in its summary, how it ended."""
        known = line in self._of_tests
        if len(self._of_tests) < _TESTS_MOST:
            self._of_tests.add(line)
        return known

    def _was_seen(self, t: float, end: Crashed) -> bool:
        """Whether another line has just told how the same process ended."""
        pid = _PID.search(end.line)
        if pid is None:
            return False
        before, line = self._pids.get(pid[1], (-_PID_S, ""))
        if t - before < _PID_S and line != end.line:
            return True
        self._pids = {number: known for number, known in self._pids.items() if t - known[0] < _PID_S}
        self._pids[pid[1]] = (t, end.line)
        return False


def _teller_of(stories: tuple[Story, ...], line: Line) -> tuple[Story, str] | None:
    """Whose story a line belongs to, and which of its tellers this is."""
    for story in stories:
        any_of_them, tellers = _compiled(story)
        if not line.search(any_of_them):
            continue
        for number, expression in enumerate(tellers):
            found = line.search(expression)
            if found is not None:
                return story, " ".join((str(number), *(group or "" for group in found.groups())))
    return None


@cache
def _compiled(story: Story) -> tuple[Any, tuple[Any, ...]]:
    """One look for all of a story's tellers, as most lines are of another, and each of them."""
    return re2.compile("|".join(f"(?:{one})" for one in story.tellers)), tuple(map(re2.compile, story.tellers))
