import asyncio
import os
from pathlib import Path

import pytest

from stresstui.engine.output import pipe
from stresstui.engine.output.pipe import OutputLog, OutputPipe


async def test_bytes_are_kept_as_they_came(tmp_path: Path) -> None:
    data = bytes(range(256)) * 4096
    log = OutputLog(tmp_path / "output.log")
    pipe = OutputPipe(log.write, lambda: None)
    end = os.dup(pipe.write_end)
    pipe.start()
    os.write(end, data)
    os.close(end)
    await pipe.drain(5.0)
    pipe.stop()
    log.close()
    assert (tmp_path / "output.log").read_bytes() == data
    assert (tmp_path / "output.log").stat().st_mode & 0o777 == 0o600


async def test_what_the_last_chunk_has_the_loop_do_is_done_when_it_is_drained() -> None:
    """Though the thread that read it has ended before anybody asks."""
    loop, heard = asyncio.get_running_loop(), list[bytes]()

    def hear(chunk: bytes) -> None:
        loop.call_soon_threadsafe(heard.append, chunk)

    pipe = OutputPipe(hear, lambda: None)
    end = os.dup(pipe.write_end)
    pipe.start()
    os.write(end, b"its last words")
    os.close(end)
    pipe._thread.join()
    await pipe.drain(5.0)
    pipe.stop()
    assert heard == [b"its last words"]


async def test_stopping_does_not_wait_for_whoever_still_holds_the_pipe(tmp_path: Path) -> None:
    heard: list[bytes] = []
    pipe = OutputPipe(heard.append, lambda: None)
    end = os.dup(pipe.write_end)
    pipe.start()
    os.write(end, b"before")
    await pipe.drain(5.0)
    pipe.stop()
    os.close(end)
    assert heard == [b"before"]


def test_the_log_is_rotated_at_its_cap(tmp_path: Path) -> None:
    log = OutputLog(tmp_path / "output.log", cap=1000)
    for n in range(30):
        log.write(b"%02d" % n * 50)
    log.close()
    kept = (tmp_path / "output.log.1").read_bytes() + (tmp_path / "output.log").read_bytes()
    assert len(kept) <= 2000
    assert kept.endswith(b"29" * 50)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["output.log", "output.log.1"]


def test_what_is_too_fast_to_keep_is_counted_in_the_log(tmp_path: Path) -> None:
    log = OutputLog(tmp_path / "output.log", burst=1000)
    log.write(b"a" * 10)
    log.write(b"b" * 5000)
    log.close()
    text = (tmp_path / "output.log").read_bytes()
    assert b"bytes were not kept here" in text
    assert text.count(b"b") < 1100


def test_a_disk_that_refuses_is_remembered_and_not_raised(tmp_path: Path) -> None:
    log = OutputLog(tmp_path / "output.log")
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, log._fd)
    os.close(full)
    log.write(b"a" * 10)
    assert log.take_trouble() == "No space left on device"
    log.close()
    assert log.take_losses() == ["0 lines (10 bytes) of output could not be kept: No space left on device"]


def test_what_a_full_disk_refused_is_marked_in_its_place(tmp_path: Path) -> None:
    log = OutputLog(tmp_path / "output.log")
    log.write(b"before\n")
    kept, full = os.dup(log._fd), os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, log._fd)
    log.write(b"one\ntwo\n")
    log.write(b"three\n")
    os.dup2(kept, log._fd)
    log.write(b"after\n")
    log.close()
    lost = "3 lines (14 bytes) of output could not be kept: No space left on device"
    assert (tmp_path / "output.log").read_text() == f"before\n\n[stresstui: {lost}]\nafter\n"
    assert log.take_losses() == [lost]
    os.close(kept)
    os.close(full)


def test_a_log_that_is_deleted_or_cut_is_told_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "output.log"
    log = OutputLog(path)
    log.write(b"a" * 100)
    path.unlink()
    log._second = -1
    log.write(b"b" * 10)
    assert path.read_bytes() == b"b" * 10
    path.write_bytes(b"")
    log._second = -1
    log.write(b"c")
    log.close()
    assert log.take_losses() == [
        "output.log was deleted in mid-run: 100 bytes of output are lost",
        "output.log was cut in mid-run: 10 bytes are lost",
    ]


def test_a_log_whose_file_system_was_taken_away_goes_on_in_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = OutputLog(tmp_path / "output.log")
    log.write(b"a" * 100)
    (tmp_path / "output.log").rename(tmp_path / "elsewhere")
    monkeypatch.setattr(pipe, "place_of", lambda fd, path: None)
    log._second = -1
    log.write(b"b")
    monkeypatch.undo()
    log.close()
    assert (tmp_path / "output.log").read_bytes() == b"b"
    assert log.take_losses() == ["output.log lost its file system in mid-run: 100 bytes of output are lost"]
