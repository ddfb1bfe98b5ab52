"""How many tests ran, passed and failed, by the lines of the harness that ran them."""

import re
from collections.abc import Iterator
from typing import Final

from stresstui.core.model.event import Matched
from stresstui.core.text.lazy_pattern import late, lazy
from stresstui.core.text.several import as_one
from stresstui.engine.output.harness_counts import KIND_OF, count_groups, count_trx, counts_of
from stresstui.engine.output.harness_memory import (
    Counts,
    Dots,
    Numbered,
    Opened,
    OpenTag,
    Reruns,
    Subunit,
    TeamCity,
    ToldTwice,
    results,
)
from stresstui.engine.output.harness_sums import RanFirst, SoFar
from stresstui.engine.output.line import LINE_CUT, Kind, Line
from stresstui.engine.output.unsummed import ALWAYS_SUM_UP, Unsummed
from stresstui.engine.output.words.harness import (
    BEGUN,
    BINARY,
    FAILED,
    GIVES_WAY,
    HARNESS_WORDS,
    ITEM,
    OPENED,
    PART,
    RESULT,
    SEEN,
    HarnessWord,
)

MARKS: Final = "|".join(dict.fromkeys(word.mark for word in HARNESS_WORDS))
"""An RE2 expression that is found in every line that means something here."""
_READ: Final = tuple((word, lazy(word.expression)) for word in HARNESS_WORDS)
_MARKED: Final = late(lambda: as_one(word.mark for word in HARNESS_WORDS))
"""One look for the few words of which a line has the mark."""
_LONGEST: Final = 2000
_MAY_BE_LONG: Final = lazy(
    r'<testsuite|<TestRun|<Counters|\{"num(?:Failed|Total)|\{"version":"[\d.]+","(?:messages|seed|examples)"'
)
_NAMES_MOST: Final = 10_000
_KINDS: Final = {BEGUN: "running", PART: "part", ITEM: "item", SEEN: "part"}
_LEFT_OUT: Final = lazy(r"\s# (?:SKIP|TODO)\b", re.IGNORECASE)
_SUITE: Final = lazy(r"<testsuite(?P<all>s?)(?P<attributes>(?: [^<>]*)?)>")
_ATTRIBUTE: Final = lazy(r"\b(tests|failures|errors|skip(?:ped)?)=[\"'](\d+)[\"']")
_COLUMN: Final = lazy(r"\S+")
_INSTEAD: Final = {
    "cypress": {"mocha", "cypress box"}, "cypress box": {"mocha"}, "raco": {"racket"}, "trx": {"dotnet"},
    "prove result": {"tap failed"},
}  # fmt: skip
"""Sums up what the others have said already, where one of them was printed too."""
_UNDER: Final = {"pytest plugin": {"pytest"}}
"""Says something only where another was seen before."""
_SUITES: Final = frozenset(("Test Suites:", "Test Files"))
"""What failed for the tests in it; where none was named, it failed for itself."""
_STARTED: Final = frozenset(("go", "xctest", "swift-testing", "ztest"))
"""Say of each test that it starts."""


class HarnessReader:
    """Reads the lines of test harnesses: a failed test counts once, however often its name is said."""

    def __init__(self) -> None:
        self._failed: set[str] = set()
        self._seen: set[str] = set()
        self._named = self._fell = False
        self._begun = 0
        self._warned = False
        """Whether Go said of the package whose result comes next that no test of it is to run."""
        self._inner = self._wrapped = self._summed = self._by_nextest = False
        self._once: set[str] = set()
        self._columns: dict[int, str] = {}
        self._plan = 0.0
        self._opened = Opened()
        self._reruns, self._numbered, self._subunit, self._tag = Reruns(), Numbered(), Subunit(), OpenTag()
        self._twice, self._dots, self._unsummed, self._teamcity = ToldTwice(), Dots(), Unsummed(), TeamCity()
        self._ran, self._so_far = RanFirst(), SoFar()

    @property
    def awaits(self) -> bool:
        """Whether any line may belong to what was begun."""
        return self._subunit.waits or self._tag.is_open

    def read(self, t: float, line: Line) -> Matched | None:
        """Say what a line tells of tests, behind a log's prefix as well; None where it is no line of a harness."""
        if len(line.text) > _LONGEST and not _MAY_BE_LONG.search(line.text[:_LONGEST]):
            line = Line("")
        if self._subunit.waits and (ended := self._read_subunit(t, line.text)) is not None:
            return ended
        if Kind.TEST not in line.kinds and not self._tag.is_open:
            return None
        self._unsummed.read(line, by_nextest=self._by_nextest)
        texts = Line(self._tag.join(line.text)).texts
        return next((found for text in texts if (found := self._read(t, text)) is not None), None)

    def finish(self, t: float) -> list[Matched]:
        """Say what was told of tests by their own lines or dots alone."""
        values = self._dots.take()
        found = [Matched(t, "pytest_result", "(dots without a summary)", values)] if values else []
        ended = self._unsummed.take()
        cut = [*self._opened.take(), *(ALWAYS_SUM_UP & ended.keys())]
        cut += ["tap"] if {"tap version", "tap items"} <= self._seen and "tap plan" not in self._seen else []
        found += [Matched(t, f"{name}_cut", "(a harness without a summary)", {"tests_run": 1.0}) for name in cut]
        return [
            *found,
            *(Matched(t, f"{name}_ended", "(tests without a summary)", counts) for name, counts in ended.items()),
        ]

    def _read(self, t: float, line: str) -> Matched | None:
        for word, found in self._said(line):
            if word.harness == "subunit":
                return self._read_subunit(t, line)
            if word.meaning == OPENED:
                self._opened.begin(word.harness)
                return None
            if word.meaning == BINARY:
                return Matched(t, f"{word.harness}_binary", line[:LINE_CUT], {"binaries": 1.0})
            if word.meaning == FAILED:
                return self._fail(t, word.harness, found["name"], line)
            values = self._count(word, found)
            self._note(word)
            if values and "once" in found.groupdict():
                values = values if found["once"] not in self._once else {}
                self._once.add(found["once"])
            if values:
                return Matched(t, f"{word.harness}_{_KINDS.get(word.meaning, 'result')}", line[:LINE_CUT], values)
        return None

    def _said(self, line: str) -> Iterator[tuple[HarnessWord, re.Match[str]]]:
        """What a line says, by each word that is found in it and means something by what came before."""
        for word, expression in (_READ[number] for number in sorted(_MARKED.Match(line) or ())):
            needed = {word.harness} if word.needs else set[str]()
            found = expression.match(line) if needed | _UNDER.get(word.harness, set()) <= self._seen else None
            if found is None or _INSTEAD.get(word.harness, set()) & self._seen or self._is_told_by_nextest(word):
                continue
            if not (word.harness in GIVES_WAY and self._seen - {word.harness}):
                yield word, found

    def _note(self, word: HarnessWord) -> None:
        """Remember that a harness was seen, and whether it said that it begins, or what it came to."""
        self._seen |= {word.harness, f"{word.harness} version"} if word.meaning == SEEN else {word.harness}
        if word.meaning in (RESULT, PART, ITEM):
            self._opened.end()
        if word.meaning in (BEGUN, RESULT):
            (self._unsummed.begin if word.meaning == BEGUN else self._unsummed.forget)(word.harness)

    def _is_told_by_nextest(self, word: HarnessWord) -> bool:
        """Whether it is of a test that nextest runs, which shows the test's own lines where it is asked to."""
        if word.harness == "nextest" and word.meaning in (BEGUN, RESULT):
            self._by_nextest = word.meaning == BEGUN
        elif word.harness == "libtest" and word.meaning == BINARY:
            self._by_nextest = False
        return self._by_nextest and word.harness == "libtest"

    def _read_subunit(self, t: float, line: str) -> Matched | None:
        told = self._subunit.read(line)
        return None if told is None else Matched(t, f"subunit_{told[0]}", line[:LINE_CUT], told[1])

    def _fail(self, t: float, harness: str, name: str, line: str) -> Matched | None:
        if name in self._failed or (name in _SUITES and self._failed):
            return None
        if len(self._failed) < _NAMES_MOST:
            self._failed.add(name)
        return Matched(t, f"{harness}_failed", line[:LINE_CUT])

    def _count(self, word: HarnessWord, found: re.Match[str]) -> Counts:
        groups = {name: text for name, text in found.groupdict().items() if text is not None}
        if word.meaning == BEGUN and "begun" in groups:
            self._failed.clear()  # another binary may have tests of the same names
            self._begun = int(groups["begun"])
        if self._is_counted_again(word, groups):
            return {}
        if "dots" in groups:
            self._dots.add(groups["dots"], groups["percent"])
            return {}
        if word.harness == "pytest":
            (self._dots.forget if word.meaning == RESULT else self._dots.begin)()
        own = {
            "junit xml": self._count_xml, "julia": self._count_julia, "tap": self._count_tap, "go": self._count_go,
            "boost": self._count_boost, "unittest": self._ran.count, "clojure": self._ran.count,
            "shunit2": self._ran.count, "testthat": self._so_far.count, "teamcity": self._teamcity.count,
            "gotestsum": self._count_gotestsum,
            "trx": count_trx,
        }  # fmt: skip
        if word.harness in _STARTED and "started" in groups:
            return {"tests_run": 1.0}
        if "of" in groups and "at" in groups:
            return self._numbered.count(word.harness, groups)
        plain = (word.harness == "tap" and word.meaning == SEEN) or groups.keys() == {"counts"} or "begun" in groups
        values = own.get(word.harness, count_groups)(groups) if not plain else count_groups(groups)
        if word.harness in ("go", "gotestsum"):
            self._reruns.tell(values)
        if word.meaning == RESULT:
            return self._twice.fresh(word.harness, values)
        return values

    def _is_counted_again(self, word: HarnessWord, groups: dict[str, str]) -> bool:
        """Whether a line is of a suite whose tests the suite around it counts as well, or Go's around others' tests."""
        if word.harness in ("ginkgo", "gocheck"):
            self._wrapped = True
        if word.meaning == SEEN and word.harness in ("xctest", "robot"):
            self._inner = "inner" in groups
        elif word.harness in ("xctest", "specs"):
            inner, self._inner = self._inner, False
            return inner
        return False

    def _count_boost(self, groups: dict[str, str]) -> Counts:
        if "boost" not in groups:
            return count_groups(groups)
        failed = int(groups["boost"].replace("No", "0"))
        if not self._begun:  # for machines nobody says how many there are
            return results(failed=failed) if failed else {}
        return results(max(0, self._begun - failed), min(self._begun, failed))

    def _count_tap(self, groups: dict[str, str]) -> Counts:
        """A plan may stand before its tests or behind them; alone it may be anything, and so may a test without one."""
        if "plan" in groups:
            plan = {"tests_run": float(groups["plan"])}
            self._seen.add("tap plan")
            if not plan["tests_run"]:
                return results()
            if "tap items" in self._seen:
                return plan
            self._plan = plan["tests_run"]
            return {}
        if "tap" not in self._seen and " - " not in groups["name"]:
            return {}
        self._seen.add("tap items")
        left_out = _LEFT_OUT.search(groups["name"]) is not None
        kind = "ignored" if left_out else "passed" if groups["tap"] == "ok" else "failed"
        self._seen.add(f"tap {kind}")
        values = results(**{kind: 1})
        if self._plan:
            values["tests_run"], self._plan = self._plan, 0.0
        return values

    def _count_go(self, groups: dict[str, str]) -> Counts:
        """Go's packages count where their tests were not named, and one that failed where none of its tests did."""
        if "one" in groups:
            wrapped, self._wrapped, self._named = self._wrapped, False, True
            kind = KIND_OF[groups["one"].upper()]
            self._fell |= kind == "failed"
            return {} if wrapped else results(**{kind: 1})  # the one test of Go's that ran them
        if "package" not in groups:
            self._warned = "warned" in groups
            return results()
        warned, self._warned = self._warned, False
        if warned and groups["package"] != "FAIL":
            return results()
        passed = groups["package"] in ("ok  ", "pass")
        counted = not self._named or not (passed or self._fell)
        self._named = self._fell = False
        return results(passed=int(passed), failed=int(not passed)) if counted else {}

    def _count_gotestsum(self, groups: dict[str, str]) -> Counts:
        """It sums up what Go has said, with the tests inside tests, and runs again what failed."""
        return self._reruns.correct(int(groups.get("runs", 1)), counts_of(groups["sums"]))

    def _count_xml(self, groups: dict[str, str]) -> Counts:
        """Add up the suites of a JUnit file, or take the sum that it begins with."""
        if "xml_end" in groups:
            self._summed = False
            return {}
        values: Counts = {}
        for suite in _SUITE.finditer(groups["xml"]):
            told = {name: int(count) for name, count in _ATTRIBUTE.findall(suite["attributes"])}
            if "tests" not in told or (self._summed and not suite["all"]):
                continue
            self._summed = bool(suite["all"])
            failed, ignored = told.get("failures", 0) + told.get("errors", 0), told.get("skipped", told.get("skip", 0))
            one = results(max(0, told["tests"] - failed - ignored), failed, ignored)
            values = {name: values.get(name, 0.0) + count for name, count in one.items()}
        self._summed = self._summed and "</testsuites>" not in groups["xml"]
        return values

    def _count_julia(self, groups: dict[str, str]) -> Counts:
        """Numbers stand below the ends of their names; the first row is the sum of those below it."""
        line = groups["julia"]
        if line.startswith("Test Summary:"):
            self._columns = {one.end(): one[0].lower() for one in _COLUMN.finditer(line)}
            return {}
        columns, self._columns = self._columns, {}
        told = {
            columns[one.end()]: int(one[0])
            for one in _COLUMN.finditer(line)
            if one.end() in columns and one[0].isdigit()
        }
        failed = told.get("fail", 0) + told.get("error", 0)
        return results(told.get("pass", 0), failed, told.get("broken", 0)) if told else {}
