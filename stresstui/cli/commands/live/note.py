"""``stresstui note``: write into a run's journal."""

from pathlib import Path

import click

from stresstui.cli.find_run import find_run, must_be_on
from stresstui.cli.options import report_dir_option
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.core.model.outcome import ExitCode


@click.command()
@click.argument("words", nargs=-1, metavar="[RUN] TEXT")
@click.option("--run", metavar="RUN", help="The run  [default: the one that is on]")
@report_dir_option
def note(words: tuple[str, ...], run: str | None, report_dir: Path) -> None:
    """Write TEXT into the journal of RUN, without RUN of the one that is on."""
    from stresstui.engine.control import client

    run, text = _taken_apart(words, run)
    run_dir = find_run(run, report_dir, live=True)
    try:
        answer = client.note(run_dir, text, by=_who())
    except OSError as error:
        must_be_on(run_dir)
        refuse(f"stresstui: {run_dir.name} takes no notes, its supervisor does not answer: {error}")
    if answer.trouble:
        why = f"its journal cannot be written ({answer.trouble}); the note waits in memory"
        refuse(f"stresstui: not yet noted in {run_dir.name}: {why}", ExitCode.COULD_NOT_RUN)
    say(f"noted in {run_dir.name}")


def _taken_apart(words: tuple[str, ...], run: str | None) -> tuple[str | None, str]:
    if len(words) == 1:
        return run, words[0]
    if len(words) == 2 and run is None:  # noqa: PLR2004 - RUN and TEXT
        return words[0], words[1]
    refuse("stresstui note: give the text in quotes, and before it the run where more than one is on")


def _who() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "user"
