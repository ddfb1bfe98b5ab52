"""The looks into a zoomed vital, and the log scale."""

from collections.abc import Iterator

import pytest
from msgspec import structs

from stresstui.core.growth import leak_called
from stresstui.core.model.event import Event, Sampled
from stresstui.core.model.sample import Inventory
from stresstui.tui.draw.axis import make_log_axis
from stresstui.tui.panes.vital_looks import Look, looks_of
from tests.tui.screen_harness import monitor, text_of, until
from tests.tui.scripted_run import run_events

SIZE = (120, 35)


async def test_a_vital_is_looked_at_by_process_by_state_and_as_it_is_judged() -> None:
    app, _ = monitor(list(run_events(900, leak_from=100)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "BREACHED")
        await until(pilot, "reading", gone=True)
        await pilot.press("2", "enter")
        await until(pilot, "v: by process, judge")
        await pilot.press("v")
        text = await until(pilot, "sing-box (12)")
        assert "sing-box (11)  1,2" in text
        assert sum("┤" in line for line in text.splitlines()) >= 6, "each process has a chart"
        await pilot.press("v")
        text = await until(pilot, "windows, the longest first")
        judgement = app.view.run.judges[2].trend.judgement  # type: ignore[attr-defined]
        assert f"state         {judgement.state}" in text.replace("│ ", "")
        assert f"a leak        {leak_called(judgement.state, leak=judgement.leak)}, if the run ended now" in text
        assert "rises like a leak" in text
        assert "/h, 95 % " in text
        await pilot.press("V", "V")
        await until(pilot, "whole run (z)")
        await until(pilot, "windows, the longest first", gone=True)
        await pilot.press("y")
        text = await until(pilot, "(z), log")
        assert " 10┤" in text.replace("│", "")
        assert "10,000┤" in text or "1,000┤" in text


async def test_what_is_too_short_to_judge_is_not_called_free_of_leaks() -> None:
    app, _ = monitor(list(run_events(100, leak_from=10)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "SOAK")
        await pilot.press("2", "enter", "v", "v")
        text = await until(pilot, "too little was seen")
        assert "a leak        not known, if the run ended now" in text


async def test_sockets_are_shown_state_by_state() -> None:
    app, _ = monitor(list(run_events(60)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "SOAK")
        await pilot.press("3", "enter", "v")
        text = await until(pilot, "CLOSE_WAIT")
        assert "LISTEN" in text
        await pilot.press("v")
        await until(pilot, "CLOSE_WAIT", gone=True)
        assert looks_of(app.view, "established") == [Look.CHART, Look.STATES]
        assert "3 ESTABLISHED" in text_of(app)


def inventoried(seconds: int) -> Iterator[Event]:
    """A run whose samples bring an inventory every 30 s; sockets to one peer are not closed."""
    for event in run_events(seconds):
        if isinstance(event, Sampled) and event.t % 30 == 10:
            leaked = int(event.t) // 10
            kinds, peers = {"tcp": 2 + leaked, "file": 5}, {"to 10.0.0.7:443 CLOSE_WAIT": leaked, "listening": 2}
            taken = Inventory(event.t - 1, kinds, peers, 0.015, 30.0)
            yield Sampled(event.t, structs.replace(event.sample, inventory=taken))
        else:
            yield event


async def test_descriptors_are_shown_by_kind_and_sockets_by_peer_with_their_age() -> None:
    app, _ = monitor(list(inventoried(113)))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "SOAK")
        await pilot.press("2", "enter", "V", "V")
        text = await until(pilot, "as of 14s ago, when 17 were open")
        assert [line.split()[1:3] for line in text.splitlines() if " tcp " in line or " file " in line] == [
            ["tcp", "12"],
            ["file", "5"],
        ]
        assert "read each 30s for 0.05 % of a core" in text
        await pilot.press("escape", "3", "enter", "V")
        text = await until(pilot, "to 10.0.0.7:443 CLOSE_WAIT")
        row = next(line for line in text.splitlines() if "10.0.0.7" in line)
        assert row.split()[4] == "10"
        assert "1 to 10" in row, "the least and the most of the whole run"


def test_a_log_axis_has_decades_and_takes_nothing_below_them() -> None:
    axis = make_log_axis([0.0, 3.0, 900.0], 8)
    assert (axis.low, axis.high, [axis.label(tick) for tick in axis.ticks]) == (
        1.0,
        1000.0,
        ["1", "10", "100", "1,000"],
    )
    assert [round(axis.share(value), 2) for value in (0.0, 1.0, 10.0, 1000.0)] == [-1.0, 0.0, 0.33, 1.0]
    assert not axis.from_zero
    assert make_log_axis([0.0], 4).log is False
    assert len(make_log_axis([1e-3, 1e9], 4).ticks) <= 5
    assert make_log_axis([0.02, 0.05], 4).label(0.01) == "0.01"


@pytest.mark.parametrize(
    ("values", "rows", "ticks"),
    [
        ([3.0, 60.0], 8, ["2", "5", "10", "20", "50", "100"]),
        ([3.0, 60.0], 4, ["2", "100"]),
        ([20.0, 50.0], 8, ["20", "50"]),
        ([0.03, 0.9], 8, ["0.02", "0.05", "0.1", "0.2", "0.5", "1"]),
        ([45.2, 47.9], 8, ["45", "46", "47", "48"]),
        ([100.0, 101.0], 8, ["99.5", "100.0", "100.5", "101.0"]),
        ([7.0], 8, ["6.950", "6.975", "7.000", "7.025"]),
    ],
)
def test_a_log_axis_of_values_that_lie_close_fits_them(values: list[float], rows: int, ticks: list[str]) -> None:
    axis = make_log_axis(values, rows)
    assert [axis.label(tick) for tick in axis.ticks] == ticks
    assert axis.log
    assert axis.low <= min(values)
    assert axis.high >= max(values)
    assert axis.share(axis.low) == 0.0
    assert axis.share(axis.high) == pytest.approx(1.0)
