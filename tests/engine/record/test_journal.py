import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from stresstui.core.model.event import Doubted, Ended, Event, Noted, Problem, Reported, Started, encode_event
from stresstui.core.model.scenario import Scenario
from stresstui.core.run.fold import fold
from stresstui.engine.clock import RunClock
from stresstui.engine.record import writer as writing
from stresstui.engine.record.journal import read, tail, tail_batches
from stresstui.engine.record.recorder import Recorder
from stresstui.engine.record.seal import Seal, seal_line
from stresstui.engine.record.writer import JournalWriter

EVENTS: list[Event] = [Noted(float(n), f"note {n} é ") for n in range(300)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


@pytest.fixture
def full_disk() -> Iterator[int]:
    fd = os.open("/dev/full", os.O_WRONLY)
    yield fd
    os.close(fd)


def write(path: Path, events: list[Event]) -> None:
    writer = JournalWriter(path)
    for event in events:
        writer.write(event)
    writer.close()


@contextlib.contextmanager
def filling(writer: JournalWriter, full_disk: int) -> Iterator[None]:
    kept = os.dup(writer._fd)
    os.dup2(full_disk, writer._fd)
    yield
    os.dup2(kept, writer._fd)
    os.close(kept)


def test_what_is_written_is_read_back(path: Path) -> None:
    write(path, EVENTS)
    assert list(read(path)) == EVENTS
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes().count(b"\n") == len(EVENTS)


def test_an_unfinished_last_line_is_left_out(path: Path) -> None:
    write(path, EVENTS)
    with path.open("ab") as file:
        file.write(encode_event(EVENTS[0])[:-3])
    assert list(read(path)) == EVENTS


def test_a_damaged_line_is_a_problem_that_names_it(path: Path) -> None:
    lines = [encode_event(event) for event in EVENTS[:5]]
    lines[2] = b'{"event":"note","t":2.0,"te\xff\x00'
    path.write_bytes(b"\n".join(lines) + b"\n")
    events = list(read(path))
    assert [type(event) for event in events] == [Noted, Noted, Problem, Noted, Noted, Doubted]
    assert isinstance(events[2], Problem)
    assert "line 3" in events[2].text
    assert events[2].t == 1.0


def test_events_wait_for_a_full_disk_and_none_is_lost(path: Path, full_disk: int) -> None:
    writer = JournalWriter(path)
    writer.write(EVENTS[0])
    with filling(writer, full_disk):
        for event in EVENTS[1:100]:
            writer.write(event)
        assert writer.trouble == "No space left on device"
        assert writer.waiting == 99
    for event in EVENTS[100:]:
        writer.write(event)
    writer.close()
    assert list(read(path)) == EVENTS


def test_a_line_cut_in_half_by_a_full_disk_is_completed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = JournalWriter(path)
    real, calls = os.write, iter([7, 0])

    def short(fd: int, data: bytes) -> int:
        size = next(calls, None)
        if size == 0:
            raise OSError(28, "No space left on device")
        return real(fd, data if size is None else data[:size])

    monkeypatch.setattr(os, "write", short)
    for event in EVENTS[:3]:
        writer.write(event)
    writer.close()
    assert list(read(path)) == EVENTS[:3]


def test_memory_for_a_full_disk_is_bounded_and_the_loss_counted(path: Path, full_disk: int) -> None:
    writer = JournalWriter(path, capacity=10)
    with filling(writer, full_disk):
        for event in EVENTS[:50]:
            writer.write(event)
    writer.close()
    assert writer.lost == 39  # one is at the disk's door, ten behind it
    *events, doubt = read(path)
    assert events == [EVENTS[0], *EVENTS[40:50]]
    assert isinstance(doubt, Doubted)
    assert "39 events lost" in doubt.reason


def test_the_recorder_says_afterwards_that_the_disk_was_full(path: Path, full_disk: int) -> None:
    recorder = Recorder(path, RunClock(), None, lambda _: None)
    with filling(recorder._writer, full_disk):
        recorder.record(EVENTS[1])
        assert recorder.trouble == "No space left on device"
    recorder.record(EVENTS[2])
    recorder.close()
    first, problem, second = read(path)
    assert (first, second) == (EVENTS[1], EVENTS[2])
    assert isinstance(problem, Problem)
    assert "nothing was lost" in problem.text


def test_a_listener_that_fails_does_not_stop_the_record(path: Path) -> None:
    def fail(event: Event, state: object) -> None:
        raise ValueError("mine")

    recorder = Recorder(path, RunClock(), fail, lambda _: None)
    for event in EVENTS[:3]:
        recorder.record(event)
    recorder.close()
    assert [type(event) for event in read(path)] == [Noted, Problem, Noted, Noted]


def test_folding_live_and_folding_what_was_read_back_agree(path: Path) -> None:
    recorder = Recorder(path, RunClock(), None, lambda _: None)
    started = Started(0.0, "r", "2026-01-01T00:00:00Z", {"name": "s"}, "command")
    assert Scenario(**started.scenario).name == "s"
    recorder.record(started)
    for n in range(50):
        recorder.record(Reported(n + 0.5, {"a": n * 1.1, "b_total": float(n)}))
    recorder.end(Ended(60.0))
    recorder.close()
    again = fold(read(path))
    assert again.summaries == recorder.state.summaries
    assert again.outcome == recorder.state.outcome
    assert list(again.entries) == list(recorder.state.entries)


REPORTS: list[Event] = [
    Reported(n * 0.7, {"a": float(n // 5), "b_total": 0.25 * n, "c": 7.0} | ({"d": 1.5} if n % 9 else {}))
    for n in range(60)
]


def test_reports_in_shorthand_are_read_back_in_full(path: Path) -> None:
    write(path, REPORTS)
    assert list(read(path)) == REPORTS
    lines = path.read_bytes().splitlines()
    bases = [line.count(b'"base":') for line in lines]
    assert [n for n, base in enumerate(bases) if not base][:4] == [0, 15, 18, 33]  # 10 s later, or where "d" is missing
    assert b'"c"' not in lines[1]


def test_a_lost_full_report_takes_nothing_else_with_it(path: Path) -> None:
    write(path, REPORTS)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[1:]))
    events = list(read(path))
    assert events[0] == Reported(0.7, {"b_total": 0.25, "d": 1.5})
    assert events[14:-1] == REPORTS[15:]
    assert isinstance(events[-1], Doubted)


async def test_a_reader_that_follows_sees_every_event_once(path: Path) -> None:
    async def write_slowly() -> None:
        writer = JournalWriter(path)
        for n, event in enumerate(EVENTS):
            half = seal_line(encode_event(event), Seal(writer._name, n)) + b"\n"
            os.write(writer._fd, half[:9])
            if n % 40 == 0:
                await asyncio.sleep(0.01)
            os.write(writer._fd, half[9:])
        writer._number = len(EVENTS)
        writer.write(Ended(400.0))
        writer.close()

    writing = asyncio.create_task(write_slowly())
    async with asyncio.timeout(10):
        seen = [event async for event in tail(path)]
    await writing
    assert seen == [*EVENTS, Ended(400.0)]


async def test_a_reader_that_is_stopped_takes_what_is_there(path: Path) -> None:
    write(path, EVENTS)
    stop = asyncio.Event()
    seen: list[Event] = []
    async with asyncio.timeout(10):
        async for batch in tail_batches(path, stop):
            seen += batch
            stop.set()
    assert seen == EVENTS


def test_a_journal_whose_file_system_was_taken_away_is_written_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = JournalWriter(path)
    journal.write(EVENTS[0])
    path.rename(path.with_name("elsewhere"))
    monkeypatch.setattr(writing, "place_of", lambda fd, path: None)
    assert (
        journal.look_after() == "the file system of the journal was taken away in mid-run; it was written again in full"
    )
    journal.write(EVENTS[1])
    journal.close()
    assert list(read(path)) == EVENTS[:2]
