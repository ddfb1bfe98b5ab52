"""The terminal that the screen is drawn on: it may be slow, stop reading, or be gone, and none of it may hold us up.

Textual's own driver writes to standard error through a queue of 30 pieces that blocks the event loop when the terminal
does not read, reads the end of a terminal again and again, and trusts COLUMNS and LINES over the terminal itself.
"""

import os
import selectors
import sys
import threading
import time
from codecs import getincrementaldecoder
from typing import Any, Final

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from stresstui.tui.messages import HungUp
from stresstui.tui.tty.grid import Grid
from stresstui.tui.tty.job import has_shell, stop_job
from stresstui.tui.tty.link import Link
from stresstui.tui.tty.writer import Writer

_ASK_CURSOR: Final = b"\x1b[6n"
_CHUNK: Final = 4096


class TerminalDriver(LinuxDriver):
    """Textual's driver for a terminal that cannot be relied on."""

    def __init__(self, app: Any, *, debug: bool = False, mouse: bool = True, size: Any = None) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        stdout = sys.__stdout__
        self._out = stdout.fileno() if stdout is not None else 1
        self._writer = Writer(self._out, stdout.encoding if stdout is not None else "utf-8", self._hang_up)
        self._lock = threading.RLock()
        self._grid, self._link = Grid(), Link()
        app.console.size = self._get_terminal_size()  # Rich takes a terminal of unknown size for one of 25 lines

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
        """True while the terminal does not read what was drawn, as far as it says so."""
        with self._lock:
            return self._writer.behind or self._link.is_late(time.monotonic())

    @property
    def slow_link(self) -> float | None:
        """Bytes a second of a link that is slow; None where it is not."""
        return self._link.rate if self._link.slow else None

    def pace(self) -> float:
        """Seconds that the link takes for what was sent since this was asked last; 0 where it is not slow."""
        return self._link.pace()

    def write(self, data: str) -> None:
        """Take in what is drawn, and send of it what the link takes; all else is sent as it is."""
        with self._lock:
            size = self._get_terminal_size()
            if size != self._grid.size:
                self._grid.resize(*size)
            others = self._grid.take(data)
            if others:
                self._writer.write(others)
            self._send()

    def _send(self) -> None:
        """Send the next piece, unless enough is under way."""
        with self._lock:
            now = time.monotonic()
            room = self._link.room(now) if self._grid.pending else 0
            if not room or self._writer.behind:
                return
            piece = self._grid.send(room, few_colors=self._link.slow)
            if piece:
                self._writer.write_bytes(piece + _ASK_CURSOR)
                self._link.sent(now, len(piece))

    def draw_anew(self) -> None:
        """Wipe the terminal, and send all that was drawn again."""
        self.write("\x1b[2J")

    def start_application_mode(self) -> None:
        """Begin on a terminal of which nothing is known, with what was drawn before a stop: nobody draws it again."""
        with self._lock:
            size = self._get_terminal_size()
            if size == self._grid.size:
                self._grid.forget()
            else:
                self._grid.resize(*size)
            self._link.begin()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def process_message(self, message: Message) -> None:
        """Take the terminal's answer; hand all else on."""
        if isinstance(message, events.CursorPosition):
            with self._lock:
                self._link.answered(time.monotonic())
                self._send()
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
                self._send()

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, _CHUNK)
        except OSError:
            return b""

    def _hang_up(self) -> None:
        """Tell the app; from any thread."""
        self._app.post_message(HungUp())

    def _sigtstp_application(self, *_: object) -> None:
        """Leave the terminal as it was, and stop; without a shell go on, as the kernel has an orphaned job do."""
        if not has_shell():
            return
        if self._auto_restart:
            self.suspend_application_mode()
            self._must_signal_resume = True
        stop_job()

    def _sigcont_application(self, *_: object) -> None:
        """Go on after a stop: one that nobody announced has left the modes pushed, so they are taken back first."""
        if self._auto_restart and not self._must_signal_resume:
            self.suspend_application_mode()
        super()._sigcont_application()
