"""Runners: from a scenario to the commands that start its workload, and how to end it."""

import signal
from pathlib import Path
from typing import Final

import msgspec

from stresstui import itself
from stresstui.core.model.scenario import LabRun, RunnerKind, Scenario
from stresstui.core.run.tester import is_test_command
from stresstui.core.text.shell_steps import last_step
from stresstui.engine.launch.cargo import Fit, build_command, find_test, find_workspace
from stresstui.engine.launch.cargo_command import build_of
from stresstui.engine.launch.request import RunRequest
from stresstui.engine.launch.self_building import builds_itself, shell_text

READY_WITHIN_S = 60.0
"""Seconds that the lab and services have to become ready."""


SERVE_WITHIN_S = 3600.0
"""Seconds that servers wait for their first client from another box."""
LAB_MARGIN_S = 600.0
"""Seconds beyond its plan after which the lab ends by itself, though nobody told it to."""


class RunnerError(ValueError):
    """Raised when a scenario cannot be started so; its message is one sentence for people."""


class Plan(msgspec.Struct, frozen=True):
    """How a workload is built, started, quietened and ended."""

    runner: RunnerKind
    """How it is started."""
    argv: tuple[str, ...] = ()
    """The command; empty where what is watched runs already."""
    cwd: str = "."
    """Its working directory."""
    env: dict[str, str] = msgspec.field(default_factory=dict)
    """Variables added to its environment."""
    build: tuple[str, ...] | None = None
    """A command that comes first and must succeed."""
    builds_itself: bool = False
    """True where it may build first and only its processes tell when that is over."""
    tests: bool = False
    """True where it does nothing but test."""
    says_ready: bool = False
    """True where the workload says when it is ready."""
    ready_within: float = READY_WITHIN_S
    """Seconds that it has for that."""
    quieten: signal.Signals | None = None
    """Signal that stops the load and leaves the processes; None where there is none."""
    whole_tree: bool = True
    """True where every process is asked to end, not only the first, which then ends the others."""


PROFILED: Final = "STRESSTUI_LAB_PPROF"
"""Has the lab's Go programs give their profiles and announce where."""
_NO_WORKSPACE: Final = "there is no Cargo workspace here"


class Choice(msgspec.Struct, frozen=True):
    """How a scenario is started."""

    scenario: Scenario
    """The scenario, its cargo test narrowed to the one that the workspace has."""
    runner: RunnerKind
    """How."""
    why: str
    """Why so, one sentence."""


def choose_runner(scenario: Scenario, workspace: Path | None, cwd: Path) -> Choice:
    """Choose how to start a scenario, and say why in one sentence; raises RunnerError where nothing fits."""
    fit = _find_test(scenario, workspace, cwd)
    if fit.run is not None:
        return _choose_cargo(scenario, fit)
    if scenario.lab is not None:
        return Choice(scenario, RunnerKind.LAB, f"the embedded lab, because {fit.why}")
    if scenario.command is not None:
        return Choice(scenario, RunnerKind.COMMAND, f"the scenario's own command, because {fit.why}")
    if fit.attempt is not None:  # nothing else would do, and its harness has the last word
        return _choose_cargo(scenario, Fit(fit.attempt, fit.why))
    what = f"{fit.why}, no command and no protocol of the lab" if scenario.cargo is None else fit.why
    mend = f"give a command behind --, or add [command] argv = [...] to {scenario.source or 'its file'}"
    if fit.why == _NO_WORKSPACE:  # nobody mends a scenario of stresstui's own
        mend = "start it in the project whose test it is, or name that with --workspace DIRECTORY"
    raise RunnerError(f"scenario '{scenario.name}' cannot be started: {what}; {mend}")


def choose_cargo(scenario: Scenario, workspace: Path | None, cwd: Path) -> Choice:
    """Choose which of a scenario's tests cargo is to run; raises RunnerError where none fits."""
    fit = _find_test(scenario, workspace, cwd)
    if fit.run is None:
        raise RunnerError(f"scenario '{scenario.name}' cannot be started by cargo: {fit.why}")
    return _choose_cargo(scenario, fit)


def _choose_cargo(scenario: Scenario, fit: Fit) -> Choice:
    return Choice(msgspec.structs.replace(scenario, cargo=fit.run), RunnerKind.CARGO, fit.why)


def _find_test(scenario: Scenario, workspace: Path | None, cwd: Path) -> Fit:
    if scenario.cargo is None:
        return Fit(None, "the scenario names no cargo test")
    root = workspace or find_workspace(cwd)
    return Fit(None, _NO_WORKSPACE) if root is None else find_test(root, scenario.cargo)


def make_plan(request: RunRequest) -> Plan:
    """Turn a request into a plan; raises RunnerError where the scenario lacks what its runner needs."""
    makers = {RunnerKind.CARGO: _plan_cargo, RunnerKind.LAB: _plan_lab, RunnerKind.COMMAND: _plan_command}
    maker = makers.get(request.runner)
    return maker(request) if maker else Plan(RunnerKind.PID)


def _plan_cargo(request: RunRequest) -> Plan:
    run = request.scenario.cargo
    if run is None:
        raise RunnerError(f"scenario '{request.scenario.name}' names no cargo test")
    root = request.workspace or str(find_workspace(Path(request.cwd)) or request.cwd)
    return Plan(RunnerKind.CARGO, run.command, root, dict(request.scenario.env), build_command(run))


def _plan_lab(request: RunRequest) -> Plan:
    run = request.scenario.lab
    if run is None:
        raise RunnerError(f"scenario '{request.scenario.name}' names no protocol of the lab")
    argv = (*(request.lab or lab_command()), *lab_arguments(run), *_longest(request))
    env = {"PYTHONUNBUFFERED": "1", **request.scenario.env, **({PROFILED: "1"} if request.pprof else {})}
    within = SERVE_WITHIN_S if "serve" in run.options else READY_WITHIN_S
    return Plan(
        RunnerKind.LAB, argv, request.cwd or ".", env, says_ready=True, ready_within=within, quieten=signal.SIGUSR1,
        whole_tree=False,
    )  # fmt: skip


def _longest(request: RunRequest) -> tuple[str, ...]:
    """The lab ends by itself some time after the plan; without a plan it has a limit of its own."""
    if request.duration is None:
        return ()
    return ("--max-duration", f"{READY_WITHIN_S + request.duration + request.cool_down + LAB_MARGIN_S:.0f}s")


def lab_command() -> tuple[str, ...]:
    """The command that starts the lab that ships with this program."""
    return itself.module("stresstui.lab")


def services_of(request: RunRequest) -> tuple[str, ...]:
    """The services that are up beside the workload; the lab is its own, and what runs already has its own."""
    return request.scenario.services if request.runner in (RunnerKind.CARGO, RunnerKind.COMMAND) else ()


def lab_arguments(run: LabRun) -> tuple[str, ...]:
    """What a scenario tells the lab."""
    options = (part for name, value in run.options.items() for part in (f"--{name.replace('_', '-')}", str(value)))
    faults = (part for fault in run.inject for part in ("--inject", fault))
    return (run.protocol, "--profile", run.profile, *options, *faults)


def _plan_command(request: RunRequest) -> Plan:
    own = request.scenario.command
    argv = request.command or (own.argv if own else ())
    if not argv:
        raise RunnerError(f"scenario '{request.scenario.name}' names no command")
    cwd = own.cwd if own and own.cwd else request.cwd
    cwd, build = cwd or ".", build_of(argv)
    itself_too = build is None and builds_itself(argv, cwd)
    tests = is_test_command(last_step(shell_text(argv, cwd)) or argv)
    return Plan(RunnerKind.COMMAND, argv, cwd, dict(request.scenario.env), build, builds_itself=itself_too, tests=tests)
