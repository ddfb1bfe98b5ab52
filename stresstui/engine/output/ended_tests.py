"""Tests that a signal ended, by the line in which their harness says what they came to."""

from typing import Final

from stresstui.core.text.lazy_pattern import lazy
from stresstui.engine.output.crash import Crashed
from stresstui.engine.output.line import Kind, Line

_ENDED: Final = lazy(
    r"\s*(?:(?P<try>TRY \d+ )?(?P<nextest>SIG(?:SEGV|ABRT|BUS|ILL|FPE|SYS|TRAP|XFSZ|XCPU)) \[[> ]*[\d.]+s\]|"
    r"\d+/\d+ Test +#\d+: \S+ \.*(?P<ctest>[\w ]*)\*\*\*Exception: *(?P<kind>SegFault|Illegal|Numerical)?|"
    r"\d+ - \S.* \((?P<summed>SEGFAULT|ILLEGAL|NUMERICAL|Subprocess aborted)\))"
)
_BY_CTEST: Final = {
    "SegFault": "SIGSEGV", "Illegal": "SIGILL", "Numerical": "SIGFPE",
    "SEGFAULT": "SIGSEGV", "ILLEGAL": "SIGILL", "NUMERICAL": "SIGFPE", "Subprocess aborted": "SIGABRT",
    "Bus error": "SIGBUS", "Child aborted": "SIGABRT", "SIGTRAP": "SIGTRAP", "SIGSYS": "SIGSYS",
}  # fmt: skip
"""What nobody sends to end a test; one that was killed may have been by whoever ran it."""


def read_ended_test(line: Line, *, counted: bool) -> list[Crashed]:
    """Say whether a test was ended by a fault; ``counted`` is whether its harness names it for the first time.

    nextest names what failed again in its summary.
    """
    found = line.match(_ENDED) if Kind.TEST in line.kinds else None
    if found is None or not (counted or found["try"] or found["summed"]):
        return []
    signal = found["nextest"] or _BY_CTEST.get(found["kind"] or found["ctest"] or found["summed"])
    return [Crashed(signal, line.kept)] if signal else []
