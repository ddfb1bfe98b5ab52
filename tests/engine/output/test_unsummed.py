"""Tests of which no summary came: what their own lines say of them."""

import pytest

from stresstui.core.derive.child import Facts
from stresstui.core.model.event import Matched
from stresstui.core.model.scenario import Scenario
from stresstui.engine.output.line_reader import LineReader

GTEST = """\
[==========] Running 4 tests from 1 test suite.
[ RUN      ] Relay.opens
[       OK ] Relay.opens (0 ms)
[ RUN      ] Relay.closes
[  FAILED  ] Relay.closes (1 ms)
[ RUN      ] Relay.floods
"""
SUMMED = """\
[==========] 4 tests from 1 test suite ran. (3 ms total)
[  PASSED  ] 2 tests.
[  FAILED  ] 2 tests, listed below:
[  FAILED  ] Relay.closes
[  FAILED  ] Relay.floods
"""
LIBTEST = "running 3 tests\ntest opens ... ok\ntest closes ... FAILED\n"
XDIST = "gw0 [4]\n[gw0] [ 25%] PASSED t.py::a \n[gw0] [ 50%] FAILED t.py::b \n"


def facts_of(text: str) -> Facts:
    reader, facts = LineReader(Scenario(name="x")), Facts()
    found = [one for line in text.splitlines() for one in reader.read(1.0, line.encode())]
    for one in (*found, *reader.finish(2.0)):
        if isinstance(one, Matched):
            facts.match(one)
    return facts


@pytest.mark.parametrize(
    ("text", "ended", "failed", "left"),
    [
        (GTEST, 2, 1, 2),
        (GTEST + "[  FAILED  ] Relay.floods (1 ms)\n[       OK ] Relay.ends (0 ms)\n" + SUMMED, 4, 2, 0),
        (GTEST + GTEST, 4, 2, 4),
        (GTEST + SUMMED + GTEST, 6, 3, 2),
        ("    Starting 2 tests across 1 binary\n\nrunning 1 test\ntest opens ... ok\n", 0, 0, 2),
        (LIBTEST, 2, 1, 1),
        (LIBTEST + "running 1 test\ntest other ... ok\n\ntest result: ok. 1 passed; 0 failed; 0 ignored\n", 3, 1, 1),
        ("    Starting 3 tests across 1 binary\n        PASS [   0.005s] (1/3) a b::c\n", 1, 0, 2),
        ("collected 5 items\n\nt.py ..F\n", 3, 0, 2),
        ("collected 5 items\n\nt.py ..Fatal Python error: Aborted\n", 2, 0, 3),
        ("collected 3 items\n\nt.py::a PASSED   [ 33%]\nt.py::b FAILED   [ 66%]\n", 2, 1, 1),
        ("collected 2 items\n\nt.py ..   [100%]\n\n==== 2 passed in 0.01s ====\n", 2, 0, 0),
        (XDIST, 2, 1, 2),
        (GTEST + "[  SKIPPED ] Relay.floods (0 ms)\n", 2, 1, 1),
        ("collected 4 items\n\nt.py::a SKIPPED (no)  [ 25%]\nt.py::b XFAIL  [ 50%]\nt.py::c ", 1, 0, 2),
        ("running 3 tests\ntest a ... ignored, too long\ntest b ... ok\n", 1, 0, 1),
        ("test_a (t.C.test_a) ... ok\ntest_b (t.C.test_b) ... FAIL\n", 2, 1, 1),
        ("test_a (t.C.test_a) ... ok\n\nRan 1 test in 0.1s\n\nOK\n", 1, 0, 0),
    ],
)
def test_what_ended_is_counted_where_no_summary_came(text: str, ended: int, failed: int, left: int) -> None:
    facts = facts_of(text)
    assert (facts.tests_ended, facts.tests_failed, facts.tests_open) == (ended, failed, left)


def test_behind_a_prefix_of_a_log() -> None:
    assert facts_of("".join(f"relay-1  | {line}\n" for line in GTEST.splitlines())).tests_ended == 2


def test_a_summary_that_names_what_failed_again_counts_nothing_twice() -> None:
    text = "    Starting 2 tests across 1 binary\n     SIGSEGV [   0.1s] a b\n        PASS [   0.1s] a c\n"
    text += "     Summary [   0.2s] 2 tests run: 1 passed, 1 failed, 0 skipped\n     SIGSEGV [   0.1s] a b\n"
    assert facts_of(text).tests_ended == 2


def test_signs_at_the_beginning_of_a_line_are_read_behind_a_prefix_too() -> None:
    facts = facts_of("".join(f"relay-1  | {line}\n" for line in ("1..2", "ok 1 - opens", "not ok 2 - closes")))
    assert (facts.tests_ended, facts.tests_failed) == (2, 1)
