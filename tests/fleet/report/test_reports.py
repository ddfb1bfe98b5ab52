"""What a fleet leaves for people and CI: of runs that ended, were lost and never began."""

from pathlib import Path

import pytest
from junitparser import JUnitXml

from stresstui.core.run.fold import fold
from stresstui.fleet.report.told import Told
from stresstui.fleet.report.words import markdown, say_outlier
from stresstui.fleet.report.write import write_reports
from stresstui.fleet.verdict import BoxRun, Outlier, combine
from tests.tui.scripted_run import run_events

GREW = "leaky (pid 7): 5 to 80"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def told() -> list[Told]:
    bad, good = fold(run_events(150, leak_from=60, end=True)), fold(run_events(60, end=True))
    runs = [
        (BoxRun(box="a", scenario="ech", outcome="failed", reasons=("RSS grows",), process=GREW), bad),
        (BoxRun(box="b", scenario="ech", outcome=str(good.outcome), reasons=tuple(good.reasons)), good),
        (BoxRun(box="c", scenario="ech", outcome="lost", reasons=("it died",)), fold(run_events(40))),
        (BoxRun(box="d", scenario=HOSTILE, outcome="could not run", reasons=(HOSTILE,)), None),
        (BoxRun(box="e", scenario="ech", outcome="lost", reasons=("it died",), made_up=True), None),
    ]  # fmt: skip
    return [Told(run=run, state=state, labels={"kernel": "6.1"}) for run, state in runs]


@pytest.fixture(scope="module")
def folder(told: list[Told], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    write_reports("fleet_1", told, combine([one.run for one in told], {}), folder)
    return folder


def test_junit_has_a_suite_a_box_and_scenario_and_nothing_that_did_not_pass_is_clean(folder: Path) -> None:
    document = JUnitXml.fromstring((folder / "junit.xml").read_bytes())
    suites = {suite.name: suite for suite in document}
    assert list(suites) == ["a/ech", "b/ech", "c/ech", f"d/{HOSTILE}", "e/ech"]
    assert (suites["a/ech"].failures > 0, suites["a/ech"].tests > 3) == (True, True)
    assert (suites["c/ech"].errors, suites[f"d/{HOSTILE}"].errors, suites["e/ech"].skipped) == (1, 1, 1)
    assert suites["c/ech"].tests == 1  # what it was when it was lost is no result
    assert document.errors == 2
    assert document.tests == sum(suite.tests for suite in suites.values())


def test_the_page_is_one_file_with_the_runs_first_and_no_script(folder: Path) -> None:
    page = (folder / "report.html").read_text()
    body = page[page.index("<h2>") :]
    places = [body.index(word) for word in ("<h2>Runs<", GREW, "<h2>Over time", "<h2>Criteria of")]
    assert places == sorted(places)
    assert page.count('aria-label="rss of ') == 3
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert 'class="chart breached"' in page


def test_the_summary_and_the_verdict_name_box_and_process(told: list[Told], folder: Path) -> None:
    assert "| a | ech | failed | leaky (pid 7): 5 to 80 | RSS grows |" in (folder / "summary.md").read_text()
    reasons = combine([one.run for one in told], {}).reasons
    assert reasons[0] == "a: ech failed: RSS grows; mostly leaky (pid 7): 5 to 80"


def test_an_outlier_is_told_in_its_unit_with_what_explains_it() -> None:
    found = Outlier("a", "ech", "rss", 300 * 2**20, 100 * 2**20, 9.0, "kernel 6.1")
    assert say_outlier(found) == (
        "a: RSS of ech is 300 MiB, its peers' median 100 MiB (9.0 robust standard deviations off); "
        "all such boxes have kernel 6.1, and no other"
    )
    assert "differ" not in markdown("f", [], combine([], {}))
