import fcntl
import os
import re
import signal
import struct
import termios
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stresstui.core.model.event import encode_event
from stresstui.tui.tty.writer import Writer
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

    def open_terminal(
        columns: int = 80, lines: int = 24, errors: Path | None = None, *, known: bool = True, shell: bool = False,
        **environment: str,
    ) -> Terminal:  # fmt: skip
        terminals.append(Terminal(run_dir, columns, lines, errors=errors, known=known, shell=shell, **environment))
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
    terminal.until("the palette")
    assert not COLOURS.search(terminal.bytes), COLOURS.findall(terminal.bytes)[:5]


def test_latin1_terminal_gets_ascii(opened: Opener) -> None:
    terminal = opened(120, 35, PYTHONUTF8="0", PYTHONIOENCODING="latin-1", LC_ALL="C", PYTHONCOERCECLOCALE="0")
    text = terminal.until("X BREACHED")
    assert text.isascii()


def fill(terminal: Terminal) -> None:
    """Let the app draw into a terminal that nobody reads, until its kernel buffer is full."""
    for columns in (*range(81, 121), 80):
        fcntl.ioctl(terminal.master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        terminal.process.send_signal(signal.SIGWINCH)
        time.sleep(0.02)  # the app is to draw each size; nothing tells when it has


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_screen_that_nobody_reads_ends_within_two_seconds(opened: Opener, number: signal.Signals) -> None:
    terminal = opened()
    terminal.until("BREACHED")
    fill(terminal)
    terminal.process.send_signal(number)
    assert terminal.process.wait(timeout=20) in (128 + number, -number)


def test_a_screen_whose_terminal_is_gone_ends(opened: Opener) -> None:
    terminal = opened(errors=Path(os.devnull))
    terminal.until("BREACHED")
    terminal.process.send_signal(signal.SIGSTOP)  # so that the hang-up meets it in mid-flight
    terminal.hang_up()
    terminal.process.send_signal(signal.SIGCONT)
    assert terminal.process.wait(timeout=20) in (128 + signal.SIGHUP, -signal.SIGHUP)


def test_a_screen_says_that_its_supervisor_has_died(opened: Opener, run_dir: Path) -> None:
    (run_dir / "supervisor.pid").unlink()
    terminal = opened()
    terminal.until("LOST")
    terminal.send("q")
    terminal.wait()
    assert b"left by lost" in terminal.bytes


def test_the_screen_stays_out_of_a_redirected_standard_error(opened: Opener, tmp_path: Path) -> None:
    errors = tmp_path / "errors.log"
    terminal = opened(errors=errors)
    terminal.until("BREACHED")
    terminal.send("q")
    terminal.until("Leave the screen?")
    terminal.send("\r")
    terminal.wait()
    assert errors.read_bytes() == b""


def test_the_size_is_the_terminals_not_that_of_the_environment(opened: Opener) -> None:
    terminal = opened(80, 24, COLUMNS="200", LINES="60")
    terminal.until(" q leave")
    terminal.resize(120, 35)
    terminal.until("\u256e\u256d")


def test_a_terminal_of_no_known_size_is_taken_for_one_of_24_lines(opened: Opener) -> None:
    terminal = opened(80, 24, known=False)
    assert len(terminal.until(" q leave").splitlines()) == 24


def test_stop_and_continue_leave_no_key_protocol_behind(opened: Opener) -> None:
    terminal = opened()
    terminal.until("BREACHED")
    terminal.process.send_signal(signal.SIGSTOP)
    terminal.wipe()
    terminal.process.send_signal(signal.SIGCONT)
    drawn = terminal.bytes.count(ALTERNATE_ON)
    while terminal.bytes.count(ALTERNATE_ON) == drawn:
        assert terminal.read(10), "never drawn again"
    for there in ("ech_24h", "No more than 100", " q leave"):
        terminal.until(there)
    terminal.send("q")
    terminal.until("Leave the screen?")
    terminal.send("\r")
    assert terminal.wait() == 0
    assert terminal.bytes.count(b"\x1b[>25u") == terminal.bytes.count(b"\x1b[<u") == 2
    assert restored(terminal)


def test_ctrl_l_draws_over_what_others_wrote(opened: Opener) -> None:
    terminal = opened()
    terminal.until("BREACHED")
    terminal.until(" q leave")
    terminal.scribble("Broadcast message: going down")
    terminal.send("\x0c")
    for there in ("ech_24h", "BREACHED", "No more than 100", " q leave"):
        terminal.until(there)
    assert "Broadcast" not in terminal.text


def test_ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_back(opened: Opener) -> None:
    terminal = opened(shell=True)
    terminal.until("BREACHED")
    terminal.send("\x1a")
    terminal.until("Stopped")
    assert restored(terminal)
    terminal.wipe()
    terminal.send("fg\n")
    for there in ("ech_24h", "BREACHED", "No more than 100", " q leave"):
        terminal.until(there)
    terminal.send("q")
    terminal.until("Leave the screen?")
    terminal.send("\r")
    terminal.until("left by detach")
    terminal.send("exit\n")
    assert terminal.wait() == 0


def test_ctrl_z_without_a_shell_says_so_and_stops_nothing(opened: Opener) -> None:
    terminal = opened()
    terminal.until("BREACHED")
    terminal.send("\x1a")
    terminal.until("there is no shell to go back to")
    terminal.process.send_signal(signal.SIGTSTP)
    terminal.send("?")
    terminal.until("This help")


def test_a_writer_that_begins_again_at_once_writes_on() -> None:
    reading, writing = os.pipe()
    try:
        writer = Writer(writing, "utf-8", lambda: None)
        for _ in range(200):
            writer.start()
            writer.write("x")
            writer.stop()
        for thread in [thread for thread in threading.enumerate() if thread.name == "terminal"]:
            thread.join(5)  # one that has seen the end is replaced, as one that has not goes on
        writer.start()
        writer.write("the end")
        assert writer.drain(5)
        assert os.read(reading, 4096) == b"x" * 200 + b"the end"
        writer.stop()
    finally:
        os.close(writing)
        os.close(reading)
