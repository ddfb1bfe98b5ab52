"""The terminal tells of a breach and of the end, once, and of nothing that was there before."""

import pytest

from stresstui.core.run.fold import RunState, advance
from stresstui.tui.alarm import Alarm, Bell
from tests.tui.screen_harness import monitor, until
from tests.tui.scripted_run import run_events


def told(seen_from: float) -> list[str]:
    alarm, run, news = Alarm(), RunState(), []
    for event in run_events(150, leak_from=100, end=True, duration=150.0):
        advance(run, event)
        if event.t >= seen_from:
            news.append(alarm.news(run))
    return [text for text in news if text]


def test_a_breach_and_the_end_are_told_once() -> None:
    assert told(0.0) == ["ech_24h breached: No more than 100 descriptors", "ech_24h failed"]


def test_what_had_happened_before_is_not_told() -> None:
    assert told(140.0) == ["ech_24h failed"]
    assert told(162.0) == []


@pytest.mark.parametrize(
    ("bell", "sequence"),
    [
        (Bell.OFF, ""),
        (Bell.BELL, "\a"),
        (Bell.OSC9, "\x1b]9;stresstui: a b c d\a"),
        (Bell.OSC777, "\x1b]777;notify;stresstui;a b c d\a"),
    ],
)
def test_no_text_ends_or_parts_a_sequence(bell: Bell, sequence: str) -> None:
    assert bell.sequence("a\x07b;c\x9dd") == sequence
    assert len(bell.sequence("x" * 9000)) < 300


async def test_the_screen_rings_when_the_breach_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    events = list(run_events(150, leak_from=100))
    app, source = monitor(events[:200])
    app._bell = Bell.OSC9
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, "SOAK")
        await until(pilot, "reading", gone=True)
        written: list[str] = []
        assert app._driver is not None
        monkeypatch.setattr(app._driver, "write", written.append)
        source.batches.put_nowait(events[200:])
        await until(pilot, "BREACHED")
        await pilot.pause()
        assert [text for text in written if "]9;" in text] == [
            "\x1b]9;stresstui: ech_24h breached: No more than 100 descriptors\a"
        ]


async def test_drawings_can_be_fewer_than_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    app, source = monitor(list(run_events(40)))
    app._fps = 0.01
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, "SOAK")
        delays: list[float] = []
        monkeypatch.setattr(app, "set_timer", lambda delay, *_: delays.append(delay))
        source.batches.put_nowait(list(run_events(41))[-1:])
        app._draw_due = False
        app._draw_soon()
        await pilot.pause()
        assert delays
        assert 50.0 < delays[0] <= 100.0
