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
    known = topics()
    if topic is None:
        width = max(map(len, known))
        for name in known:
            say(f"stresstui help {name:<{width}}  {_title(name)}")
        return
    if topic not in known:
        refuse(f"stresstui help: no page on '{topic}'; there are {', '.join(known)}")
    say(_text(topic).rstrip())


def topics() -> list[str]:
    """What there are pages on."""
    return sorted(page.name.removesuffix(_SUFFIX) for page in _PAGES.iterdir() if page.name.endswith(_SUFFIX))


def _text(topic: str) -> str:
    return (_PAGES / f"{topic}{_SUFFIX}").read_text(encoding="utf-8")


def _title(topic: str) -> str:
    return _text(topic).partition("\n")[0].lstrip("# ")
