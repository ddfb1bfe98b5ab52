"""What cannot be done: one line and an exit code."""

import sys
from typing import NoReturn

import click

from stresstui.core.model.outcome import ExitCode


def refuse(message: str, code: int = ExitCode.USAGE) -> NoReturn:
    """Say one line on standard error and end."""
    click.echo(message, err=True)
    sys.exit(code)
