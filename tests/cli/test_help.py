"""The list of commands, which imports none of them."""

import subprocess
import sys

import click

from stresstui.cli import cli
from stresstui.cli.table import COMMANDS

HELP = """
import sys, stresstui.__main__ as program
sys.argv = ["stresstui", "--help"]
try:
    program.main()
except SystemExit:
    print([name for name in sys.modules if "commands." in name or name in ("asyncio", "importlib.metadata")])
"""


def test_every_command_of_the_list_is_there() -> None:
    context = click.Context(cli)
    for name, place in COMMANDS.items():
        command = cli.get_command(context, name)
        assert command is not None
        assert len(place.what) < 70


def test_help_loads_no_command() -> None:
    done = subprocess.run((sys.executable, "-c", HELP), capture_output=True, text=True, check=True)
    assert "Commands:" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"
