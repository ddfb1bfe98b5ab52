"""Starting the screen of one run, in this process, until the person leaves it."""

from pathlib import Path

from stresstui.engine.process.malloc import use_one_arena
from stresstui.tui.alarm import Bell
from stresstui.tui.app import MonitorApp
from stresstui.tui.follow.source import JournalSource
from stresstui.tui.screens.dialogs import LEAVE
from stresstui.tui.tty.able import screen_glyphs


def run_app(
    run_dir: Path, *, theme: str | None = None, mouse: bool = False, ascii_only: bool = False, read_only: bool = False,
    fps: float | None = None, bell: Bell = Bell.OFF,
) -> str:  # fmt: skip
    """Show a run until the person leaves; return ``detach``, ``stop``, ``ended`` or ``lost``.

    Raises ValueError for an unknown or broken theme, and SystemExit with 128 and the number of the signal after
    SIGTERM or SIGHUP. The run goes on in every case but ``stop``.
    """
    use_one_arena()
    glyphs = screen_glyphs(ascii_only=ascii_only)
    source = JournalSource(run_dir, read_only="it was opened with --read-only" if read_only else "")
    app = MonitorApp(source, theme=theme, glyphs=glyphs, fps=fps, bell=bell)
    left = app.run(mouse=mouse)
    if app.ended_by is not None:
        raise SystemExit(128 + app.ended_by)
    return left or LEAVE
