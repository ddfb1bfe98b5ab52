"""What writes to a terminal that may be slow, stop reading, or be gone: a thread that nobody waits for."""

import contextlib
import errno
import os
import termios
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

LEAVE_S: Final = 0.5
"""Seconds that a terminal has for what was drawn last, once the screen is left."""
_LEAVE: Final = "\x1b[0m\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
"""What gives a terminal back: plain ink, paste mode, wrapping, resize and key reports, the main screen, the cursor."""
_CHUNK: Final = 4096


class Writer:
    """Writes to the terminal on a thread of its own, and never makes its caller wait."""

    def __init__(self, fd: int, encoding: str, on_gone: Callable[[], None]) -> None:
        """Write to ``fd``; ``on_gone`` is called once, from the thread, when the terminal is gone."""
        self._fd, self._encoding, self._on_gone = fd, encoding, on_gone
        self._pieces: deque[bytes] = deque()
        self._ready = threading.Condition()
        self._running = self._writing = self._ending = self._gone = False

    def start(self) -> None:
        """Begin, or begin again after ``stop``."""
        with self._ready:
            self._ending = False  # a thread that has not seen the end yet goes on
            if not self._running:
                self._running = True
                threading.Thread(target=self._run, name="terminal", daemon=True).start()

    @property
    def behind(self) -> bool:
        """True while something is not with the terminal's kernel buffer yet."""
        with self._ready:
            return self._writing or bool(self._pieces)

    def write(self, text: str) -> None:
        """Have a text written."""
        self.write_bytes(text.encode(self._encoding, "replace"))

    def write_bytes(self, data: bytes) -> None:
        """Have bytes written."""
        with self._ready:
            if not self._gone:
                self._pieces.append(data)
                self._ready.notify_all()

    def flush(self) -> None:
        """Nothing: the thread keeps nothing back."""

    def drain(self, seconds: float) -> bool:
        """Wait until all is written; False when that takes longer."""
        with self._ready:
            return self._ready.wait_for(lambda: self._gone or not (self._writing or self._pieces), seconds)

    def stop(self) -> None:
        """End; what the terminal does not take in LEAVE_S is dropped, but for what gives it back."""
        if not self.drain(LEAVE_S):
            with self._ready:
                self._pieces.clear()
            drop_unread(self._fd)
            self.write(_LEAVE)
            self.drain(LEAVE_S)
        with self._ready:
            self._ending = True
            self._ready.notify_all()

    def _run(self) -> None:
        while True:
            with self._ready:
                self._ready.wait_for(lambda: self._pieces or self._ending)
                if self._ending:
                    self._running = False
                    return
                piece, self._writing = self._pieces.popleft(), True
            gone = not _write_all(self._fd, piece)
            with self._ready:
                self._writing = False
                self._gone, self._running = gone, not gone
                self._ready.notify_all()
            if gone:
                self._on_gone()
                return


def _write_all(fd: int, data: bytes) -> bool:
    """Write all of it, however long that takes; False when the terminal is gone."""
    while data:
        try:
            data = data[os.write(fd, data[:_CHUNK]) :]
        except OSError as error:
            if error.errno != errno.EAGAIN:
                return False
            time.sleep(0.01)  # somebody shares the terminal and does not wish to wait
    return True


def drop_unread(fd: int) -> None:
    """Drop what the terminal has not read yet."""
    with contextlib.suppress(termios.error):
        termios.tcflush(fd, termios.TCOFLUSH)


def end_whatever_blocks(seconds: float, status: int) -> None:
    """End the process in so many seconds, with the terminal given back as far as it takes that."""

    def end() -> None:
        os.set_blocking(1, False)
        drop_unread(1)
        with contextlib.suppress(OSError):
            os.write(1, _LEAVE.encode())
        os._exit(status)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
