"""``stresstui ab``: two commands in turn on this machine, and what differs."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

from stresstui.cli.commands.compare.compare import end
from stresstui.cli.options import PlanOptions, plan_options
from stresstui.cli.runs_of import folded
from stresstui.cli.starting.launch import make_request, start
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.core.model.outcome import ExitCode

if TYPE_CHECKING:
    from stresstui.compare.numbers import Numbers
    from stresstui.core.model.scenario import Scenario
    from stresstui.engine.launch.request import RunRequest

_SOUND: Final = (ExitCode.PASSED, ExitCode.FAILED, ExitCode.INCONCLUSIVE)


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True, help="Runs of each.")
@click.option("--scenario-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Scenario whose metrics, warm-up and criteria both are run with.")  # fmt: skip
@plan_options
def ab(a: str, b: str, rounds: int, scenario_file: Path | None, **options: Any) -> None:
    """Run the commands A and B in ABBA order, each --rounds times, and compare them.

    \b
    stresstui ab "./server-old --port 8080" "./server-new --port 8080" --duration 2m

    ABBA keeps what drifts on the machine from looking like a difference. Exit codes: 0 B is not worse than A,
    1 it is, 3 there is nothing to compare, or too little is left of it: seconds in which the host was saturated are
    left out of times and rates.
    """  # noqa: D301 - \b is click's mark for a paragraph kept as it is
    from stresstui.compare.judge import compare
    from stresstui.history.rows import earlier_of

    plan = msgspec.structs.replace(PlanOptions(**options), headless=True)
    for name, asked in (("--repeat", plan.repeat), ("--until-fail", plan.until_fail), ("--detach", plan.detach)):
        if asked:
            refuse(f"stresstui ab: {name} does not go with it; --rounds says how often")
    requests = {side: _request(side, text, scenario_file, plan) for side, text in (("a", a), ("b", b))}
    sides: dict[str, list[Numbers]] = {"a": [], "b": []}
    order = abba(rounds)
    for number, side in enumerate(order, 1):
        say(f"run {number} of {len(order)}: {side.upper()}")
        sides[side].append(_run(requests[side], plan))
    end(compare(sides["a"], sides["b"], earlier=earlier_of([*sides["a"], *sides["b"]], plan.report_dir)))


def abba(rounds: int) -> str:
    """The order: AB, then BA, then AB again."""
    return "".join("ab" if number % 2 == 0 else "ba" for number in range(rounds))


def _request(side: str, text: str, file: Path | None, plan: PlanOptions) -> "RunRequest":
    from stresstui.core.model.scenario import CommandRun, RunnerKind

    try:
        argv = tuple(shlex.split(text))
    except ValueError as error:
        refuse(f"stresstui ab: {text!r}: {error}")
    if not argv:
        refuse(f"stresstui ab: {side.upper()} is empty; give a command in quotes")
    scenario = msgspec.structs.replace(_scenario(file), command=CommandRun(argv=argv))
    scenario = msgspec.structs.replace(scenario, name=f"ab_{side}")
    return make_request(scenario, RunnerKind.COMMAND, f"{side.upper()} of an A/B comparison", plan)


def _scenario(file: Path | None) -> "Scenario":
    from stresstui.catalogue import ScenarioError, default_scenario, load_file

    try:
        return load_file(file) if file is not None else default_scenario()
    except ScenarioError as error:
        refuse(str(error))


def _run(request: "RunRequest", plan: PlanOptions) -> "Numbers":
    from stresstui.cli.show import show
    from stresstui.cli.starting.launch import held_signals
    from stresstui.cli.starting.stopped import was_stopped
    from stresstui.compare.numbers import numbers_of

    with held_signals() as asked:
        run_dir = start(request, plan)
    code = show(run_dir, plan, owns=True, asked=asked[0] if asked else "")
    if was_stopped(run_dir):
        refuse(f"stresstui ab: {run_dir.name} was stopped, so there is nothing to compare", code)
    if code not in _SOUND:
        refuse(f"stresstui ab: {run_dir.name} ended with {code}, so there is nothing to compare", code)
    return numbers_of(folded(run_dir), run_dir=run_dir)
