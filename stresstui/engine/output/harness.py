"""How many tests ran, passed and failed, by the lines of the harness that ran them."""

import re
from typing import Final

import re2

from stresstui.core.model.event import Matched
from stresstui.core.text.lazy_pattern import lazy
from stresstui.engine.output.crash import LINE_CUT
from stresstui.engine.output.message import without_prefix
from stresstui.engine.output.words.harness import BEGUN, COUNTED, FAILED, HARNESS_WORDS, ITEM, PART, SEEN, HarnessWord

MARKS: Final = "|".join(dict.fromkeys(word.mark for word in HARNESS_WORDS))
"""An RE2 expression that is found in every line that means something here."""

_MARKED: Final = re2.compile(MARKS)
_READ: Final = tuple((word, lazy(word.expression)) for word in HARNESS_WORDS)
_LONGEST: Final = 2000
_NAMES_MOST: Final = 10_000
_NUMBER_FIRST: Final = lazy(
    r"(?P<number>\d+) (?:(?:tests?|scenarios?|(?P<of_others>subtests)) (?=[a-z]))?(?P<word>[a-z]+)"
)
_WORD_FIRST: Final = lazy(r"(?P<word>[A-Za-z][A-Za-z ]*?) *[=: ] *(?P<number>\d+)")
_BRACKETS: Final = lazy(r"\([^)]*\)")
_ONE: Final = {
    "PASS": "passed", "FAIL": "failed", "SKIP": "ignored", "PASSED": "passed", "FAILED": "failed", "SKIPPED": "ignored",
}  # fmt: skip
_KINDS: Final = {BEGUN: "running", PART: "part", ITEM: "item", SEEN: "part"}
_LEFT_OUT: Final = lazy(r" # (?:SKIP|TODO)\b", re.IGNORECASE)
_INSTEAD: Final = {"gotestsum": "go"}
"""Sums up what the other has said already, where that was printed too."""

Counts = dict[str, float]


class HarnessReader:
    """Reads the lines of test harnesses: a failed test counts once, however often its name is said."""

    def __init__(self) -> None:
        self._failed: set[str] = set()
        self._seen: set[str] = set()
        self._named = False
        self._ran = self._begun = 0
        self._plan = 0.0

    def read(self, t: float, line: str) -> Matched | None:
        """Say what a line tells of tests, behind a log's prefix as well; None where it is no line of a harness."""
        if len(line) > _LONGEST or not _MARKED.search(line):
            return None
        bare = without_prefix(line)
        return self._read(t, line) or (self._read(t, bare) if bare != line else None)

    def _read(self, t: float, line: str) -> Matched | None:
        for word, expression in _READ:
            found = None if word.needs and word.harness not in self._seen else expression.match(line)
            if found is None or _INSTEAD.get(word.harness) in self._seen:
                continue
            if word.meaning == FAILED:
                return self._fail(t, word.harness, found["name"], line)
            values = self._count(word, found)
            self._seen.add(word.harness)
            if values:
                return Matched(t, f"{word.harness}_{_KINDS.get(word.meaning, 'result')}", line[:LINE_CUT], values)
        return None

    def _fail(self, t: float, harness: str, name: str, line: str) -> Matched | None:
        if name in self._failed:
            return None
        if len(self._failed) < _NAMES_MOST:
            self._failed.add(name)
        return Matched(t, f"{harness}_failed", line[:LINE_CUT])

    def _count(self, word: HarnessWord, found: re.Match[str]) -> Counts:
        groups = {name: text for name, text in found.groupdict().items() if text is not None}
        if word.meaning == BEGUN and "begun" in groups:
            self._failed.clear()  # another binary may have tests of the same names
            self._begun = int(groups["begun"])
        match word.harness:
            case "tap" if word.meaning != SEEN:
                return self._count_tap(groups)
            case "go" if "counts" not in groups:
                return self._count_go(groups)
            case "boost" if "boost" in groups:
                failed = min(self._begun, int(groups["boost"].replace("No", "0")))
                return _results(self._begun - failed, failed)
            case "unittest" | "clojure" | "shunit2":
                return self._count_unittest(groups)
        return _count_groups(groups)

    def _count_tap(self, groups: dict[str, str]) -> Counts:
        """A plan may stand before its tests or behind them; alone it may be anything, and so may a test without one."""
        if "plan" in groups:
            plan = {"tests_run": float(groups["plan"])}
            if "tap items" in self._seen:
                return plan
            self._plan = plan["tests_run"]
            return {}
        if "tap" not in self._seen and " - " not in groups["name"]:
            return {}
        self._seen.add("tap items")
        left_out = _LEFT_OUT.search(groups["name"]) is not None
        values = _results(**{"ignored" if left_out else "passed" if groups["tap"] == "ok" else "failed": 1})
        if self._plan:
            values["tests_run"], self._plan = self._plan, 0.0
        return values

    def _count_go(self, groups: dict[str, str]) -> Counts:
        """Go's packages count where their tests were not named one by one."""
        if "one" in groups:
            self._named = True
            return _results(**{_ONE[groups["one"].upper()]: 1})
        counted, self._named = not self._named, False
        passed = groups["package"] in ("ok  ", "pass")
        return _results(passed=int(passed), failed=int(not passed)) if counted else {}

    def _count_unittest(self, groups: dict[str, str]) -> Counts:
        """Python's unittest says how many ran in one line, and what they came to in the next but one."""
        if groups.get("ran"):
            self._ran = int(groups["ran"])
            return {}
        ran, self._ran = self._ran, 0
        if not ran:
            return {}
        kinds = _counts(groups.get("unittest", "")) or _results()
        return kinds | {"tests_passed": ran - kinds["tests_failed"] - kinds["tests_ignored"]}


def _count_groups(groups: dict[str, str]) -> Counts:
    if "counts" in groups:
        return _results() if groups["counts"].lower().startswith("no tests") else _counts(groups["counts"])
    if "gtest" in groups:
        return _results(**{_ONE[groups["gtest"]]: int(groups["number"])})
    if "begun" in groups:
        return {"tests_run": float(groups["begun"])}
    for whole in ("all", "prove"):
        if whole in groups:
            return _results(int(groups[whole]))
    failed = int(groups.get("failed", 0)) + int(groups.get("errors", 0))
    ignored = int(groups.get("ignored", 0))
    if not groups.keys() & {"passed", "run"}:
        return {}
    passed = int(groups["passed"]) if "passed" in groups else int(groups["run"]) - failed - ignored
    filtered = {"tests_filtered": float(groups["filtered"])} if "filtered" in groups else {}
    return _results(passed + int(groups.get("measured", 0)), failed, ignored) | filtered


def _results(passed: int = 0, failed: int = 0, ignored: int = 0) -> Counts:
    return {"tests_passed": float(passed), "tests_failed": float(failed), "tests_ignored": float(ignored)}


def _counts(text: str) -> Counts:
    """Read ``2 passed (1 leaky), 1 failed`` or ``failures=1, errors=1``; empty where no word counts anything."""
    values = {"passed": 0.0, "failed": 0.0, "ignored": 0.0, "run": 0.0}
    known = set[str]()
    text = _BRACKETS.sub("", text)
    for found in (_NUMBER_FIRST if text[:1].isdigit() else _WORD_FIRST).finditer(text):
        kind = COUNTED.get(found["word"].lower().strip())
        if kind is not None and not found.groupdict().get("of_others"):
            known.add(kind)
            values[kind] += float(found["number"])
    if "run" in known and "passed" not in known:
        values["passed"] = max(0.0, values["run"] - values["failed"] - values["ignored"])
    return {f"tests_{kind}": values[kind] for kind in ("passed", "failed", "ignored")} if known else {}
