"""The terminal that the screen is drawn on: it may be slow, stop reading, or be gone, and none of it may hold us up.

Textual's own driver writes to standard error through a queue of 30 pieces that blocks the event loop when the terminal
does not read, reads the end of a terminal again and again, and trusts COLUMNS and LINES over the terminal itself.
"""

import os
import selectors
import sys
import time
from codecs import getincrementaldecoder
from typing import Any, Final

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from stresstui.tui.messages import HungUp
from stresstui.tui.tty.writer import Writer

ANSWER_S: Final = 2.0
"""Seconds after which a terminal that never answered is taken for one that does not answer."""
LOST_S: Final = 30.0
"""Seconds after which an answer that was due is taken for lost."""
_ASK_CURSOR: Final = "\x1b[6n"
_CHUNK: Final = 4096


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
