"""The terminal that the screen is drawn on: it may be slow, stop reading, or be gone, and none of it may hold us up.

Textual's own driver writes to standard error through a queue of 30 pieces that blocks the event loop when the terminal
does not read, reads the end of a terminal again and again, and trusts COLUMNS and LINES over the terminal itself.
"""

import contextlib
import errno
import os
import selectors
import sys
import termios
import threading
import time
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from stresstui.tui.messages import HungUp

LEAVE_S: Final = 0.5
"""Seconds that a terminal has for what was drawn last, once the screen is left."""
ANSWER_S: Final = 2.0
"""Seconds after which a terminal that never answered is taken for one that does not answer."""
LOST_S: Final = 30.0
"""Seconds after which an answer that was due is taken for lost."""
_ASK_CURSOR: Final = "\x1b[6n"
_LEAVE: Final = "\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
"""What gives a terminal back: paste mode, wrapping, resize and key reports, the main screen, the cursor."""
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
        with self._ready:
            if not self._gone:
                self._pieces.append(text.encode(self._encoding, "replace"))
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


class TerminalDriver(LinuxDriver):
    """Textual's driver for a terminal that cannot be relied on."""

    def __init__(self, app: Any, *, debug: bool = False, mouse: bool = True, size: Any = None) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        stdout = sys.__stdout__
        self._out = stdout.fileno() if stdout is not None else 1
        self._writer = Writer(self._out, stdout.encoding if stdout is not None else "utf-8", self._hang_up)
        self._asked_at: float | None = None
        self._answers = False

    # Textual makes its own writer whenever it starts; this one stays.
    @property
    def _writer_thread(self) -> Any:
        return self._writer

    @_writer_thread.setter
    def _writer_thread(self, thread: Any) -> None:
        del thread

    def _get_terminal_size(self) -> tuple[int, int]:
        """Ask the terminal: COLUMNS and LINES say what it once was."""
        try:
            width, height = os.get_terminal_size(self._out)
        except OSError:
            return super()._get_terminal_size()
        return width or 80, height or 24

    @property
    def behind(self) -> bool:
        """True while the terminal has not shown what was drawn last, as far as it says so."""
        if self._writer.behind:
            return True
        if self._asked_at is None:
            return False
        waited = time.monotonic() - self._asked_at
        if self._answers and waited > LOST_S:
            self._asked_at, self._answers = None, False
        return waited < (LOST_S if self._answers else ANSWER_S)

    def ask_whether_shown(self) -> None:
        """Ask for the cursor: the answer comes when everything before it was read."""
        if self._asked_at is None:
            self._asked_at = time.monotonic()
            self.write(_ASK_CURSOR)

    def process_message(self, message: Message) -> None:
        """Take the terminal's answer; hand all else on."""
        if isinstance(message, events.CursorPosition):
            self._asked_at, self._answers = None, True
            return
        super().process_message(message)

    def run_input_thread(self) -> None:
        """Read keys until the end; a terminal that is gone ends the app, and is not read again."""
        parser, decode = XTermParser(self._debug), getincrementaldecoder("utf-8")("replace").decode
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(0.1):
                    data = self._read()
                    if not data:
                        self._hang_up()
                        return
                    for message in parser.feed(decode(data)):
                        self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, _CHUNK)
        except OSError:
            return b""

    def _hang_up(self) -> None:
        """Tell the app; from any thread."""
        self._app.post_message(HungUp())

    def _sigcont_application(self, *_: object) -> None:
        """Go on after a stop: one that nobody announced has left the modes pushed, so they are taken back first."""
        if self._auto_restart and not self._must_signal_resume:
            self.suspend_application_mode()
        super()._sigcont_application()
