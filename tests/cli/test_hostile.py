"""Runs and sockets that somebody else made: bounded, one line, never an internal error, never obeyed."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stresstui.engine.process.find import look_up
from tests.cli.box import Box

STARTED: dict[str, Any] = {
    "event": "started", "t": 0.0, "run": "r", "wall": "2026-01-01T00:00:00Z", "runner": "command",
    "scenario": {"name": "x", "title": "t"},
}  # fmt: skip
ENDED = {"event": "ended", "t": 12.0}
ESCAPES = "\x1b]52;c;cHduZWQ=\x07\x1b]0;title\x07\x1b[2J\x1bc\x1bPq\x1b\\\x9b31m\x9d0;t\x9c\u202e\u200b\x07\x08"
FORBIDDEN = [b"\x1b", b"\x07", b"\x08", b"\x00", "\x9b".encode(), "\x9d".encode(), "\u202e".encode(), "\u200b".encode()]


def plant(box: Box, name: str, *events: Any) -> Path:
    directory = box.reports / name
    directory.mkdir(parents=True)
    request = {"scenario": {"name": "x", "title": "t"}, "runner": "command"}
    (directory / "run.json").write_text(json.dumps(request))
    lines = (event if isinstance(event, bytes) else json.dumps(event).encode() for event in events)
    (directory / "journal.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    return directory


def fifo(place: str) -> Callable[[Path], None]:
    def make(directory: Path) -> None:
        (directory / place).unlink(missing_ok=True)
        os.mkfifo(directory / place)

    return make


def text(content: str) -> Callable[[Path], None]:
    def make(directory: Path) -> None:
        (directory / "result.json").write_text(content)

    return make


def link(target: str) -> Callable[[Path], None]:
    def make(directory: Path) -> None:
        (directory / "journal.jsonl").unlink()
        (directory / "journal.jsonl").symlink_to(target)

    return make


FILES = {
    "fifo": fifo("run.json"), "fifo_journal": fifo("journal.jsonl"), "fifo_result": fifo("result.json"),
    "device": link("/dev/zero"), "loop": link("journal.jsonl"),
    "list": text("[1]"), "types": text('{"outcome": 5, "criteria": [5]}'), "deep": text("[" * 100_000),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_files_that_are_none_end_in_one_line(box: Box, kind: str) -> None:
    FILES[kind](plant(box, "bad", STARTED, ENDED))
    for words in ("runs", "judge bad", "attach --headless bad", "stop bad", "note bad x"):
        command = words.split()
        done = box.run(*command)
        assert done.returncode in (0, 2, 3), (command, done.returncode, done.stderr)
        assert len(done.stderr.splitlines()) <= 1
        assert "Traceback" not in done.stderr


def test_a_result_that_cannot_be_read_keeps_no_journal_from_being_judged(box: Box) -> None:
    text("{garbled")(plant(box, "bad", STARTED, ENDED))
    done = box.run("judge", "bad")
    assert done.returncode == 3
    assert done.stdout.startswith("bad: inconclusive (recorded: -)")
    assert "result.json cannot be read: JSON is malformed" in done.stderr


EVENTS: dict[str, tuple[Any, ...]] = {
    "scenario": ({**STARTED, "scenario": {"name": 5}}, ENDED),
    "rule": ({**STARTED, "scenario": {"name": "x", "criteria": [{"id": "a", "title": "a", "rule": "max(((("}]}}, ENDED),
    "runner": ({**STARTED, "runner": "none"}, ENDED),
    "late": (STARTED, {"event": "note", "t": 1e308, "text": "a"}, {"event": "ended", "t": 1e308}),
    "early": (STARTED, {"event": "note", "t": -1e308, "text": "a"}, ENDED),
    "number": (STARTED, b'{"event":"note","t":' + b"9" * 5000 + b',"text":"a"}', ENDED),
    "nested": (STARTED, b'{"event":"note","t":1,"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}", ENDED),
}


@pytest.mark.parametrize("kind", EVENTS)
def test_records_that_cannot_be_pass_nothing(box: Box, kind: str) -> None:
    plant(box, "bad", *EVENTS[kind])
    for command in (("judge", "bad"), ("attach", "--headless", "bad")):
        done = box.run(*command)
        assert done.returncode in (2, 3), (command, done.returncode, done.stderr)
        assert len(done.stderr.splitlines()) <= 1
        assert "passed" not in done.stdout


def test_nothing_that_a_terminal_obeys_leaves_through_a_command(box: Box) -> None:
    scenario = {
        "name": f"n{ESCAPES}", "title": f"t{ESCAPES}",
        "criteria": [{"id": "a", "title": f"c{ESCAPES}", "rule": "max(fds) < 5"}],
    }  # fmt: skip
    name = "bad\x1b]0;x\x07\u202e"
    directory = plant(
        box, name, {**STARTED, "scenario": scenario, "run": f"r{ESCAPES}", "why": f"w{ESCAPES}", "command": [ESCAPES]},
        {"event": "note", "t": 1, "text": f"note{ESCAPES}", "by": ESCAPES},
        {"event": "match", "t": 1, "pattern": "panic", "line": f"panicked{ESCAPES}"},
        {"event": "process", "t": 1, "pid": 5, "role": "workload", "name": f"p{ESCAPES}"},
        {"event": "problem", "t": 1, "where": f"w{ESCAPES}", "text": f"problem{ESCAPES}"},
        {"event": "doubt", "t": 1, "where": f"w{ESCAPES}", "reason": f"doubt{ESCAPES}"},
        {"event": "report", "t": 1, "values": {f"m{ESCAPES}": 1.0}},
        {"event": "stop", "t": 2, "by": f"by{ESCAPES}", "reason": f"reason{ESCAPES}"}, ENDED,
    )  # fmt: skip
    (directory / "output.log").write_bytes(f"said {ESCAPES}\n".encode())
    commands = (
        ("runs",), ("runs", "--json"), ("judge", name), ("judge", "--json", name), ("attach", "--headless", name),
        ("logs", name), ("stop", name), ("note", name, "x"), ("judge", f"no{ESCAPES}"), (f"no{ESCAPES}",),
        ("run", f"no{ESCAPES}"), ("run", "--scenario-file", f"no{ESCAPES}"), ("show", f"no{ESCAPES}"),
    )  # fmt: skip
    for command in commands:
        done = box.run(*command)
        shown = (done.stdout + done.stderr).encode()
        assert shown.strip(), command
        assert done.returncode != 70, (command, done.stderr)
        assert not [sign for sign in FORBIDDEN if sign in shown], (command, shown)


FAKE = """
import json, os, socket, sys
os.chdir(sys.argv[1])  # the whole path may be too long for an address
server = socket.socket(socket.AF_UNIX); server.bind("control.sock")
heard = open(sys.argv[2], "ab", buffering=0)
os.setgid(65534); os.setuid(65534)
server.listen()  # whose the socket is, the kernel takes from here
print("ready", flush=True)
while True:
    client, _ = server.accept()
    asked = client.recv(9000)
    if asked:
        heard.write(asked)
        client.send(b'{"ok":true}\\n')
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a second user, which only root can become")
def test_a_socket_that_another_user_put_there_is_told_nothing(box: Box) -> None:
    directory = plant(box, "fake", STARTED)
    os.chown(directory, 65534, -1)
    heard = directory / "heard"
    fake = subprocess.Popen((sys.executable, "-c", FAKE, str(directory), str(heard)), stdout=subprocess.PIPE, text=True)
    try:
        assert fake.stdout is not None
        assert fake.stdout.readline() == "ready\n"
        box_id = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        found = look_up(fake.pid)
        assert found is not None
        identity = {"pid": fake.pid, "started": found.started, "boot": box_id}
        (directory / "supervisor.pid").write_text(json.dumps(identity))
        os.chown(directory / "supervisor.pid", 65534, -1)
        for command in (("stop", "fake"), ("note", "fake", "hello")):
            done = box.run(*command)
            assert done.returncode == 2
            assert "another user (uid 65534)" in done.stderr
        assert "of another user (uid 65534)" in box.run("runs").stdout
        (directory / "control.sock").unlink()
        assert box.run("stop", "fake").returncode == 2
        assert fake.poll() is None
        assert heard.read_bytes() == b""
    finally:
        fake.kill()
        fake.wait()


def test_secrets_reach_the_run_and_no_file(box: Box) -> None:
    path = box.folder / "secret.toml"
    path.write_text(
        'title = "S"\nmoves_bytes = false\n[command]\n'
        """argv = ["sh", "-c", "test ${#API_KEY}${#2} = 44 && sleep 1", "x", "--password", "def2", "h://u:ghi3@h"]\n"""
        '[env]\nAPI_KEY = "abc1"\n[[criteria]]\nid = "a"\ntitle = "A"\nrule = "exit_status == 0"\n'
    )
    done = box.run("run", "--scenario-file", str(path), "--headless")
    assert "✓ passed" in done.stdout, done.stdout + done.stderr
    for secret in (b"abc1", b"def2", b"ghi3"):
        assert secret.decode() not in done.stdout
        for file in box.reports.rglob("*"):
            assert not file.is_file() or secret not in file.read_bytes(), file
    again = box.run("rerun", box.directory().name, "--headless")
    assert again.returncode == 2
    assert "were not kept" in again.stderr


def test_a_report_folder_in_which_everybody_writes_is_refused_unless_asked(box: Box) -> None:
    folder = box.folder / "open"
    folder.mkdir()
    folder.chmod(0o777)
    refused = box.run("run", "--report-dir", str(folder), "--headless", "--", "sleep", "0.5")
    assert refused.returncode == 2
    assert "everybody can write in" in refused.stderr
    assert not list(folder.iterdir())
    asked = box.run("run", "--report-dir", str(folder), "--shared-report-dir", "--headless", "--", "sleep", "0.5")
    assert "recorded in" in asked.stdout
    assert next(folder.glob("*/result.json")).parent.stat().st_mode & 0o777 == 0o700


def test_defaults_that_everybody_can_write_are_not_read(box: Box) -> None:
    path = box.folder / "config" / "stresstui" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text("ascii = true\n")
    path.chmod(0o666)
    done = box.run("runs")
    assert done.returncode == 2
    assert "chmod go-w" in done.stderr
