"""``stresstui replay``: a recorded run on the screen again, played from any moment of it."""

import sys
from pathlib import Path
from typing import Any

import click

from stresstui.cli.find_run import find_run
from stresstui.cli.options import ShowOptions, report_dir_option, show_options
from stresstui.cli.show import check_theme, show, wants_screen
from stresstui.cli.terminal import complete
from stresstui.cli.terminal.refuse import refuse


@click.command()
@click.argument("run", required=False, shell_complete=complete.runs)
@click.option("--at", metavar="TIME", default="0s", help="Where to begin, such as 1:02:03 or 90m  [default: the start]")
@click.option("--speed", type=click.FloatRange(0.1, 86400.0), default=10.0, show_default=True, help="Times the clock.")
@report_dir_option
@show_options
def replay(run: str | None, at: str, speed: float, report_dir: Path, **options: Any) -> None:
    """Play RUN on the screen again; without RUN the newest; without a screen its lines are printed.

    space plays and pauses, . and , step, + and - change the speed, [ and ] go to breaches, : goes to a time.
    """
    how = ShowOptions(**options)
    check_theme(how)
    run_dir = find_run(run, report_dir, live=False)
    if not wants_screen(how):
        sys.exit(show(run_dir, how, owns=False))
    from stresstui.core.model.errors import RecordError
    from stresstui.core.model.units import UnitError
    from stresstui.tui.recorded.replay import run_replay, seconds_of
    from stresstui.tui.tty.able import screen_glyphs

    glyphs = screen_glyphs(ascii_only=how.ascii_only)
    try:
        run_replay(
            run_dir, at=seconds_of(at), speed=speed, theme=how.theme, glyphs=glyphs, mouse=how.mouse, fps=how.fps
        )
    except UnitError as error:
        refuse(f"stresstui replay: --at {at}: {error}")
    except (OSError, RecordError) as error:
        refuse(f"stresstui replay: {run_dir}: {error}")
