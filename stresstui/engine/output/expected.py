"""Panics with which a test is to end: libtest says of ``#[should_panic]`` only where it names the result.

``cargo test -q`` prints a dot for each test; of a panic that it shows only the test's source tells.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from stresstui.core.model.event import Doubted, Matched
from stresstui.core.text.lazy_pattern import lazy
from stresstui.engine.output.crash import Crashed
from stresstui.engine.output.line import Kind, Line
from stresstui.engine.output.words.crash import PANIC

HOLD_S: Final = 10.0
"""Seconds that a test has to say its result after a panic; one that says nothing has panicked."""
_MAIN: Final = "main"
_HELD_MOST: Final = 1000
_BEGUN: Final = lazy(r"running \d+ tests?$")
_PANICKED: Final = lazy(r"\bthread '([\w:]+)' (?:\(\d+\) )?panicked at ")
"""A test's thread is called by its path, which many a worker's name is not."""
_NAMED: Final = lazy(r"\btest (\S+) (- should panic )?\.\.\. ?(.*)")
_PASSED: Final = lazy(r"ok(?: <[\d.]+m?s>)?")
_SUM: Final = lazy(r"\s*test result: (ok|FAILED)\. ")
_OTHERWISE: Final = lazy(r"(?:FAILED\b|ignored\b|bench:).*")

MARKS: Final = (
    r"running \d+ tests?|panicked at |test result: |test \S+ (?:- should panic )?\.\.\."
    r"|(?:^|\W)ok(?: <[\d.]+m?s>)?\s*$|\b(?:FAILED|ignored)\b|\bbench:"
)
"""An RE2 expression that is found in every line that means something here."""

Broken = Matched | Crashed
"""What a line tells of a crash."""
Told = Broken | Doubted
"""And what cannot be told."""
IsToPanic = Callable[[str], bool | None]
"""Whether a test is to panic, by its path; None where that is not known."""


class ExpectedPanics:
    """Holds a panic of a test's own thread back until the test's result says whether it was to come.

    Only the last panic of a thread can be the one. Where tests run one at a time, a test is named before it panics.
    """

    def __init__(self, is_to_panic: IsToPanic) -> None:
        """No test has begun: nothing is held."""
        self._is_to_panic = is_to_panic
        self._in_tests = False
        self._says_names = False
        """Whether results were named, so that one which is not will not come."""
        self._named, self._to_panic = "", False
        """The test that was named and has no result yet, and whether it is to panic."""
        self._held: dict[str, Matched] = {}
        self._asked: dict[str, bool | None] = {}
        """Of those, what is known of them whose time is over."""
        self._passed: set[str] = set()
        """Tests that were to panic and did so unseen; their output may be printed at the end."""

    def read(self, t: float, whole: Line, found: list[Broken]) -> list[Told]:
        """Take in a line and what it tells; give what is to be told now, also of lines before it."""
        if Kind.RESULT not in whole.kinds:
            return [*found]
        line = whole.bare.strip()
        if _BEGUN.fullmatch(line):
            told = self.finish(t)
            self._in_tests, self._says_names = True, False
            self._passed.clear()
            return [*told, *found]
        if not self._in_tests:
            return [*found]
        panicked = _PANICKED.search(line) if found else None
        panic = next((one for one in found if isinstance(one, Matched) and one.pattern == PANIC), None)
        if panic is not None and panicked is not None:
            self._name(line[: panicked.start()])
            others = [one for one in found if one is not panic]
            return [*others, *self._hold(t, panicked[1], panic)]
        ended = _SUM.match(line)
        told = self._sum_up(t, passed=ended[1] == "ok") if ended else self._settle(t, line)
        return [*told, *found]

    def tick(self, t: float) -> list[Told]:
        """Let time pass: give what was held back for too long, and what cannot be told of it."""
        told: list[Told] = []
        for name in [name for name, one in self._held.items() if one.t < t - HOLD_S and name not in self._asked]:
            answer = self._is_to_panic(name)
            if answer or (answer is None and not self._says_names):
                self._asked[name] = answer
                told += [] if answer else [_doubt(t, name)]
            else:
                told += self._release(t, [name])
        return told

    def finish(self, t: float) -> list[Told]:
        """No line will follow: a test that was to panic was cut off behind that, all others have panicked."""
        return self._sum_up(t, passed=False)

    def _sum_up(self, t: float, *, passed: bool) -> list[Told]:
        """Tell of those that had no result of their own; ``passed`` is whether all tests have passed."""
        told: list[Told] = []
        for name in list(self._held):
            asked = name in self._asked
            answer = self._asked[name] if asked else self._is_to_panic(name)
            if answer is False or (answer is None and (self._says_names or not passed)):
                told += self._release(t, [name])
            elif answer is None and not asked:
                told.append(_doubt(t, name))
        self._held.clear()
        self._asked.clear()
        return told

    def _hold(self, t: float, thread: str, panic: Matched) -> list[Told]:
        if self._named and not self._to_panic and thread in (_MAIN, self._named):
            return [panic]
        name = self._named if thread == _MAIN else thread  # of several at a time another may be named
        if name in self._passed:
            self._passed.remove(name)
            return []
        if not name or (len(self._held) >= _HELD_MOST and name not in self._held):
            return [panic]
        earlier = self._release(t, [name])  # what was asked is of the name, and holds for this one
        self._held[name] = panic
        return earlier

    def _name(self, before: str) -> None:
        named = _NAMED.search(before)
        if named is not None:
            self._says_names = True
            self._named, self._to_panic = named[1], bool(named[2])

    def _settle(self, t: float, line: str) -> list[Told]:
        """Read the result of a test, behind its name or alone in a line."""
        named = _NAMED.search(line)
        self._name(line)
        name, to_panic, result = self._named, self._to_panic, named[3] if named else line
        passed = _PASSED.fullmatch(result) is not None
        if not name or not (passed or _OTHERWISE.fullmatch(result)):
            return []
        self._named, self._to_panic = "", False
        if not (passed and to_panic):
            return self._release(t, [name])
        if self._held.pop(name, None) is None:
            self._passed.add(name)
        return []

    def _release(self, t: float, names: list[str]) -> list[Told]:
        held = [self._held.pop(name) for name in names if name in self._held]
        return [msgspec.structs.replace(one, t=t) for one in held]


def _doubt(t: float, name: str) -> Doubted:
    how = "its source was not found, and -q does not say whether it was to panic; run the tests without -q"
    return Doubted(t, "output", f"the test {name} panicked: {how}")
