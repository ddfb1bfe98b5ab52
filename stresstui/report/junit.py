"""``junit.xml``: what a run came to, for CI. The suite is the scenario; a case is a criterion, one is the run itself.

A criterion that could not be judged is skipped, or an error where the reader asks for that: most readers of JUnit take
what is skipped for harmless, so the run itself is never among the passed ones unless it passed.
"""

import re
from pathlib import Path
from typing import Final, Literal

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite
from junitparser.junitparser import FinalResult

from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.model.outcome import Outcome
from stresstui.core.run.fold import RunState
from stresstui.files import write_whole
from stresstui.report.text import headline, limit_of

FILE_NAME: Final = "junit.xml"
"""Name of the file in a run's directory."""
Inconclusive = Literal["skipped", "error"]
"""How what could not be judged is told."""
_INVALID: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold (XML 1.0, 2.2)."""
_RUN: Final = "the run as a whole"


def write_junit(state: RunState, run_dir: Path) -> Path:
    """Write ``junit.xml`` whole or not at all, and return its path; raise OSError when the disk refuses."""
    return write_whole(run_dir / FILE_NAME, junit_of(state))


def junit_of(state: RunState, inconclusive: Inconclusive = "skipped") -> bytes:
    """Say in JUnit's XML how a run came out."""
    name = _plain(state.scenario.name)
    suite = TestSuite(name)
    suite.timestamp = _plain(state.started.wall) if state.started else ""
    for key, value in _properties(state):
        suite.add_property(key, _plain(value))
    suite.add_testcase(_run_case(state, name, inconclusive))
    for criterion in state.criteria:
        suite.add_testcase(_case(criterion, name, inconclusive))
    document = JUnitXml("stresstui")
    document.add_testsuite(suite)
    document.update_statistics()  # type: ignore[no-untyped-call]
    text: bytes = document.tostring()  # type: ignore[no-untyped-call]
    return text


def _properties(state: RunState) -> list[tuple[str, str]]:
    started = state.started
    return [] if started is None else [("run", started.run), ("runner", started.runner), ("headline", headline(state))]


def _run_case(state: RunState, suite: str, inconclusive: Inconclusive) -> TestCase:
    case = TestCase(_RUN, suite, round(state.under_load, 3))
    said = "; ".join(state.reasons) or headline(state)
    if state.outcome is not Outcome.PASSED:
        case.result = [_result(state.outcome, said, inconclusive)]
    case.system_out = _plain(headline(state))
    return case


def _result(outcome: Outcome | None, said: str, inconclusive: Inconclusive) -> FinalResult:
    if outcome is Outcome.FAILED:
        return _filled(Failure(_plain(said), "failed"), said)
    if outcome is Outcome.INCONCLUSIVE and inconclusive == "skipped":
        return _filled(Skipped(_plain(said), "inconclusive"), said)
    return _filled(Error(_plain(said), outcome.value if outcome else "not ended"), said)


def _case(criterion: CriterionState, suite: str, inconclusive: Inconclusive) -> TestCase:
    case = TestCase(_plain(criterion.spec.title), f"{suite}.{_plain(criterion.spec.id)}")
    value = f"{criterion.spec.rule}: {criterion.shown_value} ({limit_of(criterion)})"
    said = f"{value}. {criterion.evidence}" if criterion.evidence else value
    found = _judged(criterion, said, inconclusive)
    case.result = [found] if found is not None else []
    case.system_out = _plain(said)
    return case


def _judged(criterion: CriterionState, said: str, inconclusive: Inconclusive) -> FinalResult | None:
    verdict = criterion.shown_verdict
    if verdict in (Verdict.PASSED, Verdict.OK):
        return None
    if verdict in (Verdict.FAILED, Verdict.BREACHED):
        return _filled(Failure(_plain(said), "breached"), said)
    if verdict is Verdict.WARNING:
        return _filled(Skipped(_plain(f"warning, which fails no run: {said}"), "warning"), said)
    if inconclusive == "error":
        return _filled(Error(_plain(said), verdict.value), said)
    return _filled(Skipped(_plain(said), verdict.value), said)


def _filled(result: FinalResult, said: str) -> FinalResult:
    result.text = _plain(said)
    return result


def _plain(text: str) -> str:
    return _INVALID.sub("", text)
