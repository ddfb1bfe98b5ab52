"""Faults around a run, really caused: what is said, and what the run is worth after it."""

import os
import signal

import pytest

from stresstui.core.criteria.state import Verdict
from stresstui.core.model.event import Doubted, Event, Phase, PhaseBegan, ProcessKnown, Sampled
from stresstui.core.model.outcome import Outcome
from stresstui.core.model.sample import ProcessSample, Role
from stresstui.core.model.scenario import CriterionSpec, Scenario
from tests.engine.launcher import Launcher, Run

RULES = (CriterionSpec(id="a", title="A", rule="max(fds) < 1000"),)


def _with_service() -> Scenario:
    return Scenario(name="test", moves_bytes=False, services=("ech",), criteria=RULES)


def _has(event: Event, role: Role) -> bool:
    return isinstance(event, Sampled) and any(p.role is role for p in event.sample.processes)


def _first(run: Run, role: Role) -> ProcessSample:
    """The one that was started first, whose children the others are."""
    samples: list[Sampled] = run.all(Sampled)
    return min((p for p in samples[-1].sample.processes if p.role is role), key=lambda p: p.started)


def _doubts(run: Run) -> list[str]:
    return [event.reason for event in run.all(Doubted)]


def test_a_child_that_is_frozen_to_the_end_passes_nothing(launch: Launcher) -> None:
    run = launch("sh", "-c", "sleep 60; :", duration=3.0)
    run.wait(lambda event: isinstance(event, Sampled) and len(event.sample.processes) == 2, "both")
    child = next(p for p in run.all(Sampled)[-1].sample.processes if p.name == "sh")
    os.kill(child.pid, signal.SIGSTOP)
    run.wait_end()
    assert _doubts(run) == [f"sh ({child.pid}) did nothing when the run ended: stopped by a signal"]
    assert run.state.outcome is not Outcome.PASSED
    assert _doubts(run)[0] in run.state.reasons


def test_a_child_that_was_frozen_for_a_while_is_not_said_to_be(launch: Launcher) -> None:
    run = launch("sleep", "60", duration=3.0)
    run.wait(lambda event: isinstance(event, Sampled) and len(event.sample.processes) == 1, "the child")
    child = run.all(Sampled)[-1].sample.processes[0]
    os.kill(child.pid, signal.SIGSTOP)
    run.wait(lambda event: isinstance(event, Sampled) and any(p.stopped for p in event.sample.processes), "it")
    os.kill(child.pid, signal.SIGCONT)
    run.wait_end()
    assert _doubts(run) == []
    assert run.state.criteria[0].verdict is Verdict.PASSED
    told = [entry.text for entry in run.state.entries if f"(pid {child.pid}) " in entry.text]
    assert [text.partition(") ")[2].split(",")[0].split(":")[0] for text in told] == [
        "is stopped by a signal",
        "goes on",
    ]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_service_that_is_ended_or_stopped_in_mid_run_leaves_no_pass_and_no_failure(
    launch: Launcher, number: signal.Signals
) -> None:
    pytest.importorskip("uvloop", reason="NO LAB HERE: stresstui[lab] is not installed")
    patient = "trap 'exit 3' USR1; while :; do sleep 0.1; done"
    run = launch("sh", "-c", patient, scenario=_with_service(), duration=60.0)
    run.wait(lambda event: isinstance(event, PhaseBegan) and event.phase is Phase.WARM_UP, "the load")
    run.wait(lambda event: _has(event, Role.SERVICE) and _has(event, Role.SUT), "both")
    service, tested = (_first(run, role) for role in (Role.SERVICE, Role.SUT))
    said = {
        signal.SIGKILL: "the service ech ended in mid-run (SIGKILL)",
        signal.SIGSTOP: f"{service.name} ({service.pid}), a process of the services, was stopped in mid-run",
    }
    os.kill(service.pid, number)
    run.wait(lambda event: isinstance(event, Doubted) and event.reason == said[number], said[number])
    os.kill(tested.pid, signal.SIGUSR1)
    run.wait_end()
    assert run.state.outcome is Outcome.INCONCLUSIVE
    assert run.state.reasons[:2] == [said[number], "the child ended with exit status 3, after a service had ended"]


LEAKS = (CriterionSpec(id="leaks_no_process", title="No process is left", rule="count(leaked_processes) == 0"),)


def test_a_process_that_outlives_its_child_is_named_and_fails_its_criterion(launch: Launcher) -> None:
    run = launch("sh", "-c", "setsid sleep 61 & sleep 0.5", criteria=LEAKS).wait_end()
    assert [(e.name, e.detail) for e in run.all(ProcessKnown) if e.state == "leaked"] == [
        ("sleep", "outlived the child: nobody ended it")
    ]
    assert run.state.outcome is Outcome.FAILED
    assert run.state.exit_code == 1


def test_a_process_that_ends_a_moment_after_its_child_is_not_leaked(launch: Launcher) -> None:
    run = launch("sh", "-c", "sleep 0.9 & sleep 0.5", criteria=LEAKS).wait_end()
    assert [event for event in run.all(ProcessKnown) if event.state == "leaked"] == []
    assert run.state.criteria[0].verdict is Verdict.PASSED


def test_what_a_planned_end_takes_down_is_not_leaked(launch: Launcher) -> None:
    run = launch("sh", "-c", "sleep 61 & sleep 62", criteria=LEAKS, duration=1.0).wait_end()
    assert run.state.facts.leaked == 0
    assert run.state.criteria[0].verdict is Verdict.PASSED
