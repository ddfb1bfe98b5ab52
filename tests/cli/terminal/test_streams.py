"""Standard output that is full, closed, narrow or no longer read; a folder that is gone; words that are no text."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.box import DEADLINE_S, STRESSTUI, Box

PROGRAM = f"{sys.executable} -m stresstui"
RUN = "run --headless --interval 100ms -- sh -c 'exit 3'"


def shell(box: Box, line: str, cwd: Path | None = None, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ("bash", "-c", f"set -o pipefail; {line}"), cwd=cwd or box.folder, env=box.env | env, capture_output=True,
        text=True, timeout=DEADLINE_S, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("command", ["list", "metrics", "show ech_24h", "help runs"])
def test_a_reader_who_has_seen_enough_is_no_error(box: Box, command: str) -> None:
    done = shell(box, f"{PROGRAM} {command} | head -1")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize("to", ["> /dev/full", ">&-", ">&- 2>&-", "| head -0"])
def test_the_verdict_survives_its_output(box: Box, to: str) -> None:
    done = shell(box, f"{PROGRAM} {RUN} {to}")
    assert done.returncode == 1, done.stderr
    assert len(done.stderr.splitlines()) <= 1
    assert ("No space left" in done.stderr) == ("full" in to)
    assert box.result()["outcome"] == "failed"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_narrow_encoding_shows_what_it_can(box: Box, encoding: str) -> None:
    done = shell(box, f"{PROGRAM} {RUN}; {PROGRAM} list; {PROGRAM} runs", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert "ech_24h" in done.stdout


def test_a_folder_that_is_gone_is_one_line(box: Box) -> None:
    gone = box.folder / "gone"
    gone.mkdir()
    done = shell(box, f"rmdir {gone}; {PROGRAM} list", cwd=gone)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "working directory" in line


@pytest.mark.parametrize("arguments", [(b"run", b"--", b"caf\xe9"), (b"judge", b"\xff")])
def test_words_that_are_no_text_are_one_line(box: Box, arguments: tuple[bytes, ...]) -> None:
    words = [os.fsencode(word) for word in STRESSTUI]
    done = subprocess.run((*words, *arguments), cwd=box.folder, env=box.env, capture_output=True, check=False)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert b"is not UTF-8" in line


def test_an_empty_command_is_one_line(box: Box) -> None:
    path = box.folder / "empty.toml"
    path.write_text('title = "Empty"\n[command]\nargv = []\n')
    done = box.run("run", "--headless", "--scenario-file", str(path))
    assert done.returncode == 2, done.stdout + done.stderr
    (line,) = done.stderr.splitlines()
    assert "empty.toml" in line
