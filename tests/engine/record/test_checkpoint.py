"""A checkpoint and the rest of the journal are the whole journal; a checkpoint that may not be trusted is nothing."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stresstui.core.model import event as ev
from stresstui.core.run.fold import fold
from stresstui.engine.record import checkpoint, journal
from stresstui.engine.record.beginning import NOTHING
from stresstui.engine.record.checkpoint import CHECKPOINTS, Checkpoints, fold_run, resume
from stresstui.engine.record.writer import JournalWriter
from tests.engine.record.stories import events_of, record, same


@pytest.fixture(autouse=True)
def state_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@settings(max_examples=25, deadline=None)
@given(st.integers(30, 150), st.integers(3, 70), st.lists(st.integers(1, 149), max_size=6), st.floats(0.05, 1.3))
def test_a_checkpoint_and_the_rest_fold_to_what_the_whole_folds_to(
    seconds: int, every: int, faults: list[int], share: float
) -> None:
    events = events_of(seconds, faults)
    events += [ev.Exited(float(seconds), 0), ev.Ended(float(seconds) + 1, "2026-01-01T00:00:00Z")]
    with TemporaryDirectory() as folder:
        path = record(Path(folder) / "run", events[: round(share * len(events)) or 1], float(every))
        state, beginning = resume(path)
        assert state.t == beginning.t
        assert (beginning.lines > 0) == (path.parent / CHECKPOINTS).exists()
        assert same(fold_run(path), fold(journal.read(path)))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return record(tmp_path / "run", events_of(60, [30]), 25.0)


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
    run = record(tmp_path / "run", events_of(60, []), 25.0)
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


def test_neither_who_writes_one_nor_who_reads_it_loads_cryptography(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom stresstui.core.run.fold import RunState\n"
        "from stresstui.engine.record import checkpoint\nfrom stresstui.engine.record.beginning import NOTHING\n"
        "checkpoint.Checkpoints().write(RunState(), NOTHING, Path(sys.argv[1]))\n"
        "print(checkpoint._is_own(b'content', bytes(32)), '_hashlib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_after_the_first_day_they_become_rarer() -> None:
    kept = Checkpoints()
    days = {1: 86_400, 7: 604_800}
    found = dict.fromkeys(days, 0)
    last = 0.0
    for t in range(0, days[7], 40):
        if kept.due(float(t)):
            kept._last_t = last = float(t)
            for day, end in days.items():
                found[day] += last <= end
    assert found[1] == 540
    assert found[7] < 1650
