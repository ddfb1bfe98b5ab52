"""The command line. Each command imports what it needs when it runs, so that none pays for another's parts."""

import sys
from importlib import import_module
from typing import Any

import click
from click.core import ParameterSource

from stresstui.cli.config import ConfigError, config_path, read_config
from stresstui.cli.options import ShowOptions, run_options
from stresstui.cli.table import COMMANDS
from stresstui.cli.terminal.say import say


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's
    if not wanted:
        return
    from importlib.metadata import PackageNotFoundError, version  # costs as much as all else that a command imports

    try:
        number = version("stresstui")
    except PackageNotFoundError:  # run from a source tree that was never installed
        number = "unknown"
    click.echo(f"stresstui, version {number}")
    ctx.exit()


def _defaults() -> dict[str, Any]:
    try:
        own = read_config(config_path())
    except ConfigError as error:
        say(str(error), err=True)
        sys.exit(2)
    return own | dict.fromkeys(COMMANDS, own)


def _meant(word: str) -> str:
    """What somebody may have meant who wrote no command: a scenario, or nearly a command."""
    from difflib import get_close_matches

    from stresstui.catalogue import list_scenarios
    from stresstui.cli.commands.reference.help import topics

    scenarios = [entry.name for entry in list_scenarios()]
    if word in scenarios:
        return f" It is a scenario: 'stresstui run {word}'."
    if word in topics():
        return f" There is a page on it: 'stresstui help {word}'."
    close = get_close_matches(word, [*COMMANDS, *scenarios], n=1)
    if not close:
        return " 'stresstui --help' lists them."
    return f" Did you mean 'stresstui {'' if close[0] in COMMANDS else 'run '}{close[0]}'?"


class _Commands(click.Group):
    """A group whose commands are imported when they are called or listed."""

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **extra: Any) -> click.Context:
        """Begin with the user's defaults; a mistake in their file is one line and exit code 2."""
        if "default_map" not in extra:
            extra["default_map"] = _defaults()
        return super().make_context(info_name, args, *rest, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.what) for name, place in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; of a word that is none, say what was meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(error.message + _meant(args[0]), ctx) from None

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        place = COMMANDS[cmd_name]
        command = getattr(import_module(f"stresstui.cli.commands.{place.module}"), place.name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{place.module}:{place.name} is not a command")
        return command


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "STRESSTUI"},
)
@click.option(
    "-V",
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Show the version and exit.",
)
@click.option("--debug", is_flag=True, help="Show a traceback on an internal error.")
@run_options
@click.pass_context
def cli(ctx: click.Context, /, debug: bool, **options: Any) -> None:  # noqa: FBT001 - click passes flags by name
    """Run a stress test, watch it live, and get a verdict that can be trusted.

    \b
    stresstui                             on a terminal: what there is to run and to look at
    stresstui --scenario ech_24h          run a scenario and watch it (short for 'run ech_24h')
    stresstui list                        the scenarios there are
    stresstui run -- ./soak --forever     run any command
    stresstui watch --name nginx          watch what is already running
    stresstui attach                      come back to a run

    Exit codes: 0 passed, 1 failed, 2 usage or invalid scenario, 3 inconclusive, 4 could not run, 70 internal error,
    130 and 143 aborted by the user or by a signal.
    """  # noqa: D301 - \b is click's mark for a paragraph kept as it is
    del debug
    if ctx.invoked_subcommand is not None:
        _refuse_stray_options(ctx)
        return
    if options.get("scenario") is None and options.get("scenario_file") is None:
        _go_home(ctx, options)
        return
    from stresstui.cli.commands.start.run import run

    ctx.invoke(run, name=None, **options)


def _go_home(ctx: click.Context, options: dict[str, Any]) -> None:
    """Show what there is on the screen and run what is chosen; where there is no screen, the help."""
    how = ShowOptions(
        **{name: options[name] for name in ("headless", "detach", "theme", "ascii_only", "mouse", "fps", "bell")}
    )
    from stresstui.cli.show import wants_screen

    if not wants_screen(how):
        click.echo(ctx.get_help())
        return
    from stresstui.cli.home import choose_at_home

    arguments = choose_at_home(how, options["report_dir"])
    if arguments:
        sys.exit(cli.main(args=[*arguments, *_kept(ctx)], prog_name="stresstui", standalone_mode=False))


def _kept(ctx: click.Context) -> list[str]:
    """The options of the home screen that its command is to have as well."""
    given = {"theme": "--theme", "report_dir": "--report-dir", "ascii_only": "--ascii", "mouse": "--mouse"} | {
        "fps": "--fps", "bell": "--bell",
    }  # fmt: skip
    kept: list[str] = []
    for name, option in given.items():
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            kept += [option] if ctx.params[name] is True else [option, str(ctx.params[name])]
    return kept


def _refuse_stray_options(ctx: click.Context) -> None:
    """An option before a command would be lost in silence."""
    for name in ctx.params:
        if name != "debug" and ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            option = f"--{name.replace('_', '-')}"
            raise click.UsageError(f"{option} stands before '{ctx.invoked_subcommand}'; put it behind the command")
