import pytest
from textual.widgets import OptionList

from stresstui.tui.draw.glyphs import UNICODE
from stresstui.tui.draw.offers import CheckOffer, Offers, RunOffer, ScenarioOffer
from stresstui.tui.home import HomeApp
from tests.tui.screen_harness import compare, text_of, until

RUNS = (
    RunOffer("ech_24h_20261123T101500Z", "ech_24h_20261123T101500Z", "ech_24h", "running", True, "-", "10:15", ""),
    RunOffer("leak_1", "/a/leak_1", "leak", "failed", False, "14m", "2026-11-22T08:00:00Z", "File descriptors 7,156/h"),
    RunOffer("leak_1", "/b/leak_1", "leak", "passed", False, "14m", "2026-11-21T08:00:00Z", ""),
)
SCENARIOS = (
    ScenarioOffer("ech_24h", "ECH, 24 hours", "Keys rotate under load", "24h", ("cargo", "lab"),
                  (("Memory usage stable", "growth(rss) < 1MiB/h"),)),
    ScenarioOffer("broken", "", "", "", (), (), "broken.toml:7: unknown metric 'rs'"),
)  # fmt: skip
CHECKS = (CheckOffer("problem", "disk", "1 GB free", "free 4 GB"),)


def home(*, runs: tuple[RunOffer, ...] = RUNS, checks: tuple[CheckOffer, ...] = CHECKS) -> HomeApp:
    return HomeApp(lambda: Offers(runs, SCENARIOS, checks, 19), glyphs=UNICODE)


@pytest.mark.parametrize("size", [(80, 24), (120, 35), (160, 45), (200, 60)])
async def test_home_tells_runs_scenarios_and_the_machine(size: tuple[int, int]) -> None:
    app = home()
    async with app.run_test(size=size) as pilot:
        await until(pilot, "1 running, 3 runs   1 of 20 looks")
        compare(f"home_{size[0]}x{size[1]}", await until(pilot, "scenario  ech_24h"))


async def test_when_a_run_began_is_told_to_a_second_as_people_write_it() -> None:
    app = home()
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, "scenario  ech_24h")
        await pilot.press("j")
        await until(pilot, "began     2026-11-22 08:00:00 UTC")


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        (("enter",), ("attach", "ech_24h_20261123T101500Z")),
        (("down", "enter"), ("attach", "/a/leak_1")),
        (("j", "j", "k", "j", "enter"), ("attach", "/b/leak_1")),
        (("j", "p"), ("replay", "/a/leak_1")),
        (("j", "space", "j", "c"), ("compare", "/a/leak_1", "/b/leak_1", "--screen")),
        (("j", "j", "space", "k", "space", "k", "c"), ("compare", "/b/leak_1", "/a/leak_1", "--screen")),
        (("j", "space", "space", "c", "p"), ("replay", "/a/leak_1")),
        (("space", "j", "c", "p"), ("replay", "/a/leak_1")),
        (("j", "space", "c", "p"), ("replay", "/a/leak_1")),
        (("q",), ()),
        (("escape",), ()),
        (("s", "enter", "enter"), ("run", "ech_24h")),
        (("s", "enter", *"20m", "tab", *"lab", "enter"), ("run", "ech_24h", "--duration", "20m", "--runner", "lab")),
        (("s", "enter", "down", "down", *"--inject drop=1%", "enter"), ("run", "ech_24h", "--inject", "drop=1%")),
        (("s", "enter", "escape", "q"), ()),
    ],
)
async def test_keys_choose_a_command(keys: tuple[str, ...], chosen: tuple[str, ...]) -> None:
    app = home()
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, "scenario  ech_24h")
        await pilot.press(*keys)
        await pilot.pause()
    assert app.return_value == chosen


async def test_the_form_shows_the_command_before_it_runs() -> None:
    app = home()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, "scenario  ech_24h")
        await pilot.press("s")
        await until(pilot, "growth(rss) < 1MiB/h")
        await pilot.press("enter")
        await until(pilot, "$ stresstui run ech_24h")
        await pilot.press(*"1h", "tab", "tab", *"--inject 'a b'")
        await until(pilot, "$ stresstui run ech_24h --duration 1h --inject 'a b'")
        await pilot.press("'")
        await until(pilot, "No closing quotation")
        await pilot.press("enter")
        assert app.is_running


async def test_a_broken_scenario_says_what_is_wrong_and_is_not_started() -> None:
    app = home()
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, "scenario  ech_24h")
        await pilot.press("s", "down")
        await until(pilot, "broken.toml:7: unknown metric 'rs'")
        await pilot.press("enter")
        await pilot.pause()
        assert app.is_running
        assert len(app.screen_stack) == 1


async def test_the_doctor_tells_what_to_mend() -> None:
    app = home()
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, "scenario  ech_24h")
        await pilot.press("d")
        assert "free 4 GB" in await until(pilot, "problem  disk: 1 GB free")
    app = home(runs=(), checks=())
    async with app.run_test(size=(120, 35)) as pilot:
        assert "none yet" in await until(pilot, "this machine is fit for a run")
        await pilot.pause()
        assert app.focused is app.query_one("#scenarios", OptionList)
        await pilot.press("p", "d")
        await until(pilot, "fit for a run")
        assert app.is_running


async def test_runs_with_long_names_are_told_apart() -> None:
    names = [f"a_rather_long_scenario_20261123T10150{second}Z" for second in (1, 2)]
    runs = tuple(RunOffer(name, name, "a", "passed", False, "1m", "", "") for name in names)
    app = home(runs=runs)
    async with app.run_test(size=(80, 24)) as pilot:
        text = await until(pilot, "3T101501Z")
        assert "3T101502Z" in text
        assert "a_rat" in text


async def test_enter_behind_s_is_for_the_scenarios() -> None:
    app = home()
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, "scenario  ech_24h")
        app.action_scenarios()
        assert app.focused is app.query_one("#scenarios", OptionList)


async def test_rows_fit_after_the_terminal_became_another() -> None:
    app = home()
    async with app.run_test(size=(200, 60)) as pilot:
        await until(pilot, "scenario  ech_24h")
        for width, height in ((80, 24), (160, 45)):
            await pilot.resize_terminal(width, height)
            await pilot.pause()
            rows = [line for line in text_of(app).splitlines() if line.startswith((" failed", " passed"))]
            assert len(rows) == 2
            assert all("14m" in row for row in rows), rows


async def test_theme_changes_at_home() -> None:
    app = home()
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, "scenario  ech_24h")
        before = app.theme
        await pilot.press("t")
        await pilot.pause()
        assert app.theme != before
        assert "scenario  ech_24h" in text_of(app)


async def test_a_mark_is_seen_and_why_nothing_is_compared_is_said() -> None:
    app = home()
    async with app.run_test(size=(120, 35), notifications=True) as pilot:
        await until(pilot, "scenario  ech_24h")
        await pilot.press("space")
        text = await until(pilot, "* ech_24h_2026")
        assert text.count("* ") == 1
        await pilot.press("j", "c")
        await until(pilot, "is still on: it is compared")
        await pilot.press("question_mark")
        await until(pilot, "Mark the run, or take its mark away")
        assert "Compare the marked run" in text_of(app)
