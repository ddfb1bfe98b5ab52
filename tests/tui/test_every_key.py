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
from stresstui.tui.draw.glyphs import UNICODE
from stresstui.tui.recorded.replay import ReplayApp
from tests.fleet.test_screen import Fleet
from tests.tui.recorded.test_overlay import overlay
from tests.tui.screen_harness import FPS, monitor, text_of, until
from tests.tui.scripted_run import run_events, write_run
from tests.tui.test_home import home
from tests.tui.test_home import until as home_until

OUTPUT = b"".join(b"line number %d %s\n" % (i, b"x" * 200) for i in range(200)) + b"last line\n"
WITHIN_S = 2.0
SAME = {
    ("MonitorScreen", "escape"): "nothing to let go of: test_tab_and_arrows_walk_through_the_panes",
    ("MonitorScreen", "N"): "one breach only: test_n_goes_from_breach_to_breach",
    ("MonitorScreen", "9"): "processes: test_processes_are_listed_where_there_is_room",
}
"""Bindings without an effect at this size, and where they are tested."""
ELSEWHERE = {
    "AskingApp": "test_ways_to_leave_a_live_run and what follows it",
    "ChoiceScreen": "test_ways_to_leave_a_live_run, test_i_looks_into_the_run_and_says_what_was_found_and_where",
    "Detail": "test_zoomed_criterion_tells_everything; rows only where they are more than fit",
    "LineScreen": "test_m_writes_a_note_and_its_letters_are_not_keys",
    "HomeApp": "test_home",
    "StartForm": "test_home",
    "FleetApp": "tests/fleet/test_screen",
}
"""Owners whose keys leave or ask, which a walk cannot go on from."""


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
    for base in type(active.node).__mro__ if active else ():
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


def assert_all(pressed: set[tuple[str, str]], *owners: str) -> None:
    keys = bound()
    missing = {(owner, key) for owner in owners for key in keys[owner]} - pressed
    assert not missing, f"no walk presses {sorted(missing)}"


MONITORS = ("MonitorApp", "MonitorScreen", "ZoomScreen", "VitalChart", "HelpScreen", "OutputPane", "Listing")
MONITOR = (
    "question_mark j k escape question_mark q question_mark enter question_mark question_mark space space t"
    " 1 right left l h down up j k 2 3 4 5 6 7 8 escape 9 o o v v slash escape f escape n N enter escape"
)
CHART = (
    "2 enter left right h l H L shift+left shift+right g G left home end z Z y y v V escape e e enter enter"
    " 7 enter slash escape f escape escape"
)
OUTPUTS = "enter up down k j pageup pagedown g G home end right left l h w w escape"
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


async def test_home_s_keys() -> None:
    app = home()
    async with app.run_test(size=(120, 35)) as pilot:
        await home_until(pilot, "scenario  ech_24h")
        pressed = await walk(pilot, "j k question_mark escape space t s d")
    assert {key for owner, key in pressed if owner == "HomeApp"} >= {"j", "k", "question_mark", "space", "t", "s", "d"}


async def test_the_fleet_s_keys() -> None:
    async with FleetApp(Fleet(100), theme="dark").run_test(size=(120, 35)) as pilot:
        await pilot.pause()
        pressed = await walk(pilot, "j k down up pagedown pageup G g end home right left slash escape t")
        assert_all(pressed | {("Table", "enter")}, "Table")  # which is test_screen's


def test_no_binding_is_without_a_test() -> None:
    walked = {*MONITORS, "ReplayApp", "Overlay", "OverlayApp", "Table"}
    assert set(bound()) == walked | set(ELSEWHERE)
