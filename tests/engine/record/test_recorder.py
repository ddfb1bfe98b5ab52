import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from stresstui.core.model.event import Ended, Problem, Reported, Sampled
from stresstui.engine.control import client
from stresstui.engine.control.registry import unwritten
from tests.engine.launcher import Launcher, until

WORKLOAD = "for n in 1 2 3 4 5 6 7 8 9 10 11 12; do echo STRESSTUI n=$n n_total=$n; sleep 0.1; done"


def start(launch: Launcher, programs: Path, *modes: str) -> Any:
    entry = (sys.executable, str(programs / "entry.py"), *modes)
    return launch.adopt(client.start(launch.request("sh", "-c", WORKLOAD, warm_up=0.2), entry)).wait_end()


def judged(run: Any) -> bytes:
    state = run.state
    seen = (state.criteria, state.summaries, state.series, state.reasons, state.outcome, state.exit_code, state.samples)
    return msgspec.json.encode(seen, enc_hook=list)


@pytest.mark.parametrize("modes", [(), ("full_disk",)])
def test_the_journal_tells_what_the_supervisor_judged(launch: Launcher, programs: Path, modes: tuple[str, ...]) -> None:
    run = start(launch, programs, *modes)
    assert (run.directory / "live.json").read_bytes() == judged(run)
    assert len(run.all(Sampled)) >= 10


def test_a_disk_that_was_full_for_a_while_costs_nothing(launch: Launcher, programs: Path) -> None:
    run = start(launch, programs, "full_disk")
    (problem,) = [problem for problem in run.all(Problem) if problem.where == "journal"]
    assert "could not be written" in problem.text
    assert "nothing was lost" in problem.text
    assert [event.values["n"] for event in run.all(Reported)] == list(range(1, 13))
    assert run.exit.status == 0
    assert any("output.log is incomplete" in problem.text for problem in run.all(Problem))


def test_a_report_that_fails_leaves_the_journal_whole(launch: Launcher, programs: Path) -> None:
    run = start(launch, programs, "failing")
    assert run.one(Ended).reason == "the workload ended"
    assert "the report cannot be written" in (run.directory / "supervisor.log").read_text()
    until(lambda: "not all reports could be written" in unwritten(run.directory), "the word of it in the registry")
