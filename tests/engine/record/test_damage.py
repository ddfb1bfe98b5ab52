"""Damage of every kind to a recorded journal: it is named and counted, nothing passes, and a failure stays one."""

import random
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from stresstui.core.model.event import Doubted, Ended, Event, Exited, Matched, Phase
from stresstui.core.run.fold import RunState, fold
from stresstui.engine.record.journal import read
from stresstui.engine.record.writer import JournalWriter
from tests.core.story import Story, process

Damage = Callable[[bytes], bytes]
PANIC = Matched(30.0, "panic", "thread 'main' panicked at src/main.rs:7", {"panics": 1.0})


def record(path: Path, story: Story) -> RunState:
    """Write what a supervisor would have written, the outcome in the end included."""
    state = story.state()
    writer = JournalWriter(path)
    for event in story.events:
        writer.write(_told(event, state))
    writer.close()
    return state


def _told(event: Event, state: RunState) -> Event:
    if not isinstance(event, Ended):
        return event
    return msgspec.structs.replace(event, outcome=str(state.outcome), reasons=tuple(state.reasons))


def by_line(change: Callable[[list[bytes]], list[bytes]]) -> Damage:
    return lambda data: b"".join(change(data.splitlines(keepends=True)))


def flip(line: bytes, place: int = 20) -> bytes:
    return line[:place] + bytes([line[place] ^ 1]) + line[place + 1 :]


def of_kind(kind: bytes) -> Damage:
    return by_line(lambda lines: [flip(line) if b'"event":"%s"' % kind in line else line for line in lines])


def half_the_samples(lines: list[bytes]) -> list[bytes]:
    return [flip(line) if b'"sample"' in line and number % 2 else line for number, line in enumerate(lines)]


def zeroed(data: bytes) -> bytes:
    third = len(data) // 3
    return data[:third] + bytes(third) + data[2 * third :]


def reordered(lines: list[bytes]) -> list[bytes]:
    middle = lines[1:-1]
    random.Random(7).shuffle(middle)
    return [lines[0], *middle, lines[-1]]


def unsealed(lines: list[bytes]) -> list[bytes]:
    return [line.partition(b',"seal"')[0] + b"}\n" if number == 9 else line for number, line in enumerate(lines)]


DAMAGES: dict[str, tuple[Damage, str]] = {
    "a byte of the first line": (of_kind(b"started"), "1 line damaged"),
    "a byte of the exit": (of_kind(b"exit"), "1 event lost, 1 line damaged"),
    "half the samples": (by_line(half_the_samples), "lines damaged"),
    "the middle third zeroed": (zeroed, "events lost"),
    "lines removed": (by_line(lambda lines: lines[:5] + lines[9:]), "events lost; the first at line 6"),
    "lines repeated": (by_line(lambda lines: lines[:10] + lines[7:]), "3 lines repeated"),
    "all twice": (lambda data: data + data, "lines repeated"),
    "lines reordered": (by_line(reordered), "out of order"),
    "a seal removed": (by_line(unsealed), "1 line without a seal"),
    "the front cut off": (by_line(lambda lines: lines[20:]), "events lost; the first at line 1"),
    "garbage behind the end": (lambda data: data + b"\x00" * 99 + b"\n", "1 line damaged"),
}


@pytest.mark.parametrize("name", DAMAGES)
@pytest.mark.parametrize("panics", [(), (PANIC,)], ids=["passed", "failed"])
def test_damage_is_counted_and_nothing_passes(tmp_path: Path, name: str, panics: tuple[Event, ...]) -> None:
    damage, said = DAMAGES[name]
    fails = bool(panics)
    story = Story("max(fds) < 100", moves_bytes=False).add(*panics)
    path = tmp_path / "journal.jsonl"
    whole = record(path, story.whole())
    assert whole.outcome == ("failed" if fails else "passed")
    assert fold(read(path)).reasons == whole.reasons
    path.write_bytes(damage(path.read_bytes()))
    state = fold(read(path))
    assert state.outcome == ("failed" if fails else "inconclusive"), state.reasons
    assert any(said in doubt for doubt in state.doubts), state.doubts
    if not fails:
        assert any("the journal is damaged" in reason for reason in state.reasons)


def test_a_byte_of_the_only_match_does_not_hide_the_failure(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    record(path, Story("max(fds) < 100", moves_bytes=False).add(PANIC).whole())
    path.write_bytes(of_kind(b"match")(path.read_bytes()))
    state = fold(read(path))
    assert (state.outcome, state.exit_code, state.facts.panics) == ("failed", 1, 0)
    assert state.reasons[0] == "1 panic in the output"
    assert "1 event lost, 1 line damaged" in state.reasons[-1]


def test_two_journals_in_one_file_are_told_apart(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    record(one, Story("max(fds) < 100", moves_bytes=False).whole())
    record(two, Story("max(fds) < 100", moves_bytes=False).whole())
    pairs = list(zip(*(path.read_bytes().splitlines(keepends=True) for path in (one, two)), strict=True))
    both = b"".join(a + b for a, b in pairs)
    turns = b"".join(pair[n % 2] for n, pair in enumerate(pairs))
    for number, mixed in enumerate((both, turns)):
        path = tmp_path / str(number)
        path.write_bytes(mixed)
        state = fold(read(path))
        assert state.outcome != "passed"
        assert "lines of another journal" in state.doubts[0]


def test_a_journal_cut_short_has_not_ended(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    record(path, Story("max(fds) < 100", moves_bytes=False).whole())
    path.write_bytes(path.read_bytes()[:-37] + bytes(64))
    assert fold(read(path)).outcome is None


def test_an_outcome_that_was_written_decides_nothing_in_a_whole_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    story = Story("max(fds) < 100", moves_bytes=False).warm().soak().cool().exit(planned=True)
    record(path, story.add(Ended(65.0, outcome="failed", reasons=("judged so by an older version",))))
    events = list(read(path))
    assert isinstance(events[-1], Ended)
    assert events[-1].outcome == ""


def test_a_sample_whose_full_one_is_lost_is_not_taken_for_a_whole(tmp_path: Path) -> None:
    """Half the processes would look like half the memory."""
    path = tmp_path / "journal.jsonl"
    processes = (process(0.0, cpu_s=1.0), process(0.0, pid=2, cpu_s=1.0))
    story = Story("min(rss) > 90MiB", moves_bytes=False).phase(Phase.WARM_UP)
    for _ in range(60):
        story.sample(processes=(*processes[:1], process(story.t, pid=2)))
        story.t += 1.0
    record(path, story.exit(planned=True).end())
    lines = path.read_bytes().splitlines(keepends=True)
    full = [n for n, line in enumerate(lines) if b'"sample"' in line and b'"base"' not in line]
    assert len(full) == 6
    path.write_bytes(b"".join(lines[: full[1]] + lines[full[1] + 1 :]))
    state = fold(read(path))
    assert state.samples == 50
    assert min(one.values["processes"] for one in state.recent) == 2
    assert "10 events lost" in state.doubts[0]


@pytest.mark.parametrize("event", [Exited(1.0, 0), PANIC])
def test_every_single_byte_counts(tmp_path: Path, event: Event) -> None:
    path = tmp_path / "journal.jsonl"
    writer = JournalWriter(path)
    writer.write(event)
    writer.write(Ended(99.0))
    writer.close()
    whole = path.read_bytes()
    for place in range(whole.index(b"\n") + 1):
        path.write_bytes(flip(whole, place))
        assert any(isinstance(event, Doubted) for event in read(path)), place
