"""A checkpoint and the rest of the journal are the whole journal; a checkpoint that may not be trusted is nothing."""

import os
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stresstui.core.model import event as ev
from stresstui.core.model.event import Event, Phase
from stresstui.core.model.sample import Sample
from stresstui.core.model.scenario import MetricSpec
from stresstui.core.run.fold import RunState, fold
from stresstui.engine.clock import RunClock
from stresstui.engine.record import checkpoint, journal
from stresstui.engine.record.beginning import NOTHING
from stresstui.engine.record.checkpoint import CHECKPOINTS, fold_run, resume
from stresstui.engine.record.recorder import Recorder
from stresstui.engine.record.writer import JournalWriter
from tests.core.story import MIB, Story, process

RULES = (
    "max(fds) < 40 for 3s", "growth(rss) < 1MiB/h", "growth(fds, per=connections_total) < 0.001", "settles(fds)",
    "mean(cpu) < 80%", "min(throughput, 5s) > 1MB/s", "max(latency_ms_p99) < 9ms", "count(crashes) == 0",
)  # fmt: skip


@pytest.fixture(autouse=True)
def state_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def _events(seconds: int, faults: list[int]) -> list[Event]:
    story = Story(
        *RULES,
        duration=float(seconds),
        warm_up=20.0,
        metrics={"latency_ms_p99": MetricSpec(), "connections_total": MetricSpec()},
    )
    events = story.phase(Phase.WARM_UP).events
    for t in range(1, seconds):
        at = float(t)
        if t == 20:
            events.append(ev.PhaseBegan(at, Phase.SOAK))
        fds = 20 + 30 * (t in faults) + t // 30
        found = tuple(
            process(at, pid=pid, rss=50 * MIB + 4096 * (t * 7919 % 251), fds=fds, bytes_in=2_000_000 * t, cpu_s=0.1 * t)
            for pid in (1, 2 + t // 40)
        )
        events.append(ev.Sampled(at, Sample(at, found, cpus=2, sockets_t=at)))
        events.append(ev.Reported(at + 0.5, {"connections_total": 20.0 * t, "latency_ms_p99": 5.0 + t % 7, "up": 1.0}))
        if t in faults:
            events += [ev.Problem(at + 0.6, "somewhere", "something"), ev.Noted(at + 0.7, "me", "seen")]
    return events


def _record(directory: Path, events: list[Event], every: float) -> Path:
    directory.mkdir(mode=0o700)
    path = directory / journal.JOURNAL
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checkpoint, "EVERY_S", every)
        recorder = Recorder(path, RunClock(), None, lambda _: None)
        for event in events:
            if isinstance(event, ev.Ended):
                recorder.end(event)
            else:
                recorder.record(event)
        recorder.close()
    return path


def _plain(value: Any, seen: dict[int, tuple[str, Any]]) -> Any:
    """Anything as nested plain values, an object that comes again as the number of its first place."""
    if value is None or isinstance(value, str | bytes | bool | float | int):
        return value
    if id(value) in seen:
        return seen[id(value)][0]
    seen[id(value)] = f"object {len(seen)}", value  # which is kept, so that no other gets its id
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    kind = "list" if isinstance(value, tuple) else type(value).__name__  # JSON has but one of the two
    return [kind, *(_plain(part, seen) for part in _parts(value))]


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return [part for pair in value.items() for part in pair]
    if isinstance(value, list | tuple | deque):
        return value
    names: set[str] = {*getattr(value, "__dict__", {}), *getattr(value, "__struct_fields__", ())}
    names |= {name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())}
    found: list[Any] = [(name, getattr(value, name)) for name in sorted(names) if hasattr(value, name)]
    return found or [str(getattr(value, "__qualname__", ""))]


def _same(one: RunState, other: RunState) -> bool:
    return bool(_plain(one, {}) == _plain(other, {}))


@settings(max_examples=25, deadline=None)
@given(st.integers(30, 150), st.integers(3, 70), st.lists(st.integers(1, 149), max_size=6), st.floats(0.05, 1.3))
def test_a_checkpoint_and_the_rest_fold_to_what_the_whole_folds_to(
    seconds: int, every: int, faults: list[int], share: float
) -> None:
    events = _events(seconds, faults)
    events += [ev.Exited(float(seconds), 0), ev.Ended(float(seconds) + 1, "2026-01-01T00:00:00Z")]
    with TemporaryDirectory() as folder:
        path = _record(Path(folder) / "run", events[: round(share * len(events)) or 1], float(every))
        state, beginning = resume(path)
        assert state.t == beginning.t
        assert (beginning.lines > 0) == (path.parent / CHECKPOINTS).exists()
        assert _same(fold_run(path), fold(journal.read(path)))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return _record(tmp_path / "run", _events(60, [30]), 25.0)


def test_a_good_checkpoint_is_taken(run: Path) -> None:
    state, beginning = resume(run)
    assert (state.t, beginning.t) == (50.0, 50.0)


def test_of_several_the_newest_is_taken_that_is_early_enough(run: Path) -> None:
    assert sorted(path.name for path in (run.parent / CHECKPOINTS).iterdir()) == ["000000025", "000000050"]
    assert resume(run, until=49.9)[0].t == 25.0
    assert resume(run, until=24.9)[1] is NOTHING


def test_where_the_newest_is_bad_the_one_before_it_is_taken(run: Path) -> None:
    (run.parent / CHECKPOINTS / "000000050").write_bytes(b"bad")
    assert resume(run)[0].t == 25.0


def _flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def test_a_byte_before_it_that_is_another_brings_the_whole_journal_to_be_read(run: Path) -> None:
    _flip(run, 3000)
    assert resume(run)[1] is NOTHING
    assert "damaged" in " ".join(fold_run(run).doubts)


def test_a_byte_behind_it_is_found_as_well(run: Path) -> None:
    _flip(run, run.stat().st_size - 300)
    assert resume(run)[1] is not NOTHING
    assert "damaged" in " ".join(fold_run(run).doubts)


def test_a_journal_that_was_cut_before_it_is_read_whole(run: Path) -> None:
    run.write_bytes(run.read_bytes()[:5000])
    assert resume(run)[1] is NOTHING


def test_what_a_stranger_pickled_is_never_loaded(run: Path, tmp_path: Path) -> None:
    for path in (run.parent / CHECKPOINTS).iterdir():
        _flip(path, 200)
    assert resume(run)[1] is NOTHING


def test_what_was_written_with_another_key_is_a_strangers(run: Path, tmp_path: Path) -> None:
    (tmp_path / "state" / "stresstui" / "checkpoint.key").write_bytes(b"k" * 32)
    assert resume(run)[1] is NOTHING


def test_other_code_does_not_take_it(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "_code", lambda: "another version")
    assert resume(run)[1] is NOTHING


@pytest.mark.parametrize("content", [b"", b"short", b"\0" * 5000])
def test_what_is_no_checkpoint_is_none(run: Path, content: bytes) -> None:
    for path in (run.parent / CHECKPOINTS).iterdir():
        path.write_bytes(content)
    assert resume(run)[1] is NOTHING


def test_where_no_key_can_be_kept_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    run = _record(tmp_path / "run", _events(60, []), 25.0)
    assert not (run.parent / CHECKPOINTS).exists()
    assert fold_run(run).t == 59.5


def test_a_journal_that_lacks_something_has_no_beginning_to_stand_on(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path / "journal.jsonl")
    for t in range(9):
        writer.write(ev.Noted(float(t), "me", "seen"))
    assert writer.beginning(8.0) is not None
    os.truncate(tmp_path / "journal.jsonl", 100)
    assert "cut" in writer.look_after()
    writer.write(ev.Noted(9.0, "me", "seen"))
    assert writer.beginning(9.0) is None
    writer.close()
