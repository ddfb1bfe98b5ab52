"""How many tests ran, passed and failed, by the lines of the harness that ran them."""

import re
from typing import Final

import re2

from stresstui.core.model.event import Matched
from stresstui.core.text.lazy_pattern import lazy
from stresstui.engine.output.crash import LINE_CUT
from stresstui.engine.output.harness_words import BEGUN, COUNTED, FAILED, HARNESS_WORDS
from stresstui.engine.output.message import without_prefix

MARKS: Final = "|".join(dict.fromkeys(word.mark for word in HARNESS_WORDS))
"""An RE2 expression that is found in every line that means something here."""

_MARKED: Final = re2.compile(MARKS)
_READ: Final = tuple((word, lazy(word.expression)) for word in HARNESS_WORDS)
_LONGEST: Final = 2000
_NAMES_MOST: Final = 10_000
_COUNT: Final = lazy(r"(?P<number>\d+) (?P<word>[a-z]+)|(?P<word2>[a-z]+)[= ](?P<number2>\d+)")
_BRACKETS: Final = lazy(r"\([^)]*\)")
_ONE: Final = {"PASS": "passed", "FAIL": "failed", "SKIP": "ignored", "PASSED": "passed", "FAILED": "failed"}

Counts = dict[str, float]


class HarnessReader:
    """Reads the lines of test harnesses: a failed test counts once, however often its name is said."""

    def __init__(self) -> None:
        self._failed: set[str] = set()
        self._named = False
        self._ran = 0

    def read(self, t: float, line: str) -> Matched | None:
        """Say what a line tells of tests, behind a log's prefix as well; None where it is no line of a harness."""
        if len(line) > _LONGEST or not _MARKED.search(line):
            return None
        bare = without_prefix(line)
        return self._read(t, line) or (self._read(t, bare) if bare != line else None)

    def _read(self, t: float, line: str) -> Matched | None:
        for word, expression in _READ:
            found = expression.match(line)
            if found is None:
                continue
            if word.meaning == FAILED:
                return self._fail(t, word.harness, found["name"], line)
            values = self._count(found)
            if values:
                kind = self._kind(word.meaning)
                return Matched(t, f"{word.harness}_{kind}", line[:LINE_CUT], values)
        return None

    def _kind(self, meaning: str) -> str:
        if meaning != BEGUN:
            return "result"
        self._failed.clear()  # another binary may have tests of the same names
        return "running"

    def _fail(self, t: float, harness: str, name: str, line: str) -> Matched | None:
        if name in self._failed:
            return None
        if len(self._failed) < _NAMES_MOST:
            self._failed.add(name)
        return Matched(t, f"{harness}_failed", line[:LINE_CUT])

    def _count(self, found: re.Match[str]) -> Counts:
        groups = found.groupdict()
        if "one" in groups:
            self._named = True
            return _results(**{_ONE[groups["one"]]: 1})
        if "package" in groups:
            return self._count_package(passed=groups["package"] == "ok  ")
        if "gtest" in groups:
            return _results(**{_ONE[groups["gtest"]]: int(groups["number"])})
        if "ran" in groups or "unittest" in groups:
            return self._count_unittest(groups)
        return _count_groups({name: text for name, text in groups.items() if text is not None})

    def _count_package(self, *, passed: bool) -> Counts:
        """Go's packages count where their tests were not named one by one."""
        counted, self._named = not self._named, False
        return _results(passed=int(passed), failed=int(not passed)) if counted else {}

    def _count_unittest(self, groups: dict[str, str | None]) -> Counts:
        """Python's unittest says how many ran in one line, and what they came to in the next but one."""
        if groups.get("ran"):
            self._ran = int(groups["ran"] or 0)
            return {}
        ran, self._ran = self._ran, 0
        if not ran:
            return {}
        kinds = _counts(groups["unittest"] or "") or _results()
        return kinds | {"tests_passed": ran - kinds["tests_failed"] - kinds["tests_ignored"]}


def _count_groups(groups: dict[str, str]) -> Counts:
    if "counts" in groups:
        return _results() if groups["counts"].startswith("no tests") else _counts(groups["counts"])
    if "begun" in groups:
        return {"tests_run": float(groups["begun"])}
    failed = int(groups["failed"]) + int(groups.get("errors", 0))
    ignored = int(groups.get("ignored", 0))
    passed = int(groups["passed"]) if "passed" in groups else int(groups["run"]) - failed - ignored
    filtered = {"tests_filtered": float(groups["filtered"])} if "filtered" in groups else {}
    return _results(passed, failed, ignored) | filtered


def _results(passed: int = 0, failed: int = 0, ignored: int = 0) -> Counts:
    return {"tests_passed": float(passed), "tests_failed": float(failed), "tests_ignored": float(ignored)}


def _counts(text: str) -> Counts:
    """Read ``2 passed (1 leaky), 1 failed``; empty where no word counts anything."""
    values = _results()
    known = False
    for found in _COUNT.finditer(_BRACKETS.sub("", text)):
        kind = COUNTED.get(found["word"] or found["word2"])
        if kind is not None:
            known = True
            values[f"tests_{kind}"] += float(found["number"] or found["number2"])
    return values if known else {}
