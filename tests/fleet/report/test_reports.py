"""What a fleet leaves for people and CI: of runs that ended, were lost and never began."""

from pathlib import Path

import msgspec
import pytest
from junitparser import JUnitXml

from stresstui.core.run.fold import fold
from stresstui.fleet.report.told import Told
from stresstui.fleet.report.words import markdown, say_outlier
from stresstui.fleet.report.write import write_reports
from stresstui.fleet.verdict import BoxRun, Compared, Joint, Outlier, Times, combine
from stresstui.report.html.markup import text
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


@pytest.mark.parametrize("outcome", ["passed", "inconclusive"])
def test_a_load_of_several_boxes_is_told_everywhere(outcome: str, tmp_path: Path) -> None:
    joint = Joint(
        scenario="ssh_24h", server="a", clients=("b", "c"), outcome=outcome, seconds=60.0,
        reasons=("c was lost; 1 of 2 boxes loaded to the end",) * (outcome != "passed"),
        counts={"connections_total": 1200, "connection_failures_total": 2, "failures_reset_total": 2, "bytes_total": 9},
        rates={"connections_total": 20.0},
        times={"latency_ms": Times(count=2400, p50=1.0, p99=12.5, p999=30.0, longest=31.0)},
        compared=(Compared("connections to the target", 1202, 1202), Compared("handshakes on the wire", 2, 3)),
    )  # fmt: skip
    verdict = combine([BoxRun(box="a", scenario="ssh_24h-server", outcome="passed")], {}, [joint])
    assert (verdict.outcome, verdict.exit_code) == (outcome, 0 if outcome == "passed" else 3)
    write_reports("fleet_1", [], verdict, tmp_path)
    page, summary = ((tmp_path / name).read_text() for name in ("report.html", "summary.md"))
    for said in (
        "1,200, 20.0/s", "2 (reset 2)", "p99 12.50 ms", "2,400 times, of all boxes merged",
        "2 by the clients, 3 by the servers' relays: +1",
    ):  # fmt: skip
        assert said in summary
        assert text(said) in page
    suites = {suite.name: suite for suite in JUnitXml.fromstring((tmp_path / "junit.xml").read_bytes())}
    suite = suites["a/ssh_24h, load of 2 boxes"]
    assert (suite.tests, suite.skipped) == (1, int(outcome != "passed"))
    told = msgspec.json.decode((tmp_path / "verdict.json").read_bytes())["joints"][0]
    assert told["times"]["latency_ms"]["p99"] == 12.5
    assert ("the load on a: c was lost" in "".join(verdict.reasons)) is (outcome != "passed")


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
