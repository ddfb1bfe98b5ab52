"""The list of commands, which imports none of them."""

import re
import subprocess
import sys

import click
from click.testing import CliRunner

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


def test_each_topic_has_a_page_whose_commands_there_are() -> None:
    runner = CliRunner()
    listed = runner.invoke(cli, ["help"]).output.splitlines()
    assert len(listed) >= 3
    for line in listed:
        page = runner.invoke(cli, ["help", line.split()[2]])
        assert page.exit_code == 0
        named = set(re.findall(r"stresstui ([a-z]+)", page.output)) - {"is"}
        assert named <= COMMANDS.keys(), named - COMMANDS.keys()
    unknown = runner.invoke(cli, ["help", "nothing"])
    assert unknown.exit_code == 2


def test_no_option_of_the_program_itself_is_called_as_a_command_is() -> None:
    """The defaults of a command stand under its name, where an option of that name would read them."""
    assert {option.name for option in cli.params} & COMMANDS.keys() == set()
