"""Two runs on one axis, with what changed between them."""

import msgspec

from stresstui.compare.judge import compare
from stresstui.compare.numbers import numbers_of
from stresstui.core.run.fold import RunState, fold
from stresstui.tui.draw.glyphs import ASCII, UNICODE, Glyphs
from stresstui.tui.recorded.overlay import OverlayApp
from tests.tui.screen_harness import text_of, until
from tests.tui.scripted_run import run_events

BASE = fold(run_events(300, end=True, duration=300.0))
OTHER = fold(run_events(200, leak_from=60, end=True, duration=200.0))


def overlay(base: RunState = BASE, other: RunState = OTHER, glyphs: Glyphs = UNICODE) -> OverlayApp:
    report = compare([numbers_of(base)], [numbers_of(other)], 0.01)
    return OverlayApp(base, other, report, theme="dark", glyphs=glyphs)


async def test_two_runs_lie_over_each_other_with_what_changed() -> None:
    app = overlay()
    async with app.run_test(size=(120, 35)) as pilot:
        text = await until(pilot, "base   0 is the soak's beginning")
        title = next(line for line in text.splitlines() if "File descriptors" in line)
        assert "28 now 2" in title.replace("   ", " ")
        assert "NOT OF A KIND" in text
        rows = text.splitlines()
        at = next(i for i, row in enumerate(rows) if "File descriptors" in row)
        drawn = "".join(rows[at + 1 : at + 9])
        assert any(0x2800 < ord(char) <= 0x28FF for char in drawn)


async def test_why_there_is_no_verdict_is_said_in_whole() -> None:
    report = compare([numbers_of(BASE)], [numbers_of(OTHER)], 0.01)
    report = msgspec.structs.replace(report, open=["throughput cannot be compared: too little is left"])
    app = OverlayApp(BASE, OTHER, report, theme="dark", glyphs=UNICODE)
    async with app.run_test(size=(80, 60)) as pilot:
        await until(pilot, "0 is the soak's beginning")
        await pilot.press("G")
        text = " ".join((await until(pilot, "Metric ")).split())
        assert "note: throughput cannot be compared: too little is left" in text
        assert "note: the soaks lasted" in text


async def test_its_keys() -> None:
    app = overlay()
    async with app.run_test(size=(80, 24)) as pilot:
        first = await until(pilot, "0 is the soak's beginning")
        await pilot.press("G")
        await until(pilot, "Metric ")
        await pilot.press("g")
        await until(pilot, first)
        await pilot.press("a")
        from_start = await until(pilot, "0 is the start")
        await pilot.press("y", "j", "j")
        await until(pilot, from_start, gone=True)
        await pilot.press("question_mark")
        await until(pilot, "Log scale")
        await pilot.press("escape")
        await until(pilot, "Log scale", gone=True)
        await pilot.press("t")
        assert app.theme != "dark"
        await pilot.press("q")
    assert app.return_value == "left"


async def test_any_size_and_any_terminal_is_drawn() -> None:
    for size in ((10, 3), (40, 10), (200, 60)):
        app = overlay(glyphs=ASCII)
        async with app.run_test(size=size) as pilot:
            await until(pilot, " - - ")
            assert text_of(app).count("\n") == size[1] - 1
            assert text_of(app).isascii()


async def test_runs_that_have_nothing_are_drawn() -> None:
    app = overlay(fold([]), fold(run_events(2)))
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, "NOTHING TO COMPARE")
