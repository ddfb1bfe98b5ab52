"""What CI reads."""

import re
from pathlib import Path

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped, TestSuite

from stresstui.core.model import event as ev
from stresstui.report.junit import Inconclusive, junit_of, write_junit
from tests.core.story import Story
from tests.report.run_with_leak import HOSTILE, leaking


def read(text: bytes) -> TestSuite:
    (suite,) = list(JUnitXml.fromstring(text))
    assert isinstance(suite, TestSuite)
    return suite


def kinds(suite: TestSuite) -> list[str]:
    return [type(case.result[0]).__name__ if case.result else "passed" for case in suite]


def test_each_criterion_is_a_case_and_so_is_the_run() -> None:
    suite = read(junit_of(leaking().state()))
    assert kinds(suite) == ["Failure", "Failure", "Skipped", "Skipped"]
    assert (suite.name, suite.tests, suite.failures, suite.skipped) == ("story", 4, 2, 2)
    assert [case.name for case in suite][1:] == ["Criterion 0", "Criterion 1", "Warned <b>"]
    cases = list(suite)
    assert "max(fds) < 100: 236 (< 100)" in cases[1].result[0].message
    assert cases[3].result[0].message.startswith("warning, which fails no run")


def test_a_pass_is_a_pass() -> None:
    suite = read(junit_of(Story("max(fds) < 100").whole().state()))
    assert kinds(suite) == ["passed", "passed"]


@pytest.mark.parametrize(("how", "kind"), [("skipped", Skipped), ("error", Error)])
def test_what_could_not_be_judged_is_skipped_or_an_error(how: Inconclusive, kind: type) -> None:
    state = Story("growth(fds) < 1/h").whole().state()
    assert [type(case.result[0]) for case in read(junit_of(state, how))] == [kind, kind]


def test_a_run_that_goes_on_is_no_pass() -> None:
    run = next(iter(read(junit_of(Story("max(fds) < 100").warm().soak(3).state()))))
    assert isinstance(run.result[0], Error)


def test_a_child_that_failed_fails_the_run_though_its_criteria_hold() -> None:
    state = Story("max(fds) < 100").warm().soak().exit(status=3).end().state()
    cases = list(read(junit_of(state)))
    assert isinstance(cases[0].result[0], Failure)
    assert not cases[1].result


def test_what_no_xml_may_hold_is_left_out() -> None:
    story = Story("max(fds) < 100").add(ev.ServiceState(0.0, "failed", HOSTILE + "\ud800\ufffe"))
    text = junit_of(story.add(ev.Exited(0.0, cause="not_ready")).end().state())
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", text)
    assert "alert(1)" in str(next(iter(read(text))).result[0].message)


def test_it_is_written_beside_the_journal(tmp_path: Path) -> None:

    assert read(write_junit(leaking().state(), tmp_path).read_bytes()).tests == 4
