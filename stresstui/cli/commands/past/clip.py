"""``stresstui clip``: a stretch of a recorded run, to show it to somebody."""

from pathlib import Path
from typing import Any

import click

from stresstui.cli.find_run import find_run
from stresstui.cli.options import PAUSE, report_dir_option
from stresstui.cli.terminal import complete
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say

_LEAST, _MOST = (20, 5), (500, 200)


def _size(context: click.Context, option: click.Parameter, text: str) -> tuple[int, int]:
    del context, option
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise click.BadParameter(f"'{text}' is no size such as 120x35")
    size = (int(width), int(height))
    if not (_LEAST[0] <= size[0] <= _MOST[0] and _LEAST[1] <= size[1] <= _MOST[1]):
        raise click.BadParameter(f"'{text}' is not between {_LEAST[0]}x{_LEAST[1]} and {_MOST[0]}x{_MOST[1]}")
    return size


@click.command()
@click.argument("run", required=False, shell_complete=complete.runs)
@click.option("--around", metavar="BREACH|TIME", default="1", show_default=True,
              help="A breach by its number or its criterion's id, or a time such as 1:02:03.")  # fmt: skip
@click.option("--before", type=PAUSE, default=20.0, help="How long before it begins  [default: 20s]")
@click.option("--after", type=PAUSE, default=20.0, help="How long after it ends  [default: 20s]")
@click.option("--size", callback=_size, default="120x35", show_default=True, help="Cells and lines.")
@click.option("--speed", type=click.FloatRange(0.1, 3600.0), default=10.0, show_default=True, help="Times the clock.")
@click.option("--theme", metavar="NAME", shell_complete=complete.themes, default="dark", show_default=True,
              help="Colours.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
              help="FILE.cast, or FILE.svg for one picture of its end  [default: RUN.cast]")  # fmt: skip
@report_dir_option
def clip(run: str | None, report_dir: Path, output: Path | None, theme: str, **how: Any) -> None:
    """Write a stretch of RUN as its screen showed it: an asciicast, or a picture; without RUN of the newest.

    'asciinema play FILE.cast' plays it.
    """
    run_dir = find_run(run, report_dir, live=False)
    from stresstui.core.model.errors import RecordError
    from stresstui.tui.draw.glyphs import UNICODE
    from stresstui.tui.recorded.clip import Clip, make_clip

    target = output or Path(f"{run_dir.name}.cast")
    if target.suffix not in (".cast", ".svg"):
        refuse(f"stresstui clip: {target}: its name is to end in .cast or .svg")
    try:
        begin, end = make_clip(run_dir, target, Clip(**how), theme=theme, glyphs=UNICODE)
    except (OSError, RecordError, ValueError) as error:
        refuse(f"stresstui clip: {run_dir.name}: {error}")
    say(f"{target}: {run_dir.name} from {begin:.0f}s to {end:.0f}s, {target.stat().st_size:,} bytes")
