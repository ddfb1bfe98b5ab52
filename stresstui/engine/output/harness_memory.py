"""Harnesses of which a line means something only by those before it: what each remembers."""

import re
from typing import Final

from stresstui.core.text.lazy_pattern import lazy

Counts = dict[str, float]

_KINDS: Final = ("passed", "failed", "ignored")
_SUBUNIT: Final = lazy(
    r"(?P<what>test|success(?:ful)?|failure|error|skip|xfail|uxsuccess): (?P<name>.*?)(?: \[(?: multipart)?)?$"
)
_SUBUNIT_KINDS: Final = {
    "success": "passed", "successful": "passed", "xfail": "passed", "failure": "failed", "error": "failed",
    "uxsuccess": "failed", "skip": "ignored",
}  # fmt: skip
_TAG: Final = lazy(r"\s*(?:<\?xml[^>]*>\s*)?<testsuites?(?: [^>]*)?$")
_TEAMCITY_KINDS: Final = {"Finished": "passed", "Failed": "failed", "Ignored": "ignored"}
_SAY_SO_OFTEN: Final = frozenset(("alcotest", "ant", "eunit", "srfi 64"))
"""Say more than once that they are at work before they sum up."""
_UNFINISHED_MOST: Final = 10_000
_CUT_MOST: Final = 1000
_ALL: Final = 100
_SUBUNIT_MOST: Final = 1000
"""Lines in which the first test has to say what it came to, as ``test: NAME`` may be anybody's."""
_TAG_MOST: Final = 2000
"""Characters of a tag that goes over several lines."""


def results(passed: float = 0, failed: float = 0, ignored: float = 0) -> Counts:
    """What tests came to."""
    return {"tests_passed": float(passed), "tests_failed": float(failed), "tests_ignored": float(ignored)}


def added(one: Counts, other: Counts) -> Counts:
    """What two of them came to together."""
    return {name: count + other[name] for name, count in one.items()}


class Reruns:
    """gotestsum runs again what failed: its sums go on from those before, and what failed may have passed since."""

    def __init__(self) -> None:
        self._told = dict.fromkeys(_KINDS, 0.0)
        self._first = 0.0
        self._failed = 0.0

    def tell(self, values: Counts) -> None:
        """Take in what was told of single tests or packages, which the sum has as well."""
        for kind in _KINDS:
            self._told[kind] += values.get(f"tests_{kind}", 0.0)

    def correct(self, run: int, counts: Counts) -> Counts:
        """Give what is to be added to what was told, so that it is what the sum of the ``run``-th run says."""
        failed, ignored = counts["tests_failed"], counts["tests_ignored"]
        if run <= 1:
            self._first, self._failed = sum(counts.values()), 0.0
        still, self._failed = max(0.0, failed - self._failed), failed
        truth = results(max(0.0, self._first - still - ignored), still, ignored)
        return {f"tests_{kind}": truth[f"tests_{kind}"] - self._told[kind] for kind in _KINDS}


class Numbered:
    """``2/3 Test #2: b ... Passed``: the first says how many there are, each what it came to where it got so far."""

    def __init__(self) -> None:
        self._of: dict[str, str] = {}

    def count(self, harness: str, groups: dict[str, str]) -> Counts:
        """Count one line."""
        values: Counts = {}
        if self._of.get(harness) != groups["of"] or groups["at"] == "1":
            self._of[harness] = groups["of"]
            values["tests_run"] = float(groups["of"])
        if "passed_one" in groups:
            return values | results(passed=1)
        if "failed_one" in groups or "failed_other" in groups:
            return values | results(failed=1)
        return values | (results(ignored=1) if "ignored_one" in groups else {})


_FOR_MACHINES: Final = frozenset(("jest json", "junit xml"))


class ToldTwice:
    """A harness sums up for people and, where it is asked to, in a record as well: of the same tests.

    What is told as skipped may differ: JUnit has a failure that was expected there, jest what is still to be written.
    """

    def __init__(self) -> None:
        self._other: tuple[str, Counts] | None = None

    def fresh(self, harness: str, counts: Counts) -> Counts:
        """Give the counts of a sum, or none where the other form has just said the same."""
        if not counts:
            return counts
        other, self._other = self._other, (harness, counts)
        if other is None or (other[0] in _FOR_MACHINES) == (harness in _FOR_MACHINES) or not _same(other[1], counts):
            return counts
        self._other = None
        return {}


def _same(one: Counts, other: Counts) -> bool:
    """Whether as many tests failed, and as many passed or were told of."""
    told = (sum(counts.get(f"tests_{kind}", 0.0) for kind in _KINDS) for counts in (one, other))
    passed = one.get("tests_passed") == other.get("tests_passed")
    return one.get("tests_failed") == other.get("tests_failed") and (passed or len({*told}) == 1)


class Dots:
    """``pytest -qq`` ends without a summary: its dots say what tests came to, once they are all there."""

    def __init__(self) -> None:
        self._so_far = self._done = results()
        self._percent = 0

    def add(self, dots: str, percent: str) -> None:
        """Take in a line of them; those below 100 % belong to tests that may not have ended."""
        self.begin()
        passed, failed, ignored = (sum(map(dots.count, kind)) for kind in (".xX", "FE", "s"))
        one = results(passed, failed, ignored)
        self._so_far = added(self._so_far, one)
        self._percent = int(percent)

    def begin(self) -> None:
        """Another run of tests may begin: one that is over and had no summary has none to come."""
        if self._percent == _ALL:
            self._done = added(self._done, self._so_far)
            self.forget()

    def forget(self) -> None:
        """A summary has said it all."""
        self._so_far, self._percent = results(), 0

    def take(self) -> Counts:
        """Give what no summary has said; empty where not all tests have ended."""
        self.begin()
        found, self._done = self._done, results()
        return found if any(found.values()) else {}


class Subunit:
    """subunit's text form: ``test: NAME``, and what it came to under the same name; its words are everybody's."""

    def __init__(self) -> None:
        self._name: str | None = None
        self._sure = False
        self._left = 0

    @property
    def waits(self) -> bool:
        """Whether a test has begun and its end may be any line."""
        return self._name is not None

    def read(self, line: str) -> tuple[str, Counts] | None:
        """Say what a line means: ``running`` or ``item``, and what it counts."""
        found = _SUBUNIT.match(line)
        if found is None:
            self._left -= 1
            if self._left <= 0 and not self._sure:
                self._name = None
            return None
        if found["what"] == "test":
            self._name, self._left = found["name"], _SUBUNIT_MOST
            return ("running", {"tests_run": 1.0}) if self._sure else None
        if found["name"] != self._name:
            return None
        self._name = None
        values = results(**{_SUBUNIT_KINDS[found["what"]]: 1})
        if not self._sure:
            self._sure, values["tests_run"] = True, 1.0
        return "item", values


class OpenTag:
    """An element of a JUnit file whose attributes stand on lines of their own."""

    def __init__(self) -> None:
        self._so_far = ""

    @property
    def is_open(self) -> bool:
        """Whether the next line belongs to it."""
        return bool(self._so_far)

    def join(self, line: str) -> str:
        """Give the whole element once it is closed; before that nothing, and any other line as it is."""
        if not self._so_far and not _TAG.match(line):
            return line
        whole = f"{self._so_far} {line.strip()}".lstrip()
        closed = ">" in re.sub(r"<\?xml[^>]*>", "", whole)
        self._so_far = "" if closed or len(whole) > _TAG_MOST else whole
        return whole if closed else ""


class TeamCity:
    """Tests that failed or were ignored are told to have finished as well; another class may have one of that name."""

    def __init__(self) -> None:
        self._unfinished: set[str] = set()

    def count(self, groups: dict[str, str]) -> Counts:
        """Count what a message says, once for each test."""
        name, what = groups["name"], groups["teamcity"]
        if name in self._unfinished:
            if what == "Finished":
                self._unfinished.discard(name)
            return {}
        if what != "Finished" and len(self._unfinished) < _UNFINISHED_MOST:
            self._unfinished.add(name)
        return results(**{_TEAMCITY_KINDS[what]: 1})


class Opened:
    """Test programs that began and have not summed up yet, where nobody knows how many tests they have."""

    def __init__(self) -> None:
        self._now = ""
        self._cut: list[str] = []

    def begin(self, harness: str) -> None:
        """Another one begins: the one before it, if it has not summed up, will not."""
        if harness == self._now and harness in _SAY_SO_OFTEN:
            return
        if self._now and len(self._cut) < _CUT_MOST:
            self._cut.append(self._now)
        self._now = harness

    def end(self) -> None:
        """It said what its tests came to."""
        self._now = ""

    def take(self) -> list[str]:
        """The harnesses of those that never summed up, now that no line follows."""
        cut, self._cut = [*self._cut, *filter(None, [self._now])], []
        self._now = ""
        return cut
