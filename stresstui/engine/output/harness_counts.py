"""The numbers in a line of a harness, as what its tests came to."""

import re
from typing import Final

from stresstui.core.text.lazy_pattern import lazy
from stresstui.engine.output.harness_memory import Counts, results
from stresstui.engine.output.words.harness import COUNTED

_NUMBER_FIRST: Final = lazy(
    r"(?P<number>\d+) (?:(?:tests?|scenarios?|(?P<of_others>subtests)) (?=[a-z]))?(?P<word>[A-Za-z]+(?: as expected)?)"
)
_WORD_FIRST: Final = lazy(r"(?P<word>[A-Za-z][A-Za-z _]*?) *[=:\s]\s*(?P<number>\d+)")
_BRACKETS: Final = lazy(r"\([^)]*\)")
_NO_TESTS: Final = lazy(r"no tests?\b|Results$|(?:\d+/)?\d+ tests? collected|\d+ deselected$", re.IGNORECASE)
KIND_OF: Final = {
    "PASS": "passed", "FAIL": "failed", "SKIP": "ignored", "PASSED": "passed", "FAILED": "failed", "SKIPPED": "ignored",
    "OK": "passed", "✓": "passed", "✕": "failed", "passed": "passed",
    "failed": "failed", "ERROR": "failed", "IGNORED": "ignored", "XFAIL": "passed", "XPASS": "passed",
}  # fmt: skip
"""What harnesses say of one test."""
_SUMS: Final = ("run", "passed", "failed", "errors", "ignored", "measured", "filtered")
_TRX: Final = lazy(r"\b(total|passed|failed|error|timeout|aborted)=\"(\d+)\"")


def count_groups(groups: dict[str, str]) -> Counts:
    """Read the groups of an expression, which are named for what their numbers count; empty where none counts tests."""
    if "counts" in groups:
        return counts_of(groups["counts"])
    for one in ("gtest", "item"):
        if one in groups:
            return results(**{KIND_OF[groups[one]]: int(groups.get("number", 1))})
    if "begun" in groups:
        return {"tests_run": float(groups["begun"])}
    for whole in ("all", "prove"):
        if whole in groups:
            return results(int(groups[whole]))
    told = {name: _number(groups[name]) for name in _SUMS if name in groups}
    if not told.keys() & {"passed", "run", "failed", "ignored"}:
        return {}
    ignored = told.get("ignored", 0)
    failed = told.get("failed", 0) + told.get("errors", 0)
    if "failed" not in told and "passed" in told and "run" in told:
        failed = told["run"] - told["passed"] - ignored
    passed = told["passed"] if "passed" in told else max(0, told.get("run", 0) - failed - ignored)
    filtered = {"tests_filtered": float(told["filtered"])} if "filtered" in told else {}
    return results(passed + told.get("measured", 0), failed, ignored) | filtered


def _number(text: str) -> int:
    return int(text.replace(",", "").replace("-", "0"))


def count_trx(groups: dict[str, str]) -> Counts:
    """Read the counters of a file of Visual Studio's."""
    told = {name: int(count) for name, count in _TRX.findall(groups["trx"])}
    passed, failed = told.get("passed", 0), sum(told.get(name, 0) for name in ("failed", "error", "timeout", "aborted"))
    return results(passed, failed, max(0, told.get("total", 0) - passed - failed))


def counts_of(text: str) -> Counts:
    """Read ``2 passed (1 leaky), 1 failed`` or ``failures=1, errors=1``; empty where no word counts anything."""
    values = {"passed": 0.0, "failed": 0.0, "ignored": 0.0, "run": 0.0}
    known = {"passed"} if _NO_TESTS.match(text) else set[str]()
    text = _BRACKETS.sub("", text)
    for found in (_NUMBER_FIRST if text[:1].isdigit() else _WORD_FIRST).finditer(text):
        kind = COUNTED.get(found["word"].lower().replace("_", " ").strip())
        if kind is not None and not found.groupdict().get("of_others"):
            known.add(kind)
            values[kind] += float(found["number"])
    if "run" in known and "passed" not in known:
        values["passed"] = max(0.0, values["run"] - values["failed"] - values["ignored"])
    return {f"tests_{kind}": values[kind] for kind in ("passed", "failed", "ignored")} if known else {}
