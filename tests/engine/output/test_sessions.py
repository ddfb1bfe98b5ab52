# ruff: noqa: E501, RUF001 - a table: what harnesses print, line by line
"""Whole sessions of harnesses: tests that ran, that failed, and that began and never ended."""

import pytest

from stresstui.core.derive.child import Facts
from stresstui.core.model.event import Matched
from stresstui.core.model.scenario import Scenario
from stresstui.engine.output.line_protocol import LineReader

SESSIONS = {
    "libtest json": (
        (2, 1, 0),
        '{ "type": "suite", "event": "started", "test_count": 2 }\n{ "type": "test", "event": "started", "name": "a" }\n{ "type": "test", "name": "a", "event": "ok" }\n{ "type": "test", "name": "b", "event": "failed", "stdout": "x" }\n{ "type": "suite", "event": "failed", "passed": 1, "failed": 1, "ignored": 0, "measured": 0, "filtered_out": 0, "exec_time": 0.0003 }',
    ),
    "nextest flaky": (
        (3, 0, 0),
        "    Starting 3 tests across 1 binary\n  TRY 1 FAIL [   0.1s] soak a\n  TRY 2 PASS [   0.1s] soak a\n     Summary [   0.400s] 3 tests run: 3 passed (1 flaky), 0 skipped\n   FLAKY 2/3 [   0.1s] soak a",
    ),
    "nextest abort": (
        (2, 1, 0),
        "    Starting 2 tests across 1 binary\n     SIGSEGV [   0.1s] soak a\n        PASS [   0.1s] soak b\n     Summary [   0.400s] 2 tests run: 1 passed, 1 failed, 0 skipped",
    ),
    "nextest exec failed": (
        (2, 1, 0),
        "    Starting 2 tests across 1 binary\n     XFAIL [  60.1s] soak a\n     Summary [   0.400s] 2 tests run: 1 passed, 1 exec failed, 0 skipped",
    ),
    "pytest -q error only": ((1, 1, 0), "E   [100%]\n1 error in 0.01s"),
    "pytest subtests": ((2, 1, 0), "collected 2 items\n=== 1 failed, 1 passed, 3 subtests passed in 0.1s ==="),
    "pytest rerun": ((2, 0, 0), "collected 2 items\n=== 2 passed, 1 rerun in 0.1s ==="),
    "unittest unexpected": ((3, 1, 0), "Ran 3 tests in 0.000s\n\nFAILED (unexpected successes=1)"),
    "unittest expected failures": ((3, 0, 0), "Ran 3 tests in 0.000s\n\nOK (expected failures=1)"),
    "go no tests to run": ((0, 0, 0), "testing: warning: no tests to run\nPASS\nok  \tx/y\t0.01s [no tests to run]"),
    "go json": (
        (2, 1, 0),
        '{"Action":"run","Package":"x","Test":"TestA"}\n{"Action":"pass","Package":"x","Test":"TestA","Elapsed":0}\n{"Action":"fail","Package":"x","Test":"TestB","Elapsed":0}\n{"Action":"fail","Package":"x","Elapsed":0}',
    ),
    "go json out": (
        (2, 1, 0),
        '{"Action":"output","Package":"x","Test":"TestA","Output":"--- PASS: TestA (0.00s)\\n"}\n{"Action":"pass","Package":"x","Test":"TestA","Elapsed":0}\n{"Action":"output","Package":"x","Test":"TestB","Output":"--- FAIL: TestB (0.00s)\\n"}\n{"Action":"fail","Package":"x","Test":"TestB","Elapsed":0}\n{"Action":"output","Package":"x","Output":"FAIL\\tx\\t0.1s\\n"}\n{"Action":"fail","Package":"x","Elapsed":0}',
    ),
    "gotestsum": (
        (3, 1, 0),
        "✓  a (1ms)\n✖  b (2ms)\n\n=== Failed\n=== FAIL: b TestX (0.00s)\n\nDONE 3 tests, 1 failure in 0.1s",
    ),
    "gotestsum ok": ((3, 0, 0), "✓  a (1ms)\n\nDONE 3 tests in 0.1s"),
    "gtest crash in the middle": ((3, 0, 3), "[==========] Running 3 tests from 1 test suite.\n[ RUN      ] A.x\n"),
    "gtest repeat": (
        (6, 0, 0),
        "Repeating all tests (iteration 1) . . .\n[==========] Running 3 tests from 1 test suite.\n[  PASSED  ] 3 tests.\nRepeating all tests (iteration 2) . . .\n[==========] Running 3 tests from 1 test suite.\n[  PASSED  ] 3 tests.",
    ),
    "gtest skipped": (
        (2, 0, 0),
        "[==========] Running 3 tests from 1 test suite.\n[  SKIPPED ] A.x (0 ms)\n[==========] 3 tests from 1 test suite ran. (0 ms total)\n[  PASSED  ] 2 tests.\n[  SKIPPED ] 1 test, listed below:\n[  SKIPPED ] A.x",
    ),
    "catch2 ok": (
        (3, 0, 0),
        "===============================================================================\nAll tests passed (12 assertions in 3 test cases)",
    ),
    "catch2 fail": ((3, 1, 0), "test cases: 3 | 2 passed | 1 failed\nassertions: 5 | 4 passed | 1 failed"),
    "doctest fail": (
        (3, 1, 0),
        "[doctest] test cases:  3 |  2 passed | 1 failed | 0 skipped\n[doctest] Status: FAILURE!",
    ),
    "boost ok": ((3, 0, 0), "Running 3 test cases...\n\n*** No errors detected"),
    "boost fail": (
        (3, 2, 0),
        'Running 3 test cases...\na.cpp(5): error: in "x": check\n\n*** 2 failures are detected in the test module "x"',
    ),
    "jasmine": ((3, 1, 0), "3 specs, 1 failure\nFinished in 0.01 seconds"),
    "ava": ((3, 1, 0), "  2 tests passed\n  1 test failed"),
    "tape/tap": ((3, 1, 0), "TAP version 13\n# a\nok 1 x\nnot ok 2 y\nok 3 z\n\n1..3\n# tests 3\n# pass  2\n# fail  1"),
    "tap bare": ((3, 1, 0), "1..3\nok 1 - x\nnot ok 2 - y\nok 3 - z"),
    "tap todo": ((1, 0, 0), "1..3\nok 1 - x\nnot ok 2 - y # TODO later\nok 3 - z # SKIP no"),
    "tap short": ((3, 0, 2), "1..3\nok 1 - x\n"),
    "node tap": (
        (4, 1, 0),
        "TAP version 13\n# Subtest: a\nok 1 - a\n  ---\n  duration_ms: 1\n  ...\nnot ok 2 - b\n1..2\n# tests 4\n# suites 0\n# pass 3\n# fail 1\n# cancelled 0\n# skipped 0\n# todo 0\n# duration_ms 10",
    ),
    "node spec": (
        (3, 1, 0),
        "✔ a (0.1ms)\n✖ b (0.2ms)\nℹ tests 3\nℹ suites 0\nℹ pass 2\nℹ fail 1\nℹ cancelled 0\nℹ skipped 0\nℹ todo 0\nℹ duration_ms 9",
    ),
    "prove ok": (
        (3, 0, 0),
        "t/a.t .. ok\nAll tests successful.\nFiles=1, Tests=3,  0 wallclock secs ( 0.01 usr +  0.00 sys =  0.01 CPU)\nResult: PASS",
    ),
    "prove fail": (
        (3, 1, 0),
        "t/a.t .. Failed 1/3 subtests\n\nTest Summary Report\n-------------------\nt/a.t (Wstat: 256 (exited 1) Tests: 3 Failed: 1)\n  Failed test:  2\nFiles=1, Tests=3,  0 wallclock secs\nResult: FAIL",
    ),
    "rspec ok": (
        (3, 0, 0),
        "...\n\nFinished in 0.001 seconds (files took 0.1 seconds to load)\n3 examples, 0 failures",
    ),
    "rspec fail": ((2, 1, 0), "3 examples, 1 failure, 1 pending\n\nFailed examples:"),
    "rspec err outside": ((1, 1, 0), "0 examples, 0 failures, 1 error occurred outside of examples"),
    "minitest err": ((3, 2, 0), "3 runs, 5 assertions, 1 failures, 1 errors, 0 skips"),
    "test-unit": (
        (3, 1, 0),
        "3 tests, 5 assertions, 1 failures, 0 errors, 0 pendings, 0 omissions, 0 notifications\n66.6667% passed",
    ),
    "phpunit ok": (
        (3, 0, 0),
        "...                                                                 3 / 3 (100%)\n\nTime: 00:00.001, Memory: 8.00 MB\n\nOK (3 tests, 5 assertions)",
    ),
    "phpunit err": ((3, 2, 0), "ERRORS!\nTests: 3, Assertions: 5, Errors: 1, Failures: 1, Skipped: 0."),
    "phpunit skipped": (
        (2, 0, 0),
        "OK, but incomplete, skipped, or risky tests!\nTests: 3, Assertions: 5, Skipped: 1.",
    ),
    "pest": ((3, 1, 0), "  Tests:    1 failed, 2 passed (5 assertions)\n  Duration: 0.10s"),
    "exunit": ((3, 1, 0), "Finished in 0.03 seconds (0.00s async, 0.03s sync)\n3 tests, 1 failure"),
    "eunit": ((3, 0, 0), "  All 3 tests passed."),
    "eunit fail": (
        (3, 1, 0),
        "=======================================================\n  Failed: 1.  Skipped: 0.  Passed: 2.\nError",
    ),
    "surefire flakes": (
        (3, 0, 0),
        "[WARNING] Flakes: \n[WARNING] A.x\n[ERROR]   Run 1: y\n[INFO]   Run 2: PASS\n[INFO] \n[WARNING] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Flakes: 1",
    ),
    "gradle skipped": ((3, 1, 0), "4 tests completed, 1 failed, 1 skipped"),
    "junit console": (
        (3, 1, 0),
        "Thanks for using JUnit!\n[         3 tests found           ]\n[         0 tests skipped         ]\n[         3 tests started         ]\n[         0 tests aborted         ]\n[         2 tests successful      ]\n[         1 tests failed          ]",
    ),
    "junit4": (
        (3, 1, 0),
        "JUnit version 4.13\n.E..\nTime: 0.01\nThere was 1 failure:\n1) x\n\nFAILURES!!!\nTests run: 3,  Failures: 1",
    ),
    "junit4 ok": ((3, 0, 0), "JUnit version 4.13\n...\nTime: 0.01\n\nOK (3 tests)"),
    "testng": (
        (3, 1, 0),
        "===============================================\nSuite\nTotal tests run: 3, Passes: 2, Failures: 1, Skips: 0\n===============================================",
    ),
    "sbt scalatest": (
        (3, 1, 0),
        "[info] Run completed in 100 milliseconds.\n[info] Total number of tests run: 3\n[info] Suites: completed 1, aborted 0\n[info] Tests: succeeded 2, failed 1, canceled 0, ignored 0, pending 0\n[info] *** 1 TEST FAILED ***",
    ),
    "sbt": ((3, 1, 0), "[error] Failed: Total 3, Failed 1, Errors 0, Passed 2"),
    "dotnet ok": (
        (3, 0, 0),
        "Passed!  - Failed:     0, Passed:     3, Skipped:     0, Total:     3, Duration: 12 ms - A.dll (net8.0)",
    ),
    "dotnet fail": (
        (3, 1, 0),
        "  Failed X [1 ms]\nFailed!  - Failed:     1, Passed:     2, Skipped:     0, Total:     3, Duration: 12 ms - A.dll (net8.0)",
    ),
    "dotnet old": (
        (3, 1, 0),
        "Total tests: 3\n     Passed: 2\n     Failed: 1\n Total time: 1.2 Seconds\nTest Run Failed.",
    ),
    "dotnet 9": ((3, 1, 0), "Test summary: total: 3, failed: 1, succeeded: 2, skipped: 0, duration: 1.0s"),
    "swift xctest": (
        (3, 1, 0),
        "Test Case 'A.x' failed (0.1 seconds)\nExecuted 3 tests, with 1 failure (0 unexpected) in 0.1 (0.1) seconds",
    ),
    "swift testing": ((3, 1, 0), "✘ Test run with 3 tests failed after 0.001 seconds with 1 issue."),
    "vitest unhandled": ((3, 1, 0), " Test Files  1 passed (1)\n      Tests  3 passed (3)\n     Errors  1 error"),
    "jest suite fails to run": (
        (1, 1, 0),
        "FAIL ./a.test.js\n  ● Test suite failed to run\nTest Suites: 1 failed, 1 total\nTests:       0 total",
    ),
    "bats": ((3, 1, 0), "1..3\nok 1 a\nnot ok 2 b\nok 3 c"),
    "bats pretty": ((3, 1, 0), " ✓ a\n ✗ b\n ✓ c\n\n3 tests, 1 failure"),
    "shunit2": ((3, 1, 0), "Ran 3 tests.\n\nFAILED (failures=1)"),
    "robot3": ((3, 1, 0), "3 critical tests, 2 passed, 1 failed\n3 tests total, 2 passed, 1 failed"),
    "behave": (
        (3, 1, 0),
        "1 feature passed, 0 failed, 0 skipped\n2 scenarios passed, 1 failed, 0 skipped\n5 steps passed, 1 failed, 0 skipped",
    ),
    "cucumber": ((3, 1, 0), "3 scenarios (1 failed, 2 passed)\n5 steps (1 failed, 4 passed)"),
    "zig test": ((3, 1, 0), "1/3 a.test.x... OK\n2 passed; 0 skipped; 1 failed."),
    "zig ok": ((3, 0, 0), "All 3 tests passed."),
    "dart test": ((3, 1, 0), "00:00 +2 -1: Some tests failed."),
    "dart ok": ((3, 0, 0), "00:00 +3: All tests passed!"),
    "deno test": ((3, 1, 0), "FAILED | 2 passed | 1 failed (10ms)"),
    "meson": (
        (3, 1, 0),
        "Ok:                 2   \nExpected Fail:      0   \nFail:               1   \nUnexpected Pass:    0   \nSkipped:            0   \nTimeout:            0   ",
    ),
    "automake": ((3, 1, 0), "# TOTAL: 3\n# PASS:  2\n# SKIP:  0\n# XFAIL: 0\n# FAIL:  1\n# XPASS: 0\n# ERROR: 0"),
    "lit": ((3, 1, 0), "Testing Time: 0.1s\n  Passed: 2\n  Failed: 1"),
    "check (C)": ((3, 1, 0), "66%: Checks: 3, Failures: 1, Errors: 0"),
    "cmocka": (
        (3, 1, 0),
        "[==========] Running 3 test(s).\n[ RUN      ] a\n[       OK ] a\n[  FAILED  ] b\n[==========] 3 test(s) run.\n[  PASSED  ] 2 test(s).\n[  FAILED  ] 1 test(s), listed below:\n[  FAILED  ] b\n\n 1 FAILED TEST(S)",
    ),
    "unity C": ((3, 1, 0), "-----------------------\n3 Tests 1 Failures 0 Ignored \nFAIL"),
    "criterion C crash": ((3, 1, 0), "[====] Synthesis: Tested: 3 | Passing: 2 | Failing: 0 | Crashing: 1 "),
    "qtest": ((3, 1, 0), "Totals: 2 passed, 1 failed, 0 skipped, 0 blacklisted, 12ms"),
    "cppunit": ((3, 1, 0), "!!!FAILURES!!!\nTest Results:\nRun:  3   Failures: 1   Errors: 0"),
    "tasty": ((3, 1, 0), "1 out of 3 tests failed (0.00s)"),
    "alcotest": ((3, 1, 0), "1 failure! in 0.001s. 3 tests run."),
    "clojure": ((3, 1, 0), "Ran 3 tests containing 5 assertions.\n1 failures, 0 errors."),
    "busted": ((3, 1, 0), "2 successes / 1 failure / 0 errors / 0 pending : 0.01 seconds"),
    "testthat": ((3, 1, 0), "[ FAIL 1 | WARN 0 | SKIP 0 | PASS 2 ]"),
    "pytest interrupted": (
        (1, 0, 0),
        "collected 3 items\n\nt.py .\n!!!!!!!!!!!!!!!!!!! KeyboardInterrupt !!!!!!!!!!!!!!!!!!!!\n========= 1 passed in 0.01s =========",
    ),
    "pytest cut off": ((3, 1, 3), "collected 3 items\n\nt.py::a PASSED\nt.py::b FAILED\n"),
    "prose fails": (
        (0, 0, 0),
        "1 failed login attempts in 3 seconds\n2 passed checkpoints\nuser 1 failed in 5s\n3 passing cars\n  3 passing (cars)",
    ),
    "buildlog words": ((0, 0, 0), "0 failed, 0 errors\nTests: none\nPASS\nFAIL: 0\nall good"),
    "load tool": ((0, 0, 0), "Requests: 1000, 3 failed in 10s\n5 errors in 10 seconds\n10 requests in 1.00s, 5 errors"),
    "playwright": (
        (3, 1, 0),
        "Running 3 tests using 1 worker\n  1 failed\n    [chromium] › a.spec.ts:3:1 › x\n  2 passed (1.2s)",
    ),
    "bun": ((3, 1, 0), "bun test v1.1.0\n 2 pass\n 1 fail\n 5 expect() calls\nRan 3 tests across 1 files. [10.00ms]"),
    "pytest names with spaces": (
        (2, 1, 0),
        "collected 2 items\nt.py::a[x y] FAILED   [ 50%]\nt.py::b PASSED   [100%]\nFAILED t.py::a[x y] - assert 0\n=== 1 failed, 1 passed in 0.1s ===",
    ),
    "a range": ((0, 0, 0), "1..10\n3 of 10"),
    "a status": ((0, 0, 0), "ok 200 GET /x\nOK (200)"),
}


def facts_of(text: str) -> Facts:
    reader, facts = LineReader(Scenario(name="x")), Facts()
    for line in text.split("\n"):
        for found in reader.read(1.0, line.encode()):
            if isinstance(found, Matched):
                facts.match(found)
    return facts


@pytest.mark.parametrize("name", SESSIONS)
def test_sessions(name: str) -> None:
    counted, text = SESSIONS[name]
    facts = facts_of(text)
    assert (facts.tests_run, facts.tests_failed, facts.tests_open) == counted


def test_more_failed_than_ran_is_never_said() -> None:
    facts = facts_of("FAIL\tx/y [build failed]\n[  FAILED  ] A.x (0 ms)")
    assert facts.harness
    assert 0 < facts.tests_failed <= facts.tests_run
