"""What cannot be done: one line and an exit code."""

import sys
from typing import NoReturn

import click

from stresstui.core.model.outcome import ExitCode
from stresstui.core.model.printable import printable


def refuse(message: str, code: int = ExitCode.USAGE) -> NoReturn:
    """Say one line on standard error and end."""
    click.echo("\n".join(printable(line) for line in message.split("\n")), err=True)
    sys.exit(code)
