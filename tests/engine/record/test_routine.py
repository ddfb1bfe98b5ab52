"""Who says nothing of measurements lets them wait, and says the same as who does not."""

import asyncio
from pathlib import Path

import pytest

from stresstui.core.model.event import BreachBegan, Event, Noted, Reported, Sampled, Timed
from stresstui.core.model.sample import Sample
from stresstui.core.run.fold import RunState
from stresstui.engine.record import growth_watch
from stresstui.engine.record.journal import Follower, tail_batches
from stresstui.engine.record.routine import WAITING_MAX, Routine
from stresstui.engine.record.writer import JournalWriter
from stresstui.headless import Lines
from tests.engine.record.stories import events_of, record


def lines_of(tmp_path: Path, *events: Event) -> list[bytes]:
    path = tmp_path / "journal.jsonl"
    writer = JournalWriter(path)
    for event in events:
        writer.write(event)
    writer.close()
    return path.read_bytes().splitlines(keepends=True)


def test_measurements_wait_until_one_is_wanted_and_all_else_is_news(tmp_path: Path) -> None:
    early, late, gap, report, times, breach, note = lines_of(
        tmp_path,
        Sampled(9.999, Sample(9.999)),
        Sampled(10.0, Sample(10.0)),
        Sampled(5.0, Sample(5.0, missed=2)),
        Reported(2.0, {"connections": 4.0}),
        Timed(3.0, "latency_ms", "10:4"),
        BreachBegan(4.0, "a", "A", 1.0, "text", 4.0),
        Noted(4.0, "me", 'says {"event":"sample","t":1.0'),
    )
    routine = Routine()
    assert not routine.may_wait(report), "nothing is wanted yet: what came first is wanted"
    routine.until = 10.0
    assert all(map(routine.may_wait, (early, report, times, report + early)))
    assert not any(map(routine.may_wait, (late, early + late, gap, breach, note, early + breach, breach + early)))
    assert not routine.may_wait(report + note)
    assert not routine.may_wait(early[7:]), "the rest of a line, of whatever kind"


class Reader:
    """Prints a journal that grows piece by piece."""

    def __init__(self, growing: Path, pieces: list[bytes], *, lets_wait: bool) -> None:
        self.said: list[str] = []
        self.at: list[int] = []
        """With which piece each line was printed."""
        self.folds, self._piece = 0, 0
        view = Lines(self._print, RunState())
        follower = Follower(growing, routine=view.routine if lets_wait else None)
        for self._piece, piece in enumerate(pieces):
            with growing.open("ab") as file:
                file.write(piece)
            while batch := follower.advance():
                self.folds += 1
                view.catch_up(batch)
        view.catch_up(follower.finish())
        follower.close()
        self.t = view.state.t

    def _print(self, line: str) -> None:
        self.said.append(line)
        self.at.append(self._piece)


@pytest.mark.parametrize("cut", [None, 777])
def test_what_is_printed_is_the_same_in_the_same_order(cut: int | None, tmp_path: Path) -> None:
    path = record(tmp_path / "run", events_of(180, [50, 51, 52, 53, 54, 90]), 10**9)
    text = path.read_bytes()
    whole = text.splitlines(keepends=True)
    pieces = whole if cut is None else [text[at : at + cut] for at in range(0, len(text), cut)]
    at_once = Reader(tmp_path / "often", pieces, lets_wait=False)
    waited = Reader(tmp_path / "seldom", pieces, lets_wait=True)
    assert (waited.said, waited.t) == (at_once.said, at_once.t)
    assert any("breach" in line for line in waited.said)
    if cut is None:
        assert waited.folds < at_once.folds / 4
        # What the supervisor says of a breach is the line behind that of the sample it is found in; the processes that
        # a live run says of a restart are not in this one.
        lines = zip(waited.said, waited.at, at_once.at, strict=True)
        assert all(late - soon in (0, 1) for line, late, soon in lines if "restarted" not in line)


def test_a_breach_is_given_with_the_look_that_finds_it_behind_all_that_waited(tmp_path: Path) -> None:
    lines = lines_of(
        tmp_path, *(Sampled(float(t), Sample(float(t))) for t in range(5)), BreachBegan(4.0, "a", "A", 1.0, "", 4.0)
    )
    growing, routine = tmp_path / "growing", Routine()
    routine.until = 100.0
    follower = Follower(growing, routine=routine)
    for at, line in enumerate(lines):
        with growing.open("ab") as file:
            file.write(line)
        assert [event.t for event in follower.advance()] == ([0, 1, 2, 3, 4, 4] if at == 5 else [])
    follower.close()


def test_what_waits_is_given_when_nothing_will_follow(tmp_path: Path) -> None:
    growing, routine = tmp_path / "journal.jsonl", Routine()
    routine.until = 100.0
    lines_of(tmp_path, *(Sampled(float(t), Sample(float(t))) for t in range(5)))
    follower = Follower(growing, routine=routine)
    assert follower.advance() == []
    assert [event.t for event in follower.finish()] == [0, 1, 2, 3, 4]
    follower.close()


def test_what_waits_is_bounded_and_not_lost_where_the_journal_is_cut(tmp_path: Path) -> None:
    growing, routine = tmp_path / "growing", Routine()
    routine.until = 1e6
    lines = lines_of(tmp_path, *(Sampled(float(t), Sample(float(t))) for t in range(2000)))
    growing.write_bytes(b"")
    follower, given, most = Follower(growing, routine=routine), 0, 0
    for at, line in enumerate(lines):
        with growing.open("ab") as file:
            file.write(line)
        given += len(follower.advance())
        most = max(most, at + 1 - given)
    assert WAITING_MAX // len(lines[-1]) - 1 <= most < 1000
    growing.write_bytes(lines[0])
    assert len(follower.advance()) == len(lines) - given
    follower.close()


async def test_growth_that_is_routine_wakes_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth_watch, "YOUNG_S", 0.0)
    growing, routine = tmp_path / "journal.jsonl", Routine()
    looks: list[Follower] = []
    advance = Follower.advance

    def counted(follower: Follower) -> list[Event]:
        looks.append(follower)
        return advance(follower)

    monkeypatch.setattr(Follower, "advance", counted)
    routine.until = 1e6
    events: list[Event] = [Noted(0.0, "me", "begins"), *(Sampled(float(t), Sample(float(t))) for t in range(1, 30))]
    writer, seen, begun = JournalWriter(growing), list[Event](), asyncio.Event()
    writer.write(events[0])

    async def write_on() -> None:
        await begun.wait()
        for event in events[1:]:
            writer.write(event)
            while looks[-1]._offset < growing.stat().st_size:  # noqa: ASYNC110 - the kernel tells the other task
                await asyncio.sleep(0)
        events.append(Noted(400.0, "me", "ends"))
        writer.write(events[-1])

    writing = asyncio.create_task(write_on())
    async with asyncio.timeout(20):
        async for batch in tail_batches(growing, routine=routine):
            seen += batch
            begun.set()
            if len(seen) > 1:
                break
    await writing
    writer.close()
    assert seen == events
    assert len(looks) < 15
