"""``stresstui man``: man pages."""

import re
from pathlib import Path
from typing import Final

import click

from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.core.model.outcome import ExitCode

_REQUEST: Final = re.compile(r"\.[A-Z]{1,2}\b")
"""A line of a page that is none of its text."""


@click.command()
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), default=Path(), show_default="here",
              help="Folder for them, such as ~/.local/share/man/man1.")  # fmt: skip
@click.pass_context
def man(ctx: click.Context, output: Path) -> None:
    """Write man pages of the program and each of its commands; needs the extra 'man'."""
    try:
        from click_man.core import write_man_pages
    except ModuleNotFoundError:
        refuse("stresstui man: click-man is missing; pip install 'stresstui[man]'", ExitCode.COULD_NOT_RUN)
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("stresstui")
    except PackageNotFoundError:  # run from a source tree that was never installed
        number = "unknown"
    try:
        output.mkdir(parents=True, exist_ok=True)
        write_man_pages("stresstui", _whole(ctx.find_root()), version=number, target_dir=str(output))
        pages = sorted(output.glob("stresstui*.1"))
        for page in pages:
            page.write_text(_as_roff(page.read_text(encoding="utf-8")), encoding="utf-8")
    except OSError as error:
        refuse(f"stresstui man: {error.filename or output}: {error.strerror}", ExitCode.COULD_NOT_RUN)
    say(f"{len(pages)} pages in {output}")


def _whole(root: click.Context) -> click.Group:
    """The program with all its commands loaded, which is how click-man looks for them."""
    program = root.command
    if not isinstance(program, click.Group):
        raise TypeError("the program is a group of commands")
    names = program.list_commands(root)
    found = {name: command for name in names if (command := program.get_command(root, name)) is not None}
    return click.Group("stresstui", commands=found, params=program.params, help=program.help)


def _as_roff(page: str) -> str:
    """What click-man leaves as it is: examples, a line each, and lines of text that roff would take for requests."""
    lines, example = [], False
    for line in page.splitlines():
        request = _REQUEST.match(line) is not None
        if example and request:
            lines.append(".fi")
            example = False
        if line == "\b":
            lines.append(".nf")
            example = True
        elif example:
            lines.append("\\&" + line.replace("\\", "\\e").replace("-", "\\-"))
        else:
            lines.append(line if request or not line.startswith((".", "'")) else f"\\&{line}")
    return "\n".join([*lines, *([".fi"] if example else []), ""])
