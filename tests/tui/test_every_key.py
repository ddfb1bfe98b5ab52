"""Every key that is bound is pressed, where it is bound, and changes what is seen.

A walk is keys in a row in one app. A key that changes nothing fails it, and so does a binding that no walk presses.
"""

import asyncio
import importlib
import pkgutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.pilot import Pilot

import stresstui.tui
from stresstui.fleet.screen import FleetApp
from stresstui.tui.app import MonitorApp
from stresstui.tui.draw.glyphs import UNICODE
from stresstui.tui.recorded.replay import ReplayApp
from tests.fleet.test_screen import Fleet
from tests.tui.recorded.test_overlay import overlay
from tests.tui.screen_harness import DEADLINE, FPS, monitor, text_of, until
from tests.tui.scripted_run import run_events, write_run
from tests.tui.test_home import home

OUTPUT = b"".join(b"line number %d %s\n" % (i, b"x" * 200) for i in range(200)) + b"last line\n"
WITHIN_S = 2.0
SAME = {
    ("MonitorScreen", "escape"): "nothing to let go of: test_tab_and_arrows_walk_through_the_panes",
    ("ThemedApp", "ctrl+l"): "the terminal alone: test_ctrl_l_draws_over_what_others_wrote",
    ("MonitorScreen", "N"): "one breach only: test_n_goes_from_breach_to_breach",
}
"""Bindings without an effect at this size, and where they are tested."""


def bound() -> dict[str, set[str]]:
    """Keys by the class that binds them, of every screen and widget there is."""
    for module in pkgutil.walk_packages(stresstui.tui.__path__, "stresstui.tui."):
        importlib.import_module(module.name)
    found: dict[str, set[str]] = {}
    for owner in _below(DOMNode):
        own = vars(owner).get("BINDINGS", []) if owner.__module__.startswith("stresstui.") else []
        for binding in Binding.make_bindings(own):
            found.setdefault(owner.__name__, set()).add(binding.key)
    return found


def _below(cls: type) -> Iterator[type]:
    sub: type
    for sub in cls.__subclasses__():
        yield sub
        yield from _below(sub)


def owner_of(app: App[Any], key: str) -> str:
    """The class whose binding answers to a key now; empty where none of the screen's own does."""
    active = app.screen.active_bindings.get(key)
    above = (active.node, app.screen, app) if active else ()  # what Textual's own leave alone goes on to these
    for base in (base for node in above for base in type(node).__mro__):
        own = vars(base).get("BINDINGS", []) if base.__module__.startswith("stresstui.") else []
        if any(binding.key == key for binding in Binding.make_bindings(own)):
            return base.__name__
    return ""


def seen(app: App[Any]) -> str:
    """What is seen, with its colours and whatever has the keys."""
    strips = app.screen._compositor.render_strips()
    return str([[(segment.text, str(segment.style)) for segment in strip] for strip in strips])


async def walk(pilot: Pilot[Any], keys: str) -> set[tuple[str, str]]:
    """Press keys one after another; what was pressed of which owner. Each has to change what is seen."""
    pressed = set()
    for key in keys.split():
        owner, before = owner_of(pilot.app, key), seen(pilot.app)
        await pilot.press(key)
        deadline = time.monotonic() + WITHIN_S
        while seen(pilot.app) == before:
            if (owner, key) in SAME:
                break
            assert time.monotonic() < deadline, f"{key} of {owner or 'nobody'} changes nothing\n{text_of(pilot.app)}"
            await asyncio.sleep(0.02)
        pressed.add((owner, key))
    return pressed


async def leave(app: App[Any], keys: str) -> set[tuple[str, str]]:
    """Press keys of which the last ends the app; all that was pressed of which owner."""
    *before, last = keys.split()
    async with app.run_test(size=(120, 35)) as pilot:
        deadline = time.monotonic() + DEADLINE
        while app.focused is None and not isinstance(app, MonitorApp):
            assert time.monotonic() < deadline, "nothing has the keys"
            await pilot.pause(0.01)
        pressed = await walk(pilot, " ".join(before))
        pressed.add((owner_of(app, last), last))
        await pilot.press(last)
        await pilot.pause()
        assert app._exit, f"{keys} did not leave\n{text_of(app)}"
    return pressed


def assert_all(pressed: set[tuple[str, str]], *owners: str) -> None:
    keys = bound()
    missing = {(owner, key) for owner in owners for key in keys[owner]} - pressed
    assert not missing, f"no walk presses {sorted(missing)}"


MONITORS = ("MonitorApp", "MonitorScreen", "ZoomScreen", "VitalChart", "HelpScreen", "OutputPane", "Listing")
MONITOR = (
    "question_mark j k G g escape question_mark q question_mark enter question_mark question_mark space space t"
    " 1 right left l h down up j k 2 3 4 5 6 7 8 escape 9 escape o o v v slash escape f escape n N enter escape"
)
CHART = (
    "2 enter left right h l H L shift+left shift+right g G left home end z Z y y v V escape e e enter enter"
    " 7 enter slash escape f escape escape"
)
OUTPUTS = "enter up down k j pageup pagedown g G home end right left l h w w v v escape"
CRITERIA = "5 j j k down up G g end home pagedown pageup enter right left l h escape"


async def test_the_monitor_s_keys() -> None:
    app, _ = monitor(list(run_events(700, leak_from=400)), output=OUTPUT)
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, "BREACHED")
        await until(pilot, "reading", gone=True)
        await until(pilot, "last line")
        pressed = set()
        for keys in (MONITOR, CHART, OUTPUTS, CRITERIA):
            pressed |= await walk(pilot, keys)
        assert_all(pressed, *MONITORS)


async def test_a_replay_s_keys(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", run_events(150, leak_from=60, end=True))
    app = ReplayApp(run, at=40.0, paused=True, glyphs=UNICODE, theme="dark", fps=FPS)
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, "PAUSED")
        keys = (
            "full_stop comma minus less_than_sign plus equals_sign minus greater_than_sign right_square_bracket end"
            " left_square_bracket home colon escape space"
        )
        assert_all(await walk(pilot, keys), "ReplayApp")


async def test_a_comparison_s_keys() -> None:
    app = overlay()
    async with app.run_test(size=(120, 35)) as pilot:
        await pilot.pause()
        pressed = await walk(pilot, "y y a a j k down up G g end home pagedown pageup t question_mark escape")
        assert_all(pressed, "Overlay")
    assert {key for owner, key in pressed if owner == "OverlayApp"} >= {"t", "question_mark"}


DIALOGS = "q j k escape ctrl+c escape ctrl+q escape x j k escape x s i j k f i w i g i p i escape m escape m a enter r"
DETAILS = "5 enter down up j k pagedown pageup G g end home right left l h escape"


async def test_the_keys_of_dialogs() -> None:
    app, source = monitor(list(run_events(150, leak_from=60)))
    async with app.run_test(size=(120, 35), notifications=True) as pilot:
        await until(pilot, "BREACHED")
        await until(pilot, "reading", gone=True)
        pressed = await walk(pilot, DIALOGS)
        await until(pilot, "the report is written when")
    assert source.asked == [
        "stop",
        *(f"investigate {way}" for way in ("--fds", "--stacks", "--heap", "--perf 30s")),
        "note a",
    ]
    for keys in ("d", "q d"):
        pressed |= await leave(monitor(list(run_events(60)))[0], keys)
    assert_all(pressed, "ChoiceScreen", "LineScreen", "AskingApp")


async def test_the_keys_of_what_is_longer_than_the_screen() -> None:
    app, _ = monitor(list(run_events(700, leak_from=400)))
    async with app.run_test(size=(80, 14)) as pilot:
        await until(pilot, "BREACHED")
        await until(pilot, "reading", gone=True)
        assert_all(await walk(pilot, DETAILS), "Detail")


async def test_home_s_keys() -> None:
    app = home()
    async with app.run_test(size=(120, 35), notifications=True) as pilot:
        await until(pilot, "scenario  ech_24h")
        pressed = await walk(pilot, "j k question_mark escape space c t ctrl+l ctrl+z s d enter down up escape")
    for key in ("q", "escape", "ctrl+c", "ctrl+q", "p"):
        pressed |= await leave(home(), key)
    assert_all(pressed, "HomeApp", "StartForm", "ThemedApp")


async def test_a_fleet_s_keys() -> None:
    async with FleetApp(Fleet(60), theme="dark").run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        pressed = await walk(pilot, "j k down up pagedown pageup G g end home right left t slash b o x 1 enter escape")
    for key in ("q", "d"):
        pressed |= await leave(FleetApp(Fleet(), theme="dark"), key)
    opened = FleetApp(Fleet(), theme="dark")
    pressed |= await leave(opened, "j enter")
    assert opened.return_value == 1
    assert_all(pressed, "FleetApp", "Table")


async def test_who_leaves_a_comparison() -> None:
    pressed = set()
    for key in ("q", "escape", "ctrl+c", "ctrl+q"):
        pressed |= await leave(overlay(), key)
    assert pressed == {("OverlayApp", key) for key in ("q", "escape", "ctrl+c", "ctrl+q")}


def test_no_binding_is_without_a_walk() -> None:
    walked = {*MONITORS, "ReplayApp", "Overlay", "OverlayApp"}
    walked |= {"AskingApp", "ChoiceScreen", "LineScreen", "Detail", "HomeApp", "StartForm", "ThemedApp", "FleetApp",
               "Table"}  # fmt: skip
    assert set(bound()) == walked
