"""Every class of escape and direction mark in every text that a run has: what comes out obeys nobody."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from stresstui.core.model.event import encode_event
from tests.cli.box import STRESSTUI, Box, until
from tests.planted import ATTACK, CLASSES, OBEYED, plain_events

FROM_THE_CHILD = ("output.log", "run.json")
"""Files that hold bytes as they came: what was printed, and the scenario as it was given, for ``rerun``."""
TALKS = """
import ctypes, json, sys, time
attack = json.loads(sys.argv[1])
ctypes.CDLL(None).prctl(15, ("p" + attack[-12:]).encode("utf-8", "replace"), 0, 0, 0)
for line in attack.split("<"):
    line = line.replace("\\n", " ").replace("\\r", " ")
    print("thread 'main' panicked at " + line)
    print("STRESSTUI m" + line + "=1 good=" + line)
    print('STRESSTUI_STATE state=ready detail="' + line + '"')
    print("STRESSTUI_PROCESS pid=%d role=sut name=%s" % (__import__("os").getpid(), line))
    print("test a" + line + " ... FAILED")
print("STRESSTUI done=1", flush=True)
time.sleep(60)
"""


KEYS = ("5", "e", "Down", "Escape", "6", "e", "Up", "Escape", "7", "e", "Escape", "v", "Escape", "?", "Escape")
"""Each list of the screen, each made large, one line of it in full, the table of reports, the help."""
PAYLOADS = (
    "PWNED", "UFdORUQ", "\x1bc", "\x1b]52", "\x1b]8", "\x1bP", "\x1b_", "\x1b^", "\x1bX", "\x9b", "\x9d", "\u202e",
)  # fmt: skip


@pytest.fixture
def planted(box: Box) -> Path:
    """A run that somebody else recorded, with everything in everything."""
    directory = box.reports / "planted"
    directory.mkdir(parents=True)
    (directory / "run.json").write_text(json.dumps({"scenario": {"name": "x", "title": "t"}, "runner": "command"}))
    (directory / "journal.jsonl").write_bytes(b"".join(encode_event(event) + b"\n" for event in plain_events()))
    (directory / "output.log").write_text("".join(f"said {text} end\n" for text in CLASSES.values()), newline="")
    return directory


def harmful(text: str) -> list[str]:
    return OBEYED.findall(text)


def changes_soon(changed: Callable[[], bool]) -> None:
    """Give a key time to show; some change nothing."""
    deadline = time.monotonic() + 0.5
    while not changed() and time.monotonic() < deadline:
        time.sleep(0.03)


def texts(value: Any) -> Iterator[str]:
    """Every text in a document of JSON, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def test_a_strangers_run_is_shown_harmless_by_every_command(box: Box, planted: Path) -> None:
    reports = (("report", f"--{kind}", "-o", "-", "planted") for kind in ("markdown", "csv", "junit", "html"))
    shown = (("runs",), ("judge", "planted"), ("attach", "--headless", "planted"), ("logs", "planted"))
    for words in (*shown, *reports):
        done = box.run(*words)
        assert done.stdout.strip(), (words, done.stderr)
        assert not harmful(done.stdout + done.stderr), words
    for words in (("runs", "--json"), ("judge", "--json", "planted")):
        assert not [text for text in texts(json.loads(box.run(*words).stdout)) if harmful(text)], words


def test_what_a_live_run_is_told_and_prints_is_recorded_harmless(box: Box) -> None:
    scenario = box.folder / "planted.toml"
    title = json.dumps(ATTACK, ensure_ascii=False).replace("\x7f", "\\u007f")  # TOML takes no bare DEL
    scenario.write_text(
        f"title = {title}\nobjective = {title}\nmoves_bytes = false\n[metrics.good]\ntitle = {title}\n[[criteria]]\n"
        f'id = "a"\ntitle = {title}\ngroup = {title}\nrule = "max(good) < 5"\n'
    )
    (box.folder / "talks.py").write_text(TALKS)
    talks = (sys.executable, "talks.py", json.dumps(ATTACK))
    begun = box.run("run", "--detach", "--interval", "100ms", "--scenario-file", str(scenario), "--", *talks)
    assert begun.returncode == 0, begun.stderr
    box.wait(lambda event: "done" in getattr(event, "values", {}), "all that it says")
    argument = ATTACK.replace("\x00", "")
    assert box.run("note", argument[:900]).returncode == 0
    assert box.run("stop", "--reason", argument[:900]).returncode == 0
    box.wait_end()
    until((box.directory() / "summary.md").exists, "the reports")
    written = [path for path in box.reports.rglob("*") if path.is_file() and path.name not in FROM_THE_CHILD]
    assert {"journal.jsonl", "result.json", "summary.md"} <= {path.name for path in written}
    for path in written:
        if path.suffix == ".jsonl":
            _harmless_lines(path)
        elif path.suffix == ".json":
            assert not [text for text in texts(json.loads(path.read_bytes())) if harmful(text)], path.name
        elif path.suffix in (".md", ".log", ".html", ".csv", ".xml", ".txt"):
            assert not harmful(path.read_text()), path.name


def _harmless_lines(path: Path) -> None:
    for line in path.read_text().splitlines():
        event = json.loads(line[: line.rindex("}") + 1])
        if event["event"] == "started":
            event["scenario"] = {key: event["scenario"][key] for key in ("title", "objective", "criteria")}
        assert not [text for text in texts(event) if harmful(text)], event


@pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")
def test_the_screen_in_a_real_terminal_obeys_nobody(box: Box, planted: Path) -> None:
    """Tmux stands for a terminal that obeys: a clipboard, a title or a cleared screen would show."""
    server = ("tmux", "-L", f"planted-{planted.parent.parent.parent.name}", "-f", "/dev/null")

    def tmux(*words: str) -> str:
        return subprocess.run((*server, *words), capture_output=True, text=True, check=False, env=box.env).stdout

    def pane_differs(before: str) -> bool:
        return tmux("capture-pane", "-p") != before

    raw = box.folder / "raw"
    raw.touch()
    try:
        tmux("new-session", "-d", "-x", "150", "-y", "50", "sh")
        tmux("set", "-g", "set-clipboard", "on")
        tmux("pipe-pane", f"cat >{raw}")
        before = tmux("display", "-p", "#{pane_title}")
        tmux("send-keys", " ".join((*STRESSTUI, "attach", str(planted))), "Enter")
        until(lambda: "Criteria" in tmux("capture-pane", "-p") or "few" in tmux("capture-pane", "-p"), "the screen")
        for key in KEYS:
            shown = tmux("capture-pane", "-p")
            tmux("send-keys", key)
            changes_soon(partial(pane_differs, shown))
            assert not harmful(tmux("capture-pane", "-p").replace("\n", "")), key
        assert tmux("display", "-p", "#{pane_title}") == before
        assert tmux("show-buffer") == ""
        sent = raw.read_bytes().decode(errors="replace")
        drawn = sent.partition("\x1b[?1049h")[2]
        assert "doubt" in drawn
        assert not [payload for payload in PAYLOADS if payload in drawn]
    finally:
        tmux("kill-server")
