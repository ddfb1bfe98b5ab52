"""The fleet on a screen: sorted by trouble, filtered, opened."""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from signal import SIGTERM

import pytest
from textual._wait import wait_for_idle
from textual.events import MouseScrollDown
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widgets import Static

from stresstui.core.derive.series import Series
from stresstui.core.run.fold import RunState, advance, fold
from stresstui.fleet.matrix.inventory import Wanted
from stresstui.fleet.record import FleetRun, State
from stresstui.fleet.screen import FleetApp, source_of, spark
from stresstui.fleet.verdict import Joint
from stresstui.tui.draw.glyphs import UNICODE
from stresstui.tui.messages import HungUp
from stresstui.tui.widgets.table import Table
from tests.tui.scripted_run import run_events, sample


class Fleet:
    name = "fleet_1"
    loads: Sequence[Joint] = ()

    def __init__(self, count: int = 3) -> None:
        self._runs = [
            FleetRun(box=f"box{i}", wanted=Wanted(scenario="ech_24h"), directory=f"/r/{i}", state=State.RUNNING)
            for i in range(count)
        ]
        self._states = {i: fold(run_events(40)) for i in range(min(count, 3))}

    def runs(self) -> Sequence[FleetRun]:
        return self._runs

    def states(self) -> Mapping[int, RunState]:
        return self._states

    def joints(self) -> Sequence[Joint]:
        return self.loads

    def over(self) -> bool:
        return all(run.over for run in self._runs)

    def labels(self) -> Mapping[str, str]:
        return {"box1": "kernel=6.1 size=small"}

    def breach(self, index: int) -> None:
        self._states[index] = fold(run_events(150, leak_from=60))

    def sample(self, index: int) -> None:
        advance(self._states[index], sample(40, fds=29))

    def lose(self, index: int) -> None:
        self._runs[index].state, self._runs[index].why = State.LOST, "its supervisor has died"


def shown(pilot: Pilot[int | None]) -> list[list[str]]:
    app = pilot.app
    assert isinstance(app, FleetApp)
    return [[text for text, _ in cells] for cells in app._table.rows.values()]


def boxes(pilot: Pilot[int | None]) -> list[str]:
    return [row[0] for row in shown(pilot)]


async def test_a_row_a_run_with_its_vitals() -> None:
    async with FleetApp(Fleet(), theme="dark", glyphs=UNICODE).run_test(size=(160, 30)) as pilot:
        rows = shown(pilot)
        assert boxes(pilot) == ["box0", "box1", "box2"]
        assert rows[0][1] == "ech_24h"
        assert "28" in rows[0][5]
        assert any(bar in rows[0][4] for bar in "▂▃▄▅▆▇█")


async def test_a_load_of_several_boxes_is_a_row_of_sums_that_opens_nothing() -> None:
    fleet = Fleet()
    counts = {"connections_total": 1200.0}
    fleet.loads = [Joint(scenario="ssh_24h", server="box0", clients=("box1", "box2"), outcome="running", counts=counts)]
    app = FleetApp(fleet, theme="dark")
    async with app.run_test(size=(160, 30)) as pilot:
        row = next(row for row in shown(pilot) if row[0] == "2 on box0")
        assert (row[1], row[2], row[8]) == ("ssh_24h", "running", "1,200 connections, 0 failed")
        assert "3 runs" in str(app.query_one("#head", Static).render())
        await pilot.press("slash", *"2 on", "enter", "enter")
        await pilot.pause()
        assert app.is_running


async def test_trouble_is_on_top_and_the_cursor_stays_on_its_run() -> None:
    fleet = Fleet()
    app = FleetApp(fleet, theme="dark")
    async with app.run_test(size=(160, 30)) as pilot:
        await pilot.press("j")
        fleet.breach(2)
        app.draw()
        assert boxes(pilot) == ["box2", "box0", "box1"]
        assert "breached" in shown(pilot)[0][2]
        fleet.lose(0)
        app.draw()
        assert boxes(pilot) == ["box0", "box2", "box1"]
        assert shown(pilot)[0][8] == "its supervisor has died"
        await pilot.press("enter")
    assert app.return_value == 1


async def test_the_row_under_the_cursor_keeps_the_colour_of_its_state() -> None:
    fleet = Fleet()
    app = FleetApp(fleet, theme="dark", glyphs=UNICODE)
    async with app.run_test(size=(160, 30)) as pilot:
        fleet.lose(0)
        app.draw()
        await pilot.pause()
        _, chosen, other = app.screen._compositor.render_strips()[1:4]
        lost = next(segment for segment in chosen if "lost" in segment.text)
        plain = next(segment for segment in chosen if "box0" in segment.text)
        assert lost.style is not None
        assert plain.style is not None
        assert lost.style.color != plain.style.color
        assert lost.style.bgcolor == plain.style.bgcolor != next(iter(other)).style.bgcolor  # type: ignore[union-attr]


async def test_a_narrow_terminal_shows_what_is_wrong_and_a_wide_one_vitals_first() -> None:
    fleet = Fleet()
    fleet.lose(1)
    app = FleetApp(fleet, theme="dark")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j")
        assert shown(pilot)[0][:4] == ["box1", "ech_24h", "lost", "its supervisor has died"]
        await pilot.resize_terminal(160, 45)
        await pilot.pause()
        assert shown(pilot)[0][3] == "00:00:39"
        assert shown(pilot)[0][8:] == ["its supervisor has died", "kernel=6.1 size=small"]
        assert app._table.chosen == "0"
        await pilot.press("slash", *"kernel=6", "enter")
        await pilot.pause()
        assert boxes(pilot) == ["box1"]


async def test_a_new_size_that_comes_when_the_table_is_gone_is_not_drawn() -> None:
    app = FleetApp(Fleet(), theme="dark")
    async with app.run_test(size=(80, 24)) as pilot:
        await app.screen.remove_children()
        await pilot.resize_terminal(160, 45)
        await pilot.pause()


def why(app: FleetApp) -> str:
    line = app.query_one("#why", Static)
    return str(line.render()) if line.display else ""


async def test_what_is_wrong_is_said_in_whole_of_the_chosen_run_else_of_the_worst() -> None:
    fleet = Fleet()
    app = FleetApp(fleet, theme="dark")
    async with app.run_test(size=(120, 35)) as pilot:
        assert why(app) == ""
        fleet.breach(2)
        fleet.lose(1)
        app.draw()
        assert why(app) == "box1  lost  its supervisor has died"
        assert app._table.chosen == "0"
        await pilot.press("up")
        await pilot.pause()
        assert why(app).startswith("box2  breached  ")
        await pilot.resize_terminal(120, 8)
        await pilot.pause()
        assert why(app) == ""


async def test_it_is_filtered_and_shown_whole_again() -> None:
    app = FleetApp(Fleet(20), theme="dark")
    async with app.run_test(size=(160, 30)) as pilot:
        await pilot.press("slash", *"box1", "enter")
        await pilot.pause()
        assert boxes(pilot) == ["box1", *(f"box{i}" for i in range(10, 20))]
        await pilot.press("escape")
        await pilot.pause()
        assert len(boxes(pilot)) == 20


async def test_what_was_not_begun_cannot_be_opened() -> None:
    app = FleetApp(Fleet(5), theme="dark")
    async with app.run_test(size=(160, 30)) as pilot:
        await pilot.press("slash", *"box4", "enter", "enter")
        await pilot.pause()
        assert app.is_running


@pytest.mark.parametrize("key", ["q", "d"])
async def test_it_is_left(key: str) -> None:
    app = FleetApp(Fleet(), theme="dark")
    async with app.run_test(size=(160, 30)) as pilot:
        await pilot.press(key)
    assert app.return_value is None


@pytest.mark.parametrize("ending", [lambda app: app.post_message(HungUp()), lambda _: os.kill(os.getpid(), SIGTERM)])
async def test_a_terminal_that_is_gone_and_a_signal_leave_it(ending: Callable[[FleetApp], object]) -> None:
    app = FleetApp(Fleet(), theme="dark")
    async with app.run_test(size=(160, 30)) as pilot:
        ending(app)
        await wait_for_idle(0)
        await pilot.pause()
        assert app._exit
    assert not asyncio.get_running_loop().remove_signal_handler(SIGTERM)


async def test_a_click_moves_the_cursor_and_one_more_opens_and_the_wheel_scrolls() -> None:
    app = FleetApp(Fleet(100), theme="dark")
    async with app.run_test(size=(160, 30)) as pilot:
        await pilot.click(Table, offset=(5, 3))
        assert app._table.chosen == "2"
        app._table.post_message(wheel(app._table))
        await pilot.pause()
        assert app._table.chosen == "5"
        await pilot.press("G")
        assert "box99" in app._table.render_line(app._table.size.height - 1).text
        await pilot.press("g")
        await pilot.click(Table, offset=(5, 3))
        await pilot.click(Table, offset=(5, 3))
    assert app.return_value == 2


def wheel(on: Table) -> MouseScrollDown:
    return MouseScrollDown(on, 5, 3, 0, 0, 0, shift=False, meta=False, ctrl=False)


async def test_only_cells_that_are_others_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    fleet = Fleet(100)
    app = FleetApp(fleet, theme="dark")
    async with app.run_test(size=(160, 30)) as pilot:
        await pilot.pause()
        drawn: list[Region] = []
        monkeypatch.setattr(app._table, "refresh", lambda *regions: drawn.extend(regions))
        app.draw()
        assert drawn == []
        fleet.sample(0)
        app.draw()
        assert [(region.y, region.height) for region in drawn] == [(1, 1)]
        assert drawn[0].width < 120


def test_a_sparkline_is_between_least_and_most() -> None:
    series = fold(run_events(40, leak_from=20)).series["fds"]
    drawn = spark(series)
    assert len(drawn) == 8
    assert drawn[-1] == "█"
    assert spark(series, "_.-=+*#@")[-1] == "@"


def test_a_sparkline_of_what_hardly_moves_is_flat() -> None:
    series = Series()
    for second in range(40):
        series.add(float(second), 180e6 + second % 2 * 1e6)
    assert set(spark(series)) <= set("▁▂")
    assert spark(series)[-1] != spark(Series())[-1]


@pytest.mark.parametrize(
    ("state", "lives"), [(State.RUNNING, True), (State.UNREACHABLE, True), (State.ENDED, True), (State.LOST, False)]
)
async def test_the_monitor_on_a_run_of_another_box_does_not_look_for_its_supervisor_here(
    tmp_path: Path, state: State, *, lives: bool
) -> None:
    run = Fleet(1).runs()[0]
    run.state = state
    source = source_of(run, tmp_path)
    assert source.lives() is lives
    with pytest.raises(OSError, match="'stresstui fleet stop' and 'fleet note' reach its box"):
        await source.stop()
