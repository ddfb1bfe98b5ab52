"""``stresstui config``: the user's defaults."""

import os
from typing import Final

import click

from stresstui.cli.config import OPTIONS, ConfigError, config_path, read_config
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.core.model.outcome import ExitCode

_BEGINNING: Final = """\
# Your defaults for stresstui. A flag comes first, then STRESSTUI_*, then this file.

# theme = "dark"
# report_dir = "reports/stress-tests"
# interval = "1s"
# collector = "auto"
# ascii = false
# mouse = false
# bell = "off"        # or "bell", "osc9", "osc777": how the terminal tells of breaches and of the end

# Who is told of breaches, recoveries, the end and the loss of runs: stresstui help alerts
# [[alerts]]
# url = "https://example.org/hook"
"""


@click.group()
def config() -> None:
    """Your defaults: flags and STRESSTUI_* variables come before them."""


@config.command()
def path() -> None:
    """Print where the file is looked for."""
    say(str(config_path()))


@config.command()
def init() -> None:
    """Write a file to begin with, in which everything is commented out; one that is there stays."""
    place = config_path()
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fd = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        refuse(f"stresstui config: {place} is there already; edit it")
    except OSError as error:
        refuse(f"stresstui config: {place}: {error.strerror}", ExitCode.COULD_NOT_RUN)
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        file.write(_BEGINNING)
    say(str(place))


@config.command("print")
def print_config() -> None:
    """Print what holds where no flag says otherwise, and where it comes from."""
    try:
        own = read_config(config_path())
    except ConfigError as error:
        refuse(str(error))
    for key, (name, _) in OPTIONS.items():
        variable = f"STRESSTUI_{name.upper()}"
        if variable in os.environ:
            say(f"{key} = {os.environ[variable]!r}  # {variable}")
        elif name in own:
            say(f"{key} = {own[name]!r}  # {config_path()}")
        else:
            say(f"# {key} is the program's own")


@config.command()
def validate() -> None:
    """Say whether the file can be used; a mistake is exit code 2 with file, line and mend."""
    try:
        found = read_config(config_path())
    except ConfigError as error:
        refuse(str(error))
    there = f"{len(found)} defaults" if config_path().exists() else "there is none, which is fine"
    say(f"{config_path()}: {there}")
