"""``stresstui run``: a scenario, or any command."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click
import msgspec

from stresstui.cli.options import RunOptions, run_options
from stresstui.cli.starting.apart import on_the_lab, one_side
from stresstui.cli.starting.launch import choose, launch, load_scenario, make_request
from stresstui.cli.terminal import complete
from stresstui.cli.terminal.refuse import refuse

if TYPE_CHECKING:
    from stresstui.core.model.scenario import RunnerKind, Scenario

_COMMAND: Final = "stresstui.command"


class CommandBehindDashes(click.Command):
    """A command of click's that keeps what stands behind ``--`` apart from its own arguments."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Cut the arguments at the first ``--``."""
        if "--" in args:
            place = args.index("--")
            ctx.meta[_COMMAND] = tuple(args[place + 1 :])
            args = args[:place]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Show the command in the usage line."""
        return [*super().collect_usage_pieces(ctx), "[-- COMMAND...]"]


@click.command(cls=CommandBehindDashes)
@click.argument("name", required=False, shell_complete=complete.scenarios)
@run_options
@click.pass_context
def run(
    ctx: click.Context, /, name: str | None, scenario: str | None, scenario_file: Path | None, **options: Any
) -> None:
    """Run the scenario NAME, or any command behind '--', and judge it.

    \b
    stresstui run ech_24h --duration 1h
    stresstui run -- ./soak --forever
    stresstui run soak.toml
    """  # noqa: D301 - \b is click's mark for a paragraph kept as it is
    argv: tuple[str, ...] = ctx.meta.get(_COMMAND, ())
    if name is not None and scenario is not None:
        refuse(f"stresstui run: both '{name}' and --scenario {scenario} are named; put '--' before a command")
    name = name or scenario
    if name is not None or scenario_file is not None:
        _run_scenario(name, scenario_file, argv, RunOptions(**options))
    elif argv:
        _run_command(argv, RunOptions(**options))
    else:
        refuse("stresstui run: name a scenario ('stresstui list' shows them), or a command behind '--'")


def _run_scenario(name: str | None, file: Path | None, argv: tuple[str, ...], options: RunOptions) -> None:
    from stresstui.core.model.scenario import CommandRun, RunnerKind

    scenario = load_scenario(name, file)
    if argv:
        scenario = msgspec.structs.replace(scenario, command=CommandRun(argv=argv))
        runner, why = RunnerKind.COMMAND, "a command was given"
    else:
        if options.inject and options.runner not in (None, RunnerKind.LAB):
            _refuse_faults(options.runner)  # whatever cargo would find: the words of the command line do not fit
        options = on_the_lab(options)
        choice = choose(scenario, options)
        scenario, runner, why = choice.scenario, choice.runner, choice.why
    scenario = _with_faults(scenario, runner, options.inject)
    if options.inject:
        why += f"; rehearsal with {', '.join(options.inject)}"
    workspace = str(options.workspace) if options.workspace else None
    request = make_request(scenario, runner, why, options, workspace=workspace, heaptrack=options.heaptrack)
    launch(one_side(request, options), options)


def _with_faults(scenario: "Scenario", runner: "RunnerKind", faults: tuple[str, ...]) -> "Scenario":
    if not faults:
        return scenario
    from stresstui.core.model.fault import FaultError, read_fault
    from stresstui.core.model.scenario import RunnerKind

    if runner is not RunnerKind.LAB or scenario.lab is None:
        _refuse_faults(runner)
    for text in faults:
        try:
            read_fault(text)
        except FaultError as error:
            refuse(f"stresstui run: --inject: {error}")
    lab = msgspec.structs.replace(scenario.lab, inject=(*scenario.lab.inject, *faults))
    return msgspec.structs.replace(scenario, lab=lab)


def _refuse_faults(runner: str | None) -> NoReturn:
    refuse(f"stresstui run: --inject needs the lab, and this run is started by {runner}; add --runner lab")


def _run_command(argv: tuple[str, ...], options: RunOptions) -> None:
    from stresstui.catalogue import default_scenario
    from stresstui.core.model.scenario import CommandRun, RunnerKind

    if options.inject:
        refuse("stresstui run: --inject needs the lab; name a scenario that runs there")
    if options.served_at or options.invitation:
        refuse("stresstui run: --serve and --invitation are the lab's; name a scenario that runs there")
    if options.features:
        refuse("stresstui run: --features is for scenarios; write it behind '--', as cargo's own")
    if options.runner not in (None, "command"):
        refuse(f"stresstui run: --runner {options.runner} starts scenarios; a command needs none")
    from stresstui.cli.starting.through import replace_if_listing, stands_in

    if options.through or (stands_in(argv) and not (options.headless or options.detach)):
        replace_if_listing(argv)
        options = msgspec.structs.replace(options, through=True)
    scenario = msgspec.structs.replace(default_scenario(), name="command", command=CommandRun(argv=argv))
    request = make_request(scenario, RunnerKind.COMMAND, "a command was given", options, heaptrack=options.heaptrack)
    launch(request, options)
