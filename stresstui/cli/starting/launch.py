"""From options to a run that is on: the scenario, the runner, the request, and the way it is shown."""

import contextlib
import os
import re
import signal
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import msgspec

from stresstui import itself
from stresstui.cli.options import PlanOptions, RunOptions
from stresstui.cli.show import check_theme, load_view, show
from stresstui.cli.starting.login import in_scope
from stresstui.cli.starting.repeat import repeat
from stresstui.cli.starting.stopped import was_stopped
from stresstui.cli.starting.surroundings import describe_mount
from stresstui.cli.starting.through import pass_through
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.core.model.outcome import ExitCode
from stresstui.files import why_shared

if TYPE_CHECKING:
    from stresstui.core.model.scenario import RunnerKind, Scenario
    from stresstui.engine.launch.plan import Choice
    from stresstui.engine.launch.request import RunRequest

ENTRY: Final = itself.module("stresstui.supervise")
"""How the supervisor is started; the run's directory follows."""

OVERTIME_SHARE: Final = 0.05
"""Share of a scenario's own duration that a test or a command may run on before it is stopped."""
OVERTIME_MAX_S: Final = 900.0
"""And the same in seconds, at most."""


def load_scenario(name: str | None, file: Path | None) -> "Scenario":
    """Load the scenario by name or file; a mistake ends the program with one line and exit code 2."""
    from stresstui.catalogue import ScenarioError, load, load_file

    if (name is None) == (file is None):
        refuse("stresstui run: name one scenario, or give one --scenario-file; 'stresstui list' shows the names")
    try:
        return load_file(file) if file is not None else load(str(name))
    except ScenarioError as error:
        refuse(str(error))


def choose(scenario: "Scenario", options: RunOptions) -> "Choice":
    """Choose how the workload is started, and say why."""
    from stresstui.core.model.scenario import RunnerKind
    from stresstui.engine.launch.plan import Choice, RunnerError, choose_cargo, choose_runner

    asked, scenario = options.runner, _with_features(scenario, options)
    if asked is not None and {"cargo": scenario.cargo, "lab": scenario.lab, "command": scenario.command}[asked] is None:
        refuse(f"{scenario.source or scenario.name}: no [{asked}] table, so --runner {asked} has nothing to start")
    try:
        if asked is None:
            return choose_runner(scenario, options.workspace, Path.cwd())
        if asked == RunnerKind.CARGO:
            choice = choose_cargo(scenario, options.workspace, Path.cwd())
            return Choice(choice.scenario, choice.runner, f"asked for with --runner; {choice.why}")
    except RunnerError as error:
        refuse(f"stresstui run: {error}")
    return Choice(scenario, RunnerKind(asked), "asked for with --runner")


def _with_features(scenario: "Scenario", options: RunOptions) -> "Scenario":
    """The scenario with the cargo features of the command line besides its own."""
    more = tuple(re.findall(r"[^\s,]+", ",".join(options.features)))
    if not more:
        return scenario
    if scenario.cargo is None:
        refuse(f"{scenario.source or scenario.name}: no [cargo] table, so --features has nothing to build")
    return msgspec.structs.replace(scenario, cargo=scenario.cargo.with_features(more))


def make_request(
    scenario: "Scenario", runner: "RunnerKind", why: str, options: PlanOptions, **more: Any
) -> "RunRequest":
    """Put together what the supervisor is asked to do; options win over the scenario."""
    from stresstui.core.model.scenario import scaled_warm_up
    from stresstui.engine.launch.request import RunRequest

    duration = options.duration or scenario.duration
    warm_up = scaled_warm_up(scenario, duration) if options.warm_up is None else options.warm_up
    if duration is not None and warm_up >= duration:
        refuse(f"--warm-up {warm_up:g}s leaves nothing to judge of --duration {duration:g}s; make it shorter")
    interval = options.interval or scenario.interval
    if duration is not None and interval > duration:
        refuse(f"an interval of {interval:g}s leaves no sample in a run of {duration:g}s; make it shorter")
    settling = scenario.warm_up if options.warm_up is None else warm_up
    return RunRequest(
        scenario=msgspec.structs.replace(
            scenario, duration=duration, full_duration=scenario.duration, warm_up=settling
        ),
        runner=runner,
        why=why + _warm_up_note(scenario, warm_up, asked=options.warm_up is not None),
        interval=interval,
        duration=duration,
        overtime=_overtime(scenario, runner) if options.duration is None else 0.0,
        warm_up=warm_up,
        cool_down=scenario.cool_down if options.cool_down is None else options.cool_down,
        collector=options.collector,
        cwd=str(Path.cwd()),
        **more,
    )


def _overtime(scenario: "Scenario", runner: "RunnerKind") -> float:
    """Seconds for a test that takes the scenario's duration by itself: it is not stopped just before it ends."""
    if scenario.duration is None or runner.value not in ("cargo", "command"):
        return 0.0
    return min(OVERTIME_SHARE * scenario.duration, OVERTIME_MAX_S)


def _warm_up_note(scenario: "Scenario", warm_up: float, *, asked: bool) -> str:
    """That the warm-up is not the scenario's, as the end of a sentence; empty where it is as long, or longer."""
    from stresstui.core.model.units import format_duration

    if warm_up >= scenario.warm_up:
        return ""
    full, short = format_duration(scenario.warm_up), format_duration(warm_up)
    if asked:
        return f"; warm-up of {short} instead of {full}, as asked"
    return f"; warm-up scaled down from {full} to {short} for this duration"


def launch(request: "RunRequest", options: PlanOptions) -> NoReturn:
    """Start the run, show it as asked, and end with its exit code."""
    if options.detach and os.getpid() == 1:
        refuse("stresstui: --detach: the first process of a container takes all with it when it ends; leave it out")
    check_theme(options)
    if options.repeat is None and not options.until_fail:
        sys.exit(launch_once(request, options)[0])
    if options.detach:
        refuse("stresstui: --detach returns at once, so nobody would be there for --repeat and --until-fail")
    plain = msgspec.structs.replace(options, headless=True)
    sys.exit(repeat(lambda: launch_once(request, plain), options.repeat, until_fail=options.until_fail))


def launch_once(request: "RunRequest", options: PlanOptions) -> tuple[int, bool]:
    """Start a run and show it as asked; give its exit code, and whether somebody stopped it."""
    from stresstui.doctor.logout import logout_kills

    with held_signals() as asked:
        run_dir = start(request, options)
        if isinstance(options, RunOptions) and options.through:
            return pass_through(run_dir, asked), was_stopped(run_dir)
        if options.detach and not asked:
            say(f"{run_dir.name} is running; 'stresstui attach {run_dir.name}' shows it")
            if not options.unit and logout_kills():
                say("  this machine kills it at logout (KillUserProcesses); --unit prevents that")
            return ExitCode.PASSED, False
        code = show(run_dir, options, owns=True, asked=asked)
        return code, was_stopped(run_dir)


def start(request: "RunRequest", options: PlanOptions) -> Path:
    """Start the run and give its directory; where that fails the program ends with one line."""
    from stresstui.engine.launch.request import asked_revision

    revision = asked_revision(request)  # git answers while the rest loads
    from stresstui.cli.starting.companions import check_address, start_companions
    from stresstui.cli.starting.doctor import checked
    from stresstui.cli.starting.reference import with_reference
    from stresstui.engine.control import client
    from stresstui.engine.launch.plan import RunnerError, make_plan

    if options.pprof:
        request = msgspec.structs.replace(request, pprof=options.pprof)
    request = with_reference(request, options.report_dir)
    try:
        plan = make_plan(request)
        if request.heaptrack:
            from stresstui.engine.launch.allocations import traced

            traced(plan, options.report_dir.absolute())
    except RunnerError as error:
        refuse(f"{request.scenario.source or 'stresstui run'}: {error}")
    check_address(options)
    shared = "" if options.shared_report_dir else why_shared(options.report_dir.absolute())
    if shared:
        refuse(f"stresstui: {shared}; record elsewhere with --report-dir, or allow it with --shared-report-dir")
    try:
        run_dir = client.start(
            request,
            report_dir=options.report_dir,
            entry=in_scope(ENTRY) if options.unit else ENTRY,
            examine=partial(checked, report_dir=options.report_dir),
            meanwhile=partial(load_view, options),
            revision=revision,
        )
    except (OSError, client.StartError) as error:
        refuse(f"stresstui: cannot start the run: {_in_words(error)}", ExitCode.COULD_NOT_RUN)
    start_companions(run_dir, request, options)
    return run_dir


def _in_words(error: Exception) -> str:
    """An error of the system without its number, with the file and the mend."""
    if not isinstance(error, OSError) or not error.filename:
        return str(error)
    return (
        f"{error.filename}: {error.strerror}{describe_mount(error.filename) or '; record elsewhere with --report-dir'}"
    )


@contextlib.contextmanager
def held_signals() -> Iterator[list[str]]:
    """Hold SIGINT and SIGTERM back until who shows a run hears them: give their names, so that the run is ended."""
    names: list[str] = []
    held = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda got, _: names.append(signal.Signals(got).name)) for number in held]
    try:
        yield names
    finally:
        for number, handler in zip(held, before, strict=True):
            signal.signal(number, handler)
