"""A terminal for tests: a pseudo terminal with the real app in it, and pyte to see what it shows."""

import contextlib
import fcntl
import os
import select
import shlex
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pyte

DEADLINE = 20.0
_LOGIN = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # the terminal is the session's own, as after a login
"""
_SHELL = """
import os
os.execvp("bash", ["bash", "--norc", "--noediting", "-i"])
"""
_APP = """
import sys
from pathlib import Path
from stresstui.tui.start import run_app
left = run_app(Path(sys.argv[1]))
print("left by", left)
"""


class Terminal:
    """A terminal of a fixed size that runs the monitor on a run directory."""

    def __init__(
        self,
        run_dir: Path,
        columns: int = 80,
        lines: int = 24,
        *,
        errors: Path | None = None,
        known: bool = True,
        shell: bool = False,
        **environment: str,
    ) -> None:
        """``known`` says whether the system knows its size, as of a serial line it does not.

        With ``shell`` a shell leads the session, and the app is a job of it, behind a wrapper that waits for its end.
        """
        self.master, slave = os.openpty()
        if known:
            fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.before = termios.tcgetattr(slave)
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self.bytes = b""
        env = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLORTERM")}
        env |= {"TERM": "xterm-256color", "PYTHONUTF8": "1", **environment}
        argv = [sys.executable, "-c", _LOGIN + (_SHELL if shell else _APP), str(run_dir)]
        self._columns = columns
        with contextlib.ExitStack() as stack:
            stderr = slave if errors is None else stack.enter_context(errors.open("wb"))
            self.process = subprocess.Popen(
                argv, stdin=slave, stdout=slave, stderr=stderr, env=env, start_new_session=True
            )
        self._slave: int | None = slave
        if shell:
            script = run_dir.with_suffix(".sh")
            script.write_text(shlex.join([sys.executable, "-c", _APP, str(run_dir)]) + "\ntrue\n")
            self.send(f"sh {shlex.quote(str(script))}\n")

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self._screen.display)

    @property
    def modes(self) -> list[object]:
        assert self._slave is not None
        return termios.tcgetattr(self._slave)

    def resize(self, columns: int, lines: int) -> None:
        self._screen.resize(lines, columns)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.process.send_signal(signal.SIGWINCH)

    def wipe(self) -> None:
        """Lose what is shown, as a terminal does that leaves its alternate screen and comes back to it."""
        self._screen.reset()

    def scribble(self, text: str) -> None:
        """Show what another program writes on the terminal, line after line of it."""
        self._stream.feed(b"".join(b"\x1b[%d;1H%s" % (y, text.encode()) for y in range(1, 25)))

    def hang_up(self) -> None:
        """Take the terminal away, as a lost SSH session does, without a signal that a shell would pass on."""
        if self._slave is not None:
            os.close(self._slave)
            self._slave = None
            os.close(self.master)

    def send(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def read(self, timeout: float) -> bool:
        if not select.select([self.master], [], [], timeout)[0]:
            return False
        data = os.read(self.master, 1 << 16)
        self.bytes += data
        self._stream.feed(data)
        with contextlib.suppress(OSError):  # the app has gone
            os.write(self.master, b"\x1b[1;1R" * data.count(b"\x1b[6n"))
        return True

    def until(self, words: str) -> str:
        """Read until the screen says it; fail with what it says instead."""
        deadline = time.monotonic() + DEADLINE
        while words not in self.text:
            assert time.monotonic() < deadline, f"never: {words}\n{self.text}"
            self.read(0.1)
        return self.text

    def wait(self) -> int:
        """Read until the app has ended; its exit status."""
        deadline = time.monotonic() + DEADLINE
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"still running\n{self.text}"
            self.read(0.05)
        while self.read(0):
            pass
        return self.process.returncode

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.hang_up()
