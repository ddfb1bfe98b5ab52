import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stresstui.core.model.event import encode_event
from tests.tui.scripted_run import run_events, sample, write_run
from tests.tui.terminal import Terminal

ALTERNATE_ON, ALTERNATE_OFF = b"\x1b[?1049h", b"\x1b[?1049l"
CURSOR_ON, CURSOR_OFF = b"\x1b[?25h", b"\x1b[?25l"
MOUSE = re.compile(rb"\x1b\[\?(?:1000|1002|1003|1006|1015)h")
COLOURS = re.compile(rb"\x1b\[[0-9;:]*?(?:3[0-7]|4[0-7]|[34]8[;:]|9[0-7]|10[0-7])[0-9;:]*m")

Opener = Callable[..., Terminal]


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    return write_run(tmp_path / "ech_24h_x", run_events(150, leak_from=100), b"hello from the child\n")


@pytest.fixture
def opened(run_dir: Path) -> Iterator[Opener]:
    terminals: list[Terminal] = []

    def open_terminal(columns: int = 80, lines: int = 24, **environment: str) -> Terminal:
        terminals.append(Terminal(run_dir, columns, lines, **environment))
        return terminals[-1]

    yield open_terminal
    for terminal in terminals:
        terminal.close()


def restored(terminal: Terminal) -> bool:
    sent = terminal.bytes
    left = sent.rfind(ALTERNATE_OFF) > sent.rfind(ALTERNATE_ON) >= 0
    shown = sent.rfind(CURSOR_ON) > sent.rfind(CURSOR_OFF)
    return left and shown and terminal.modes[3] == terminal.before[3]


def test_a_person_looks_asks_and_detaches(opened: Opener, run_dir: Path) -> None:
    terminal = opened()
    terminal.until("BREACHED since 00:02:04")
    terminal.until("✗ breached No more than 100")
    text = terminal.until(" q leave")
    assert len(text.splitlines()) == 24
    terminal.send("o")
    terminal.until("hello from the child")
    with (run_dir / "journal.jsonl").open("ab") as journal:
        journal.write(encode_event(sample(150)) + b"\n")
    terminal.until("00:02:30 of")
    terminal.send("q")
    terminal.until("Leave the screen?")
    terminal.send("\r")
    assert terminal.wait() == 0
    assert b"left by detach" in terminal.bytes
    assert restored(terminal)
    assert not MOUSE.search(terminal.bytes), "mouse reporting is off unless asked for"


def test_sigterm_gives_the_terminal_back(opened: Opener) -> None:
    terminal = opened(160, 45)
    terminal.until("BREACHED")
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.wait() == 128 + signal.SIGTERM
    assert restored(terminal)
    assert b"Traceback" not in terminal.bytes


def test_sighup_ends_quietly(opened: Opener) -> None:
    terminal = opened()
    terminal.until("BREACHED")
    terminal.process.send_signal(signal.SIGHUP)
    assert terminal.wait() == 128 + signal.SIGHUP
    assert b"Traceback" not in terminal.bytes
    assert restored(terminal)


def test_no_color_in_a_real_terminal(opened: Opener) -> None:
    terminal = opened(120, 35, NO_COLOR="1")
    terminal.until("✗ BREACHED")
    terminal.send("t")
    terminal.send("?")
    terminal.until("command palette")
    assert not COLOURS.search(terminal.bytes), COLOURS.findall(terminal.bytes)[:5]


def test_latin1_terminal_gets_ascii(opened: Opener) -> None:
    terminal = opened(120, 35, PYTHONUTF8="0", PYTHONIOENCODING="latin-1", LC_ALL="C", PYTHONCOERCECLOCALE="0")
    text = terminal.until("X BREACHED")
    assert text.isascii()
