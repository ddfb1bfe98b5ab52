"""The app: follows a run and shows it. It reads; only stopping and notes are asked of the supervisor.

What arrives is folded by a worker; what is shown is at most one drawing every ``DRAW_EVERY`` seconds, and none when
nothing changed.
"""

import asyncio
import copy
import os
import signal
import sys
import threading
import traceback
import webbrowser
from collections.abc import Coroutine, Iterable
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
from rich.text import Text
from textual._styles_cache import StylesCache
from textual.app import SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.screen import Screen

from stresstui.core.run.fold import RunState
from stresstui.core.run.measuring import measuring
from stresstui.tui.alarm import Alarm, Bell
from stresstui.tui.arena import use_one_arena
from stresstui.tui.draw.glyphs import ASCII, Glyphs, glyphs_for
from stresstui.tui.draw.view import View
from stresstui.tui.folding import fold_source
from stresstui.tui.messages import Folded, Printed, Troubled
from stresstui.tui.panes.detail import Detail
from stresstui.tui.panes.output import OutputLines, OutputPane
from stresstui.tui.panes.vital_chart import VitalChart
from stresstui.tui.screens.base import Drawable
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
from stresstui.tui.screens.help import HelpScreen, Keys, keys_of, legend
from stresstui.tui.screens.monitor import MonitorScreen
from stresstui.tui.screens.zoom import ZoomScreen
from stresstui.tui.source import JournalSource, RunSource, report_of
from stresstui.tui.terminal import TerminalDriver, end_whatever_blocks
from stresstui.tui.themed import ThemedApp
from stresstui.tui.themes import Palette
from stresstui.tui.widgets.listing import Listing

DRAW_EVERY: Final = 0.25
"""Seconds between two drawings, at least."""
SILENCE: Final = 5.0
"""Sampling intervals without news after which the screen says so."""
SILENCE_S: Final = 2.0
"""Seconds, or sampling intervals where those are shorter, without news after which the supervisor is looked for."""
_END_S: Final = 1.0
"""Seconds that a screen has to end in after a signal."""
_MESSAGE_S: Final = 15.0
_FOUND_S: Final = 30.0
_FOUND_MAX: Final = 5
LOOKS: Final = {FDS: ("--fds",), STACKS: ("--stacks",), HEAP: ("--heap",), PERF: ("--perf", "30s")}
"""What can be looked into, and the words of ``stresstui investigate`` for it."""


class MonitorApp(ThemedApp[str]):
    """The live screen of one run; its result is how the person left: ``detach``, ``stop``, ``ended`` or ``lost``."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        Binding("q", "leave", "Leave: detach or stop; at once when the run has ended"),
        Binding("ctrl+c,ctrl+q", "leave", "Leave", show=False),
        Binding("question_mark", "help", "This help"),
        Binding("d", "detach", "Detach: leave, the run goes on"),
        Binding("x", "stop", "Stop the run; asks first"),
        Binding("space", "pause", "Pause the view, never the run"),
        Binding("t", "next_theme", "Next theme"),
        Binding("m", "note", "Add a note to the run"),
        Binding("i", "investigate", "Investigate: perf, heap, stacks, descriptors"),
        Binding("r", "report", "The report: open it, or say where it is"),
    ]

    def __init__(
        self,
        source: RunSource,
        *,
        theme: str | None = None,
        glyphs: Glyphs = ASCII,
        palettes: dict[str, Palette] | None = None,
        fps: float | None = None,
        bell: Bell = Bell.OFF,
    ) -> None:
        """Show the run of ``source``; raises ValueError for an unknown or broken theme.

        ``fps`` is how often it is drawn in a second at most; None = once for each sample.
        """
        self._fps, self._bell, self._alarm = fps, bell, Alarm()
        super().__init__(theme=theme, glyphs=glyphs, palettes=palettes)
        self._source = source
        self._run = source.begin()
        self._frozen: RunState | None = None
        self._frozen_samples = 0
        self._reading: int | None = None
        self._message = ""
        self._output = OutputLines()
        self._news_at = self._drawn_at = 0.0
        self._silent_s: float | None = None
        self._lost = False
        self._report = ""
        self._draw_due = False
        self.ended_by: signal.Signals | None = None
        """The signal that ended the app; None when a person did."""

    @property
    def view(self) -> View:
        """What is to be shown now."""
        paused = None if self._frozen is None else self._run.samples - self._frozen_samples
        return View(
            self._frozen or self._run, self._ink, self._reading, paused, self._silent_s, self._lost, self._message,
            self._report,
        )  # fmt: skip

    def get_default_screen(self) -> Screen[None]:
        """The monitor itself is the lowest screen."""
        return MonitorScreen(self._output)

    def pop_screen(self) -> AwaitComplete:
        """Leave a screen and let go of it: Textual would keep what a thousand widgets drew that are gone."""
        StylesCache.get_inner_outer.cache_clear()
        return super().pop_screen()

    def on_mount(self) -> None:
        """Begin to follow."""
        self._news_at = self._now()
        self._watch_signals()
        self.follow_theme()
        self.run_worker(self._follow(), name="follow")
        self.run_worker(self._follow_output(), name="output")
        self.set_interval(1.0, self._check_silence)
        self.call_after_refresh(self._draw)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    async def _follow(self) -> None:
        try:
            await fold_source(self._source, self._run, self._emit)
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            self.post_message(Troubled(f"the run can no longer be read: {error}"))

    def _emit(self, reading: int | None) -> None:
        self.post_message(Folded(self._run, reading))

    async def _follow_output(self) -> None:
        try:
            async for data in self._source.output():
                self.post_message(Printed(data))
        except OSError as error:
            self.post_message(Troubled(f"the output cannot be read: {error}"))

    def on_folded(self, message: Folded) -> None:
        """The run has moved on: draw soon."""
        self._reading = message.reading
        self._news_at, self._silent_s, self._lost = self._now(), None, False
        self._ring()
        self._draw_soon()

    def _ring(self) -> None:
        """Tell who looks elsewhere, once the screen has caught up."""
        news = self._alarm.news(self._run) if self._bell is not Bell.OFF and self._reading is None else ""
        if news and self._driver is not None:
            self._driver.write(self._bell.sequence(news))

    def on_printed(self, message: Printed) -> None:
        """Keep the output; it is drawn with the next drawing."""
        self._output.feed(message.data)
        self._draw_soon()

    def on_troubled(self, message: Troubled) -> None:
        """Say what did not work."""
        self._message = message.text
        self.set_timer(_MESSAGE_S, self._forget_message)
        self._draw_soon()

    def _forget_message(self) -> None:
        self._message = ""
        self._draw_soon()

    @property
    def interval(self) -> float:
        """Seconds between two samples of the run."""
        return self._run.started.interval if self._run.started else 1.0

    def _check_silence(self) -> None:
        if self._run.ended and not self._report:
            self._report = report_of(self._source.directory)
            self._draw_soon()
        silent = self._now() - self._news_at
        if self._run.ended or silent <= SILENCE_S * min(1.0, self.interval):
            return
        self._lost = not self._source.lives()
        self._silent_s = silent if self._lost or silent > SILENCE * self.interval else None
        self._draw_soon()

    def _draw_soon(self) -> None:
        if self._draw_due:
            return
        self._draw_due = True
        every = 1.0 / self._fps if self._fps else max(DRAW_EVERY, min(1.0, self.interval))
        self.set_timer(max(0.001, every - (self._now() - self._drawn_at)), self._draw)

    def _draw(self) -> None:
        """Draw, unless the terminal has not shown what was drawn before: then a little later."""
        if isinstance(self._driver, TerminalDriver):
            if self._driver.behind:
                self.set_timer(DRAW_EVERY, self._draw)
                return
            self.call_after_refresh(self._driver.ask_whether_shown)
        self._draw_due, self._drawn_at = False, self._now()
        view = self.view
        for screen in self.screen_stack:
            if isinstance(screen, Drawable) and screen.is_mounted and (screen.is_current or not self._covered(screen)):
                screen.draw(view)

    def _covered(self, screen: Screen[object]) -> bool:
        """Whether a screen lies under one that is not a dialog; it is drawn when it comes back."""
        above = self.screen_stack[self.screen_stack.index(screen) + 1 :]
        return any(not other.is_modal for other in above)

    def on_screen_resume(self) -> None:
        """A screen that comes back shows what happened meanwhile."""
        self._draw_soon()

    def redraw(self) -> None:
        """Draw soon."""
        self._draw_soon()

    def action_pause(self) -> None:
        """Freeze the view, or go on; the run goes on in either case."""
        if self._frozen is None:
            self._frozen, self._frozen_samples = copy.deepcopy(self._run), self._run.samples
        else:
            self._frozen = None
        self._draw_soon()

    def action_help(self) -> None:
        """Show every key."""
        self.push_screen(HelpScreen(self.help_sections(), self._coming_back))

    _coming_back_with = "Detaching leaves the run going. Come back with\nstresstui attach"
    _useless: tuple[str, ...] = ()
    """Actions that the app does not offer."""

    @property
    def _coming_back(self) -> str:
        return f"{self._coming_back_with} {self._source.run_name}"

    def help_sections(self) -> dict[str, list[Keys]]:
        """Every key by where it works, as it is bound, the legend, and how the run is measured."""
        return {
            "Everywhere": [
                *keys_of(type(self), without=self._useless),
                ("ctrl+p", "Every action by name: the palette"),
            ],
            "The screen": [*keys_of(MonitorScreen), ("tab shift+tab", "Next pane, the one before")],
            "A list": keys_of(Listing),
            "The output": keys_of(OutputPane),
            "Zoomed: any pane": keys_of(ZoomScreen),
            "Zoomed: a chart": keys_of(VitalChart),
            "Zoomed: a criterion, an event": keys_of(Detail),
            "What the signs mean": legend(self._glyphs),
            "How it is measured just now": measuring(self._run),
        }

    def action_detach(self) -> None:
        """Leave; the run goes on."""
        self.exit("ended" if self._run.ended else "lost" if self._lost else "detach")

    def action_leave(self) -> None:
        """Leave at once when the run has ended, else ask how."""
        if self._run.ended or self._lost:
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
        self.push_screen(NoteScreen(), self._noted)

    def _noted(self, text: str | None) -> None:
        if text:
            self.run_worker(self._ask(self._source.note(text)))

    def action_investigate(self) -> None:
        """Ask what is to be looked into."""
        if self._run.ended or self._lost:
            self.notify("the run has ended: its processes are gone")
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

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the palette offers: the same as the keys."""
        yield SystemCommand("Leave", "Detach or stop (q)", self.action_leave)
        yield SystemCommand("Detach", "Leave, the run goes on (d)", self.action_detach)
        yield SystemCommand("Stop the run", "Asks first (x)", self.action_stop)
        yield SystemCommand("Pause the view", "The run goes on (space)", self.action_pause)
        yield SystemCommand("Add a note", "To the journal and the report (m)", self.action_note)
        yield SystemCommand("Investigate", "Look into its processes: perf, heap, stacks (i)", self.action_investigate)
        yield SystemCommand("Report", "Open it, or say where it is (r)", self.action_report)
        yield SystemCommand("Help", "Every key (?)", self.action_help)
        yield from self.here_commands(screen)
        yield from self.theme_commands()

    def here_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the screen and the focused pane offer beside."""
        for active in screen.active_bindings.values():
            if active.binding.show and active.node is not self:
                keys = active.binding.key_display or active.binding.key
                act = partial(self.run_action, active.binding.action, active.node)
                yield SystemCommand(active.binding.description, f"Here ({keys})", act)

    def _fatal_error(self) -> None:
        """Say what broke without every local value: of a day's run that would take minutes to print."""
        self.panic(Text(f"{traceback.format_exc()}\nThe screen broke; the run goes on: {self._source.run_name}"))

    def _watch_signals(self) -> None:
        """Textual leaves SIGTERM and SIGHUP alone, and with them a terminal full of modes."""
        if threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._end_by, number)

    def on_hung_up(self) -> None:
        """End as after SIGHUP."""
        if self.ended_by is None:
            self._end_by(signal.SIGHUP)

    def _end_by(self, number: signal.Signals) -> None:
        end_whatever_blocks(_END_S, 128 + number)
        self.ended_by = number
        self.exit("detach")


def run_app(
    run_dir: Path, *, theme: str | None = None, mouse: bool = False, ascii_only: bool = False, read_only: bool = False,
    fps: float | None = None, bell: Bell = Bell.OFF,
) -> str:  # fmt: skip
    """Show a run until the person leaves; return ``detach``, ``stop``, ``ended`` or ``lost``.

    Raises ValueError for an unknown or broken theme, and SystemExit with 128 and the number of the signal after
    SIGTERM or SIGHUP. The run goes on in every case but ``stop``.
    """
    use_one_arena()
    glyphs = screen_glyphs(ascii_only=ascii_only)
    app = MonitorApp(JournalSource(run_dir, read_only=read_only), theme=theme, glyphs=glyphs, fps=fps, bell=bell)
    left = app.run(mouse=mouse)
    if app.ended_by is not None:
        raise SystemExit(128 + app.ended_by)
    return left or LEAVE


def _has_desktop() -> bool:
    if os.environ.get("TEXTUAL_DRIVER"):  # who looks on in a browser is not at this machine's desktop
        return False
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _open_page(path: str) -> bool:
    return webbrowser.open(Path(path).resolve().as_uri())


def screen_glyphs(*, ascii_only: bool) -> Glyphs:
    """The glyphs that this terminal can show."""
    return ASCII if ascii_only else glyphs_for(sys.stdout.encoding, os.environ)
