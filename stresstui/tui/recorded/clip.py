"""Clips: a stretch of a recorded run as the screen showed it, as an asciicast (version 2) or one picture (SVG).

The asciicast format: https://docs.asciinema.org/manual/asciicast/v2/
"""

import asyncio
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
from rich.console import Console
from textual.pilot import Pilot
from textual.strip import Strip

from stresstui.core.model.units import UnitError
from stresstui.tui.recorded.replay import ReplayApp, seconds_of

_CLEAR: Final = "\x1b[2J\x1b[?25l"


class Clip(msgspec.Struct, frozen=True):
    """What is clipped, and how."""

    around: str
    """A time such as 1:02:03, a breach by its number from 1 on, or a criterion's id for its first one."""
    before: float
    """Seconds before it."""
    after: float
    """Seconds after it; a picture is of its end."""
    size: tuple[int, int]
    """Cells and lines."""
    speed: float = 10.0
    """Seconds of the run in one of the clip."""


class ClipError(ValueError):
    """What cannot be clipped: one line for people."""


def make_clip(run_dir: Path, target: Path, clip: Clip, **look: Any) -> tuple[float, float]:
    """Write a clip to ``target``, ``.svg`` for a picture, else an asciicast; give the seconds that it covers.

    Raises ClipError, OSError, RecordError, and ValueError for an unknown theme.
    """
    app = ReplayApp(run_dir, paused=True, **look)
    moment = _moment(app, clip.around)
    begin, end = max(0.0, moment - clip.before), min(app.length, moment + clip.after)

    drawn: list[str] = []

    async def record(pilot: Pilot[Any]) -> None:
        try:
            if target.suffix == ".svg":
                await app.show_at(end)
                await pilot.pause()
                drawn.append(app.export_screenshot(title=f"{run_dir.name} at {clip.around}"))
            else:
                drawn.append(await _cast(app, pilot, clip, (begin, end)))
        finally:
            app.exit("replay")

    asyncio.run(app.run_async(headless=True, size=clip.size, auto_pilot=record))
    target.write_text("".join(drawn), encoding="utf-8")
    return begin, end


def _moment(app: ReplayApp, around: str) -> float:
    """The second that is meant; raises ClipError."""
    breaches = app.breaches
    if around.isdigit():
        if not 1 <= int(around) <= len(breaches):
            raise ClipError(f"there is no breach {around}: it has {len(breaches) or 'none'}; a time is 90s or 1:02:03")
        return breaches[int(around) - 1]
    began = app.first_breach_of(around)
    if began is not None:
        return began
    try:
        moment = seconds_of(around)
    except UnitError:
        raise ClipError(f"'{around}' is no time, no breach's number, and no criterion that was breached") from None
    if moment > app.length:
        raise ClipError(f"{around} is after its end, which is at {app.length:.0f}s")
    return moment


async def _cast(app: ReplayApp, pilot: Pilot[Any], clip: Clip, span: tuple[float, float]) -> str:
    width, height = clip.size
    head = {"version": 2, "width": width, "height": height, "title": app.run_name, "env": {"TERM": "xterm-256color"}}
    lines = [json.dumps(head)]
    t, before = span[0], [""] * height
    while t <= span[1]:
        await app.show_at(t)
        await pilot.pause()
        rows = list(_rows(app, width))
        drawn = "".join(f"\x1b[{y + 1};1H{row}" for y, row in enumerate(rows) if y >= len(before) or row != before[y])
        if drawn or t == span[0]:
            at = round((t - span[0]) / clip.speed, 3)
            lines.append(json.dumps([at, "o", (_CLEAR if t == span[0] else "") + drawn]))
        before, t = rows, t + app.interval
    return "\n".join(lines) + "\n"


def _rows(app: ReplayApp, width: int) -> Iterator[str]:
    """The screen's lines with their colours as escape sequences."""
    console = Console(
        file=io.StringIO(), width=width, force_terminal=True, color_system="truecolor", legacy_windows=False
    )
    for strip in app.screen._compositor.render_strips():  # noqa: SLF001 - Textual has no other way to a screen's text
        yield f"{Strip(strip).render(console)}\x1b[0m"
