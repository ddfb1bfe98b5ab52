"""``stresstui doctor``: whether this machine is fit for the run."""

import sys
from itertools import groupby
from pathlib import Path
from typing import Final

import click
import msgspec

from stresstui.cli.options import DURATION, report_dir_option
from stresstui.cli.starting.launch import load_scenario
from stresstui.cli.terminal.say import say
from stresstui.core.model.check import Check, Level
from stresstui.core.model.outcome import ExitCode

_MARKS: Final = {Level.OK: "✓ ok", Level.WARNING: "! warning", Level.PROBLEM: "✗ problem"}
_MARK_WIDTH: Final = max(map(len, _MARKS.values()))
_NAME_WIDTH: Final = 20


@click.command()
@click.option("-s", "--scenario", metavar="NAME", help="Look for what this scenario needs.")
@click.option(
    "--scenario-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The same, by file."
)
@click.option("--runner", type=click.Choice(["cargo", "lab", "command"]), help="How it is going to be started.")
@click.option("--duration", type=DURATION, help="Planned length  [default: the scenario's]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@report_dir_option
def doctor(
    *,
    scenario: str | None,
    scenario_file: Path | None,
    runner: str | None,
    duration: float | None,
    as_json: bool,
    report_dir: Path,
) -> None:
    """Say whether this machine is fit for a run: what the guide asks for, what disturbs, and what cannot be seen.

    It changes nothing. Exit code 0, or 1 where something would make the outcome worthless.
    """
    from stresstui.doctor.examine import examine, worst
    from stresstui.doctor.needs import Needs

    named = load_scenario(scenario, scenario_file) if scenario or scenario_file else None
    length = duration or (named.duration if named else None)
    checks = examine(Needs(scenario=named, duration=length, runner=runner or "", report_dir=report_dir))
    if as_json:
        say(msgspec.json.encode(checks).decode())
    else:
        _print(checks)
    sys.exit(ExitCode.FAILED if worst(checks) is Level.PROBLEM else ExitCode.PASSED)


def _print(checks: list[Check]) -> None:
    for group, lines in groupby(checks, key=lambda check: check.group):
        say(group)
        for check in lines:
            say(f"  {_MARKS[check.level]:<{_MARK_WIDTH}}  {check.name:<{_NAME_WIDTH}}  {check.found}")
            if check.mend:
                say(f"{'':{_MARK_WIDTH + _NAME_WIDTH + 6}}-> {check.mend}")
    counts = {level: sum(check.level is level for check in checks) for level in Level}
    say("")
    say(f"{counts[Level.OK]} ok, {counts[Level.WARNING]} warnings, {counts[Level.PROBLEM]} problems")
