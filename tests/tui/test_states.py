"""Each state of a run at each size, as text: what is cut, crowded or misleading shows in the difference.

One app for a state: it is resized, as a terminal is, and has to look as it would have at that size from the start.
"""

import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from textual.app import App
from textual.pilot import Pilot

from stresstui.core.model.event import Event
from stresstui.core.model.scenario import Severity
from stresstui.tui import app as app_module
from stresstui.tui.draw.glyphs import UNICODE
from stresstui.tui.recorded.replay import ReplayApp
from tests.tui.recorded.test_overlay import overlay
from tests.tui.screen_harness import DEADLINE, compare, monitor, text_of, until
from tests.tui.scripted_run import run_events, scenario, write_run

SIZES = ((40, 10), (80, 24), (120, 35), (160, 45), (200, 60))
OUTPUT = b"".join(b"STRESSTUI connections_total=%d\n" % i for i in range(40)) + b"ready to serve\n"


def warned() -> list[Event]:
    few = scenario()
    criteria = tuple(
        msgspec.structs.replace(spec, severity=Severity.WARN) if spec.id == "few_fds" else spec for spec in few.criteria
    )
    return list(run_events(150, leak_from=100, run=msgspec.structs.replace(few, criteria=criteria)))


STATES: dict[str, tuple[str, Callable[[], list[Event]]]] = {
    "early": ("WARMING UP", lambda: list(run_events(20))),
    "calm": ("00:01:59", lambda: list(run_events(120))),
    "pending": ("PENDING", lambda: list(run_events(127, leak_from=100))),
    "breached": ("BREACHED", lambda: list(run_events(150, leak_from=100))),
    "warned": ("WARNED", warned),
    "finished": ("FAILED", lambda: list(run_events(150, leak_from=100, end=True, duration=150.0))),
}


async def settled(pilot: Pilot[str], height: int) -> str:
    """What the screen says once it has that many lines and is drawn twice alike."""
    before, text = "", text_of(pilot.app)
    deadline = time.monotonic() + DEADLINE
    while text != before or text.count("\n") + 1 != height:
        assert time.monotonic() < deadline, text
        await pilot.pause(0.05)
        before, text = text, text_of(pilot.app)
    return text


async def hold(pilot: Pilot[str], name: str, words: str) -> None:
    """Hold what each size shows against its snapshot, the largest first."""
    for width, height in reversed(SIZES):
        await pilot.resize_terminal(width, height)
        text = await settled(pilot, height)
        assert words in text, text
        compare(f"{name}_{width}x{height}", text)


@pytest.mark.parametrize("state", STATES)
async def test_state(state: str) -> None:
    word, events = STATES[state]
    app, _ = monitor(events(), output=OUTPUT if state in ("calm", "breached") else b"")
    async with app.run_test(size=SIZES[-1]) as pilot:
        await until(pilot, word)
        await until(pilot, "ready to serve" if state in ("calm", "breached") else word)
        assert "BREACHED" not in await until(pilot, "reading", gone=True) or state == "breached"
        await hold(pilot, state, word)


async def test_the_smallest_screen_shows_the_worst_criterion_and_opens_its_breach() -> None:
    app, _ = monitor(list(run_events(150, leak_from=100)))
    async with app.run_test(size=(40, 10)) as pilot:
        assert "✗ breached No more" in await until(pilot, "BREACHED since")
        await pilot.press("n")
        await until(pilot, "00:02:09  breach")
        await pilot.press("escape")
        await until(pilot, "5 Criteria")


async def test_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_module, "SILENCE_S", 10_000.0)  # nobody looks again while this looks
    app, _ = monitor(list(run_events(60)))
    async with app.run_test(size=SIZES[-1]) as pilot:
        await until(pilot, "00:00:59")
        await until(pilot, "reading", gone=True)
        app._lost = True
        app._draw()
        assert "OK SO FAR" not in await until(pilot, "LOST")
        await hold(pilot, "lost", "LOST")


async def test_replay(tmp_path: Path) -> None:
    """At a moment before its breach, of which the time bar tells already."""
    run = write_run(tmp_path / "ech_24h_20261123T101500Z", run_events(150, leak_from=60, end=True))
    app = ReplayApp(run, at=90.0, paused=True, glyphs=UNICODE, theme="dark")
    async with app.run_test(size=SIZES[-1]) as pilot:
        await until(pilot, "PAUSED 00:01:30")
        await hold(pilot, "replay", "REPLAY")


async def test_two_runs_compared() -> None:
    app: App[str] = overlay()
    async with app.run_test(size=SIZES[-1]) as pilot:
        await pilot.pause()
        await hold(pilot, "compare", "ech_24h")
