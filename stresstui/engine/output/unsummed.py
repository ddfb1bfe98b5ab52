"""Tests whose own lines say what they came to, in case that the summary never comes."""

from collections import Counter
from typing import Final

from stresstui.core.text.lazy_pattern import lazy
from stresstui.engine.output.harness_counts import KIND_OF
from stresstui.engine.output.harness_memory import Counts, added, results
from stresstui.engine.output.line import Line
from stresstui.engine.output.words.harness import ENDED_WORDS

ENDED_MARKS: Final = "|".join(word.mark for word in ENDED_WORDS)
"""An RE2 expression that is found in every line that means something here."""
_READ: Final = tuple((word, lazy(word.expression)) for word in ENDED_WORDS)
ALWAYS_SUM_UP: Final = frozenset(("unittest", "dotnet"))
"""Do so after whatever number of tests, unless they were left in the middle."""
_ANNOUNCED: Final = frozenset(("libtest", "nextest", "gtest", "pytest"))
"""Say that their tests begin."""
_NAMES_MOST: Final = 10_000


class Unsummed:
    """Tests whose own lines say what they came to, and of which no summary came: it crashed, hangs, or was cut off."""

    def __init__(self) -> None:
        self._open: dict[str, dict[str, str]] = {}
        """By harness and name, what they came to, until the summary comes ..."""
        self._dotted: dict[str, Counts] = {}
        """... and of those without a name, how many."""
        self._done: dict[str, Counts] = {}
        self._summed: set[str] = set()
        """Harnesses whose summary came: they may name what failed once more."""

    def read(self, line: Line, *, by_nextest: bool) -> None:
        """Remember what one test came to, by its line; nextest shows the lines of the tests that it runs."""
        for word, expression in _READ:
            found = line.match(expression)
            if found is None or (word.harness == "libtest" and by_nextest):
                continue
            if word.harness in self._summed:
                return
            groups = found.groupdict()
            ended = groups.get("ended") or groups.get("ended_so")
            if groups.get("dotted"):
                self._add_dots(word.harness, groups["dotted"])
            elif ended:
                self._add(word.harness, groups["name"], KIND_OF.get(ended.upper(), "failed"))
            return

    def _add(self, harness: str, name: str, kind: str) -> None:
        """Take in a test's result; the last word counts."""
        named = self._open.setdefault(harness, {})
        if name in named or len(named) < _NAMES_MOST:
            named[name] = kind

    def _add_dots(self, harness: str, dots: str) -> None:
        """Take in results of one sign each, as pytest prints them."""
        one = results(sum(map(dots.count, ".xX")), sum(map(dots.count, "FE")), dots.count("s"))
        self._dotted[harness] = added(self._dotted.get(harness, results()), one)

    def begin(self, harness: str) -> None:
        """Another of its programs begins: of those before, a summary that has not come will not."""
        self._summed.discard(harness)
        named, dotted = self._open.pop(harness, {}), self._dotted.pop(harness, results())
        one = results(**Counter(named.values())) if named else dotted
        if any(one.values()):
            self._done[harness] = added(self._done.get(harness, results()), one)

    def forget(self, harness: str) -> None:
        """A summary has said it all."""
        self._open.pop(harness, None)
        self._dotted.pop(harness, None)
        if harness in _ANNOUNCED:
            self._summed.add(harness)

    def take(self) -> dict[str, Counts]:
        """Give what no summary has counted, by harness."""
        for harness in {*self._open, *self._dotted}:
            self.begin(harness)
        found, self._done = self._done, {}
        return found
