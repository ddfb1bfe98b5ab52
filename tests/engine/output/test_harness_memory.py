"""What harnesses say twice, or in dots alone."""

import pytest

from stresstui.engine.output.gate import look
from stresstui.engine.output.harness import HarnessReader

RESULTS = ("tests_passed", "tests_failed", "tests_ignored")
JEST = "Tests:       1 failed, 3 passed, 4 total\n"
RECORD = '{"numFailedTestSuites":0,"numFailedTests":1,"numPassedTestSuites":1,"numPassedTests":3,"numPendingTestSuites":0,"numPendingTests":0,"success":false}\n'  # noqa: E501
SUMMARY = "1 failed, 2 passed in 0.05s\n"
BEGUN = "collected 2 items\n"


def counted(text: str) -> tuple[float, ...]:
    reader = HarnessReader()
    found = [one for line in text.splitlines() if (one := reader.read(1.0, look(line))) is not None]
    found += reader.finish(2.0)
    return tuple(sum(one.values.get(name, 0.0) for one in found) for name in RESULTS)


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        (JEST + RECORD, (3, 1, 0)),
        (RECORD + JEST, (3, 1, 0)),
        (JEST + JEST, (6, 2, 0)),
        (JEST + RECORD + JEST + RECORD, (6, 2, 0)),
        (RECORD + "Tests:       2 passed, 2 total\n", (5, 1, 0)),
    ],
)
def test_jest_counts_once_what_it_says_to_people_and_to_machines(text: str, sums: tuple[int, ...]) -> None:
    assert counted(text) == sums


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("..F                          [100%]\n", (2, 1, 0)),
        ("...s        [ 66%]\n.xX         [100%]\n", (6, 0, 1)),
        ("..E         [100%]\n", (2, 1, 0)),
        ("..F         [100%]\n" + SUMMARY, (2, 1, 0)),
        ("..F         [ 50%]\n", (0, 0, 0)),
        ("..F         [100%]\n..          [100%]\n", (4, 1, 0)),
        ("..F         [100%]\n" + BEGUN + "t.py ..  [100%]\n2 passed in 0.05s\n", (4, 1, 0)),
        ("copied..    [100%]\n", (0, 0, 0)),
        ("            [100%]\n", (0, 0, 0)),
    ],
)
def test_dots_count_where_no_summary_comes(text: str, sums: tuple[int, ...]) -> None:
    assert counted(text) == sums


def test_a_failed_doctest_without_a_summary_is_counted() -> None:
    assert counted("1 items had failures:\n   1 of   1 in __main__\n***Test Failed*** 1 failures.\n") == (0, 1, 0)


def test_a_line_that_only_looks_like_subunits_is_not_waited_for_without_end() -> None:
    reader = HarnessReader()
    reader.read(1.0, look("test: soak"))
    for _ in range(1000):
        assert reader.awaits
        reader.read(1.0, look("working"))
    assert not reader.awaits
