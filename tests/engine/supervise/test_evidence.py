import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stresstui.core.derive.reading import Reading
from stresstui.core.model.event import BreachBegan, Captured, Event, Phase, PhaseBegan, Problem, Sampled, StopRequested
from stresstui.core.model.sample import Inventory, ProcessSample, Sample
from stresstui.core.model.scenario import CriterionSpec, RunnerKind
from stresstui.core.run.fold import RunState
from stresstui.engine.clock import RunClock
from stresstui.engine.supervise import descriptors
from stresstui.engine.supervise.descriptors import TooCostlyError, group, read_descriptors
from stresstui.engine.supervise.evidence import Evidence
from tests.core.story import Story
from tests.engine.launcher import Launcher

Leaky = Any


class StoppedClock(RunClock):
    """Shows the time that it is given."""

    t = 0.0

    def now(self) -> float:
        return self.t


@pytest.fixture
def leaky(programs: Path, tmp_path: Path) -> Iterator[Leaky]:
    argv = [sys.executable, str(programs / "leaky.py"), str(tmp_path)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = str(process.stdout.readline().split()[1])

        def leak() -> str:
            process.send_signal(signal.SIGUSR1)
            assert process.stdout is not None
            process.stdout.readline()
            return port

        leak.pid = process.pid  # type: ignore[attr-defined]  # a function with a pid is enough of a type here
        yield leak
        process.terminate()


def phase(run: Any, wanted: Phase) -> None:
    run.wait(lambda event: isinstance(event, PhaseBegan) and event.phase is wanted, wanted)


def evidence(run: Any, captured: Captured) -> Any:
    path = run.directory / captured.file
    assert path.stat().st_mode & 0o077 == 0
    return json.loads(path.read_text())


def test_what_is_left_over_is_named(launch: Launcher, leaky: Leaky, tmp_path: Path) -> None:
    run = launch(runner=RunnerKind.PID, pids=(leaky.pid,), duration=1.5, warm_up=0.5, cool_down=0.5)
    phase(run, Phase.SOAK)
    port = leaky()
    captured = run.wait_end().one(Captured)
    assert (captured.what, captured.count) == ("leftover", 5)
    sockets = [one for one in captured.descriptors if one.kind == "tcp"]
    assert [(one.state, one.peer) for one in sockets] == [("ESTABLISHED", f"127.0.0.1:{port}")] * 3
    files = {one.target for one in captured.descriptors if one.kind == "file"}
    assert files == {str(tmp_path / "leaked_0"), str(tmp_path / "leaked_1")}
    # Seen when the soak ended: they were open for the whole cool-down.
    assert all(0.4 < one.age_s < 2.0 for one in captured.descriptors)
    filed = evidence(run, captured)["open"]
    assert {(one["pid"], one["fd"]) for one in filed} == {(one.pid, one.fd) for one in captured.descriptors}
    (rested,) = [event.t for event in run.all(PhaseBegan) if event.phase is Phase.COOL_DOWN]
    assert captured.t > rested + 0.49


def test_where_nothing_is_left_over_that_is_said(launch: Launcher, leaky: Leaky) -> None:
    run = launch(runner=RunnerKind.PID, pids=(leaky.pid,), duration=0.5, cool_down=0.3).wait_end()
    captured = run.one(Captured)
    assert (captured.what, captured.count, captured.descriptors, captured.file) == ("leftover", 0, (), "")
    assert not (run.directory / "evidence").exists()


def test_a_breach_is_captured_before_it_ends_the_run(launch: Launcher, leaky: Leaky, tmp_path: Path) -> None:
    few = CriterionSpec(id="few", title="Few descriptors", rule="max(fds) < 8", abort=True)
    run = launch(runner=RunnerKind.PID, pids=(leaky.pid,), duration=30.0, criteria=(few,))
    run.wait(lambda event: isinstance(event, Sampled) and bool(event.sample.processes), "a sample of it")
    leaky()
    run.wait_end()
    kinds = [type(event) for event in run.events]
    assert kinds.index(BreachBegan) < kinds.index(Captured) < kinds.index(StopRequested)
    breach, captured = run.one(BreachBegan), run.one(Captured)
    assert (captured.what, captured.criterion, captured.count) == ("breach", "few", 5)
    filed = evidence(run, captured)
    assert filed["text"] == breach.text
    assert filed["readings"][-1]["values"]["fds"] == breach.value
    (process,) = filed["processes"]
    assert process["pid"] == leaky.pid
    assert {"rss", "fds", "threads", "cpu_cores"} <= process.keys()
    told = {(one["kind"], one.get("state"), one.get("target")): one["count"] for one in filed["descriptors"]}
    assert sum(one["count"] for one in filed["threads"] if one["pid"] == leaky.pid) == 1
    assert isinstance(filed["kernel"], list)
    assert all(one["bytes"] > 0 for one in filed["grown"])
    assert told["tcp", "ESTABLISHED", None] == 3
    assert told["tcp", "LISTEN", None] == 1
    assert told["file", None, str(tmp_path / "always")] == 1
    assert run.state.exit_code == 1


def test_the_output_before_a_breach_is_kept_and_that_of_the_same_breach_again_is_not(
    launch: Launcher,
) -> None:
    script = (
        "seq 1 200; for n in 1 2 3; do sleep 0.4 & sleep 0.4 & sleep 0.4 & wait; sleep 0.4; done"  # breached thrice
    )
    few = CriterionSpec(id="few", title="Few processes", rule="max(processes) < 3")
    run = launch("sh", "-c", script, criteria=(few,)).wait_end()
    assert len(run.all(BreachBegan)) >= 2
    filed = evidence(run, run.one(Captured))
    assert filed["output"] == [str(n) for n in range(151, 201)]


def test_evidence_that_would_cost_too_much_is_refused(leaky: Leaky, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descriptors, "DESCRIPTORS_MAX", 3)
    monkeypatch.setattr(descriptors, "list_fds", None)  # not even begun
    with pytest.raises(TooCostlyError, match="and 3 is the most"):
        read_descriptors({leaky.pid: "leaky"})


async def test_an_inventory_counts_by_kind_and_peer_and_the_dearer_it_is_the_later_comes_the_next(
    leaky: Leaky, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = leaky()
    story = Story(duration=600.0, warm_up=0.0)
    state = story.state()
    state.phase = Phase.SOAK
    monkeypatch.setattr(RunState, "under_test", lambda _: [ProcessSample(leaky.pid, 1.0, "leaky")])
    taker = descriptors.InventoryTaker()

    async def taken_at(t: float) -> Inventory | None:
        state.t = t
        taker.observe(state)
        if taker._task is not None:
            await taker._task
        return taker.add_to(Sample(t)).inventory

    assert await taken_at(1.0) is None
    first = await taken_at(3.0)
    assert first is not None
    assert (first.kinds["tcp"], first.kinds["file"]) == (4, 3)
    assert first.peers == {f"to 127.0.0.1:{port}": 3, "listening": 1}
    assert first.pause_s >= max(30.0, first.cost_s / 0.0005)
    assert taker.add_to(Sample(2.0)) == Sample(2.0), "told once"
    assert await taken_at(3.0 + first.pause_s - 0.1) is None
    monkeypatch.setattr(descriptors, "INVENTORY_SHARE", first.cost_s / 1e6)
    second = await taken_at(3.0 + first.pause_s)
    assert second is not None
    assert second.pause_s > 10_000
    monkeypatch.setattr(descriptors, "DESCRIPTORS_MAX", 3)
    assert await taken_at(state.t + second.pause_s) is None, "what costs too much is not there, and is no trouble"


def test_a_reference_that_costs_too_much_is_told_once_and_tried_later_and_later(
    tmp_path: Path, leaky: Leaky, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []

    def refuse(_: object) -> None:
        asked.append(state.t)
        raise TooCostlyError("very many are open")

    monkeypatch.setattr("stresstui.engine.supervise.evidence.read_keys", refuse)
    told: list[Event] = []
    clock = StoppedClock()
    state = Story(duration=600.0, warm_up=0.0).state()

    async def observe_for(seconds: int) -> None:
        captured = Evidence(tmp_path, clock, told.append)
        for _ in range(seconds):
            clock.t = state.t = state.t + 1.0
            state.sample = Sample(state.t, (ProcessSample(leaky.pid, 1.0, "leaky"),))
            state.reading = Reading(state.t, {})
            captured.observe(state)
            await captured.settled()

    state.phase = Phase.SOAK
    asyncio.run(observe_for(500))
    began = asked[0]
    assert [round(t - began) for t in asked] == [0, 60, 180, 420]
    assert [type(event) for event in told] == [Problem]


def test_a_folder_that_cannot_be_written_costs_the_evidence_and_not_the_run(launch: Launcher, leaky: Leaky) -> None:
    run = launch(runner=RunnerKind.PID, pids=(leaky.pid,), duration=1.5, warm_up=0.5, cool_down=0.2)
    (run.directory / "evidence").write_text("in the way")
    phase(run, Phase.SOAK)
    leaky()
    run.wait_end()
    assert [problem.where for problem in run.all(Problem)] == ["evidence"]
    assert run.state.reasons == []


def test_descriptors_that_are_alike_are_counted_together(leaky: Leaky) -> None:
    leaky()
    groups = group(read_descriptors({leaky.pid: "leaky"}))
    assert [(one.count, one.kind, one.state) for one in groups[:1]] == [(3, "tcp", "ESTABLISHED")]
    assert sum(one.count for one in groups) == len(list(Path(f"/proc/{leaky.pid}/fd").iterdir()))
