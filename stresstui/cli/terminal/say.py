"""Plain output: lines in which nothing is left that a terminal would obey, whoever wrote the text."""

import re
import sys
from typing import Final

import click

from stresstui.cli.terminal.capable import has_colors, has_links, linked, painted
from stresstui.core.text.printable import printable

_NUMBER: Final = re.compile(r"\[Errno -?\d+\] ")
"""What Python puts before the system's own words: it helps nobody."""


def say(text: str = "", *, err: bool = False) -> None:
    """Print a text, cleaned line by line, on standard output or standard error.

    Verdicts have colours and reports are links where that is wanted and the terminal can.
    """
    lines = [printable(line) for line in text.split("\n")]
    if err:
        click.echo(_NUMBER.sub("", "\n".join(lines)), err=True)
        return
    if has_links(sys.stdout):
        lines = [linked(line) for line in lines]
    colors = has_colors(sys.stdout)
    if colors:
        lines = [painted(line) for line in lines]
    click.echo("\n".join(lines), color=True if colors else None)
