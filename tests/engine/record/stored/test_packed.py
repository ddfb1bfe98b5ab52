"""A packed journal is the journal: at every place of it, cut and damaged too."""

import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from stresstui.core.model import event as ev
from stresstui.core.model.outcome import Outcome
from stresstui.core.run.fold import RunState, fold
from stresstui.engine.record import journal
from stresstui.engine.record.checkpoint import fold_run, resume
from stresstui.engine.record.stored import frames, rewrite
from stresstui.engine.record.stored.opened import form_of, open_journal, packed_form
from stresstui.engine.record.stored.rewrite import pack_journal
from stresstui.engine.record.writer import JournalWriter
from stresstui.folder import JOURNAL
from tests.engine.record.stories import events_of, record, same


@pytest.fixture(autouse=True)
def small_frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(rewrite, "TEXT", 3000)
    monkeypatch.setattr(rewrite, "_CHUNK", 1000)


def ended(folder: Path, seconds: int = 60) -> Path:
    events = [*events_of(seconds, [30]), ev.Exited(float(seconds), 0), ev.Ended(seconds + 1.0, "2026-01-01T00:00:00Z")]
    return record(folder / "run", events, 25.0)


def pack(path: Path) -> Path:
    assert pack_journal(path) == ""
    assert not path.exists()
    assert form_of(path) == packed_form(path)
    return packed_form(path)


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return ended(tmp_path)


@pytest.fixture
def path(plain: Path) -> Path:
    shutil.copy(plain, plain.with_name("text"))
    pack(plain)
    return plain


def text_of(path: Path) -> bytes:
    with closing(open_journal(path)) as file:
        return b"".join(iter(lambda: file.read(777), b""))


def test_its_text_is_the_same_at_every_place(path: Path) -> None:
    text = path.with_name("text").read_bytes()
    assert text_of(path) == text
    with closing(open_journal(path)) as file:
        assert file.size == len(text)
        for place in (0, 1, 2999, 3000, 9001, len(text) - 1, len(text), len(text) + 5):
            file.seek(place)
            assert text[place : place + 40].startswith(file.read(40))
            assert file.crc_of(place) == (crc32(text[:place]) if place <= len(text) else None)


def test_every_tool_that_knows_zstandard_reads_it(path: Path) -> None:
    with (
        packed_form(path).open("rb") as file,
        zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True) as text,
    ):
        assert text.read() == path.with_name("text").read_bytes()
    if shutil.which("zstdcat"):
        told = subprocess.run(["zstdcat", packed_form(path)], capture_output=True, check=True).stdout
        assert told == path.with_name("text").read_bytes()


def test_checkpoints_stand_on_its_text(path: Path) -> None:
    state, beginning = resume(path)
    assert (state.t, beginning.lines > 0) == (50.0, True)
    assert same(fold_run(path), fold(journal.read(path.with_name("text"))))
    assert journal.read_end(path) == journal.read_end(path.with_name("text"))


def test_a_checkpoint_does_not_stand_on_frames_that_are_others(path: Path) -> None:
    flip(packed_form(path), 300)
    assert resume(path)[1].lines == 0


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def is_told(state: RunState) -> bool:
    return bool(state.doubts) or not state.ended


PIECES = st.lists(st.binary(min_size=0, max_size=400), max_size=40)


@settings(max_examples=40, deadline=None)
@given(PIECES, st.integers(1, 3000), st.integers(0, 10_000))
def test_any_bytes_come_back_from_any_place(pieces: list[bytes], size: int, place: int) -> None:
    text = b"\n".join(pieces)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(rewrite, "TEXT", size)
        path = Path(folder) / JOURNAL
        path.write_bytes(text)
        path.chmod(0o600)
        pack(path)
        assert text_of(path) == text
        with closing(open_journal(path)) as file:
            file.seek(min(place, len(text)))
            assert b"".join(iter(lambda: file.read(100), b"")) == text[place:]


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 1), st.integers(0, 7), st.sampled_from(["flip", "cut", "zero", "remove"]))
def test_damage_anywhere_is_told_or_changes_nothing(share: float, bit: int, how: str) -> None:
    with TemporaryDirectory() as folder:
        path = ended(Path(folder), 40)
        sound = fold(journal.read(path))
        packed = pack(path)
        data = bytearray(packed.read_bytes())
        place = min(len(data) - 1, int(share * len(data)))
        match how:
            case "flip":
                data[place] ^= 1 << bit
            case "cut":
                del data[place:]
            case "zero":
                data[place : place + 50] = bytes(len(data[place : place + 50]))
            case "remove":
                del data[place : place + 1 + bit]
        packed.write_bytes(data)
        found = fold_run(path)
        assert is_told(found) or same(found, sound)
        assert found.outcome is not Outcome.PASSED or sound.outcome is Outcome.PASSED


def test_what_is_left_of_a_damaged_one_is_read(path: Path) -> None:
    flip(packed_form(path), packed_form(path).stat().st_size // 2)
    state = fold_run(path)
    assert "1 line damaged" in " ".join(state.doubts)
    assert "lost" in " ".join(state.doubts)
    assert state.ended
    assert state.t == 61.0


def test_a_folder_whose_journal_is_packed_is_for_no_other_run(path: Path) -> None:
    with pytest.raises(FileExistsError):
        JournalWriter(path)


def test_a_follower_that_comes_late_reads_it_and_one_that_is_there_goes_on(plain: Path) -> None:
    whole = list(journal.read(plain))
    there = journal.Follower(plain)
    had = there.advance()
    pack(plain)
    assert [*had, *rest_of(there)] == whole
    assert rest_of(journal.Follower(plain)) == whole


def rest_of(follower: journal.Follower) -> list[ev.Event]:
    events: list[ev.Event] = []
    while not (events and isinstance(events[-1], ev.Ended)):
        events += follower.advance()
    follower.close()
    return events


@pytest.mark.parametrize("step", ["_write", "_compare", "pack_index"])
def test_what_goes_wrong_on_the_way_leaves_the_plain_one(
    plain: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, there = plain.read_bytes(), sorted(plain.parent.iterdir())

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rewrite, step, fail)
    assert "No space left" in pack_journal(plain)
    assert plain.read_bytes() == text
    assert sorted(plain.parent.iterdir()) == there


def test_what_was_written_wrong_is_found_before_the_plain_one_goes(
    plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, pack_text = plain.read_bytes(), frames.pack_text

    def damage(line: bytes, level: int) -> bytes:
        return pack_text(line.replace(b"rss", b"sss"), level)

    monkeypatch.setattr(rewrite, "pack_text", damage)
    assert "differs" in pack_journal(plain)
    assert plain.read_bytes() == text
    assert not packed_form(plain).exists()


def test_where_both_are_there_the_plain_one_is_read(plain: Path) -> None:
    shutil.copy(plain, plain.with_name("text"))
    pack(plain)
    shutil.copy(plain.with_name("text"), plain)
    flip(packed_form(plain), 300)
    assert not fold(journal.read(plain)).doubts


def test_the_time_of_the_plain_one_is_kept(plain: Path) -> None:
    """By it a result is older than its journal, or not."""
    os.utime(plain, ns=(1, 12345))
    assert pack(plain).stat().st_mtime_ns == 12345


def test_a_frame_that_claims_to_be_huge_is_not_opened(tmp_path: Path) -> None:
    bomb = zstandard.ZstdCompressor(level=1, write_checksum=True).compress(bytes(frames.TEXT_MAX + 1))
    packed_form(tmp_path / "j").write_bytes(bomb)
    assert len(text_of(tmp_path / "j")) < 100


def test_without_an_index_its_frames_are_found_and_their_own_checksums_tell_damage(path: Path) -> None:
    packed, data = packed_form(path), packed_form(path).read_bytes()
    without = data[: data.rfind((0x184D2A5D).to_bytes(4, "little"))]
    packed.write_bytes(without)
    assert text_of(path) == path.with_name("text").read_bytes()
    for place in (len(without) // 2, 20, len(without) - 3):
        packed.write_bytes(without)
        flip(packed, place)
        assert "damaged" in " ".join([*fold_run(path).doubts, *fold(journal.read(path)).doubts]), place
