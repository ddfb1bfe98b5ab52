"""``stresstui help``: pages on what takes more than a line."""

from importlib.resources import files
from typing import Final

import click

from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say

_PAGES: Final = files("stresstui") / "docs"
_SUFFIX: Final = ".md"


@click.command("help")
@click.argument("topic", required=False)
def help_command(topic: str | None) -> None:
    """Show the page on TOPIC; without it, the topics there are."""
    topics = sorted(page.name.removesuffix(_SUFFIX) for page in _PAGES.iterdir() if page.name.endswith(_SUFFIX))
    if topic is None:
        width = max(map(len, topics))
        for name in topics:
            say(f"stresstui help {name:<{width}}  {_title(name)}")
        return
    if topic not in topics:
        refuse(f"stresstui help: no page on '{topic}'; there are {', '.join(topics)}")
    say(_text(topic).rstrip())


def _text(topic: str) -> str:
    return (_PAGES / f"{topic}{_SUFFIX}").read_text(encoding="utf-8")


def _title(topic: str) -> str:
    return _text(topic).partition("\n")[0].lstrip("# ")
