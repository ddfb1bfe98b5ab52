import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from stresstui.core.model.event import Ended, Exited, Phase, Problem, ProcessKnown, Reported, Sampled, ServiceState
from stresstui.core.model.sample import Role
from stresstui.core.model.scenario import CriterionSpec, LabRun, RunnerKind, Scenario
from stresstui.engine.control import client
from stresstui.engine.launch.plan import make_plan
from stresstui.engine.launch.request import RunRequest
from stresstui.lab.stacks import profiled
from tests.engine.launcher import Launcher

RULE = CriterionSpec(id="a", title="A", rule="max(fds) < 1000")


def start(launch: Launcher, programs: Path, profile: str = "steady", **given: Any) -> Any:
    scenario = Scenario(name="lab", criteria=(RULE,), lab=LabRun(protocol="ech", profile=profile))
    lab = (sys.executable, str(programs / "lab.py"))
    return launch(scenario=scenario, runner=RunnerKind.LAB, lab=lab, **given)


def test_the_lab_is_awaited_quietened_and_ended(launch: Launcher, programs: Path, gone: Callable[[int], bool]) -> None:
    run = start(launch, programs, duration=1.0, warm_up=0.3, cool_down=0.5).wait_end()
    assert run.phases == [Phase.BUILD, Phase.WARM_UP, Phase.SOAK, Phase.COOL_DOWN]
    assert [event.state for event in run.all(ServiceState)] == ["ready", "idle", "stopped"]
    assert (run.exit.status, run.exit.planned) == (0, True)
    processes = [process for event in run.all(Sampled) for process in event.sample.processes]
    named = [process for process in processes if process.name == "echo-proxy"]
    assert {process.role for process in named} == {Role.SUT}
    # What the kernel calls it is in at most one sample, read before its name was heard.
    assert sum(process.name == "sleep" for process in processes) <= 1
    assert len(named) >= 5
    assert all(gone(process.pid) for process in processes)
    assert run.one(Reported).values["bytes_total"] == 4096.0


def test_its_announced_processes_are_known_by_name(launch: Launcher, programs: Path) -> None:
    run = start(launch, programs, duration=0.5).wait_end()
    told = [event.name for event in run.all(ProcessKnown) if event.role is Role.SUT and event.state == "running"]
    assert told == ["echo-proxy"]


def test_samples_go_on_through_the_cool_down(launch: Launcher, programs: Path) -> None:
    run = start(launch, programs, duration=0.5, cool_down=0.6).wait_end()
    began = run.state.phase_began[Phase.COOL_DOWN]
    assert sum(event.t > began and bool(event.sample.processes) for event in run.all(Sampled)) >= 3


def test_it_is_told_to_end_by_itself_some_time_after_the_plan() -> None:
    scenario = Scenario(name="lab", lab=LabRun(protocol="ech"))
    request = RunRequest(scenario=scenario, runner=RunnerKind.LAB, duration=30 * 3600.0, cool_down=60.0)
    argv = make_plan(request).argv
    assert argv[argv.index("--max-duration") + 1] == "108720s"
    assert "--max-duration" not in make_plan(msgspec.structs.replace(request, duration=None)).argv


def test_its_go_programs_give_profiles_where_these_are_asked_for_and_no_variable_has_to_be_kept() -> None:
    scenario = Scenario(name="lab", lab=LabRun(protocol="ech"))
    request = RunRequest(scenario=scenario, runner=RunnerKind.LAB, pprof=("announced",))
    assert make_plan(request).env[profiled.PROFILED] == "1"
    assert profiled.PROFILED not in make_plan(msgspec.structs.replace(request, pprof=())).env


def test_a_lab_that_cannot_start_gives_its_reason(launch: Launcher, programs: Path) -> None:
    run = start(launch, programs, "broken", duration=5.0).wait_end()
    assert run.exit.cause == "not_ready"
    assert run.one(Ended).reason == "stresstui lab: sing-box is missing; install stresstui[lab]"
    assert run.state.exit_code == 4


def test_an_end_that_is_asked_for_before_it_is_ready(launch: Launcher, programs: Path) -> None:
    run = start(launch, programs, "never_ready", duration=5.0)
    run.wait_for(ProcessKnown)
    client.stop(run.directory)
    run.wait_end()
    assert run.phases == [Phase.BUILD]
    assert run.all(Exited) == []
    assert run.state.exit_code == 130


def test_a_lab_that_dies_in_mid_run_fails(launch: Launcher, programs: Path, gone: Callable[[int], bool]) -> None:
    run = start(launch, programs, duration=30.0)
    report = run.wait_for(Reported)
    run.wait(lambda event: isinstance(event, Sampled) and len(event.sample.processes) == 2, "both processes")
    os.kill(int(report.values["own_pid"]), signal.SIGKILL)
    run.wait_end()
    assert run.exit.signal == "SIGKILL"
    assert run.state.exit_code == 1
    assert all(gone(process.pid) for event in run.all(Sampled) for process in event.sample.processes)


def test_a_proxy_that_crashed_is_told_once_by_the_lab(launch: Launcher, programs: Path) -> None:
    run = start(launch, programs, "crashing", duration=30.0).wait_end()
    ends = [event for event in run.all(ProcessKnown) if event.role is Role.SUT and event.state == "ended"]
    assert [(event.name, event.detail) for event in ends] == [("echo-proxy", "killed by SIGABRT")]
    assert run.state.facts.crashed == 1
    assert run.state.exit_code == 1


def test_services_lend_the_workload_their_address(launch: Launcher, programs: Path) -> None:
    scenario = Scenario(name="served", moves_bytes=False, criteria=(RULE,), services=("ech", "ssh"))
    lab = (sys.executable, str(programs / "lab.py"))
    run = launch("sh", "-c", "echo at $SB_ECH_STRESS_ADDR $SB_SSH_STRESS_ADDR; sleep 0.5", scenario=scenario, lab=lab)
    run.wait_end()
    assert b"at 127.0.0.1:4711 127.0.0.1:4711\n" in run.output
    assert run.output.count(b"service is down") == 2
    assert {event.name for event in run.all(ServiceState)} == {"ech", "ssh"}
    roles = {p.role for event in run.all(Sampled) for p in event.sample.processes if p.name == "python"}
    assert roles <= {Role.SERVICE}
    assert run.phases == [Phase.BUILD, Phase.WARM_UP, Phase.SOAK]


def test_an_address_that_is_set_already_is_not_taken_over_and_that_is_said(launch: Launcher, programs: Path) -> None:
    own = {"SB_ECH_STRESS_ADDR": "192.0.2.1:1"}
    scenario = Scenario(name="served", moves_bytes=False, criteria=(RULE,), services=("ech", "ssh"), env=own)
    lab = (sys.executable, str(programs / "lab.py"))
    run = launch("sh", "-c", "echo at $SB_ECH_STRESS_ADDR $SB_SSH_STRESS_ADDR; sleep 0.3", scenario=scenario, lab=lab)
    run.wait_end()
    assert b"at 192.0.2.1:1 127.0.0.1:4711\n" in run.output
    assert [p.text for p in run.all(Problem) if "SB_ECH_STRESS_ADDR was set before" in p.text]


@pytest.mark.parametrize(
    "code",
    [
        "raise SystemExit('no port is free')",
        "print('STRESSTUI_STATE state=failed detail=\"no port is free\"', flush=True); raise SystemExit('bye')",
    ],
)
def test_a_service_that_does_not_come_up_could_not_run(launch: Launcher, code: str) -> None:
    scenario = Scenario(name="served", criteria=(RULE,), services=("ech",))
    lab = (sys.executable, "-c", code)
    run = launch("sleep", "60", scenario=scenario, lab=lab).wait_end()
    assert run.exit.cause == "not_ready"
    assert run.one(Ended).reason == "no port is free"
