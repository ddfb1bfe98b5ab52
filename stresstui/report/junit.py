"""``junit.xml``: what a run came to, for CI. The suite is the scenario; a case is a criterion, one is the run itself.

A criterion that could not be judged is skipped, or an error where the reader asks for that: most readers of JUnit take
what is skipped for harmless, so the run itself is never among the passed ones unless it passed.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal
from xml.etree.ElementTree import Element, SubElement, tostring

from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.model.outcome import Outcome
from stresstui.core.run.fold import RunState
from stresstui.files import write_whole
from stresstui.folder import JUNIT
from stresstui.report.text import headline, limit_of

Inconclusive = Literal["skipped", "error"]
"""How what could not be judged is told."""
_INVALID: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML document may hold (XML 1.0, 2.2); all but what it may takes ten times as long to compile."""
_RUN: Final = "the run as a whole"
_COUNTED: Final = {"errors": "error", "failures": "failure", "skipped": "skipped"}
"""Attributes of a suite, and the elements that they count."""


def write_junit(state: RunState, run_dir: Path) -> Path:
    """Write ``junit.xml`` whole or not at all, and return its path; raise OSError when the disk refuses."""
    return write_whole(run_dir / JUNIT, junit_of(state), durable=False)


def junit_of(state: RunState, inconclusive: Inconclusive = "skipped") -> bytes:
    """Say in JUnit's XML how a run came out."""
    suite = suite_of(state, state.scenario.name, inconclusive)
    document = Element("testsuites", {"name": "stresstui", **total([suite])})
    document.append(suite)
    text: bytes = tostring(document, "utf-8", xml_declaration=True)
    return text


def suite_of(state: RunState, name: str, inconclusive: Inconclusive = "skipped") -> Element:
    """A run as a suite of some name."""
    name = _plain(name)
    cases = [_run_case(state, name, inconclusive)]
    cases += [_case(criterion, name, inconclusive) for criterion in state.criteria]
    suite = Element("testsuite", {"name": name, "timestamp": _began(state), **_numbers(cases, state)})
    properties = SubElement(suite, "properties")
    for key, value in _properties(state):
        SubElement(properties, "property", {"name": key, "value": _plain(value)})
    suite.extend(cases)
    return suite


def total(suites: Sequence[Element]) -> dict[str, str]:
    """The counts of several suites together, as attributes, and the seconds of all."""
    counts = {key: str(sum(int(suite.get(key, 0)) for suite in suites)) for key in ("tests", *_COUNTED)}
    return {**counts, "time": str(round(sum(float(suite.get("time", 0)) for suite in suites), 3))}


def _began(state: RunState) -> str:
    return _plain(state.started.wall) if state.started else ""


def _numbers(cases: list[Element], state: RunState) -> dict[str, str]:
    """How many cases there are of each kind, and seconds under load."""
    count = {many: sum(case.find(one) is not None for case in cases) for many, one in _COUNTED.items()}
    return {"tests": str(len(cases)), **{many: str(n) for many, n in count.items()}, "time": _seconds(state)}


def _seconds(state: RunState) -> str:
    return str(round(state.under_load, 3))


def _properties(state: RunState) -> list[tuple[str, str]]:
    started = state.started
    return [] if started is None else [("run", started.run), ("runner", started.runner), ("headline", headline(state))]


def _run_case(state: RunState, suite: str, inconclusive: Inconclusive) -> Element:
    case = Element("testcase", {"name": _RUN, "classname": suite, "time": _seconds(state)})
    said = "; ".join(state.reasons) or headline(state)
    if state.outcome is not Outcome.PASSED:
        case.append(_result(state.outcome, said, inconclusive))
    SubElement(case, "system-out").text = _plain(headline(state))
    return case


def _result(outcome: Outcome | None, said: str, inconclusive: Inconclusive) -> Element:
    if outcome is Outcome.FAILED:
        return _filled("failure", "failed", said)
    if outcome is Outcome.INCONCLUSIVE and inconclusive == "skipped":
        return _filled("skipped", "inconclusive", said)
    return _filled("error", outcome.value if outcome else "not ended", said)


def _case(criterion: CriterionState, suite: str, inconclusive: Inconclusive) -> Element:
    names = {"name": _plain(criterion.spec.title), "classname": f"{suite}.{_plain(criterion.spec.id)}"}
    case = Element("testcase", names)
    value = f"{criterion.spec.rule}: {criterion.shown_value} ({limit_of(criterion)})"
    said = f"{value}. {criterion.evidence}" if criterion.evidence else value
    found = _judged(criterion, said, inconclusive)
    if found is not None:
        case.append(found)
    SubElement(case, "system-out").text = _plain(said)
    return case


def _judged(criterion: CriterionState, said: str, inconclusive: Inconclusive) -> Element | None:
    verdict = criterion.shown_verdict
    if verdict in (Verdict.PASSED, Verdict.OK):
        return None
    if verdict in (Verdict.FAILED, Verdict.BREACHED):
        return _filled("failure", "breached", said)
    if verdict is Verdict.WARNING:
        return _filled("skipped", "warning", f"warning, which fails no run: {said}")
    return _filled("error" if inconclusive == "error" else "skipped", verdict.value, said)


def _filled(name: str, kind: str, said: str) -> Element:
    result = Element(name, {"message": _plain(said), "type": kind})
    result.text = _plain(said)
    return result


def _plain(text: str) -> str:
    return _INVALID.sub("", text)
