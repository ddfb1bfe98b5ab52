# ruff: noqa: E501, RUF001 - a table: what harnesses print, line by line
"""Sessions of harnesses whose lines mean something by those before, or that were cut off in the middle."""

import pytest

from tests.engine.output.test_sessions import facts_of

SESSIONS = {
    "boost detailed": (
        (2, 1, 0),
        'Running 2 test cases...\na.cpp(7): error: in "t2": check false has failed\n\nTest module "soak" has failed with:\n  1 test case out of 2 passed\n  1 test case out of 2 failed\n  2 assertions out of 3 passed\n  1 assertion out of 3 failed\n\n  Test case "t1" has passed with:\n    2 assertions out of 2 passed\n\n  Test case "t2" has failed with:\n    1 assertion out of 1 failed',
    ),
    "boost detailed ok": (
        (2, 0, 0),
        'Running 2 test cases...\n\nTest module "soak" has passed with:\n  2 test cases out of 2 passed\n  3 assertions out of 3 passed\n\n  Test case "t1" has passed with:\n    2 assertions out of 2 passed',
    ),
    "boost detailed old": (
        (2, 0, 0),
        'Running 2 test cases...\n\nTest suite "native" passed with:\n  2 assertions out of 2 passed\n  2 test cases out of 2 passed\n\n  Test case "nati" passed with:\n    1 assertion out of 1 passed',
    ),
    "boost aborted": (
        (2, 1, 0),
        'Running 2 test cases...\nunknown location(0): fatal error: in "t2": memory access violation at address: 0x0: no mapping at fault address\n\nTest module "soak" has failed with:\n  1 test case out of 2 passed\n  1 test case out of 2 aborted',
    ),
    "boost killed": ((2, 0, 2), "Running 2 test cases..."),
    "trx": (
        (3, 1, 0),
        '<?xml version="1.0" encoding="utf-8"?>\n<TestRun id="1">\n  <ResultSummary outcome="Failed">\n    <Counters total="3" executed="3" passed="2" failed="1" error="0" timeout="0" aborted="0" inconclusive="0" passedButRunAborted="0" notRunnable="0" notExecuted="0" disconnected="0" warning="0" completed="0" inProgress="0" pending="0" />\n  </ResultSummary>\n</TestRun>',
    ),
    "trx not executed": (
        (2, 0, 0),
        '  <Counters total="3" executed="2" passed="2" failed="0" error="0" timeout="0" aborted="0" notExecuted="1" />',
    ),
    "trx timeout": (
        (3, 2, 0),
        '    <Counters total="3" executed="3" passed="1" failed="0" error="1" timeout="1" aborted="0" inconclusive="0" />',
    ),
    "junit attrs on lines": (
        (3, 1, 0),
        '<?xml version="1.0"?>\n<testsuites\n  name="soak"\n  tests="4"\n  failures="1"\n  errors="0"\n  skipped="1">\n  <testsuite\n    name="a"\n    tests="4"\n    failures="1"\n    skipped="1">\n  <testcase name="x"/>\n  </testsuite>\n</testsuites>',
    ),
    "junit suite attrs on lines": (
        (3, 1, 0),
        '<testsuite name="soak"\n           tests="3"\n           failures="1"\n           errors="0"\n           time="1.2">\n</testsuite>',
    ),
    "subunit v1": (
        (2, 1, 0),
        "time: 2026-01-01 00:00:00Z\ntest: soak.a\nsuccess: soak.a\ntest: soak.b\nfailure: soak.b [\nTraceback (most recent call last):\nAssertionError\n]\ntest: soak.c\nskip: soak.c [\nno\n]",
    ),
    "subunit v1 error": ((2, 1, 0), "test: soak.a\nsuccessful: soak.a\ntest: soak.b\nerror: soak.b [\nboom\n]"),
    "subunit v1 hang": ((2, 0, 1), "progress: +2\ntest: soak.a\nsuccess: soak.a\ntest: soak.b"),
    "subunit v1 multipart": (
        (2, 1, 0),
        "test: soak.a\nsuccess: soak.a [ multipart\n]\ntest: soak.b\nfailure: soak.b [ multipart\nContent-Type: text/x-traceback\n]",
    ),
    "raco test": ((24, 0, 0), 'raco test: (submod (file "./naive-test.rkt") test)\n24 tests passed'),
    "raco test fail": (
        (3, 1, 0),
        'raco test: (submod (file "/x/T.rkt") test)\n--------------------\nthis one fails\nFAILURE\nname:       check-equal?\nactual:     4\nexpected:   5\n--------------------\n1/3 test failures',
    ),
    "raco test text-ui": (
        (2, 0, 0),
        'raco test: (submod "atbash-cipher-test.rkt" test)\n2 success(es) 0 failure(s) 0 error(s) 2 test(s) run\n0\n2 tests passed',
    ),
    "pfunit fail": (
        (13, 1, 0),
        ".......F......\nTime:         0.002 seconds\n  \nFailure\n in: x\n\n FAILURES!!!\nTests run: 13, Failures: 1, Errors: 0\nERROR STOP *** Encountered 1 or more failures/errors during testing. ***",
    ),
    "pfunit ok": ((13, 0, 0), ".............\nTime:         0.002 seconds\n  \n OK\n (13 tests)"),
    "ward": (
        (3, 1, 0),
        "──────────────── Results ────────────────\n╭──────────── Results ─────────────╮\n│  3  Tests Encountered            │\n│  2  Passes             (66.7%)   │\n│  1  Failures           (33.3%)   │\n╰──────────────────────────────────╯\n───── FAILED in 0.12 seconds ─────",
    ),
    "ward skip": (
        (2, 0, 0),
        "╭──────────── Results ─────────────╮\n│  3  Tests Encountered            │\n│  2  Passes             (66.7%)   │\n│  1  Skips              (33.3%)   │\n╰──────────────────────────────────╯\n───── SUCCESS in 0.12 seconds ─────",
    ),
    "ctest killed": (
        (3, 0, 2),
        "Test project /b\n    Start 1: a\n1/3 Test #1: a ................................   Passed    0.01 sec\n    Start 2: b",
    ),
    "ctest failed, killed": (
        (3, 1, 1),
        "Test project /b\n    Start 1: a\n1/3 Test #1: a ................................   Passed    0.01 sec\n    Start 2: b\n2/3 Test #2: b ................................***Failed    0.01 sec\n    Start 3: c",
    ),
    "ctest timeout": (
        (2, 1, 0),
        "Test project /b\n    Start 1: a\n1/2 Test #1: a ...   Passed    0.01 sec\n    Start 2: b\n2/2 Test #2: b ...***Timeout   5.01 sec\n\n50% tests passed, 1 tests failed out of 2\n\nTotal Test time (real) =   5.02 sec\n\nThe following tests FAILED:\n\t  2 - b (Timeout)\nErrors while running CTest",
    ),
    "ctest ok": (
        (2, 0, 0),
        "Test project /b\n    Start 1: a\n1/2 Test #1: a ...   Passed    0.01 sec\n    Start 2: b\n2/2 Test #2: b ...   Passed    0.01 sec\n\n100% tests passed, 0 tests failed out of 2",
    ),
    "zig killed": ((3, 0, 2), "1/3 main.test.a...OK\n2/3 main.test.b..."),
    "zig one failed, killed": (
        (3, 1, 1),
        "1/3 main.test.a...OK\n2/3 main.test.b...FAIL (TestUnexpectedResult)\n/x/main.zig:5:5: 0x1 in test.b (test)\n3/3 main.test.c...",
    ),
    "zig whole": (
        (3, 1, 0),
        "1/3 main.test.a...OK\n2/3 main.test.b...FAIL (TestUnexpectedResult)\n3/3 main.test.c...OK\n2 passed; 0 skipped; 1 failed.",
    ),
    "xctest killed": (
        (2, 0, 1),
        "Test Suite 'All tests' started at 2026-01-01 00:00:00.000\nTest Suite 'A' started at 2026-01-01 00:00:00.000\nTest Case 'A.x' started at 2026-01-01 00:00:00.000\nTest Case 'A.x' passed (0.1 seconds)\nTest Case 'A.y' started at 2026-01-01 00:00:00.000",
    ),
    "xctest mac killed": (
        (2, 1, 1),
        "Test Suite 'A' started at 2026-01-01 00:00:00.000.\nTest Case '-[M.A x]' started.\nTest Case '-[M.A x]' failed (0.1 seconds).\nTest Case '-[M.A y]' started.",
    ),
    "xctest whole": (
        (2, 0, 0),
        "Test Suite 'All tests' started at x\nTest Suite 'A' started at x\nTest Case 'A.x' started at x\nTest Case 'A.x' passed (0.1 seconds)\nTest Case 'A.y' started at x\nTest Case 'A.y' passed (0.1 seconds)\nTest Suite 'A' passed at x\n\t Executed 2 tests, with 0 failures (0 unexpected) in 0.2 (0.2) seconds\nTest Suite 'All tests' passed at x\n\t Executed 2 tests, with 0 failures (0 unexpected) in 0.2 (0.2) seconds",
    ),
    "swift testing killed": (
        (2, 0, 1),
        "◇ Test run started.\n↳ Testing Library Version: 124\n◇ Test a() started.\n✔ Test a() passed after 0.001 seconds.\n◇ Test b() started.",
    ),
    "swift testing fail killed": (
        (2, 1, 1),
        '◇ Test run started.\n◇ Test a() started.\n✘ Test a() recorded an issue at x.swift:5:5: Expectation failed\n✘ Test a() failed after 0.001 seconds with 1 issue.\n◇ Test "b is c" started.',
    ),
    "swift testing suites": (
        (2, 0, 0),
        "◇ Test run started.\n◇ Suite A started.\n◇ Test a() started.\n◇ Test b() started.\n✔ Test a() passed after 0.001 seconds.\n✔ Test b() passed after 0.001 seconds.\n✔ Suite A passed after 0.001 seconds.\n✔ Test run with 2 tests passed after 0.001 seconds.",
    ),
    "gotestsum rerun ok": (
        (2, 0, 0),
        "PASS x.TestA (0.00s)\n=== RUN   TestB\n--- FAIL: TestB (0.00s)\nFAIL x.TestB (0.00s)\nFAIL x\n\nDONE 2 tests, 1 failure in 3.025s\n\nPASS x.TestB (re-run 1) (0.00s)\nPASS x\n\n=== Failed\n=== FAIL: x TestB (0.00s)\n\nDONE 2 runs, 3 tests, 1 failure in 3.306s",
    ),
    "gotestsum rerun fails": (
        (2, 1, 0),
        "PASS x.TestA (0.00s)\n=== RUN   TestB\n--- FAIL: TestB (0.00s)\nFAIL x.TestB (0.00s)\nFAIL x\n\nDONE 2 tests, 1 failure in 3.025s\n\n=== RUN   TestB\n--- FAIL: TestB (0.00s)\nFAIL x.TestB (re-run 1) (0.00s)\nFAIL x\n\n=== Failed\n=== FAIL: x TestB (0.00s)\n\nDONE 2 runs, 3 tests, 2 failures in 3.306s",
    ),
    "gotestsum pkgname rerun ok": (
        (5, 0, 0),
        "✓  a (1ms)\n✖  b (2ms)\n\nDONE 5 tests, 2 failures in 1.0s\n\n✓  b (2ms)\n\nDONE 2 runs, 7 tests, 2 failures in 2.0s",
    ),
    "gotestsum pkgname rerun one left": (
        (5, 1, 0),
        "✖  b (2ms)\n\nDONE 5 tests, 2 failures in 1.0s\n\n✖  b (2ms)\n\nDONE 2 runs, 7 tests, 3 failures in 2.0s",
    ),
    "gotestsum two reruns": (
        (5, 0, 0),
        "✖  b (2ms)\n\nDONE 6 tests, 1 skipped, 2 failures in 1.0s\n\n✖  b\n\nDONE 2 runs, 8 tests, 1 skipped, 3 failures in 2.0s\n\n✓  b\n\nDONE 3 runs, 9 tests, 1 skipped, 3 failures in 2.2s",
    ),
    "cypress windows": (
        (2, 0, 0),
        "  (Run Finished)\n\n\n       Spec                                              Tests  Passing  Failing  Pending  Skipped  \n  ┌────┐\n  │ √  ddg.js                                   00:07        1        1        -        -        - │\n  ├────┤\n  │ √  google.js                                00:05        1        1        -        -        - │\n  └────┘\n    √  All specs passed!                        00:12        2        2        -        -        -  ",
    ),
    "cypress windows fail": (
        (2, 1, 0),
        "       Spec                                              Tests  Passing  Failing  Pending  Skipped  \n  │ ×  ddg.js                                   00:07        1        -        1        -        - │\n    ×  1 of 2 failed (50%)                      00:12        2        1        1        -        -  ",
    ),
    "cypress results box, killed": (
        (6, 1, 0),
        "  (Results)\n\n  ┌────────────────────────────────────────────────────────────────────────────────────────────────┐\n  │ Tests:        6                                                                                │\n  │ Passing:      5                                                                                │\n  │ Failing:      1                                                                                │\n  │ Pending:      0                                                                                │\n  │ Skipped:      0                                                                                │\n  │ Screenshots:  0                                                                                │\n  └────────────────────────────────────────────────────────────────────────────────────────────────┘",
    ),
    "cypress box and table": (
        (6, 1, 0),
        "  (Results)\n\n  ┌──┐\n  │ Tests:        6                  │\n  │ Passing:      5                  │\n  │ Failing:      1                  │\n  │ Pending:      0                  │\n  │ Skipped:      0                  │\n  └──┘\n  (Run Finished)\n       Spec                                              Tests  Passing  Failing  Pending  Skipped\n  │ ✖  a.cy.js          00:07        6        5        1        -        - │\n    ✖  1 of 1 failed (100%)                        00:07        6        5        1        -        -",
    ),
    "aunit": (
        (3, 2, 0),
        "  OK x\n\n  Total Tests Run:   3\n  Successful Tests:  1\n  Failed Assertions: 1\n  Unexpected Errors: 1",
    ),
    "unit-threaded": ((3, 1, 0), "\nTest x failed.\n\n3 test(s) run, 1 failed."),
    "unit-threaded ok": ((3, 0, 0), "3 test(s) run, 0 failed.\nOK!"),
    "d unittests": ((3, 0, 0), "3 modules passed unittests"),
    "d unittests fail": (
        (3, 1, 0),
        "core.exception.AssertError@a.d(3): unittest failure\n1/3 modules FAILED unittests",
    ),
    "testament": ((3, 1, 0), "Tests passed or allowed to fail: 2 / 3 <br />"),
    "cunit": (
        (3, 1, 0),
        "Run Summary:    Type  Total    Ran Passed Failed Inactive\n              suites      1      1    n/a      0        0\n               tests      3      3      2      1        0\n             asserts      5      5      4      1      n/a\n\nElapsed time =    0.000 seconds",
    ),
    "phpspec": ((3, 1, 0), "1 specs\n3 examples (2 passed, 1 failed)\n12ms"),
    "kahlan ok": ((3, 0, 0), "Passed 3 of 3 PASS in 0.012 seconds (using 2MB)"),
    "utplsql": ((3, 1, 0), "Finished in .1 seconds\n3 tests, 1 failed, 0 errored, 0 disabled, 0 warning(s)"),
    "nightwatch": (
        (3, 1, 0),
        "  ️TEST FAILURE (1.2s): \n   - 1 error during execution;\n   - 1 tests failed, 2 passed (1.1s)",
    ),
    "vitest cut": ((1, 1, 0), " FAIL  a.test.ts > x\n ❯ a.test.ts (2 tests | 1 failed) 5ms"),
    "sydtest": (
        (3, 1, 0),
        "  Examples:                     3\n  Passed:                       2\n  Failed:                       1",
    ),
    "expecto": ((3, 1, 0), "EXPECTO! 3 tests run in 00:00:00.12 for soak – 2 passed, 0 ignored, 1 failed, 0 errored."),
    "fuchu": ((3, 1, 0), "3 tests run: 2 passed, 0 ignored, 1 failed, 0 errored (00:00:00.1)"),
    "embunit": ((3, 1, 0), "run 3 failures 1"),
    "rt-thread/zephyr ztest": (
        (3, 1, 0),
        "START - test_a\n PASS - test_a in 0.001 seconds\nSTART - test_b\n FAIL - test_b in 0.001 seconds\nSTART - test_c\n PASS - test_c in 0.001 seconds\nTESTSUITE soak failed.\n\n------ TESTSUITE SUMMARY START ------\n\nSUITE FAIL -  66.67% [soak]: pass = 2, fail = 1, skip = 0, total = 3 duration = 0.003 seconds\n - PASS - [soak.test_a] duration = 0.001 seconds\n - FAIL - [soak.test_b] duration = 0.001 seconds\n - PASS - [soak.test_c] duration = 0.001 seconds\n\n------ TESTSUITE SUMMARY END ------",
    ),
    "twister": (
        (3, 1, 0),
        "INFO    - 2 of 3 executed test configurations passed (66.67%), 0 built (not run), 1 failed, 0 errored, with no warnings in 12.00 seconds.",
    ),
    "xfstests": ((3, 1, 0), "Ran: generic/001 generic/002 generic/003\nFailures: generic/002\nFailed 1 of 3 tests"),
    "perl bail": ((3, 1, 2), "1..3\nok 1 - a\nBail out!  no database"),
    "ctest -j": (
        (2, 1, 0),
        "      Start  1: a\n      Start  2: b\n1/2 Test  #2: b ................................***Exception: SegFault  0.01 sec\n2/2 Test  #1: a ................................   Passed    0.02 sec\n\n50% tests passed, 1 tests failed out of 2",
    ),
    "swift testing param": (
        (2, 1, 0),
        "◇ Test run started.\n◇ Test f(i:) started.\n◇ Test case passing 1 argument i → 1 (Int) to f(i:) started.\n✘ Test case passing 1 argument i → 1 (Int) to f(i:) recorded an issue at x.swift:1:1: x\n✘ Test f(i:) with 2 test cases failed after 0.001 seconds with 1 issue.\n◇ Test g() started.\n✔ Test g() passed after 0.001 seconds.\n✘ Test run with 2 tests failed after 0.001 seconds with 1 issue.",
    ),
    "xctest skip": (
        (2, 0, 0),
        "Test Suite 'All tests' started at x\nTest Case 'A.x' started at x\nTest Case 'A.x' passed (0.1 seconds)\nTest Case 'A.y' started at x\nTest Case 'A.y' passed (0.1 seconds)\nTest Case 'A.z' started at x\nTest Case 'A.z' skipped (0.0 seconds)\nTest Suite 'All tests' passed at x\n\t Executed 3 tests, with 1 test skipped and 0 failures (0 unexpected) in 0.2 (0.2) seconds",
    ),
    "trx one line": (
        (5, 0, 0),
        '<TestRun><ResultSummary outcome="Completed"><Counters total="5" executed="5" passed="5" failed="0" error="0" timeout="0" aborted="0" disconnected="0" /></ResultSummary></TestRun>',
    ),
    "pfunit disabled": ((5, 0, 0), ".....\nTime:         0.001 seconds\n  \n OK\n (5 tests, 1 disabled)"),
    "ztest skip": (
        (2, 0, 0),
        "START - test_a\n PASS - test_a in 0.001 seconds\nSTART - test_b\n SKIP - test_b in 0.001 seconds\nSTART - test_c\n PASS - test_c in 0.001 seconds\nSUITE PASS - 100.00% [s]: pass = 2, fail = 0, skip = 1, total = 3 duration = 0.003 seconds",
    ),
    "pytest summary only": ((1, 1, 0), "FAILED tests/a.py::test_b - assert 1 == 2"),
    "unittest -v cut": ((1, 1, 0), "test_a (t.T.test_a) ... FAIL"),
    "go json, package only": ((1, 1, 0), '{"Action":"fail","Package":"x","Elapsed":0}'),
    "tap named only by its version": ((2, 0, 0), "TAP version 13\n1..2\nok 1 x\nok 2 y"),
    "gtest cut after a failure": ((1, 1, 0), "[ RUN      ] A.x\n[  FAILED  ] A.x (0 ms)"),
    "dotnet aborted": ((1, 1, 0), "Test Run Aborted."),
    "bazel line": ((1, 1, 0), "//x:y                   FAILED in 1.2s"),
    "junit, two files": (
        (5, 1, 0),
        '<testsuites tests="2" failures="0">\n<testsuite tests="2">\n</testsuites>\n<testsuite tests="3" failures="1">',
    ),
}


@pytest.mark.parametrize("name", SESSIONS)
def test_sessions(name: str) -> None:
    counted, text = SESSIONS[name]
    facts = facts_of(text)
    assert (facts.tests_run, facts.tests_failed, facts.tests_open) == counted


@pytest.mark.parametrize(
    "text",
    [
        "test: connection ok\nerror: refused",
        "24 tests passed",
        " (13 tests)",
        "  2 test cases out of 3 passed",
        "  │ Failing:      3        │",
        "│  3  Failures           (100%)   │",
        "  Failed Assertions: 3",
        " tests      3      3      2      1        0",
        " FAIL - door in 0.1 seconds",
        "Suite A started.",
        "1/3 downloading...",
        "2 failures, 0 errors.",
        "  3 failed",
        "  3 passed (1s)",
        "Bail out!",
        "*** 3 failures are detected in the door",
        "    ✖  1 of 1 failed (100%)                        00:07        6        5        1        -        -",
        '    "failures": 3,',
        "     Failed: 3",
        " 3 fail",
        "Fail:   3",
        "  Fail Count: 3",
    ],
)
def test_words_of_theirs_in_other_programs(text: str) -> None:
    assert not facts_of(text).harness


def test_a_harness_that_found_no_tests_is_one() -> None:
    facts = facts_of("No tests were found!!!")
    assert facts.harness
    assert facts.tests_run == 0
