import pytest

from stresstui.engine.output.gate import look
from stresstui.engine.output.harness import HarnessReader

Told = list[tuple[str, tuple[int, ...]]]


def told(*lines: str) -> Told:
    """Patterns, and of each the tests announced, or those passed, failed and ignored."""
    reader = HarnessReader()
    events = [event for line in lines if (event := reader.read(1.0, look(line))) is not None]
    keys = ("tests_run", "tests_passed", "tests_failed", "tests_ignored")
    return [(one.pattern, tuple(int(one.values[key]) for key in keys if key in one.values)) for one in events]


@pytest.mark.parametrize(
    ("lines", "meanings"),
    [
        (["running 3 tests"], [("libtest_running", (3,))]),
        (["soak-1  | running 3 tests"], [("libtest_running", (3,))]),
        (["2026-01-02T03:04:05Z running 3 tests"], [("libtest_running", (3,))]),
        (["Nov  6 17:00:01 running 3 tests"], [("libtest_running", (3,))]),
        (["Thu Nov 26 17:00:01 test a::b ... FAILED"], [("libtest_failed", ())]),
        (["Nov 26 17:00:01.5 box soak[12]: test a::b ... FAILED"], [("libtest_failed", ())]),
        (["test result: FAILED. 1 passed; 2 failed; 3 ignored; 0 measured; 4 filtered out; finished in 0.00s"],
         [("libtest_result", (1, 2, 3))]),
        (["test src/lib.rs - Pool::shrink (line 44) ... FAILED"], [("libtest_failed", ())]),
        (["test a::b - should panic ... FAILED", "test a::b - should panic ... FAILED"], [("libtest_failed", ())]),
        (["running 1 test", "test a ... FAILED", "running 1 test", "test a ... FAILED"],
         [("libtest_running", (1,)), ("libtest_failed", ()), ("libtest_running", (1,)), ("libtest_failed", ())]),
        (["    Starting 3 tests across 1 binary", "        FAIL [   0.310s] soak::stress_tests long",
          "     Summary [   1.2s] 3 tests run: 2 passed (1 leaky), 1 failed, 0 skipped",
          "        FAIL [   0.310s] soak::stress_tests long"],
         [("nextest_running", (3,)), ("nextest_failed", ()), ("nextest_result", (2, 1, 0))]),
        (["     Summary [   9.1s] 3/5 tests run: 1 passed (1 slow), 1 failed, 1 timed out, 2 skipped"],
         [("nextest_result", (1, 2, 2))]),
        (["     TIMEOUT [  60.0s] soak::stress_tests long"], [("nextest_failed", ())]),
        (["     SIGSEGV [   0.1s] soak::stress_tests long"], [("nextest_failed", ())]),
        (["collected 4 items"], [("pytest_running", (4,))]),
        (["collected 9 items / 5 deselected / 4 selected"], [("pytest_running", (4,))]),
        (["===== 1 failed, 2 passed, 1 skipped, 3 warnings in 0.12s ====="], [("pytest_result", (2, 1, 1))]),
        (["3 passed, 1 error in 62.10s (0:01:02)"], [("pytest_result", (3, 1, 0))]),
        (["==== no tests ran in 0.01s ===="], [("pytest_result", (0, 0, 0))]),
        (["Ran 5 tests in 0.003s", "", "FAILED (failures=1, errors=1, skipped=1)"], [("unittest_result", (2, 2, 1))]),
        (["Ran 2 tests in 0.003s", "", "OK"], [("unittest_result", (2, 0, 0))]),
        (["--- PASS: TestA (0.00s)", "--- FAIL: TestB (0.00s)", "    --- FAIL: TestB/one (0.00s)", "FAIL",
          "FAIL\texample.com/soak\t0.004s"], [("go_result", (1, 0, 0)), ("go_result", (0, 1, 0))]),
        (["ok  \texample.com/soak\t0.004s", "FAIL\texample.com/other [build failed]"],
         [("go_result", (1, 0, 0)), ("go_result", (0, 1, 0))]),
        (["Tests:       1 failed, 1 skipped, 3 passed, 5 total"], [("jest_result", (3, 1, 1))]),
        (["  12 passing (3s)", "  1 failing"], [("mocha_part", (12, 0, 0)), ("mocha_part", (0, 1, 0))]),
        (["75% tests passed, 1 tests failed out of 4"], [("ctest_result", (3, 1, 0))]),
        (["[  PASSED  ] 3 tests.", "[  FAILED  ] 1 test, listed below:"],
         [("gtest_result", (3, 0, 0)), ("gtest_part", (0, 1, 0))]),
        (["[INFO] Tests run: 9, Failures: 1, Errors: 1, Skipped: 2"], [("surefire_result", (5, 2, 2))]),
    ],
)  # fmt: skip
def test_lines_of_harnesses(lines: list[str], meanings: Told) -> None:
    assert told(*lines) == meanings


@pytest.mark.parametrize(
    "line",
    [
        "running 3 tests in parallel",
        "test result: pending",
        "100 requests in 2.5s",
        "12 errors in 3.5s",
        "OK",
        "FAILED",
        "FAIL",
        "Tests: 5 hours",
        "     SLOW [> 60.0s] soak::stress_tests long",
        " TERMINATING [> 60.0s] soak::stress_tests long",
        "        LEAK [   0.2s] soak::stress_tests spawns",
        "Starting 3 workers across 1 host",
        "Summary [ok] nothing",
        "P99 > 100ms FAILED",
        "latency > limit FAILED",
        " 3/10 failed (2 retries)",
        "  [FAILED] to connect",
        " - Failed: 3",
        "Failed:   3",
        "Total Failures: 3",
        "Failed files:      3",
        "Number of failures: 3",
        "<testsuite name='x'>",
        "thresholds on metrics have been set",
        "py311: OK (3.10 seconds)",
        "Soak    |    5      5  1.2s",
        "Executed 3 of 5 requests",
        "Test suite soak: PASS",
        "Result: 5 connections",
        "30 tests collected in 3s",
        "Results (60.0s):",
        "  [OK] handshake 0 retries",
        "[junit] Tests run: 3 of them",
    ],
)
def test_lines_that_tell_nothing_of_tests(line: str) -> None:
    assert told(line) == []


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("     Running tests/t.rs (target/debug/deps/t-594eb17b6d2f25b3)", True),
        ("     Running unittests src/lib.rs (target/debug/deps/proj-2f5cb745fb5fedf3)", True),
        ("   Doc-tests proj", True),
        ("     Running `target/debug/proj --port 80`", False),
        ("Running tests/t.rs (first round)", False),
        ("INFO Running checks.rs (a-1)", False),
    ],
)
def test_each_test_program_of_cargo_is_counted(line: str, *, is_one: bool) -> None:
    found = HarnessReader().read(1.0, look(line))
    assert (found is not None and found.pattern == "libtest_binary" and found.values == {"binaries": 1.0}) is is_one
