"""What happens to the screen: a terminal that is unread, gone or hung up, and a supervisor that dies under it."""

import contextlib
import fcntl
import os
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path

from tests.bench.faults.register import fault
from tests.bench.faults.stage import Row, Stage, supervisor_of, until
from tests.cli.box import STRESSTUI

TERMINAL = "tui/tty/test_driver.py::"
_CONTROLLING = "import fcntl,os,sys,termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"


class Screen:
    """``stresstui attach`` in a terminal of its own, read by a thread for as long as that is wanted."""

    def __init__(self, here: Stage) -> None:
        self.master, self.slave = os.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        env = {**here.box.env, "TERM": "xterm-256color"}
        argv = (sys.executable, "-c", _CONTROLLING, *STRESSTUI, "attach")
        self.process = subprocess.Popen(
            argv, stdin=self.slave, stdout=self.slave, stderr=self.slave, env=env, cwd=here.folder,
            start_new_session=True,
        )  # fmt: skip
        here.later(self.close)
        self.sent = b""
        self.reading = threading.Event()
        self.reading.set()
        self._open = True
        threading.Thread(target=self._read, daemon=True).start()
        until(lambda: b"Criteria" in self.sent or b"descriptors" in self.sent, "the screen")

    def _read(self) -> None:
        while self._open:
            self.reading.wait()
            try:
                self.sent += os.read(self.master, 1 << 16)
            except OSError:
                return

    def hang_up(self) -> None:
        """Take the terminal away."""
        self._open = False
        for fd in (self.slave, self.master):
            with contextlib.suppress(OSError):
                os.close(fd)

    def seconds_to_end(self, limit: float = 30.0) -> float:
        """How long it still lives."""
        began = time.monotonic()
        self.process.wait(limit)
        return time.monotonic() - began

    def cpu_s(self) -> float:
        """CPU seconds that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """End it, whatever it does."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reading.set()
        self.hang_up()


def _signalled(here: Stage, number: signal.Signals, unread_s: float) -> Row:
    run = here.begin(*here.talking(unread_s + 12))
    screen = Screen(here)
    if unread_s:
        screen.reading.clear()
        time.sleep(unread_s)
    screen.process.send_signal(number)
    took = screen.seconds_to_end()
    assert took < 2.0, f"alive for {took:.1f} s"
    said = f"screen gone after {took:.1f} s, status {screen.process.returncode}"
    screen.close()
    return here.row(here.ended(run), heard=said)


@fault(
    "terminal unread for 5 s, then TERM to the screen",
    test=TERMINAL + "test_a_screen_that_nobody_reads_ends_within_two_seconds",
)
def unread_then_term(here: Stage) -> Row:
    return _signalled(here, signal.SIGTERM, 5)


@fault("terminal unread for 5 s, then HUP", test=TERMINAL + "test_a_screen_that_nobody_reads_ends_within_two_seconds")
def unread_then_hup(here: Stage) -> Row:
    return _signalled(here, signal.SIGHUP, 5)


@fault("terminal unread for 10 minutes", test="", long=True)
def unread_for_600_s(here: Stage) -> Row:
    return _signalled(here, signal.SIGTERM, 600)


@fault("the screen killed by HUP", test="cli/test_shows.py::test_the_run_outlives_its_screen")
def screen_hup(here: Stage) -> Row:
    return _signalled(here, signal.SIGHUP, 0)


@fault("the screen killed by KILL", test="cli/test_shows.py::test_the_run_outlives_its_screen")
def screen_kill(here: Stage) -> Row:
    return _signalled(here, signal.SIGKILL, 0)


@fault(
    "the terminal taken away under the screen (no signal)", test=TERMINAL + "test_a_screen_whose_terminal_is_gone_ends"
)
def terminal_gone(here: Stage) -> Row:
    run = here.begin(*here.talking(12))
    screen = Screen(here)
    screen.hang_up()
    took = screen.seconds_to_end()
    return here.row(here.ended(run), heard=f"screen gone after {took:.1f} s, status {screen.process.returncode}")


@fault(
    "the screen's terminal gone and HUP ignored (nohup)", test=TERMINAL + "test_a_screen_whose_terminal_is_gone_ends"
)
def terminal_gone_under_nohup(here: Stage) -> Row:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    here.later(signal.signal, signal.SIGHUP, before)
    run = here.begin(*here.talking(12))
    screen = Screen(here)
    used = screen.cpu_s()
    screen.hang_up()
    took = screen.seconds_to_end()
    return here.row(
        here.ended(run),
        heard=f"gone after {took:.1f} s (had used {used:.1f} CPU s), status {screen.process.returncode}",
    )


@fault("the supervisor killed under the screen", test=TERMINAL + "test_a_screen_says_that_its_supervisor_has_died")
def killed_under_screen(here: Stage) -> Row:
    run = here.begin(*here.talking(60))
    screen = Screen(here)
    os.kill(supervisor_of(run), signal.SIGKILL)
    began = time.monotonic()
    until(lambda: b"LOST" in screen.sent or b"lost" in screen.sent, "LOST")
    told = time.monotonic() - began
    os.write(screen.master, b"q")
    screen.process.wait(20)
    row = here.row(run, lines=False)
    return Row(
        row.samples_lost, None, row.outcome, f"LOST after {told:.1f} s; screen's status {screen.process.returncode}"
    )
