"""`stresstui list`, `show` and `metrics`: what there is to run, and how it would be judged."""

import os
import shlex
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from stresstui.cli.terminal.say import say

if TYPE_CHECKING:
    from stresstui.catalogue import Entry
    from stresstui.core.model.scenario import CriterionSpec, Scenario

USAGE = 2
_NARROWEST = 16
_PROSE = 100
_FILE = click.option("--scenario-file", type=click.Path(dir_okay=False), help="Read the scenario from this file.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command("list")
@_JSON
def list_command(as_json: bool) -> None:  # noqa: FBT001 - click's
    """List the scenarios that can be run from here."""
    from stresstui.catalogue import list_scenarios

    entries = list_scenarios()
    if as_json:
        _print_json(entries)
        return
    head = ("NAME", "DURATION", "RUNNERS", "TITLE", "SOURCE")
    rows = [head, *(_row(entry) for entry in entries if entry.origin != "suite")]
    _print(_table(rows, gives_way=3))
    suite = [_row(entry)[:4] for entry in entries if entry.origin == "suite"]
    if suite:
        _print(["", "The Rust project's own suite, from its workspace:", *_table([head[:4], *suite], gives_way=3)])
    broken = [entry.error for entry in entries if entry.error]
    if broken:
        _print(["", "Broken files:", *broken])


@click.command("show")
@click.argument("name", required=False)
@_FILE
@_JSON
def show_command(name: str | None, scenario_file: str | None, as_json: bool) -> None:  # noqa: FBT001 - click's
    """Show what the scenario NAME runs, how it is judged, and which file it comes from."""
    scenario, entry = _chosen(name, scenario_file)
    if as_json:
        _print_json(scenario)
        return
    _print(_about(scenario))
    _print(_source(scenario, entry))
    for heading, lines in _judged(scenario):
        _print(["", heading, *lines])


@click.command("metrics")
@click.argument("name", required=False)
@_FILE
@_JSON
def metrics_command(name: str | None, scenario_file: str | None, as_json: bool) -> None:  # noqa: FBT001 - click's
    """List the metrics that a rule may use: the built-in ones, and those of the scenario NAME."""
    from stresstui.core.model.metric import BUILT_IN

    own: list[str] = []
    if name or scenario_file:
        scenario, _ = _chosen(name, scenario_file)
        own = list(scenario.metrics)
        metrics = [*BUILT_IN.values(), *(one for one in map(scenario.metric, own) if one is not None)]
    else:
        metrics = list(BUILT_IN.values())
    if as_json:
        _print_json(metrics)
        return
    rows = [
        ("NAME", "KIND", "UNIT", "FROM", "TITLE"),
        *(
            (one.name, str(one.kind), one.unit, "workload" if one.name in own else "built-in", one.title)
            for one in metrics
        ),
    ]
    _print(_table(rows, gives_way=4))


def _print_json(value: object) -> None:
    say(msgspec.json.encode(value, enc_hook=str).decode())


def _chosen(name: str | None, scenario_file: str | None) -> "tuple[Scenario, Entry | None]":
    from stresstui.catalogue import ScenarioError, load, load_file, locate_scenario

    if (name is None) == (scenario_file is None):
        raise click.UsageError("name one scenario, or give one --scenario-file; 'stresstui list' shows the names")
    try:
        if scenario_file is not None:
            return load_file(Path(scenario_file)), None
        return load(str(name)), locate_scenario(str(name))
    except ScenarioError as error:
        say(str(error), err=True)
        sys.exit(USAGE)


def _row(entry: "Entry") -> tuple[str, ...]:
    from stresstui.core.model.units import format_duration

    source = entry.origin if entry.origin == "built-in" else f"{entry.origin}: {entry.source}"
    if entry.error:
        return (entry.name, "-", "-", "(broken, see below)", source)
    duration = "to its end" if entry.duration is None else format_duration(entry.duration)
    return (entry.name, duration, ", ".join(entry.runners) or "-", entry.title, source)


def _about(scenario: "Scenario") -> list[str]:
    pairs = [("Name", scenario.name), ("Objective", scenario.objective), ("Duration", _duration(scenario))]
    pairs.append(("Range", scenario.duration_note))
    commands = [("Cargo", scenario.cargo.command)] if scenario.cargo is not None else []
    commands += [("Command", scenario.command.argv)] if scenario.command is not None else []
    if scenario.lab is not None:
        options = "".join(f" --{key} {value}" for key, value in scenario.lab.options.items())
        pairs.append(("Lab", f"{scenario.lab.protocol}, profile {scenario.lab.profile}{options}"))
    if scenario.services:
        pairs.append(("Services", ", ".join(scenario.services)))
    pairs.extend(("Environment", f"{key}={value}") for key, value in scenario.env.items())
    typed = [line for heading, argv in commands for line in _typed(heading, argv)]
    return [*_wrapped(scenario.title, "", ""), "", *_paragraphs(pairs), *typed]


def _typed(heading: str, argv: Sequence[str]) -> list[str]:
    """A command that can be copied, continued over lines as a shell wants it."""
    *most, last = _paragraphs([(heading, shlex.join(argv))], spare=2)
    return [*(f"{line} \\" for line in most), last]


def _duration(scenario: "Scenario") -> str:
    from stresstui.core.model.units import format_duration

    whole = "until the workload exits" if scenario.duration is None else format_duration(scenario.duration)
    parts = [f"{whole}, of it {format_duration(scenario.warm_up)} warm-up" if scenario.warm_up else whole]
    if scenario.cool_down:
        parts.append(f"then {format_duration(scenario.cool_down)} cool-down")
    parts.append(f"a sample every {format_duration(scenario.interval)}")
    return ", ".join(parts)


def _source(scenario: "Scenario", entry: "Entry | None") -> list[str]:
    if entry is None:
        return _paragraphs([("Source", f"{scenario.source} (--scenario-file)")])
    pairs = [("Source", f"{entry.source} ({entry.origin})")]
    return _paragraphs([*pairs, *(("Overrides", path) for path in entry.overrides)])


def _judged(scenario: "Scenario") -> list[tuple[str, list[str]]]:
    groups: dict[str, list[CriterionSpec]] = {}
    for spec in scenario.criteria:
        groups.setdefault(spec.group, []).append(spec)
    return [(heading, [line for spec in specs for line in _criterion(spec)]) for heading, specs in groups.items()]


def _criterion(spec: "CriterionSpec") -> list[str]:
    words = [f"only with {', '.join(spec.runners)}"] if spec.runners else []
    words += ["a breach only warns"] if spec.severity == "warn" else []
    words += [f"a breach ends the run after {spec.grace}"] if spec.abort else []
    rule = f"{spec.rule}   [{spec.id}]" + "".join(f"; {word}" for word in words)
    return [*_wrapped(spec.title, "  ", "    "), *_wrapped(rule, "      ", "        ")]


def _paragraphs(pairs: Iterable[tuple[str, str]], *, spare: int = 0) -> list[str]:
    headed = [(f"{name + ':':<13}", text) for name, text in pairs if text]
    return [line for head, text in headed for line in _wrapped(text, head, " " * 13, spare=spare)]


def _wrapped(text: str, first: str, rest: str, *, spare: int = 0) -> list[str]:
    width = max((_width() or _PROSE) - spare, len(rest) + _NARROWEST)
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def _table(rows: Sequence[tuple[str, ...]], *, gives_way: int) -> list[str]:
    """Rows as aligned columns; where they are wider than the terminal, the column that gives way is cut."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    room = _width()
    if room is not None:
        excess = max(0, sum(widths) + 2 * (len(widths) - 1) - room)
        widths[gives_way] = max(min(_NARROWEST, widths[gives_way]), widths[gives_way] - excess)
    return ["  ".join(_cell(text, width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _cell(text: str, width: int) -> str:
    return text.ljust(width) if len(text) <= width else text[: width - 3] + "..."


def _width() -> int | None:
    """Columns of the terminal; None in a pipe, which has no edge."""
    if sys.stdout.isatty() or "COLUMNS" in os.environ:
        return shutil.get_terminal_size().columns
    return None


def _print(lines: Iterable[str]) -> None:
    """Print lines; what a file put into them cannot steer the terminal."""
    for line in lines:
        say("".join(sign if sign.isprintable() else "?" for sign in line))
