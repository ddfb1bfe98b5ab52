import asyncio
from pathlib import Path

import pytest

from stresstui.core.run.fold import RunState, fold
from stresstui.engine.control.socket import CONTROL
from stresstui.tui.follow import folding
from stresstui.tui.follow.folding import fold_source
from stresstui.tui.follow.source import JournalSource, OutputTail
from tests.tui.screen_harness import DEADLINE, monitor, until
from tests.tui.scripted_run import ScriptedSource, run_events, write_run


async def test_long_journal_leaves_room_for_keys() -> None:
    events = list(run_events(4000, end=True))
    run, turns = RunState(), 0
    told: list[int | None] = []

    async def count_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counter = asyncio.create_task(count_turns())
    await fold_source(ScriptedSource(events), run, told.append)
    counter.cancel()
    assert turns > 5, "the journal was folded in one go"
    assert told[-1] is None
    assert told[-2] == len(events)
    assert run.samples == fold(events).samples


async def test_reading_is_said_and_over_when_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "CAUGHT_UP_S", 2.0)  # longer than a busy machine takes to look
    app, _ = monitor(list(run_events(2000)))
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, "reading…")
        await until(pilot, "reading…", gone=True)
        await until(pilot, "00:33:19")


async def test_run_directory_is_a_source(tmp_path: Path) -> None:
    source = JournalSource(write_run(tmp_path / "run", run_events(40, end=True), b"hello\n"))
    run = RunState()
    await fold_source(source, run, lambda _: None)
    assert run.ended
    assert source.run_name == "run"
    chunk = await asyncio.wait_for(anext(source.output()), DEADLINE)
    assert chunk == b"hello\n"


async def test_stop_of_a_dead_run_is_refused_in_words(tmp_path: Path) -> None:
    source = JournalSource(write_run(tmp_path / "run", run_events(3)))
    (tmp_path / "run" / CONTROL).touch()  # without a socket the process itself would be asked, which is this one
    app_error = ""
    try:
        await source.stop()
    except OSError as error:
        app_error = str(error)
    assert "run run does not answer" in app_error


async def test_output_begins_near_its_end_and_outlives_rotation(tmp_path: Path) -> None:
    path = tmp_path / "output.log"
    tail = OutputTail(path)
    assert await tail.advance() == b""
    path.write_bytes(b"x" * 300_000 + b"end\n")
    first = await tail.advance()
    assert first.endswith(b"end\n")
    assert len(first) <= 1 << 18
    path.rename(tmp_path / "output.log.1")
    path.write_bytes(b"fresh\n")
    assert await tail.advance() == b""
    assert await tail.advance() == b"fresh\n"
    await tail.close()


def test_nothing_is_polled_by_the_clock_of_a_widget() -> None:
    """Widgets draw a view; a clock, a file or a judgement in one of them would make replay differ from live."""
    folder = Path(__file__).parents[2] / "stresstui" / "tui" / "widgets"
    for path in (*folder.glob("*.py"), *folder.with_name("panes").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for word in ("import time", "import asyncio", "import os", "pathlib", "engine.", "datetime", "advance("):
            assert word not in text, f"{path.name} has {word}"
