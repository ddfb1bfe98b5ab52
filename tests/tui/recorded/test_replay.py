"""A replay is the monitor at any moment of a recorded run, by every key that it documents."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from stresstui.core.model.units import UnitError
from stresstui.tui.draw.glyphs import UNICODE
from stresstui.tui.recorded.replay import SPEEDS, ReplayApp, seconds_of
from tests.tui.screen_harness import text_of, until
from tests.tui.scripted_run import run_events, write_run

SIZE = (120, 35)
LEAK_FROM = 60


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("replay") / "run", run_events(150, leak_from=LEAK_FROM, end=True))


def replay(run: Path, at: float = 40.0) -> ReplayApp:
    """A replay that stands, so that the keys decide where it is."""
    return ReplayApp(run, at=at, speed=10.0, paused=True, glyphs=UNICODE, theme="dark")


async def _at(pilot: Pilot[str], seconds: int) -> str:
    return await until(pilot, f"PAUSED 00:{seconds // 60:02d}:{seconds % 60:02d}")


async def test_it_begins_where_it_is_told_to_and_looks_as_it_did_then(run: Path) -> None:
    app = replay(run)
    async with app.run_test(size=SIZE) as pilot:
        await _at(pilot, 40)
        text = text_of(app)
        assert "REPLAY" in text
        assert "BREACHED" not in text
        assert "SOAK" in text


async def test_it_steps(run: Path) -> None:
    app = replay(run)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("full_stop")
        await _at(pilot, 41)
        await pilot.press("comma")
        await _at(pilot, 40)
        await pilot.press("comma")
        await _at(pilot, 39)


async def test_it_jumps_to_just_before_the_breaches_and_back(run: Path) -> None:
    app = replay(run)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("right_square_bracket")
        await until(pilot, "PAUSED 00:01")
        first = app.view.playing
        assert first is not None
        assert first.t == first.breaches[0] - 10.0
        assert LEAK_FROM < first.breaches[0] < LEAK_FROM + 60
        await pilot.press("end")
        await until(pilot, "FAILED")
        await pilot.press("left_square_bracket")
        await until(pilot, "FAILED", gone=True)


async def test_where_there_is_no_breach_it_says_so(run: Path) -> None:
    app = replay(run)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("left_square_bracket")
        await until(pilot, "no breach before this")


async def test_it_goes_to_the_ends_and_to_a_time(run: Path) -> None:
    app = replay(run)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("home")
        await _at(pilot, 0)
        await pilot.press("end")
        await _at(pilot, 161)
        await pilot.press("colon")
        await until(pilot, "Go to which time")
        await pilot.press(*"1:02", "enter")
        await _at(pilot, 62)
        await pilot.press("colon")
        await until(pilot, "Go to which time")
        await pilot.press(*"soon", "enter")
        await until(pilot, "soon")
        assert app.is_running


async def test_who_asks_for_a_time_behind_the_end_is_told_where_that_is(run: Path) -> None:
    async with replay(run, at=7200.0).run_test(size=SIZE) as pilot:
        await until(pilot, "the run ends at 00:02:41")


async def test_it_plays_to_the_end_and_stands_there(run: Path) -> None:
    app = replay(run, at=140.0)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space")
        await until(pilot, "10x")
        await pilot.press(*["plus"] * len(SPEEDS))
        await _at(pilot, 161)
        assert "FAILED" in text_of(app)


async def test_the_speed_has_steps(run: Path) -> None:
    app = replay(run, at=140.0)
    async with app.run_test(size=SIZE) as pilot:
        for key, speed in (("minus", 5.0), ("minus", 2.0), ("plus", 5.0), ("greater_than_sign", 10.0)):
            await pilot.press(key)
            assert app.view.playing is not None
            assert app.view.playing.speed == speed
            await until(pilot, f" {speed:g}x ")


@pytest.mark.parametrize("key", ["x", "m"])
async def test_a_replay_has_nothing_to_stop_or_to_write_into(run: Path, key: str) -> None:
    app = replay(run)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(key)
        await until(pilot, "this is a replay")


@pytest.mark.parametrize("key", ["q", "d", "ctrl+c"])
async def test_it_is_left_at_once(run: Path, key: str) -> None:
    app = replay(run)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(key)
        await pilot.pause()
    assert app.return_value == "replay"


async def test_help_tells_every_key(run: Path) -> None:
    app = replay(run)
    async with app.run_test(size=(120, 45)) as pilot:
        await pilot.press("question_mark")
        text = await until(pilot, "To a time, such as")
        assert "Play or pause" in text
        assert "Detach" not in text
        assert "Stop the run" not in text


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90.0), ("1h30m", 5400.0), ("1:02:03", 3723.0), ("62:03", 3723.0), (" 5m ", 300.0)]
)
def test_times_are_read_as_people_write_them(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "1:2:3:4", "1:2", "-5s", ":30"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UnitError):
        seconds_of(text)
