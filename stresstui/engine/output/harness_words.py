# ruff: noqa: E501, RUF001 - a table: one row each, with the signs that are printed
"""What test harnesses print of how many tests ran: one row each. Data; ``harness`` reads lines by it.

Marks and expressions as in ``crash_words``. The names of groups say what a number counts: ``begun`` tests announced,
``run``, ``passed``, ``failed`` and ``ignored`` tests, ``filtered`` ones; a group may stand several times in a line.
"""

from typing import Final, NamedTuple


class HarnessWord(NamedTuple):
    """One line of a harness."""

    harness: str
    """Who prints it."""
    meaning: str
    """``begun``, ``result`` (of a whole program or suite), or ``failed`` (one test, by its name)."""
    mark: str
    """An RE2 expression that finds such lines, colours or not, among many: short and literal."""
    expression: str
    """What it looks like without colours, from its beginning on."""
    counts: str = ""
    """An expression for each count in the text of the group ``counts``: a number and its word."""


BEGUN: Final = "begun"
RESULT: Final = "result"
FAILED: Final = "failed"

HARNESS_WORDS: Final = (
    HarnessWord("libtest", BEGUN, r"running \d+ tests?", r"running (?P<begun>\d+) tests?$"),
    HarnessWord("libtest", RESULT, r"test result: ",
                r"test result: \w+\. (?P<passed>\d+) passed; (?P<failed>\d+) failed; (?P<ignored>\d+) ignored(?:; \d+ measured)?(?:; (?P<filtered>\d+) filtered out)?"),
    HarnessWord("libtest", FAILED, r" \.\.\. .{0,12}FAILED", r"test (?P<name>.+?) \.\.\. FAILED\b"),
    HarnessWord("nextest", BEGUN, r"Starting.{0,12} \d", r"\s*Starting (?P<begun>\d+) tests? across"),
    HarnessWord("nextest", RESULT, r" tests? run: ",
                r"\s*Summary \[[^\]]*\]\s+(?:\d+/)?(?P<run>\d+)(?:/\d+)? tests? run: (?P<counts>.*)"),
    HarnessWord("nextest", FAILED, r"(?:FAIL|LEAK-FAIL|TIMEOUT|ABORT|SIG[A-Z]+).{0,12} \[", r"\s*(?:FAIL|LEAK-FAIL|TIMEOUT|ABORT|SIG[A-Z]+) \[[^\]]*\]\s+(?:\([^)]*\)\s+)?(?P<name>\S.*)"),
    HarnessWord("pytest", BEGUN, r"collected .{0,12}\d+ item", r"collected (?:\d+ items? / .* )?(?P<begun>\d+) (?:items?|selected)$"),
    HarnessWord("pytest", RESULT, r"(?:passed|failed|errors?|skipped|xfailed|xpassed|deselected|warnings?|rerun)[^\n]{0,12} in [^\n]{0,12}\d",
                r"(?:=+ (?=.*=$)|(?=\d+ (?:passed|failed|skipped)\b))(?P<counts>(?:\d+ [a-z]+, )*\d+ [a-z]+) in \d[\d.]*s\b"),
    HarnessWord("pytest", RESULT, r"no tests (?:ran|collected)", r"(?:=+ )?(?P<counts>no tests (?:ran|collected)).* in \d"),
    HarnessWord("unittest", RESULT, r"Ran \d+ tests? in ", r"Ran (?P<ran>\d+) tests? in \d"),
    HarnessWord("unittest", RESULT, r"FAILED \(|(?m:^OK)", r"(?:OK|FAILED)(?: \((?P<unittest>\w.*)\))?$"),
    HarnessWord("go", RESULT, r"--- (?:PASS|FAIL|SKIP): ", r"--- (?P<one>PASS|FAIL|SKIP): "),
    HarnessWord("go", RESULT, r"(?m:^(?:ok  |FAIL)\t)", r"(?P<package>ok  |FAIL)\t\S+"),
    HarnessWord("mocha", RESULT, r"\d+ (?:passing|failing)", r"\s+(?P<counts>\d+ (?:passing|failing))\b(?: \(\d+\w*\))?$"),
    HarnessWord("jest", RESULT, r"Tests:?[^\n]{2,16}\d", r"\s*Tests:?\s+(?P<counts>(?:\d+ \w+(?:, | \| ))*\d+ \w+)(?: \(\d+\))?$"),
    HarnessWord("node", RESULT, r"(?:# |ℹ )(?:pass|fail|skipped) \d", r"(?:#|ℹ) (?P<counts>(?:pass|fail|skipped|cancelled) \d+)$"),
    HarnessWord("ctest", RESULT, r"tests passed, \d+ tests? failed out of ", r"\d+% tests passed, (?P<failed>\d+) tests? failed out of (?P<run>\d+)"),
    HarnessWord("gtest", RESULT, r"\[  (?:PASSED|FAILED)  \][^\n]{1,12}\d+ test", r"\[  (?P<gtest>PASSED|FAILED)  \] (?P<number>\d+) tests?[.,]"),
    HarnessWord("surefire", RESULT, r"Tests run: \d", r"(?:\[\w+\] )?Tests run: (?P<run>\d+), Failures: (?P<failed>\d+), Errors: (?P<errors>\d+), Skipped: (?P<ignored>\d+)\s*$"),
)  # fmt: skip

COUNTED: Final = {
    "passed": "passed", "passing": "passed", "pass": "passed", "xfailed": "passed", "xpassed": "passed",
    "failed": "failed", "failing": "failed", "fail": "failed", "error": "failed", "errors": "failed", "failures": "failed",
    "timed": "failed", "exec": "failed", "cancelled": "failed",
    "skipped": "ignored", "pending": "ignored", "todo": "ignored", "ignored": "ignored",
}  # fmt: skip
"""What the words of a summary count; those that are not here (warnings, deselected, leaky, total) count nothing."""
