"""How a run is shown: on the screen, or as plain lines where there is none."""

import contextlib
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from stresstui.cli.find_run import kept_in
from stresstui.cli.options import ShowOptions
from stresstui.cli.terminal.capable import can_draw
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.cli.terminal.streams import reader_has_gone
from stresstui.core.model.outcome import ExitCode
from stresstui.folder import JOURNAL

STOP_S = 60.0
"""Seconds that a run has to end in once the screen asked for it: its child's grace, its services, its reports."""
WEB_DRIVER = "TEXTUAL_DRIVER"
"""What is set where something else than a terminal shows the screen."""


def check_theme(options: ShowOptions) -> None:
    """Refuse a theme that cannot be used before anything starts; cheap where no screen is wanted."""
    if options.theme is None or not wants_screen(options):
        return
    from stresstui.tui.themes import load_palettes

    try:
        known = load_palettes()
    except (ValueError, OSError) as error:
        refuse(f"stresstui: {error}")
    if options.theme not in known:
        refuse(f"stresstui: --theme {options.theme}: no such theme; there are {', '.join(sorted(known))}")


def load_view(options: ShowOptions) -> None:
    """Load what will show the run, while there is time."""
    if options.detach:
        return
    screen = wants_screen(options)
    if screen:
        _collect_later()
        import_module("stresstui.tui.start")
    else:
        _load_lines()


def _load_lines() -> None:
    """Load what prints lines: asyncio loads OpenSSL where it can, 4 MiB and 10 ms, and no viewer speaks TLS by it."""
    spared = "asyncio" not in sys.modules and "ssl" not in sys.modules
    if spared:
        sys.modules["ssl"] = None  # type: ignore[assignment]
    try:
        import_module("stresstui.headless")
    finally:
        if spared:
            del sys.modules["ssl"]


def show(run_dir: Path, options: ShowOptions, *, owns: bool, asked: Sequence[str] = ()) -> int:
    """Show a run on the screen, or as plain lines where there is no screen; give the exit code.

    ``owns`` is true for who started it; ``asked`` gets the names of signals that come before they are heard.
    """
    if asked or not wants_screen(options):
        _load_lines()
        from stresstui.ci.voice import voice_of
        from stresstui.headless import show_run

        voice = voice_of(os.environ if owns else {}, _write_raw)
        voice.begin(run_dir.name)
        write = _write_line if owns else _write_line_while_read
        return show_run(run_dir, write, owns=owns, asked=asked, on_end=voice.end, kept_in=kept_in(run_dir))
    _collect_later()
    from stresstui.tui.alarm import Bell
    from stresstui.tui.start import run_app

    try:
        left = run_app(
            run_dir, theme=options.theme, mouse=options.mouse, ascii_only=options.ascii_only,
            read_only=options.read_only, fps=options.fps, bell=Bell(options.bell),
        )  # fmt: skip
    except SystemExit:  # by a signal, which may have ended the terminal too
        with contextlib.suppress(OSError):
            _say_that_it_goes_on(run_dir)
        raise
    return _say_goodbye(run_dir, left)


def _say_that_it_goes_on(run_dir: Path) -> None:
    """Say so where it does."""
    from stresstui.engine.process.pidfile import SupervisorWatch

    if SupervisorWatch(run_dir).lives():
        _say_goodbye(run_dir, "detach")


def _collect_later() -> None:
    """Look for no garbage while everything is new: it is a sixth of the way to the first drawing. The app ends that."""
    gc.disable()


def wants_screen(options: ShowOptions) -> bool:
    """Whether the run is to be shown on a screen, and there is one."""
    if options.headless or options.detach:
        return False
    if os.environ.get(WEB_DRIVER):  # textual-serve shows it in a browser
        return True
    return sys.stdin.isatty() and sys.stdout.isatty() and can_draw()


def _write_line(line: str) -> None:
    """Print a line at once; a reader who has gone away does not matter, the run goes on."""
    say(line)
    sys.stdout.flush()


def _write_raw(line: str) -> None:
    """Print a line that a CI system reads, marks and all; whoever makes it cleans what is foreign in it."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _write_line_while_read(line: str) -> None:
    """Print a line at once, for who only looks on; raises BrokenPipeError when nobody reads any more."""
    _write_line(line)
    if reader_has_gone():
        raise BrokenPipeError


def _say_goodbye(run_dir: Path, left: str) -> int:
    """Say how to come back to a run that goes on, or print the verdict of one that has ended."""
    from stresstui.core.model.units import format_clock
    from stresstui.engine.process.pidfile import SupervisorWatch
    from stresstui.engine.record.checkpoint import fold_run
    from stresstui.headless import REPORTS_S, after_lines
    from stresstui.report.text import verdict_lines

    if left == "detach":
        say(f"{run_dir.name} goes on.")
        say(f"  come back:  stresstui attach {run_dir.name}")
        say(f"  stop it:    stresstui stop {run_dir.name}")
        return ExitCode.PASSED
    if left == "stop":
        say(f"{run_dir.name} is stopping")
        sys.stdout.flush()
    SupervisorWatch(run_dir).wait_end({"ended": REPORTS_S, "stop": STOP_S}.get(left, 0.0))
    state = fold_run(run_dir / JOURNAL)
    if left == "lost":
        say(f"{run_dir.name} is lost: its supervisor has died. Recorded up to {format_clock(state.t)};")
        say(f"  what there is:  stresstui judge {run_dir.name}")
        return ExitCode.INCONCLUSIVE
    for line in (*verdict_lines(state), *(after_lines(run_dir) if kept_in(run_dir) == run_dir else ())):
        say(line)
    return ExitCode.INCONCLUSIVE if state.exit_code is None else state.exit_code
