"""``stresstui suite`` with real runs."""

import json
import signal
import subprocess
from pathlib import Path

from junitparser import JUnitXml

from stresstui.cli.suite.choice import scenarios_of
from stresstui.cli.suite.step import Step, combined
from stresstui.core.model.event import BreachBegan, Sampled
from tests.cli.box import Box

SCENARIO = """
title = "{name}"
moves_bytes = false
until_exit = true

[command]
argv = ["sh", "-c", {script!r}]

[[criteria]]
id = "done"
title = "It ends well"
rule = "exit_status == 0"
"""


def a_suite(box: Box, **scripts: str) -> str:
    (box.folder / ".stresstui").mkdir()
    for name, script in scripts.items():
        (box.folder / ".stresstui" / f"{name}.toml").write_text(SCENARIO.format(name=name, script=script))
    (box.folder / "mine.toml").write_text(f"scenarios = {json.dumps(list(scripts))}\n")
    return "mine.toml"


def piped(folder: Path, command: str) -> str:
    return subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=True).stdout


def outcomes(box: Box) -> dict[str, str]:
    (found,) = box.reports.glob("suite_mine_*.json")
    return {each["scenario"]: each["outcome"] for each in json.loads(found.read_text())["scenarios"]}


def test_one_failure_fails_all_and_the_pipelines_of_the_guide_read_the_log(box: Box) -> None:
    good = "echo Successful: 41; echo Peak Memory: 7 MB; echo FD Leak Detected: NO; sleep 3"
    done = box.run("suite", a_suite(box, good=good, bad="sleep 2; exit 3"), "--headless")
    assert done.returncode == 1, done.stdout + done.stderr
    assert outcomes(box)["bad"] == "failed"
    assert piped(box.reports, "grep 'Successful:' stress_test_mine_*.log | awk '{print $2}'") == "41\n"
    assert piped(box.reports, "grep 'Leak Detected' stress_test_mine_*.log") == "FD Leak Detected: NO\n"
    assert piped(box.reports, "grep 'Peak' stress_test_mine_*.log") == "Peak Memory: 7 MB\n"
    assert "Outcome:      failed" in piped(box.reports, "cat summary_*.txt")
    (junit,) = box.reports.glob("suite_mine_*.xml")
    assert [(case.name, case.is_failure) for suite in JUnitXml.fromfile(str(junit)) for case in suite][1] == (
        "bad",
        True,
    )


def test_a_scenario_may_be_a_file_beside_the_suite_s(box: Box) -> None:
    (box.folder / "sub").mkdir()
    (box.folder / "sub" / "soak.toml").write_text(SCENARIO.format(name="soak", script="sleep 2"))
    (box.folder / "sub" / "mine.toml").write_text('scenarios = ["soak.toml"]')
    done = box.run("suite", "sub/mine.toml", "--headless")
    assert "scenario 1 of 1: soak\n" in done.stdout, done.stdout + done.stderr
    assert list(outcomes(box)) == ["soak"]


def test_sockets_that_are_not_permitted_are_a_skip_which_alone_is_no_pass(box: Box) -> None:
    done = box.run("suite", a_suite(box, shut="echo kind: PermissionDenied; sleep 2; exit 101"), "--headless")
    assert outcomes(box) == {"shut": "skipped"}
    assert done.returncode == 3, done.stdout


def test_a_refused_socket_hides_no_other_failure(box: Box) -> None:
    script = "echo kind: PermissionDenied; echo test a ... FAILED; echo test b ... FAILED; sleep 2; exit 101"
    done = box.run("suite", a_suite(box, good="sleep 2", shut=script), "--headless")
    assert outcomes(box)["shut"] == "failed"
    assert done.returncode == 1, done.stdout


def test_a_refused_socket_hides_nothing_that_was_measured(box: Box) -> None:
    name = a_suite(box, shut="echo kind: PermissionDenied; sleep 2; exit 101")
    grown = '\n[[criteria]]\nid = "memory"\ntitle = "Memory is bounded"\nrule = "max(rss) < 1KiB"\n'
    with (box.folder / ".stresstui" / "shut.toml").open("a") as scenario:
        scenario.write(grown)
    assert box.run("suite", name, "--headless").returncode == 1
    assert outcomes(box) == {"shut": "failed"}


def test_an_interrupt_ends_the_run_that_is_on_and_begins_no_other(box: Box) -> None:
    process = box.start("suite", a_suite(box, first="sleep 60", second="sleep 60"), "--headless")
    box.wait(lambda event: isinstance(event, Sampled) and bool(event.sample.processes), "a sample of the first")
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    assert outcomes(box) == {"first": "aborted", "second": "not run"}


def test_an_interrupt_ends_the_suite_also_where_the_run_that_is_on_has_failed_by_then(box: Box) -> None:
    name = a_suite(box, first="sleep 60", second="sleep 60")
    with (box.folder / ".stresstui" / "first.toml").open("a") as scenario:
        scenario.write('\n[[criteria]]\nid = "memory"\ntitle = "Memory"\nrule = "max(rss) < 1KiB"\n')
    process = box.start("suite", name, "--headless")
    box.wait(lambda event: isinstance(event, BreachBegan), "the breach")
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 1
    assert outcomes(box) == {"first": "failed", "second": "not run"}


def test_the_worst_outcome_is_the_suites() -> None:
    def code(*found: str) -> int:
        return combined([Step(scenario="a", outcome=each) for each in found])

    assert code("passed", "skipped") == 0
    assert code("passed", "inconclusive") == 3
    assert code("could not run", "passed") == 4
    assert code("could not run", "failed") == 1
    assert code("skipped") == code() == 3


def test_a_suite_that_there_is_not_is_refused_with_the_names_there_are(box: Box) -> None:
    done = box.run("suite", "mediums")
    assert done.returncode == 2
    assert "short, medium, long, endurance, all" in done.stderr


def test_endurance_is_a_day_where_the_environment_asks_for_it() -> None:
    assert scenarios_of("endurance", {}) == ("suite_resource_monitoring",)
    assert scenarios_of("endurance", {"SB_STRESS_FULL_ENDURANCE": "1"}) == ("suite_endurance_baseline",)
