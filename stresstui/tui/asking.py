"""What a person may ask for from a run's screen: to leave, to end it, a note, a look into it, its report.

Each is asked of the run's source; a screen does none of it itself.
"""

import asyncio
import os
import sys
import webbrowser
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Final

from textual.binding import Binding

from stresstui.tui.follow.source import RunSource, report_of
from stresstui.tui.messages import Troubled
from stresstui.tui.screens.dialogs import (
    FDS,
    HEAP,
    LEAVE,
    PERF,
    STACKS,
    STOP,
    NoteScreen,
    investigate_question,
    leave_question,
    stop_question,
)
from stresstui.tui.themed import ThemedApp

_MESSAGE_S: Final = 15.0
_FOUND_S: Final = 30.0
_FOUND_MAX: Final = 5
LOOKS: Final = {FDS: ("--fds",), STACKS: ("--stacks",), HEAP: ("--heap",), PERF: ("--perf", "30s")}
"""What can be looked into, and the words of ``stresstui investigate`` for it."""


class AskingApp(ThemedApp[str]):
    """An app on one run; its result is how the person left: ``detach``, ``stop``, ``ended`` or ``lost``."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        Binding("q", "leave", "Leave: detach or stop; at once when the run has ended"),
        Binding("ctrl+c,ctrl+q", "leave", "Leave", show=False),
        Binding("d", "detach", "Detach: leave, the run goes on"),
        Binding("x", "stop", "Stop the run; asks first"),
        Binding("m", "note", "Add a note to the run"),
        Binding("i", "investigate", "Investigate: perf, heap, stacks, descriptors"),
        Binding("r", "report", "The report: open it, or say where it is"),
    ]

    def __init__(self, source: RunSource, **look: Any) -> None:
        """Take the run of ``source``; raises ValueError for an unknown or broken theme."""
        super().__init__(**look)
        self._source = source
        self._run = source.begin()
        self._lost = False
        self._report = ""

    def action_detach(self) -> None:
        """Leave; the run goes on."""
        self.exit("ended" if self._run.ended else "lost" if self._lost else "detach")

    def action_leave(self) -> None:
        """Leave at once where only that can be done, else ask how."""
        if self._run.ended or self._lost or self._source.read_only:
            self.action_detach()
        else:
            self.push_screen(leave_question(), self._left)

    def _left(self, answer: str | None) -> None:
        if answer == LEAVE:
            self.action_detach()
        elif answer == STOP:
            self.run_worker(self._stop_and_leave())

    async def _stop_and_leave(self) -> None:
        if await self._ask(self._source.stop()):
            self.exit("stop")

    def action_stop(self) -> None:
        """Ask whether the run is to end."""
        if self._run.ended:
            self.notify("the run has ended")
        elif self._source.read_only:
            self.notify(self._source.read_only)
        else:
            self.push_screen(stop_question(), self._stopped)

    def _stopped(self, answer: str | None) -> None:
        if answer == STOP:
            self.run_worker(self._ask(self._source.stop()))

    async def action_report(self) -> None:
        """Open the report, or say where it is where nothing could open it."""
        path = self._report or report_of(self._source.directory)
        if not path:
            self.notify("the report is written when the run has ended")
        elif _has_desktop() and await asyncio.to_thread(_open_page, path):
            self.notify(f"opened {path}")
        else:
            self.copy_to_clipboard(path)
            self.notify(f"{path}\n(in the clipboard, where the terminal takes it)", timeout=_MESSAGE_S)

    def action_note(self) -> None:
        """Ask for a note."""
        if self._run.ended or self._lost:
            self.notify("the run has ended: it takes no more notes")
        elif self._source.read_only:
            self.notify(self._source.read_only)
        else:
            self.push_screen(NoteScreen(), self._noted)

    def _noted(self, text: str | None) -> None:
        if text:
            self.run_worker(self._ask(self._source.note(text)))

    def action_investigate(self) -> None:
        """Ask what is to be looked into."""
        if self._run.ended or self._lost:
            self.notify("the run has ended: its processes are gone")
        elif self._source.read_only:
            self.notify(self._source.read_only)
        else:
            self.push_screen(investigate_question(), self._investigated)

    def _investigated(self, answer: str | None) -> None:
        if answer in LOOKS:
            self.notify(f"looking: {LOOKS[answer][0]}; the screen goes on")
            self.run_worker(self._look(answer, LOOKS[answer]), name="investigate", group="investigate")

    async def _look(self, what: str, options: tuple[str, ...]) -> None:
        """Look, and say what was found and where; a second look waits for nobody."""
        try:
            said = await self._source.investigate(*options)
        except OSError as error:
            self.post_message(Troubled(f"{what}: {error}"))
            return
        lines = [line.strip() for line in said.splitlines()]
        kept = [line for line in lines if line.startswith(("->", "cost:"))]
        found = [line for line in lines if line and not line.startswith(("==", "->", "cost:"))]
        self.notify("\n".join((*found[:_FOUND_MAX], *kept)), title=f"investigated: {what}", timeout=_FOUND_S)

    async def _ask(self, request: Coroutine[None, None, None]) -> bool:
        try:
            await request
        except OSError as error:
            self.post_message(Troubled(str(error)))
            return False
        return True


def _has_desktop() -> bool:
    if os.environ.get("TEXTUAL_DRIVER"):  # who looks on in a browser is not at this machine's desktop
        return False
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _open_page(path: str) -> bool:
    return webbrowser.open(Path(path).resolve().as_uri())
