"""Looking at a screen: its text as the person sees it, and waiting until it says something."""

import asyncio
import os
import time
from pathlib import Path
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from stresstui.core.model.event import Event
from stresstui.tui.app import MonitorApp
from stresstui.tui.draw.glyphs import UNICODE, Glyphs
from tests.tui.scripted_run import ScriptedSource

SNAPSHOTS = Path(__file__).parent / "snapshots"
UPDATE = "STRESSTUI_UPDATE_SNAPSHOTS"
DEADLINE = 10.0
FPS = 50.0
"""Drawings a second at most: a test waits for what is said, never for the second that a person is given to read it."""


def monitor(
    events: list[Event], *, output: bytes = b"", glyphs: Glyphs = UNICODE, theme: str | None = None
) -> tuple[MonitorApp, ScriptedSource]:
    source = ScriptedSource(events, output)
    return MonitorApp(source, glyphs=glyphs, theme=theme, fps=FPS), source


def text_of(app: App[Any]) -> str:
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


def line_with(app: MonitorApp, words: str) -> str:
    return next((line for line in text_of(app).splitlines() if words in line), "")


async def until(pilot: Pilot[Any], words: str, *, gone: bool = False) -> str:
    """Wait until the screen says it, or no longer does; fail with what it says instead."""
    app = pilot.app
    deadline = time.monotonic() + DEADLINE
    while (words in text_of(app)) is gone:
        assert time.monotonic() < deadline, f"{'still' if gone else 'never'}: {words}\n{text_of(app)}"
        await asyncio.sleep(0.01)
        await pilot.pause()
    return text_of(app)


def compare(name: str, text: str) -> None:
    """Hold a screen against its snapshot; UPDATE in the environment writes it anew."""
    path = SNAPSHOTS / f"{name}.txt"
    if os.environ.get(UPDATE):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    assert text + "\n" == path.read_text(encoding="utf-8"), f"{path.name} differs; set {UPDATE}=1 when that is meant"
