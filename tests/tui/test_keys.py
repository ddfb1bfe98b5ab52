import gc
import random
from pathlib import Path

import pytest
from textual._styles_cache import StylesCache
from textual.events import Key
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input

from stresstui.core.run.fold import RunState
from stresstui.tui.app import MonitorApp
from stresstui.tui.draw.glyphs import UNICODE
from stresstui.tui.panes.events import EventsPane
from stresstui.tui.panes.load import LoadPane
from stresstui.tui.panes.output import OutputPane
from stresstui.tui.screens.help import _NAMES, legend
from stresstui.tui.widgets.pane import Pane
from tests.tui.screen_harness import line_with, monitor, text_of, until
from tests.tui.scripted_run import report, run_events, sample

OUTPUT = b"".join(b"line number %d\n" % i for i in range(200)) + b"needle one\nplain\nneedle two\nlast line\n"
SIZE = (120, 35)
TEXTUALS_OWN = {"page up", "page down", "ctrl+i", "shift+tab", "super+c"}
"""Keys with a blank in their name, and what Textual binds beside its own names."""


def focused(app: MonitorApp) -> int:
    return app.focused.number if isinstance(app.focused, Pane) else 0


async def press_until(pilot: Pilot[str], key: str, words: str, *, gone: bool = False) -> str:
    await pilot.press(key)
    return await until(pilot, words, gone=gone)


@pytest.mark.parametrize(
    ("keys", "result"),
    [
        (("q", "enter"), "detach"),
        (("q", "d"), "detach"),
        (("q", "s"), "stop"),
        (("q", "down", "enter"), "stop"),
        (("q", "j", "enter"), "stop"),
        (("d",), "detach"),
        (("ctrl+c", "enter"), "detach"),
    ],
)
async def test_ways_to_leave_a_live_run(keys: tuple[str, ...], result: str) -> None:
    app, source = monitor(list(run_events(40)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "SOAK")
        await pilot.press(*keys)
        await app.workers.wait_for_complete([w for w in app.workers if w.name not in ("follow", "output")])
        await pilot.pause()
    assert app.return_value == result
    assert source.asked == (["stop"] if result == "stop" else [])


@pytest.mark.parametrize("opens", ["slash", "f", "m"])
async def test_what_is_typed_at_once_behind_a_key_that_opens_a_line_is_for_the_line(opens: str) -> None:
    app, _ = monitor(list(run_events(40)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "SOAK")
        for key in (opens, *"quidneed"):  # as one reading of a terminal brings them
            app.post_message(Key(key, "/" if key == "slash" else key))
        for _ in range(200):
            await pilot.pause(0.01)
            if isinstance(app.focused, Input) and app.focused.value == "quidneed":
                break
        assert isinstance(app.focused, Input)
        assert app.focused.value == "quidneed"
        assert app.is_running


async def test_leaving_can_be_thought_better_of() -> None:
    app, source = monitor(list(run_events(40)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "SOAK")
        await press_until(pilot, "q", "Leave the screen?")
        await press_until(pilot, "escape", "Leave the screen?", gone=True)
        assert app.is_running
    assert source.asked == []


@pytest.mark.parametrize("key", ["q", "d"])
async def test_an_ended_run_is_left_at_once(key: str) -> None:
    app, _ = monitor(list(run_events(40, end=True, duration=40.0)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "the run has ended")
        await pilot.press(key)
        await pilot.pause()
    assert app.return_value == "ended"


async def test_an_ended_run_says_that_it_takes_nothing_more() -> None:
    app, source = monitor(list(run_events(40, end=True, duration=40.0)))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await until(pilot, "the run has ended, q leaves")
        await press_until(pilot, "m", "it takes no more notes")
        await press_until(pilot, "x", "the run has ended", gone=False)
        await press_until(pilot, "i", "its processes are gone")
    assert source.asked == []


@pytest.mark.parametrize("key", ["x", "m", "i"])
async def test_a_screen_that_only_looks_on_says_so_at_once_and_asks_nothing(key: str) -> None:
    app, source = monitor(list(run_events(40)))
    source.read_only = "this screen only looks on: fleet stop ends it"
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await until(pilot, "SOAK")
        await press_until(pilot, key, "only looks on: fleet stop ends it")
    assert source.asked == []


async def test_a_screen_that_only_looks_on_is_left_at_once() -> None:
    app, source = monitor(list(run_events(40)))
    source.read_only = "this screen only looks on"
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "SOAK")
        await pilot.press("q")
    assert app.return_value == "detach"


async def test_a_stop_that_fails_is_said_and_nobody_leaves() -> None:
    app, source = monitor(list(run_events(40)))
    source.refusal = OSError("run x does not answer")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "SOAK")
        await pilot.press("q", "s")
        await until(pilot, "does not answer")
        assert app.is_running


async def test_x_stops_only_when_confirmed_and_stays_to_watch() -> None:
    app, source = monitor(list(run_events(40)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "SOAK")
        await press_until(pilot, "x", "Stop the run?")
        await press_until(pilot, "enter", "Stop the run?", gone=True)
        assert source.asked == []
        await press_until(pilot, "x", "Stop the run?")
        await press_until(pilot, "s", "Stop the run?", gone=True)
        await pilot.pause()
        assert source.asked == ["stop"]
        assert app.is_running


async def test_space_freezes_the_view_and_never_the_run() -> None:
    app, source = monitor(list(run_events(40)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "00:00:39 of")
        await press_until(pilot, "space", "VIEW PAUSED, 0 samples behind")
        source.batches.put_nowait([sample(40), sample(41)])
        await until(pilot, "VIEW PAUSED, 2 samples behind")
        assert "00:00:39 of" in text_of(app)
        assert app._run.samples == 42
        text = await press_until(pilot, "space", "VIEW PAUSED", gone=True)
        assert "00:00:41 of" in text


async def test_help_names_every_key() -> None:
    app, _ = monitor(list(run_events(5)))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, "ech_24h")
        await press_until(pilot, "question_mark", "the palette")
        await until(pilot, "Leave: detach or stop")
        await pilot.press("end")
        await until(pilot, "stresstui attach ech_24h_20261123T101500Z")
        assert "How it is measured just now" in text_of(app)
        await press_until(pilot, "escape", "the palette", gone=True)


async def test_a_screen_that_was_left_is_let_go_of() -> None:
    """A day of looking at things must not fill the memory: what was drawn of them goes with them."""
    app, _ = monitor(list(run_events(5)))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, "ech_24h")

        async def left_behind() -> int:
            await press_until(pilot, "question_mark", "the palette")
            await press_until(pilot, "escape", "the palette", gone=True)
            gc.collect()
            drawn = {id(one._styles_cache) for one in app.screen.walk_children(Widget, with_self=True)}
            return sum(type(one) is StylesCache and id(one) not in drawn for one in gc.get_objects())

        before = await left_behind()
        for _ in range(3):
            after = await left_behind()
        assert after <= before


async def test_every_binding_is_in_the_help() -> None:
    """Wherever the keys go, what is bound there is told; and what is told is bound."""
    app, _ = monitor(list(run_events(150, leak_from=100)), output=OUTPUT)
    told = {name for keys in app.help_sections().values() for key, _ in keys for name in key.split()}
    seen: set[str] = set()
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "BREACHED")
        for pane in (None, *"256789"):
            for zoom in (False, True):
                if pane is not None:
                    await pilot.press(pane, *(["enter"] if zoom else []))
                seen |= {_NAMES.get(key, key) for key in app.screen.active_bindings}
                if pane is not None and zoom:
                    await pilot.press("escape")
    assert {key for key in seen - told if not key.isdigit()} <= TEXTUALS_OWN
    legend_words = {name for key, _ in legend(UNICODE) for name in key.split()}
    assert {key for key in told - seen - legend_words if not key.isdigit()} <= {"to", "page", "up", "down"}


async def test_digits_focus_panes() -> None:
    app, _ = monitor(list(run_events(40)), output=OUTPUT)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, "SOAK")
        assert focused(app) == 0
        for number in (1, 7, 2, 5, 3, 6, 4):
            await pilot.press(str(number))
            assert focused(app) == number
        await pilot.press("9")
        assert "9 Processes" in await until(pilot, "sing-box (11)")
        await pilot.press("escape")
        await until(pilot, "9 Processes", gone=True)
        assert focused(app) == 4


async def test_tab_and_arrows_walk_through_the_panes() -> None:
    app, _ = monitor(list(run_events(40)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "SOAK")
        seen = []
        for key in ("tab", "tab", "l", "right", "h", "left", "shift+tab", "j", "down", "k", "up"):
            await pilot.press(key)
            seen.append(focused(app))
        assert seen == [8, 1, 2, 3, 2, 1, 8, 1, 2, 1, 8]
        await pilot.press("escape")
        assert focused(app) == 0


async def test_lists_move_with_arrows_and_letters() -> None:
    app, _ = monitor(list(run_events(40)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "SOAK")
        pane = app.query_one("#criteria")
        await pilot.press("5")
        seen = []
        for key in ("j", "down", "k", "G", "up", "g", "end", "home", "pagedown"):
            await pilot.press(key)
            seen.append(getattr(pane, "chosen", None))
        ids = [criterion.spec.id for criterion in app._run.criteria]
        assert seen == [ids[i] for i in (0, 1, 0, -1, -2, 0, -1, 0, -1)]


async def test_n_goes_from_breach_to_breach() -> None:
    leak = list(run_events(66, leak_from=31))
    app, _ = monitor(
        [*leak, *(sample(second) for second in range(66, 110)), *(sample(s, fds=400) for s in range(110, 130))]
    )
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "00:02:09")
        await until(pilot, "2 breaches")
        events = app.query_one(EventsPane)
        chosen = []
        for key in ("n", "N", "N", "n", "n"):
            await pilot.press(key)
            chosen.append(float((events.chosen or "0").split("/")[0]))
        newest, oldest = max(chosen), min(chosen)
        assert chosen == [newest, oldest, oldest, newest, newest]
        assert focused(app) == 6


async def test_n_without_a_breach_says_so() -> None:
    app, _ = monitor(list(run_events(40)))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await until(pilot, "SOAK")
        await press_until(pilot, "n", "no breach so far")


async def test_o_shows_and_hides_the_output() -> None:
    app, _ = monitor(list(run_events(40)), output=OUTPUT)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, "Criteria")
        assert "last line" not in text_of(app)
        text = await press_until(pilot, "o", "last line")
        assert "RSS" in text
        assert "Criteria" not in text
        await press_until(pilot, "o", "Criteria")
        assert "last line" not in text_of(app)


async def test_output_follows_until_scrolled_back() -> None:
    app, source = monitor(list(run_events(40)), output=OUTPUT)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "last line")
        await press_until(pilot, "7", "following")
        await press_until(pilot, "k", "G follows")
        source.prints.put_nowait(b"something newer\n")
        source.batches.put_nowait([sample(40)])
        await until(pilot, "00:00:40 of")
        assert "something newer" not in text_of(app)
        await press_until(pilot, "G", "something newer")
        text = await press_until(pilot, "g", "line number 0")
        assert "line number 1" in text


async def test_search_finds_older_lines_one_by_one() -> None:
    app, _ = monitor(list(run_events(40)), output=OUTPUT)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, "SOAK")
        await pilot.press("slash", *"needle")
        text = await press_until(pilot, "enter", "1 of 2")
        assert "needle two" in text
        await press_until(pilot, "enter", "2 of 2")
        pane = app.query_one(OutputPane)
        assert not pane.following
        await press_until(pilot, "enter", "1 of 2")
        await pilot.press("escape")
        await until(pilot, "1 of 2", gone=True)
        assert focused(app) == 7
        await pilot.press("slash", *"absent")
        await press_until(pilot, "enter", "not found")


@pytest.mark.parametrize("key", ["enter", "e"])
async def test_zoomed_vital_is_a_chart(key: str) -> None:
    app, _ = monitor(list(run_events(150, leak_from=100)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "BREACHED")
        await until(pilot, "reading", gone=True)
        await pilot.press("2")
        text = await press_until(pilot, key, "max(fds) < 100 for 5s: ")
        assert "┤" in text
        assert "breached 00:02:04 to now" in text
        assert "1 RSS" not in text
        await press_until(pilot, "escape", "1 RSS")


def _plotted(text: str) -> list[str]:
    return [line for line in text.splitlines() if "┤" in line or "├" in line]


async def test_zoomed_chart_goes_on() -> None:
    app, source = monitor(list(run_events(40)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "SOAK")
        await pilot.press("2", "enter")
        before = await until(pilot, "now 28")
        source.batches.put_nowait([sample(second, fds=55) for second in range(40, 46)])
        after = await until(pilot, "now 55")
        assert _plotted(before) != _plotted(after)


async def test_zoomed_load_is_the_load_a_fact_in_each_line() -> None:
    app, _ = monitor(list(run_events(40)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "SOAK")
        await pilot.press("8", "enter")
        text = await until(pilot, "8 Load")
        assert "6 Events" not in text
        assert any(line.lstrip("│╭ ").startswith("CPU") for line in text.splitlines())


async def test_zoomed_criterion_tells_everything() -> None:
    app, _ = monitor(list(run_events(150, leak_from=100)))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, "BREACHED")
        await pilot.press("5", "enter")
        text = await until(pilot, "rule        max(fds) < 100 for 5s")
        assert "breached 1 time" in text
        assert "goes on" in text
        await press_until(pilot, "right", "rule        min(throughput, 10s) > 50MB/s")
        await press_until(pilot, "left", "rule        max(fds) < 100 for 5s")


async def test_zoomed_event_tells_its_criterion() -> None:
    app, _ = monitor(list(run_events(150, leak_from=100)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "BREACHED")
        await pilot.press("n", "enter")
        text = await until(pilot, "6 Event ")
        assert "max(fds) < 100 for 5s" in text


async def test_zoomed_output_takes_the_screen_and_can_be_searched() -> None:
    app, _ = monitor(list(run_events(40)), output=OUTPUT)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "last line")
        await pilot.press("7", "enter")
        assert "line number 180" in await until(pilot, "line number 175")
        await pilot.press("slash", *"number 12", "enter")
        await until(pilot, "1 of 11")
        await pilot.press("escape", "escape")
        await until(pilot, "1 RSS")


async def test_t_takes_the_next_theme() -> None:
    app, _ = monitor(list(run_events(5)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "ech_24h")
        seen = [app.theme]
        for _ in range(8):
            await pilot.press("t")
            await pilot.pause()
            seen.append(app.theme)
        assert seen[0] == seen[-1] == "dark"
        assert len(set(seen)) == 8


async def test_m_writes_a_note_and_its_letters_are_not_keys() -> None:
    app, source = monitor(list(run_events(5)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "ech_24h")
        await pilot.press("m", *"dqx t/", "enter")
        await pilot.pause()
        assert source.asked == ["note dqx t/"]
        await pilot.press("m", *"never", "escape")
        await pilot.pause()
        assert source.asked == ["note dqx t/"]
        assert app.is_running


async def test_i_looks_into_the_run_and_says_what_was_found_and_where() -> None:
    app, source = monitor(list(run_events(5)))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await until(pilot, "ech_24h")
        await press_until(pilot, "i", "Look into the run's")
        await pilot.press("f")
        seen = await until(pilot, "fds_7.json")
        assert "CLOSE_WAIT" in seen
        await press_until(pilot, "i", "Look into the run's")
        await pilot.press("escape", "i", "p")
        await until(pilot, "investigated: perf")
        assert source.asked == ["investigate --fds", "investigate --perf 30s"]
        source.refusal = OSError("perf is not installed (apt install linux-perf)")
        await pilot.press("i", "p")
        await until(pilot, "apt install linux-perf")


async def test_ctrl_p_opens_the_palette() -> None:
    app, _ = monitor(list(run_events(5)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "ech_24h")
        await press_until(pilot, "ctrl+p", "Pause the view")


async def test_keys_change_no_fold() -> None:
    events = [*run_events(60), report(60, 92e6, random.Random(3))]
    app, _ = monitor(events)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "00:01:00 of")
        await pilot.press("1", "enter", "escape", "5", "j", "enter", "right", "escape", "space", "space", "n", "o", "t")
        await pilot.pause()
        assert isinstance(app._run, RunState)
        assert app._run.samples == 60
        assert line_with(app, "SOAK")


async def test_a_zoomed_chart_is_read_with_a_cursor_and_over_several_time_scales() -> None:
    app, _ = monitor(list(run_events(700, leak_from=400)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "BREACHED")
        await until(pilot, "reading", gone=True)
        await pilot.press("2", "enter")
        await until(pilot, "whole run (z)")
        text = await press_until(pilot, "left", "at 00:11:3")
        assert "to the baseline" in text
        await press_until(pilot, "g", "at 00:00:00  28")
        await press_until(pilot, "H", "at 00:00:00  28")
        await press_until(pilot, "l", "at 00:00:00  28", gone=True)
        await press_until(pilot, "G", "now 9")
        await press_until(pilot, "z", "last 10m (z)")
        await press_until(pilot, "z", "last 2m (z)")
        await press_until(pilot, "h", "at 00:11:3")
        await press_until(pilot, "Z", "last 10m (z)")


async def test_a_breach_opens_with_what_went_on_around_it() -> None:
    app, _ = monitor(list(run_events(150, leak_from=100)))
    async with app.run_test(size=(120, 50)) as pilot:
        await until(pilot, "BREACHED")
        await pilot.press("n", "enter")
        text = await until(pilot, "6 Event ")
        rows = text.splitlines()
        titles = ["File descriptors", "RSS  MiB", "ESTABLISHED", "Throughput  MB/s", "CPU  %", "Connections/s  /s"]
        places = [next(i for i, row in enumerate(rows) if row.startswith(f"│ {title}")) for title in titles]
        assert places == sorted(places)
        axes = {row.index("2m") for row in rows if "─2m─" in row}
        assert len(axes) == 1, "the charts share one time axis"
        assert "warm-up ended" in text


LONG = (
    b"".join(b"INFO line %d of many\n" % i for i in range(60)) + b"ERROR " + b"x" * 90 + b" the end of it " * 9 + b"\n"
)


async def test_output_folds_goes_sideways_and_shows_only_what_matches() -> None:
    app, _ = monitor(list(run_events(40)), output=LONG)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, "SOAK")
        await pilot.press("7")
        assert "the end of it" not in await until(pilot, "ERROR x")
        await press_until(pilot, "w", "the end of it")
        await press_until(pilot, "w", "the end of it", gone=True)
        for _ in range(6):
            await pilot.press("l")
        await until(pilot, "from column 97")
        await until(pilot, "the end of it")
        for _ in range(7):
            await pilot.press("h")
        await until(pilot, "from column", gone=True)
        await pilot.press("f", *"line 1.? of")
        text = await press_until(pilot, "enter", "only 11 lines with 'line 1.? of'")
        assert "line 2 of" not in text
        assert "line 19 of" in text
        await pilot.press("slash", *"line 12", "enter")
        await until(pilot, "1 of 1")
        await press_until(pilot, "escape", "1 of 1", gone=True)
        await pilot.press("f", *[*"line 1.? of"], "ctrl+u", "(")
        await press_until(pilot, "enter", "only 0 lines")
        await pilot.press("f", "ctrl+u")
        await press_until(pilot, "enter", "only ", gone=True)


async def test_r_says_where_the_report_is(tmp_path: Path) -> None:
    app, source = monitor(list(run_events(40, end=True, duration=40.0)))
    source.directory = tmp_path
    async with app.run_test(size=(200, 60), notifications=True) as pilot:
        await until(pilot, "the run has ended")
        await press_until(pilot, "r", "the report is written when the run has ended")
        (tmp_path / "report.html").touch()
        await until(pilot, f"r {tmp_path}/report.html")
        await pilot.press("r")
        await until(pilot, "in the clipboard")


async def test_processes_are_listed_where_there_is_room() -> None:
    app, source = monitor(list(run_events(40)))
    async with app.run_test(size=(160, 45)) as pilot:
        await until(pilot, "9 Processes")
        assert "sing-box (11)" in text_of(app)
        source.batches.put_nowait([sample(41, cpu=0.2)])
        await until(pilot, " 215 ")
        await pilot.press("9")
        assert focused(app) == 9
        await press_until(pilot, "j", "sing-box (12)")
        await pilot.resize_terminal(120, 35)
        await until(pilot, "9 Processes", gone=True)
        await pilot.press("9")
        assert " 215 " in await until(pilot, "9 Processes")
        await pilot.press("escape")
        await pilot.resize_terminal(160, 45)
        await until(pilot, "6 Events")
        await pilot.press("9", "enter")
        text = await until(pilot, "6 Events", gone=True)
        assert "9 Processes" in text
        assert "sing-box (12)" in text


async def test_who_has_the_keys_is_seen_of_the_load_s_line_too() -> None:
    app, _ = monitor(list(run_events(40)))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, "SOAK")
        pane = app.screen.query_one(LoadPane)
        before = str(pane._strips)
        await pilot.press("8")
        await pilot.pause()
        assert str(pane._strips) != before


async def test_the_palette_has_what_the_screen_offers() -> None:
    app, _ = monitor(list(run_events(150, leak_from=100)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "BREACHED")
        offered = {command.title: command.callback for command in app.get_system_commands(app.screen)}
        titles = [command.title for command in app.get_system_commands(app.screen)]
        assert len(titles) == len(set(titles))
        active = [one for one in app.screen.active_bindings.values() if one.binding.show and one.node is not app]
        assert {"Next breach", "Show or hide the output"} <= {one.binding.description for one in active} <= set(offered)
        await pilot.press("2", "enter")
        await until(pilot, "whole run (z)")
        offered = {command.title: command.callback for command in app.get_system_commands(app.screen)}
        await offered["Log scale"]()
        await until(pilot, "(z), log")


async def test_a_pane_that_gets_or_loses_the_keys_shows_it_at_once() -> None:
    """Of a run that has ended nothing else would draw it."""
    app, _ = monitor(list(run_events(60, end=True)), output=OUTPUT)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "q leave")
        await until(pilot, "INCONCLUSIVE")
        app._report = "report.html"  # it is looked for, and drawn, until it is there
        for key, line in (("7", "━"), ("escape", "─"), ("slash", "─"), ("escape", "━"), ("escape", "─")):
            await pilot.press(key)
            await until(pilot, f"7 Output {line}")
