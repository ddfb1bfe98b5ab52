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
    "pytest and its JUnit file": (
        (5, 1, 0),
        '<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="1" skipped="1" tests="6" time="0.1">\n========= 1 failed, 4 passed, 1 skipped in 3.54s =========',
    ),
    "a JUnit file shown behind its tests": (
        (5, 1, 0),
        '========= 1 failed, 4 passed, 1 skipped in 3.54s =========\n<testsuites><testsuite name="pytest" errors="0" failures="1" skipped="1" tests="6" time="0.1">',
    ),
    "a JUnit file of other tests": (
        (8, 1, 0),
        '========= 1 failed, 4 passed, 1 skipped in 3.54s =========\n<testsuites><testsuite name="x" errors="0" failures="0" skipped="0" tests="3" time="0.1">',
    ),
    "jest and its JSON, with a test to be written": (
        (3, 1, 0),
        'Tests:       1 failed, 1 skipped, 1 todo, 2 passed, 5 total\n{"numFailedTestSuites":1,"numFailedTests":1,"numPassedTestSuites":0,"numPassedTests":2,"numPendingTestSuites":0,"numPendingTests":1,"numRuntimeErrorTestSuites":0,"numTodoTests":1}',
    ),
    "green": (
        (3, 1, 0),
        "Ran 3 tests in 0.249s using 2 processes\n\nFAILED (expected_failures=1, failures=1, passes=1)",
    ),
    "vitest as JSON, long": (
        (3, 1, 0),
        '{"numTotalTestSuites":1,"numPassedTestSuites":0,"numFailedTestSuites":1,"numPendingTestSuites":0,"numTotalTests":4,"numPassedTests":2,"numFailedTests":1,"numPendingTests":0,"x":"'
        + "x" * 3000
        + '"}',
    ),
    "minitest, left in its second test": ((1, 0, 1), "Run options: --seed 51602\n\n# Running:\n\n.S"),
    "minitest, to its end": ((3, 1, 0), "# Running:\n\n.F.\n\n3 runs, 3 assertions, 1 failures, 0 errors, 0 skips"),
    "Alcotest, left in its third test": (
        (1, 0, 1),
        "This run has ID `A'.\n\n  [OK]          s          0   a.\n  [OK]          s          1   b.\n",
    ),
    "ant, left in its second suite": (
        (3, 0, 1),
        "    [junit] Running A\n    [junit] Testsuite: A\n    [junit] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 sec\n    [junit] Running B\n    [junit] Testsuite: B\n",
    ),
    "ERT, left in its second test": (
        (3, 0, 3),
        "Running 3 tests (2026-11-28 15:44:02+0000, selector t)\n   passed  1/3  a (0.000079 sec)\n",
    ),
    "EUnit, left in its second test": (
        (1, 0, 1),
        "======================== EUnit ========================\nx: a_test...ok\n",
    ),
    "Common Test, left in its second test": ((3, 0, 3), "Testing ct.good: Starting test, 3 test cases\n"),
    "SRFI 64, left in its second test": ((1, 0, 1), '%%%% Starting test x  (Writing full log to "x.log")\n'),
    "TAP without a plan": ((2, 0, 1), "TAP version 13\nok 1 a\nError: Process exited before tests finished running"),
    "TAP with its plan last": ((2, 0, 0), "TAP version 13\nok 1 a\nok 2 b\n1..2"),
    "PHPUnit, left in its second test": ((1, 0, 1), "PHPUnit 9.6.7 by Sebastian Bergmann and contributors.\n\n."),
    "PHPUnit, left in its second test, and another to its end": (
        (4, 0, 1),
        "PHPUnit 9.6.7 by Sebastian Bergmann and contributors.\n\n.\nPHPUnit 9.6.7 by Sebastian Bergmann and contributors.\n\nOK (3 tests, 3 assertions)",
    ),
    "PHPUnit, filtered to nothing": (
        (0, 0, 0),
        "PHPUnit 9.6.7 by Sebastian Bergmann and contributors.\n\nNo tests executed!",
    ),
    "PHPUnit, for TeamCity, left": (
        (4, 0, 3),
        "##teamcity[testCount count='4' flowId='1']\n##teamcity[testStarted name='testA' flowId='1']\n##teamcity[testFinished name='testA' duration='28' flowId='1']",
    ),
    "PHPUnit, for TeamCity, classes with tests of one name": (
        (3, 1, 0),
        "PHPUnit 10.5.5 by Sebastian Bergmann and contributors.\n##teamcity[testCount count='4']\n##teamcity[testFinished name='testA' duration='1']\n##teamcity[testFinished name='testA' duration='1']\n##teamcity[testFailed name='testA' message='x']\n##teamcity[testFinished name='testA' duration='1']\n##teamcity[testIgnored name='testA' message='x']\n##teamcity[testFinished name='testA' duration='0']",
    ),
    "words of a harness in another's lines": (
        (0, 0, 0),
        "# Running:\nLoaded suite nightly\nStarted load\n[ ERROR ] 3 errors, once more\n[  FAILED  ] 2 tests, once more",
    ),
    "test-unit, left in its second test": ((1, 0, 1), "Loaded suite t\nStarted\n."),
    "busted as gtest, an error": (
        (3, 1, 0),
        "[  PASSED  ] 2 tests.\n[ SKIPPED  ] 1 test, listed below:\n[  ERROR   ] 1 error, listed below:",
    ),
    "busted as JUnit": (
        (3, 1, 0),
        "<testsuites tests='4' time='0.03' errors='0' skip='1' failures='1'>\n\t<testsuite tests='4' failures='1'>",
    ),
    "RSpec as JSON": (
        (3, 1, 0),
        '{"version":"3.12.0","examples":["'
        + "x" * 3000
        + '"],"summary":{"duration":0.1},"summary_line":"3 examples, 1 failure"}',
    ),
    "tcltest": ((2, 1, 0), "good.test:\tTotal\t2\tPassed\t1\tSkipped\t0\tFailed\t1"),
    "Boost as XML": (
        (1, 1, 0),
        '<TestLog><Error file="b.cpp" line="8">x</Error>\n\x1b[1;31m*** 1 failure is detected in the test module "x"',
    ),
    "Boost as XML, all well": ((0, 0, 0), "<TestLog>\n*** No errors detected\n</TestLog>"),
    "Catch2 as XML": (
        (3, 1, 0),
        '    <OverallResultsCases successes="2" failures="1" expectedFailures="0"/>\n  </Group>\n  <OverallResultsCases successes="2" failures="1" expectedFailures="0"/>',
    ),
    "doctest as XML": ((3, 1, 0), '  <OverallResultsTestCases successes="2" failures="1" skipped="0"/>'),
    "Node as JUnit": (
        (2, 1, 0),
        "<testsuites>\n\t<!-- tests 2 -->\n\t<!-- pass 1 -->\n\t<!-- fail 1 -->\n</testsuites>",
    ),
    "Vitest on a terminal, drawn again and again": (
        (2, 0, 0),
        " Test Files 1 failed (1)\n      Tests 1 failed | 1 passed (2)\n Test Files 1 passed (1)\n      Tests 2 passed (2)\n Test Files  1 passed (1)\n      Tests  2 passed (2)",
    ),
    "Jest, left by a test": ((1, 0, 1), '  \u25cf  process.exit called with "0"'),
    "LuaUnit, an error": ((2, 1, 0), "Ran 2 tests in 0.001 seconds, 1 success, 1 error, 1 skipped"),
    "LuaUnit as TAP": ((2, 1, 0), "1..3\nok     1\tT.testA\nnot ok 2\tT.testB\nok 3\t# SKIP n"),
    "AVA, a test that hangs": ((2, 1, 0), "  1 test passed\n  1 test remained pending after a timeout"),
    "Go, a test that hangs beside a package without any": (
        (2, 0, 1),
        "?   \tz\t[no test files]\n=== RUN   TestA\n--- PASS: TestA (0.00s)\n=== RUN   TestB",
    ),
    "Mocha as a stream": (
        (2, 1, 0),
        '["start",{"total":3}]\n["pass",{"title":"a"}]\n["end",{"suites":1,"tests":3,"passes":1,"pending":1,"failures":1,"duration":3}]',
    ),
    "Go, one package with nothing to run and one with something": (
        (1, 0, 0),
        "testing: warning: no tests to run\nPASS\nok  \tx\t0.002s\nok  \ty\t0.002s",
    ),
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


@pytest.mark.parametrize(
    "text",
    [
        "?   \tx\t[no test files]",
        '{"Time":"x","Action":"output","Package":"x","Output":"testing: warning: no tests to run\\n"}\n{"Time":"x","Action":"pass","Package":"x","Elapsed":0.002}',
        "1..0",
        " RUN  v3.2.4 /srv\n\nNo test files found, exiting with code 0",
        "No tests ran",
        "testing: warning: no tests to run\nPASS\nok  \tx\t0.002s",
        "Test setup error: no test cases matching filter or all test cases were disabled",
        "1..0 # SKIP no server",
        "No tests executed!",
        "3 deselected in 0.03s",
        "collected 3 items\n== 3 tests collected in 0.06s ==",
    ],
)
def test_a_harness_that_ran_nothing_was_one(text: str) -> None:
    facts = facts_of(text)
    assert (facts.harness, facts.tests_run) == (True, 0)


ENDS = {
    "Boost as XML": '<TestLog><Exception file="unknown location" line="0"><![CDATA[signal: SIGSEGV, si_code: -6 (memory access violation)]]>',
    "cmocka": "[  ERROR   ] --- Test failed with exception: Segmentation fault(11)",
    "ctest, its summary alone": "75% tests passed, 1 tests failed out of 4\n\nThe following tests FAILED:\n\t  3 - seg (SEGFAULT)\nErrors while running CTest",
    "ctest, an abort in its summary": "The following tests FAILED:\n\t  4 - abrt (Subprocess aborted)                     fast slow",
    "ctest, twice told": "3/4 Test #3: seg ......***Exception: SegFault  0.01 sec\nThe following tests FAILED:\n\t  3 - seg (SEGFAULT)",
    "a worker of Celery's": "[2026-01-01 00:00:00,000: ERROR/MainProcess] Process 'ForkPoolWorker-1' pid:12 exited with 'signal 11 (SIGSEGV)'\nbilliard.exceptions.WorkerLostError: Worker exited prematurely: signal 11 (SIGSEGV) Job: 0.",
    "concurrently": "[0] Segmentation fault\n[1] true exited with code 0\n[0] soak exited with code 139",
    "an assertion of GLib's": "**\nERROR:soak.c:12:main: assertion failed (x == 1): (2 == 1)\nBail out! ERROR:soak.c:12:main: assertion failed (x == 1): (2 == 1)",
    "a panic of Rust's in Python": "thread '<unnamed>' panicked at src/lib.rs:3:5:\nboom\npyo3_runtime.PanicException: boom",
    "that alone": "pyo3_runtime.PanicException: boom",
    "a start of Erlang's": "{\"init terminating in do_boot\",{badarith,[{erlang,'/',[1,0],[]}]}}\nRuntime terminating during boot ({badarith,[{erlang,'/',[1,0]}]})\nCrash dump is being written to: erl_crash.dump...done",
    "a check of libc++": "/usr/include/c++/v1/vector:1393: assertion __n < size() failed: vector[] index out of bounds",
    "Android": "E AndroidRuntime: FATAL EXCEPTION: main",
    "uWSGI": "DAMN ! worker 1 (pid: 12) died :( trying respawn ...",
    "Passenger": "[passenger] Process aborted! signo=SIGSEGV(11), reason=SEGV_MAPERR, si_addr=0x0",
    "joblib": "joblib.externals.loky.process_executor.TerminatedWorkerError: A worker process managed by the executor was unexpectedly terminated.",
    "torch": "RuntimeError: DataLoader worker (pid(s) 12, 13) exited unexpectedly",
    "Dask": "distributed.scheduler.KilledWorker: Attempted to run task x on 4 different workers, but all those workers died while running it.",
    "C and strsignal": "child 20734 died: Segmentation fault",
    "Tcl": "child killed: segmentation violation",
    "Node's own words": "child exited null SIGSEGV",
    "zsh": "[1]    12 bus error  ./soak",
    "Zig": "error: the following test command terminated with signal SEGV:",
    "Zig's tests": "error: while executing test 'a.test.x', the following command terminated with signal ABRT (expected exited with code 0):",
    "old Zig": "error: the following command terminated unexpectedly: signaled 9",
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


@pytest.mark.parametrize(
    "line",
    [
        'Exit Code: 137, Exit Message: "OOM Killed"',
        "cc1plus: out of memory allocating 65536 bytes after a total of 12 bytes",
        "-bash: fork: retry: No child processes",
        "Uncaught RangeError: Array buffer allocation failed",
        "RangeError: WebAssembly.Memory(): could not allocate memory",
    ],
)
def test_what_ran_out_is_told(line: str) -> None:
    assert facts_of(line).counters()["oom_errors"] == 1


@pytest.mark.parametrize(
    "line",
    [
        "  Scenario: panic: killed  # features/a.feature:6",
        "Scenario Outline: Segmentation fault (core dumped)",
        "    Given the worker was killed by signal 9 # steps/a.py:3",
        "test_ok.py::test_words[panic: x]",
        "test_ok.py::test_words[Out of memory]",
        "tests/a.py::TestPool::test_limits[Too many open files] FAILED      [ 50%]",
        "    a_test.go:3: panic: is only logged here",
        '{"Action":"output","Package":"x","Test":"TestA","Output":"    a_test.go:3: panic: is only logged here\\n"}',
        "RuntimeError: panic: in a test",
        "/srv/app.py:50: UserWarning: panic: this is a warning",
        "stopped worker: signal: killed",
        "Perhaps out of memory?",
        "    - panic: Introduce warn_limit",
        "  - panic: the pool is empty (#12)",
        "the machine may be out of memory.",
        "  3 - of them (Skipped)",
        "terminated: signaled 15",
        "child exited null SIGTERM",
        "child 12 died: Terminated",
        "  [1] 12 aborted transactions",
        "killed by SIGKILL (expected)",
    ],
)
def test_what_only_reads_like_an_end_is_none(line: str) -> None:
    counts = facts_of(line).counters()
    assert (counts["crashes"], counts["oom_errors"]) == (0, 0)
