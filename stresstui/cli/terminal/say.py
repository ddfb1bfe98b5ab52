"""Plain output: lines in which nothing is left that a terminal would obey, whoever wrote the text."""

import click

from stresstui.core.text.printable import printable


def say(text: str = "", *, err: bool = False) -> None:
    """Print a text, cleaned line by line, on standard output or standard error."""
    click.echo("\n".join(printable(line) for line in text.split("\n")), err=err)
