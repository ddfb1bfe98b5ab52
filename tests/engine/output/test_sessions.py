# ruff: noqa: E501, RUF001 - a table: what harnesses print, line by line
"""Whole sessions of harnesses: tests that ran, that failed, and that began and never ended."""

import pytest

from stresstui.core.derive.child import Facts
from stresstui.core.model.event import Matched
from stresstui.core.model.scenario import Scenario
from stresstui.engine.output.line_reader import LineReader

SESSIONS = {
    "ant, said twice": (
        (2, 1, 0),
        "    [junit] Testsuite: ATest\n    [junit] Tests run: 3, Failures: 1, Errors: 0, Skipped: 1, Time elapsed: 0.017 sec\n    [junit] Tests run: 3, Failures: 1, Errors: 0, Skipped: 1, Time elapsed: 0.017 sec\n    [junit] Test ATest FAILED\n\nBUILD SUCCESSFUL",
    ),
    "ant, a program that crashed": ((1, 1, 0), "    [junit] Test ATest FAILED (crashed)\n\nBUILD SUCCESSFUL"),
    "pytest-sugar": (
        (2, 1, 0),
        "collected 2 items\n\nResults (0.04s):\n       1 passed\n       1 failed\n         - test_b.py:2 test_b",
    ),
    "pytest-sugar -q": ((1, 1, 0), "plugins: sugar-1.1.1, xdist-3.8.0\n\nResults (0.04s):\n       1 failed"),
    "pytest -qq, error at collection": (
        (1, 1, 0),
        "ERROR test_c.py\n!!!!!!!! Interrupted: 1 error during collection !!!!!!!!",
    ),
    "ert": (
        (2, 1, 0),
        "Running 3 tests (2026-11-28 15:44:10+0000, selector t)\nRan 3 tests, 1 results as expected, 1 unexpected, 1 skipped (2026-11-28 15:44:10+0000, 0.150359 sec)",
    ),
    "octave": ((2, 0, 0), "PASSES 2 out of 2 tests"),
    "octave, failed": ((1, 1, 0), "***** test\n assert (1,2)\n!!!!! test failed"),
    "zope": ((3, 2, 0), "  Ran 3 tests with 1 failures, 1 errors and 0 skipped in 0.001 seconds."),
    "zope, error at import": (
        (1, 1, 0),
        "Test-modules with import problems:\n  test_bad\nTotal: 0 tests, 0 failures, 1 errors and 0 skipped in 0.000 seconds.",
    ),
    "srfi 64": (
        (2, 1, 0),
        '%%%% Starting test x  (Writing full log to "x.log")\n# of expected passes      1\n# of unexpected failures  1',
    ),
    "lab": ((2, 0, 0), "  ..-\n\n2 tests complete (1 skipped)\nTest duration: 15 ms"),
    "behind ant's task": ((2, 1, 0), "     [exec] 1..2\n     [exec] ok 1 - a\n     [exec] not ok 2 - b"),
    "gradle's events": (
        (2, 0, 0),
        "ATest > a PASSED\na.b.ATest > b PASSED\nATest > c SKIPPED\nBUILD SUCCESSFUL in 10s",
    ),
    "ounit": ((2, 0, 0), "..\nRan: 2 tests in: 0.10 seconds.\nOK"),
    "alcotest by test": (
        (2, 0, 0),
        "This run has ID `A'.\n\n  [OK]          s          0   a.\n  [OK]          s          1   b.\n\nTest Successful in 0.0s. 2 tests run.",
    ),
    "alcotest json": ((3, 1, 0), 'Testing x\nThis run has ID `A\'.\n{\n  "success": 2,\n  "failures": 1,\n}'),
    "testthat so far": (
        (2, 1, 0),
        "[ FAIL 0 | WARN 0 | SKIP 0 | PASS 1 ]\n[ FAIL 1 | WARN 0 | SKIP 0 | PASS 1 ]\n\n── Failure ('test-b.R:3'): b ─────\n\n[ FAIL 1 | WARN 0 | SKIP 0 | PASS 1 ]",
    ),
    "testthat again": ((3, 0, 0), "[ FAIL 0 | WARN 0 | SKIP 0 | PASS 2 ]\n[ FAIL 0 | WARN 0 | SKIP 0 | PASS 1 ]"),
    "testthat summary": ((1, 1, 0), "bad: .1\n\n══ Failed ════\n── 1. Failure ('test-b.R:3'): b ─────\n══ DONE ═══"),
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
    "prove -v fail": (
        (3, 1, 0),
        "t/a.t ..\n1..3\nok 1 - a\nnot ok 2 - b\nok 3 - c\nDubious, test returned 1 (wstat 256, 0x100)\nFailed 1/3 subtests\n\nt/a.t (Wstat: 256 (exited 1) Tests: 3 Failed: 1)\nFiles=1, Tests=3,  0 wallclock secs\nResult: FAIL",
    ),
    "prove -v with a plan that does not fit": (
        (2, 1, 0),
        "t/a.t ..\n1..2\nok 1 - a\nok 2 - b\nDubious, test returned 1 (wstat 256, 0x100)\nFiles=1, Tests=2,  0 wallclock secs\nResult: FAIL",
    ),
    "jasmine with pending specs": ((2, 1, 0), "3 specs, 1 failure, 1 pending spec\nFinished in 0.022 seconds"),
    "vitest fail": (
        (2, 1, 0),
        " FAIL  a.test.js > bad\n\n Test Files  1 failed (1)\n      Tests  1 failed | 1 passed | 1 skipped (3)",
    ),
    "nextest --no-capture": (
        (2, 1, 0),
        "    Starting 2 tests across 1 binary\n\nrunning 1 test\ntest a ... ok\n\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 1 filtered out; finished in 0.00s\n\n        PASS [   0.005s] (1/2) sp a\n\nrunning 1 test\ntest b ... FAILED\n\ntest result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 1 filtered out; finished in 0.00s\n\n        FAIL [   0.005s] (2/2) sp b\n     Summary [   0.4s] 2 tests run: 1 passed, 1 failed, 0 skipped",
    ),
    "nextest and then doc tests": (
        (3, 1, 0),
        "    Starting 1 test across 1 binary\n     Summary [   0.4s] 1 test run: 1 passed, 0 skipped\n   Doc-tests sp\n\nrunning 2 tests\ntest src/lib.rs - f (line 1) ... ok\ntest src/lib.rs - f (line 4) ... FAILED\n\ntest result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
    ),
    "nextest cut off and then doc tests": (
        (3, 1, 1),
        "    Starting 1 test across 1 binary\n   Doc-tests sp\n\nrunning 2 tests\ntest src/lib.rs - f (line 1) ... ok\ntest src/lib.rs - f (line 4) ... FAILED\n\ntest result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
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
    "junit xml on stdout": (
        (3, 1, 0),
        '<?xml version="1.0" encoding="utf-8"?>\n<testsuites><testsuite name="pytest" errors="0" failures="1" skipped="1" tests="4" time="0.051" timestamp="2026-01-01T00:00:00" hostname="h">\n<testcase classname="t" name="test_a" time="0.001" /></testsuite></testsuites>',
    ),
    "junit xml surefire multi-suite": (
        (5, 1, 0),
        '<testsuites name="jest tests" tests="5" failures="1" errors="0" time="1.2">\n  <testsuite name="a" errors="0" failures="1" skipped="0" timestamp="2026-01-01T00:00:00" time="0.9" tests="3">\n  </testsuite>\n  <testsuite name="b" errors="0" failures="0" skipped="0" timestamp="2026-01-01T00:00:00" time="0.9" tests="2">\n  </testsuite>\n</testsuites>',
    ),
    "k6 thresholds crossed": (
        (1, 1, 0),
        '     ✓ status is 200\n\n     checks.........................: 99.20% ✓ 992       ✗ 8\n     http_req_duration..............: avg=12.1ms min=1ms med=10ms max=200ms p(90)=20ms p(95)=30ms\n   ✗ http_req_failed................: 0.80%  ✓ 8         ✗ 992\ntime="2026-01-01T00:00:00Z" level=error msg="thresholds on metrics \'http_req_failed\' have been crossed"',
    ),
    "k6 new summary": (
        (1, 1, 0),
        "  █ THRESHOLDS\n\n    http_req_duration\n    ✗ 'p(95)<200' p(95)=310.2ms\n\n  █ TOTAL RESULTS\n\n    checks_total.......: 100     9.9/s\n    checks_succeeded...: 100.00% 100 out of 100\n    checks_failed......: 0.00%   0 out of 100\nERRO[0010] thresholds on metrics 'http_req_duration' have been crossed",
    ),
    "tox ok and fail": (
        (1, 1, 0),
        "  py310: OK (3.10=setup[1.00]+cmd[2.10] seconds)\n  py311: FAIL code 1 (3.20=setup[1.10]+cmd[2.10] seconds)\n  evaluation failed :( (6.25 seconds)",
    ),
    "julia pass": ((5, 0, 0), "Test Summary: | Pass  Total  Time\nSoak          |    5      5  1.2s"),
    "julia fail": (
        (5, 2, 0),
        "Test Summary: | Pass  Fail  Error  Total  Time\nSoak          |    3     1      1      5  1.2s\nERROR: LoadError: Some tests did not pass: 3 passed, 1 failed, 1 errored, 0 broken.",
    ),
    "swift xctest nested suites": (
        (3, 1, 0),
        "Test Suite 'SoakTests' failed at 2026-01-01 00:00:00.000.\n\t Executed 3 tests, with 1 failure (0 unexpected) in 0.012 (0.012) seconds\nTest Suite 'soakPackageTests.xctest' failed at 2026-01-01 00:00:00.000.\n\t Executed 3 tests, with 1 failure (0 unexpected) in 0.012 (0.013) seconds\nTest Suite 'All tests' failed at 2026-01-01 00:00:00.000.\n\t Executed 3 tests, with 1 failure (0 unexpected) in 0.012 (0.013) seconds",
    ),
    "zig build test": ((3, 1, 0), "Build Summary: 1/3 steps succeeded; 1 failed; 2/3 tests passed; 1 failed"),
    "mix new: N passed": ((5, 1, 0), "Result: 4 passed, 1 failed"),
    "maven cut before summary": (
        (1, 1, 0),
        "[INFO] Running com.x.SoakTest\n[ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.1 s <<< FAILURE! -- in com.x.SoakTest",
    ),
    "gradle single fail without sum": (
        (1, 1, 0),
        "SoakTest > relays() FAILED\n    org.opentest4j.AssertionFailedError at SoakTest.java:12",
    ),
    "bazel": (
        (3, 1, 0),
        "//soak:a_test                                                            PASSED in 0.3s\n//soak:b_test                                                            FAILED in 0.3s\n  /home/x/.cache/bazel/test.log\n//soak:c_test                                                            PASSED in 0.3s\n\nExecuted 3 out of 3 tests: 2 tests pass and 1 fails locally.",
    ),
    "bazel all": ((3, 0, 0), "Executed 3 out of 3 tests: 3 tests pass."),
    "libtest json cut": (
        (3, 1, 3),
        '{ "type": "suite", "event": "started", "test_count": 3 }\n{ "type": "test", "name": "b", "event": "failed", "exec_time": 0.1 }',
    ),
    "robot nested": (
        (3, 1, 0),
        "Soak.A                                                                | PASS |\n1 test, 1 passed, 0 failed\n==============================================================================\nSoak.B                                                                | FAIL |\n2 tests, 1 passed, 1 failed\n==============================================================================\nSoak                                                                  | FAIL |\n3 tests, 2 passed, 1 failed\n==============================================================================\nOutput:  /tmp/output.xml",
    ),
    "karma": ((5, 1, 0), "Chrome Headless 120.0 (Linux x86_64): Executed 5 of 5 (1 FAILED) (0.01 secs / 0.005 secs)"),
    "karma success": (
        (5, 0, 0),
        "Chrome Headless 120.0 (Linux x86_64): Executed 5 of 5 SUCCESS (0.01 secs / 0.005 secs)",
    ),
    "hunit": ((5, 2, 0), "Cases: 5  Tried: 5  Errors: 1  Failures: 1"),
    "quickcheck": ((1, 1, 0), "*** Failed! Falsified (after 3 tests and 2 shrinks):"),
    "cabal": (
        (1, 1, 0),
        "Test suite soak: FAIL\nTest suite logged to: dist/test.log\n0 of 1 test suites (0 of 1 test cases) passed.",
    ),
    "ocaml ounit": (
        (5, 1, 0),
        "Ran: 5 tests in: 0.10 seconds.\nFAILED: Cases: 5 Tried: 5 Errors: 0 Failures: 1 Skip:  0 Todo: 0 Timeouts: 0.",
    ),
    "erlang ct": ((5, 1, 0), "Testing lib.soak: TEST COMPLETE, 4 ok, 1 failed of 5 test cases"),
    "erlang rebar ct": ((5, 1, 0), "Failed 1 tests. Passed 4 tests."),
    "ginkgo": (
        (5, 1, 0),
        "Ran 5 of 5 Specs in 0.001 seconds\nFAIL! -- 4 Passed | 1 Failed | 0 Pending | 0 Skipped\n--- FAIL: TestSoak (0.00s)\nFAIL",
    ),
    "ginkgo ok": (
        (5, 0, 0),
        "Ran 5 of 5 Specs in 0.001 seconds\nSUCCESS! -- 5 Passed | 0 Failed | 0 Pending | 0 Skipped\n--- PASS: TestSoak (0.00s)\nPASS",
    ),
    "gocheck": ((5, 1, 0), "OOPS: 4 passed, 1 FAILED\n--- FAIL: Test (0.00s)"),
    "cucumber undefined": ((3, 1, 0), "3 scenarios (1 undefined, 2 passed)"),
    "xunit console": (
        (5, 1, 0),
        "=== TEST EXECUTION SUMMARY ===\n   Soak  Total: 5, Errors: 0, Failed: 1, Skipped: 0, Time: 0.123s",
    ),
    "nunit console": (
        (5, 1, 0),
        "Test Run Summary\n  Overall result: Failed\n  Test Count: 5, Pass: 4, Fail: 1, Warn: 0, Inconclusive: 0, Skip: 0",
    ),
    "pester": (
        (5, 1, 0),
        "Tests completed in 1.2s\nTests Passed: 4, Failed: 1, Skipped: 0, Inconclusive: 0, NotRun: 0",
    ),
    "tap (node-tap 18)": (
        (5, 1, 0),
        "Asserts:  1 failed  4 passed  5 of 5 complete\nSuites:   1 failed  1 passed  2 of 2 complete",
    ),
    "testcafe": ((5, 1, 0), " Running tests in:\n - Chrome 120\n\n 1/5 failed (3s)"),
    "webdriverio": ((2, 1, 0), "Spec Files:\t 1 passed, 1 failed, 2 total (100% completed) in 00:00:12"),
    "lua luaunit": ((5, 1, 0), "Ran 5 tests in 0.001 seconds, 4 successes, 1 failure"),
    "R tinytest": (
        (5, 1, 0),
        "----- FAILED[data]: test_a.R<3--3>\nShowing 1 out of 5 results: 1 fails, 4 passes (1.2s)",
    ),
    "RUnit": ((5, 1, 0), "Number of test functions: 5 \nNumber of errors: 0 \nNumber of failures: 1"),
    "greatest": ((5, 1, 0), "Total: 5 tests (0 ticks, 0.000 sec), 9 assertions\nPass: 4, fail: 1, skip: 0."),
    "munit": ((5, 1, 0), "4 of 5 (80%) tests successful, 0 (0%) test skipped."),
    "ut/boost-ext": ((5, 1, 0), "tests:   5 | 1 failed\nasserts: 9 | 8 passed | 1 failed"),
    "ut ok": ((5, 0, 0), "All tests passed (9 asserts in 5 tests)"),
    "snitch/lest": ((5, 1, 0), "1 out of 5 selected tests failed."),
    "kunit": ((3, 1, 0), "[10:00:00] Testing complete. Ran 3 tests: passed: 2, failed: 1"),
    "avocado": ((3, 1, 0), "RESULTS    : PASS 2 | ERROR 0 | FAIL 1 | SKIP 0 | WARN 0 | INTERRUPT 0 | CANCEL 0"),
    "ltp": ((3, 1, 0), "Total Tests: 3\nTotal Skipped Tests: 0\nTotal Failures: 1"),
    "pg_regress old": ((3, 1, 0), "=======================\n 1 of 3 tests failed. \n======================="),
    "pg_regress old ok": ((3, 0, 0), "=====================\n All 3 tests passed. \n====================="),
    "mysql mtr": ((3, 1, 0), "Completed: Failed 1/3 tests, 66.67% were successful."),
    "clojure kaocha": ((3, 1, 0), "3 tests, 9 assertions, 1 failures."),
    "sbt zio": ((3, 1, 0), "2 tests passed. 1 tests failed. 0 tests ignored."),
    "stestr": (
        (3, 1, 0),
        "======\nTotals\n======\nRan: 3 tests in 1.0000 sec.\n - Passed: 2\n - Skipped: 0\n - Expected Fail: 0\n - Unexpected Success: 0\n - Failed: 1\nSum of execute time for each test: 0.1 sec.",
    ),
    "nim unittest": ((2, 1, 0), "[Suite] soak\n  [OK] connects\n  [FAILED] relays"),
    "v test": (
        (3, 1, 0),
        "Summary for all V _test.v files: 1 failed, 2 passed, 3 total. Elapsed time: 12 ms, on 1 job.",
    ),
    "elm": ((3, 1, 0), "TEST RUN FAILED\n\nDuration: 12 ms\nPassed:   2\nFailed:   1"),
    "goss": ((3, 1, 0), "Total Duration: 0.010s\nCount: 3, Failed: 1, Skipped: 0"),
    "inspec": ((3, 1, 0), "Test Summary: 2 successful, 1 failure, 0 skipped"),
    "hurl": (
        (3, 1, 0),
        "--------------------------------------------------------------------------------\nExecuted files:    3\nExecuted requests: 9 (100.0/s)\nSucceeded files:   2 (66.7%)\nFailed files:      1 (33.3%)\nDuration:          12 ms",
    ),
    "newman": ((9, 1, 0), "│              assertions │                 9 │                1 │"),
    "tox around pytest": (
        (3, 1, 0),
        "=== 1 failed, 2 passed in 0.10s ===\n  py311: FAIL code 1 (3.20=setup[1.10]+cmd[2.10] seconds)",
    ),
    "bazel around gtest": ((2, 0, 0), "[  PASSED  ] 2 tests.\nExecuted 1 out of 1 test: 1 test passes."),
    "cypress box": (
        (4, 1, 0),
        "       Spec                                              Tests  Passing  Failing  Pending  Skipped  \n  ┌────────────────────────────────────────────────────────────────────────────────────────────────┐\n  │ ✖  soak.cy.js                               00:02        4        3        1        -        - │\n  └────────────────────────────────────────────────────────────────────────────────────────────────┘\n    ✖  1 of 1 failed (100%)                     00:02        4        3        1        -        -  ",
    ),
    "cypress box passed": (
        (6, 0, 0),
        "       Spec                                              Tests  Passing  Failing  Pending  Skipped  \n  ┌────────────────────────────────────────────────────────────────────────────────────────────────┐\n  │ ✔  a.cy.js                                  00:02        4        4        -        -        - │\n  ├────────────────────────────────────────────────────────────────────────────────────────────────┤\n  │ ✔  b.cy.js                                  00:02        2        2        -        -        - │\n  └────────────────────────────────────────────────────────────────────────────────────────────────┘\n    ✔  All specs passed!                        00:04        6        6        -        -        -  ",
    ),
    "pytest xdist hang": (
        (3, 0, 3),
        "============================= test session starts ==============================\n2 workers [3 items]\n..",
    ),
    "unittest setUpClass": (
        (1, 1, 0),
        "ERROR: setUpClass (t.T)\n----------------------------------------------------------------------\nTraceback (most recent call last):\nRuntimeError: x\n\n----------------------------------------------------------------------\nRan 0 tests in 0.000s\n\nFAILED (errors=1)",
    ),
    "mocha dot json": (
        (3, 1, 0),
        '{\n  "stats": {\n    "suites": 1,\n    "tests": 3,\n    "passes": 2,\n    "pending": 0,\n    "failures": 1,\n    "start": "2026-01-01T00:00:00.000Z",\n    "end": "2026-01-01T00:00:00.003Z",\n    "duration": 3\n  },\n  "tests": [',
    ),
    "jest --json": (
        (3, 1, 0),
        '{"numFailedTestSuites":1,"numFailedTests":1,"numPassedTestSuites":0,"numPassedTests":2,"numPendingTestSuites":0,"numPendingTests":0,"numRuntimeErrorTestSuites":0,"numTodoTests":0,"numTotalTestSuites":1,"numTotalTests":3,"openHandles":[],"success":false}',
    ),
    "ava uncaught": (
        (3, 1, 0),
        "  ✔ a\n  ✔ c\n  Uncaught exception in test.js\n\n  ─\n\n  2 tests passed\n  1 uncaught exception",
    ),
    "ava known fail": ((2, 0, 0), "  ✔ a\n  ✔ [expected fail] b\n  ─\n\n  1 test passed\n  1 known failure"),
    "go json hang": (
        (1, 0, 1),
        '{"Time":"2026-01-01T00:00:00Z","Action":"start","Package":"x"}\n{"Time":"2026-01-01T00:00:00Z","Action":"run","Package":"x","Test":"TestA"}\n{"Time":"2026-01-01T00:00:00Z","Action":"output","Package":"x","Test":"TestA","Output":"=== RUN   TestA\\n"}',
    ),
    "go -v hang": ((1, 0, 1), "=== RUN   TestA\n"),
    "catch2 fail+expected": (
        (5, 1, 0),
        "===============================================================================\ntest cases: 5 | 3 passed | 1 failed | 1 failed as expected\nassertions: 9 | 7 passed | 1 failed | 1 failed as expected",
    ),
    "catch2 compact": ((1, 1, 0), "a.cpp:9: failed: 1 == 2 for: 1 == 2\nFailed 1 test case, failed 1 assertion."),
    "catch2 compact ok": ((3, 0, 0), "Passed all 3 test cases with 12 assertions."),
    "mstest mtp": (
        (3, 1, 0),
        "Test run summary: Failed! - bin/Debug/net9.0/x.dll (net9.0|x64)\n  total: 3\n  failed: 1\n  succeeded: 2\n  skipped: 0\n  duration: 334ms",
    ),
    "scalatest aborted suite": (
        (2, 1, 0),
        "[info] Run completed in 100 milliseconds.\n[info] Total number of tests run: 2\n[info] Suites: completed 1, aborted 1\n[info] Tests: succeeded 2, failed 0, canceled 0, ignored 0, pending 0\n[info] *** 1 SUITE ABORTED ***",
    ),
    "gradle testlogger": ((5, 1, 0), "  Test relays() FAILED (1.2s)\n\nFAILURE: Executed 5 tests in 3s (1 failed)"),
    "gradle testlogger ok": ((5, 0, 0), "SUCCESS: Executed 5 tests in 3s"),
    "bats timing pretty": (
        (3, 1, 0),
        " ✓ a [12]\n ✗ b [3]\n   (in test file t.bats, line 3)\n ✓ c [4]\n\n3 tests, 1 failure in 1 seconds\n",
    ),
    "zig leaked": (
        (2, 2, 0),
        "1/2 soak.test.a...OK\n2/2 soak.test.b...OK\n2 passed; 0 skipped; 0 failed.\n1 errors were logged.\n1 tests leaked memory.",
    ),
    "exunit invalid": ((5, 2, 0), "Finished in 0.03 seconds\n5 tests, 0 failures, 2 invalid"),
    "playwright did not run": (
        (1, 1, 0),
        "Running 3 tests using 1 worker\n\n  1 failed\n    [chromium] › a.spec.ts:3:1 › x ──\n  2 did not run",
    ),
    "gatling assertion": (
        (1, 1, 0),
        "Global: max of response time is less than 50.0 : false (actual : 200.0)\nGatling simulation assertions failed !",
    ),
    "artillery ensure": (
        (1, 1, 0),
        "Checks:\nok: http.response_time.p95 < 200\nfail: http.response_time.p99 < 100\nTestScript failed one or more checks",
    ),
    "perl Test2 yath": (
        (3, 1, 0),
        "Yath Result Summary\n-----------------------------------------------------------------------------------\n     Fail Count: 1\n     File Count: 1\nAssertion Count: 3\n      Wall Time: 0.31 seconds",
    ),
    "gtest parallel": (
        (1, 1, 0),
        "[1/3] A.x (3 ms)\n[2/3] A.y returned/aborted with exit code 1 (5 ms)\n[3/3] A.z (3 ms)\nFAILED TESTS (1/3):\n       5 ms: ./t A.y",
    ),
    "trial ok": ((3, 0, 0), "Ran 3 tests in 0.010s\n\nPASSED (successes=3)"),
    "trial skips": ((2, 0, 0), "Ran 3 tests in 0.010s\n\nPASSED (skips=1, successes=2)"),
    "regrtest": (
        (30, 1, 0),
        "0:00:01 load avg: 0.31 [3/3/1] test_c failed\n\n== Tests result: FAILURE ==\n\n1 test failed:\n    test_c\n\n2 tests OK.\n\nTotal duration: 1.2 sec\nTotal tests: run=30 failures=1\nTotal test files: run=3/3 failed=1\nResult: FAILURE",
    ),
    "tap node20 cancel": ((3, 2, 0), "ℹ tests 3\nℹ suites 0\nℹ pass 1\nℹ fail 1\nℹ cancelled 1\nℹ skipped 0\nℹ todo 0"),
    "buck2 infra": (
        (3, 1, 0),
        "Tests finished: Pass 2. Fail 0. Timeout 1. Fatal 0. Skip 0. Omit 0. Infra Failure 0. Build failure 0",
    ),
    "pants": ((2, 1, 0), "✓ tests/a_test.py:tests succeeded in 0.52s.\n✕ tests/b_test.py:tests failed in 0.52s."),
    "racket rackunit": ((3, 1, 0), "2 success(es) 1 failure(s) 0 error(s) 3 test(s) run"),
    "tcltest": ((3, 1, 0), "all.tcl:\tTotal\t3\tPassed\t2\tSkipped\t0\tFailed\t1"),
    "dejagnu": ((3, 1, 0), "\t\t=== soak Summary ===\n\n# of expected passes\t\t2\n# of unexpected failures\t1"),
    "cargo-nextest json libtest": (
        (2, 1, 0),
        '{"type":"suite","event":"started","test_count":2,"nextest":{"crate":"soak","test_binary":"soak","kind":"lib"}}\n{"type":"test","event":"started","name":"soak::soak$a"}\n{"type":"test","event":"ok","name":"soak::soak$a","exec_time":0.01}\n{"type":"test","event":"started","name":"soak::soak$b"}\n{"type":"test","event":"failed","name":"soak::soak$b","exec_time":0.01,"stdout":"x"}\n{"type":"suite","event":"failed","passed":1,"failed":1,"ignored":0,"measured":0,"filtered_out":0,"exec_time":0.02,"nextest":{"crate":"soak","test_binary":"soak","kind":"lib"}}',
    ),
    "teamcity": (
        (3, 1, 0),
        "##teamcity[testSuiteStarted name='soak']\n##teamcity[testStarted name='a']\n##teamcity[testFinished name='a' duration='1']\n##teamcity[testStarted name='b']\n##teamcity[testFailed name='b' message='x']\n##teamcity[testFinished name='b' duration='1']\n##teamcity[testStarted name='c']\n##teamcity[testFinished name='c' duration='1']",
    ),
    "cypress fail": (
        (4, 1, 0),
        "  3 passing (2s)\n  1 failing\n\n  1) soak\n       relays:\n     AssertionError: Timed out retrying after 4000ms: Expected to find element: `#x`, but never found it.\n\n\n  (Results)\n\n  ┌────────────────────────────────────────────────────────────────────────────────────────────────┐\n  │ Tests:        4                                                                                │\n  │ Passing:      3                                                                                │\n  │ Failing:      1                                                                                │\n  │ Pending:      0                                                                                │\n  │ Skipped:      0                                                                                │\n  └────────────────────────────────────────────────────────────────────────────────────────────────┘\n\n       Spec                                              Tests  Passing  Failing  Pending  Skipped  \n  ┌────────────────────────────────────────────────────────────────────────────────────────────────┐\n  │ ✖  soak.cy.js                               00:02        4        3        1        -        - │\n  └────────────────────────────────────────────────────────────────────────────────────────────────┘\n    ✖  1 of 1 failed (100%)                     00:02        4        3        1        -        -  ",
    ),
    "go panic mid": (
        (2, 1, 0),
        "=== RUN   TestA\n--- PASS: TestA (0.00s)\n=== RUN   TestB\n--- FAIL: TestB (0.00s)\npanic: boom [recovered]\n\tpanic: boom\n\ngoroutine 7 [running]:\nFAIL\tx/y\t0.01s\nFAIL",
    ),
    "nextest's libtest json cut": (
        (2, 1, 2),
        '{"type":"suite","event":"started","test_count":2,"nextest":{"crate":"soak"}}\n{"type":"test","event":"failed","name":"soak::soak$b","exec_time":0.01,"stdout":"x"}',
    ),
    "go, a test that leaves the program": (
        (2, 1, 0),
        "=== RUN   TestA\n--- PASS: TestA (0.00s)\n=== RUN   TestB\nexit status 3\nFAIL\tx\t0.1s\nFAIL",
    ),
    "go, two packages": (
        (3, 2, 0),
        "=== RUN   TestA\n--- FAIL: TestA (0.00s)\nFAIL\nFAIL\tx\t0.1s\n=== RUN   TestA\n--- PASS: TestA (0.00s)\n=== RUN   TestB\nexit status 3\nFAIL\ty\t0.1s\nFAIL",
    ),
    "ginkgo -v": (
        (5, 1, 0),
        "=== RUN   TestSoak\nRan 5 of 5 Specs in 0.001 seconds\nFAIL! -- 4 Passed | 1 Failed | 0 Pending | 0 Skipped\n--- FAIL: TestSoak (0.00s)\nFAIL\nFAIL\tx\t0.1s",
    ),
    "go, tests in turns": (
        (2, 1, 0),
        "=== RUN   TestA\n=== PAUSE TestA\n=== RUN   TestB\n=== PAUSE TestB\n=== CONT  TestA\n=== CONT  TestB\n--- FAIL: TestB (0.0s)\n--- PASS: TestA (0.0s)\nFAIL\nFAIL\tx\t0.1s\nFAIL",
    ),
    "words like theirs": (
        (0, 0, 0),
        "fail: p99 > 100\n  failed: 3\n12 errors were logged.\nlevel: false (actual: 1)\nPASSED\n  1 of 3 failed (33%)   00:02   4   3   1   -   -\n# of requests\t3\n4 workers [idle]\nAssertion Count: 3\n=== RUN finished",
    ),
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


def test_a_report_in_one_long_line_is_read() -> None:
    _, text = SESSIONS["jest --json"]
    assert facts_of(text[:-1] + ',"testResults":["' + "x" * 3000 + '"]}').tests_failed == 1


def test_more_failed_than_ran_is_never_said() -> None:
    facts = facts_of("FAIL\tx/y [build failed]\n[  FAILED  ] A.x (0 ms)")
    assert facts.harness
    assert 0 < facts.tests_failed <= facts.tests_run
