"""The command line. Each command imports what it needs when it runs, so that none pays for another's parts."""

import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

import click
from click.core import ParameterSource

from stresstui.cli.config import ConfigError, config_path, read_config
from stresstui.cli.options import run_options

_COMMANDS: Final = {
    "run": "stresstui.cli.commands.run:run",
    "watch": "stresstui.cli.commands.watch:watch",
    "attach": "stresstui.cli.commands.attach:attach",
    "stop": "stresstui.cli.commands.stop:stop",
    "note": "stresstui.cli.commands.note:note",
    "runs": "stresstui.cli.commands.runs:runs",
    "logs": "stresstui.cli.commands.logs:logs",
    "rerun": "stresstui.cli.commands.rerun:rerun",
    "archive": "stresstui.cli.commands.archive:archive",
    "prune": "stresstui.cli.commands.prune:prune",
    "list": "stresstui.cli.commands.catalogue:list_command",
    "show": "stresstui.cli.commands.catalogue:show_command",
    "metrics": "stresstui.cli.commands.catalogue:metrics_command",
    "judge": "stresstui.cli.commands.judge:judge",
    "growth": "stresstui.cli.commands.growth:growth",
    "lab": "stresstui.cli.commands.lab:lab",
    "help": "stresstui.cli.commands.help:help_command",
}


def _version() -> str:
    try:
        return version("stresstui")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return "unknown"


def _defaults() -> dict[str, Any]:
    try:
        own = read_config(config_path())
    except ConfigError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    return own | dict.fromkeys(_COMMANDS, own)


class _Commands(click.Group):
    """A group whose commands are imported when they are called or listed."""

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **extra: Any) -> click.Context:
        """Begin with the user's defaults; a mistake in their file is one line and exit code 2."""
        if "default_map" not in extra:
            extra["default_map"] = _defaults()
        return super().make_context(info_name, args, *rest, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(":")
        command = getattr(import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}:{name} is not a command")
        return command


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "STRESSTUI"},
)
@click.version_option(_version(), "-V", "--version")
@click.option("--debug", is_flag=True, help="Show a traceback on an internal error.")
@run_options
@click.pass_context
def cli(ctx: click.Context, /, debug: bool, **options: Any) -> None:  # noqa: FBT001 - click passes flags by name
    """Run a stress test, watch it live, and get a verdict that can be trusted.

    \b
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
        click.echo(ctx.get_help())
        return
    from stresstui.cli.commands.run import run

    ctx.invoke(run, name=None, **options)


def _refuse_stray_options(ctx: click.Context) -> None:
    """An option before a command would be lost in silence."""
    for name in ctx.params:
        if name != "debug" and ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            option = f"--{name.replace('_', '-')}"
            raise click.UsageError(f"{option} stands before '{ctx.invoked_subcommand}'; put it behind the command")
