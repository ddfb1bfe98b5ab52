"""Every command that README and the pages of help show is one that this program takes, options and all."""

import re
import shlex
from pathlib import Path

import click
import pytest

from stresstui.cli import cli

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "stresstui" / "docs").glob("*.md")))
SHOWN = re.compile(r"^ *(?:\$ )?(?:[A-Z_]+=\S+ )*(stresstui [^\n]+)$|`(stresstui [^`\n]+)`", re.MULTILINE)
COMMENT = re.compile(r"\s+#.*| {2,}\S.*| [|>&] ?.*")
"""What stands behind a command: a comment, a column of words, another command."""
OPTIONAL = re.compile(r"[\[\]]|\.\.\.")
PROSE = ("stresstui runs a stress", "stresstui runs commands", "stresstui COMMAND")


def shown() -> list[str]:
    """The commands, each once."""
    found = [line for page in PAGES for pair in SHOWN.findall(page.read_text(encoding="utf-8")) for line in pair]
    wanted = [OPTIONAL.sub("", COMMENT.sub("", line)).strip() for line in found if line and not line.startswith(PROSE)]
    return sorted(set(wanted))


def taken(words: list[str]) -> None:
    """Parse the words down to the command that they end in; raises UsageError."""
    command: click.Command = cli
    context, name = None, "stresstui"
    while True:
        context = command.make_context(name, list(words), parent=context)
        rest = [*context._protected_args, *context.args]
        if not isinstance(command, click.Group) or not rest:
            return
        _, found, words = command.resolve_command(context, rest)
        assert found is not None
        command, name = found, rest[0]


@pytest.mark.parametrize("line", shown())
def test_a_shown_command_is_one(line: str) -> None:
    try:
        taken(shlex.split(line)[1:])
    except (click.exceptions.NoArgsIsHelpError, click.MissingParameter):
        """It stands for the command as such."""
    except click.UsageError as error:
        if "does not exist" not in str(error.message):  # a file of the reader's
            pytest.fail(f"{line}: {error.message}")


def test_they_are_many() -> None:
    assert len(shown()) > 80
