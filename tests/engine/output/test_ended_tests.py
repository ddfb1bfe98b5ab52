"""Tests that a signal ended: the line that counts them tells of the crash as well."""

import pytest

from stresstui.core.model.event import Matched
from stresstui.core.model.scenario import Scenario
from stresstui.engine.output.crash import Crashed
from stresstui.engine.output.line_reader import Found, LineReader

CTEST = """\
1/8 Test #1: tSEGV ............................***Exception: SegFault  0.01 sec
2/8 Test #2: tABRT ............................Subprocess aborted***Exception:   0.00 sec
3/8 Test #3: tFPE .............................***Exception: Numerical  0.00 sec
4/8 Test #4: tILL .............................***Exception: Illegal  0.00 sec
5/8 Test #5: tBUS .............................Bus error***Exception:   0.00 sec
6/8 Test #6: tKILL ............................Subprocess killed***Exception:   0.00 sec
7/8 Test #7: tTRAP ............................SIGTRAP***Exception:   0.00 sec
8/8 Test #8: tSYS .............................SIGSYS***Exception:   0.00 sec
"""


def told(text: str) -> list[Found]:
    reader = LineReader(Scenario(name="tests"))
    return [one for line in text.splitlines() for one in reader.read(1.0, line.encode())]


def signals(text: str) -> list[str]:
    return [one.signal for one in told(text) if isinstance(one, Crashed)]


def test_what_ctest_says_of_each_signal() -> None:
    assert signals(CTEST) == ["SIGSEGV", "SIGABRT", "SIGFPE", "SIGILL", "SIGBUS", "SIGTRAP", "SIGSYS"]
    failed = sum(one.values.get("tests_failed", 0.0) for one in told(CTEST) if isinstance(one, Matched))
    assert failed == 8


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("     SIGSEGV [   0.110s] soak::t a\nnothing\n     SIGSEGV [   0.110s] soak::t a", ["SIGSEGV"]),
        ("     SIGABRT [   0.110s] (1/2) soak::t a", ["SIGABRT"]),
        ("  TRY 1 SIGSEGV [   0.110s] (1/1) soak::t a\n  TRY 2 PASS [   0.1s] (1/1) soak::t a", ["SIGSEGV"]),
        ("     TIMEOUT [ 120.000s] soak::t a", []),
        ("        FAIL [   0.310s] soak::t SIGSEGV", []),
        ("SIGSEGV [masked] SIGABRT [default]", []),
        ("1/1 Test #1: a ................................***Timeout   1.01 sec", []),
        ("1/1 Test #1: a ................................***Failed    0.00 sec", []),
    ],
)
def test_a_test_that_a_fault_ended_is_a_crash_once(text: str, expected: list[str]) -> None:
    assert signals(text) == expected


def test_a_setting_of_signals_is_no_failed_test_of_nextest() -> None:
    assert told("SIGSEGV [masked] SIGABRT [default]") == []
