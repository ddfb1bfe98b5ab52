# ruff: noqa: E501 - a table: what programs really printed
"""What programs printed when they were run for this table, cut to what tells; the truth was written down before."""

import pytest

from stresstui.core.derive.child import Facts
from stresstui.core.model.event import Matched, ProcessKnown
from stresstui.core.model.sample import Role
from stresstui.core.model.scenario import Scenario
from stresstui.engine.output.crash import Crashed
from stresstui.engine.output.line_reader import LineReader

TESTS = {
    "pytest 9 that is left in its second test": (
        (3, 0, 2),
        "collecting ... collected 3 items\n\ntest_exit.py::test_a PASSED                    [ 33%]\ntest_exit.py::test_exit ",
    ),
    "tox, a command that a signal ended": (
        (1, 1, 0),
        "b: commands[0]> sh -c 'exec soak'\n  a: OK (1.24=setup[1.24]+cmd[0.00] seconds)\n  b: FAIL code -11 (0.42=setup[0.41]+cmd[0.01] seconds)\n  evaluation failed :( (1.87 seconds)",
    ),
    "meson, a failure that was expected": (
        (6, 4, 0),
        "Ok:                 1   \nExpected Fail:      1   \nFail:               3   \nUnexpected Pass:    0   \nSkipped:            1   \nTimeout:            1   ",
    ),
    "vitest, a failure that was expected": (
        (3, 1, 0),
        " FAIL  t/v.test.mjs > bad\n Test Files  1 failed (1)\n      Tests  1 failed | 1 passed | 1 expected fail | 1 todo (4)",
    ),
    "vitest as JSON": (
        (3, 1, 0),
        '{"numTotalTestSuites":1,"numPassedTestSuites":0,"numFailedTestSuites":1,"numPendingTestSuites":0,"numTotalTests":4,"numPassedTests":2,"numFailedTests":1,"numPendingTests":0,"numTodoTests":1,"snapshot":{"added":0}}',
    ),
    "uvu": (
        (2, 1, 0),
        '• ✘   (1 / 2)\n\n   FAIL  "bad"\n    Expected values to be strictly equal:  (is)\n\n  Total:     2\n  Passed:    1\n  Skipped:   0\n  Duration:  7.68ms',
    ),
    "uvu, all well": (
        (2, 0, 0),
        "• •   (2 / 2)\n\n  Total:     2\n  Passed:    2\n  Skipped:   0\n  Duration:  7.68ms",
    ),
    "a sum of something else": ((0, 0, 0), '  Total:     2\n   FAIL  "bad"\nExpected Fail: 3\n  Passed:    1'),
    "bazel, cut before its summary": (
        (1, 1, 0),
        "FAIL: //soak:b_test (see /home/x/.cache/bazel/testlogs/soak/b_test/test.log)\nINFO: From Testing //soak:b_test:",
    ),
}


def facts_of(text: str) -> Facts:
    reader, facts = LineReader(Scenario(name="x")), Facts()
    found = [one for line in text.split("\n") for one in reader.read(1.0, line.encode())]
    for one in (*found, *reader.tick(20.0), *reader.finish(20.0)):
        if isinstance(one, Matched):
            facts.match(one)
        elif isinstance(one, Crashed):
            facts.note_process(ProcessKnown(1.0, 0, Role.SUT, "p", "ended", f"killed by {one.signal}"))
    return facts


@pytest.mark.parametrize("name", TESTS)
def test_tests_are_counted(name: str) -> None:
    counted, text = TESTS[name]
    facts = facts_of(text)
    assert (facts.tests_run, facts.tests_failed, facts.tests_open) == counted


ENDS = {
    "a type error of Node's": "/srv/app.js:5\n setTimeout(()=>{ null.x },5)\n                       ^\n\nTypeError: Cannot read properties of null (reading 'x')\n    at Timeout._onTimeout (/srv/app.js:5:24)\n    at listOnTimeout (node:internal/timers:581:17)\n\nNode.js v20.20.2",
    "a virtual method that is pure": "pure virtual method called\nterminate called without an active exception\nbash: line 1: 20683 Aborted                 ./app virt",
    "an error of Haskell's": "hs: boom\nCallStack (from HasCallStack):\n  error, called at a.hs:4:86 in main:Main",
    "an exit of Elixir's": "** (exit) :x\n    (stdlib 4.2) erl_eval.erl:744: :erl_eval.do_apply/7",
    "a command line of Lua's": "lua5.4: (command line):1: boom\nstack traceback:\n\t[C]: in function 'error'",
}


@pytest.mark.parametrize("name", ENDS)
def test_an_end_is_told_once(name: str) -> None:
    assert facts_of(ENDS[name]).counters()["crashes"] == 1


def test_memory_that_a_sanitizer_refuses_ran_out() -> None:
    said = "==1==ERROR: AddressSanitizer: requested allocation size 0x1000000000000000 (0x1000000000001000 after adjustments for alignment, red zones etc.) exceeds maximum supported size of 0x10000000000 (thread T0)"
    assert facts_of(said).counters()["oom_errors"] == 1
