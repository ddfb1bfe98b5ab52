"""The app: follows a run and shows it. It reads; only stopping and notes are asked of the supervisor.

What arrives is folded by a worker; what is shown is at most one drawing every ``DRAW_EVERY`` seconds, and none when
nothing changed.
"""

import asyncio
import copy
import signal
import threading
import traceback
from collections.abc import Iterable
from functools import partial
from typing import Any, Final

import msgspec
from rich.text import Text
from textual._styles_cache import StylesCache
from textual.app import SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.screen import Screen

from stresstui.core.run.fold import RunState
from stresstui.tui.alarm import Alarm, Bell
from stresstui.tui.asking import AskingApp
from stresstui.tui.draw.view import View
from stresstui.tui.follow.folding import fold_source
from stresstui.tui.follow.source import RunSource, report_of
from stresstui.tui.garbage import collect_from_now
from stresstui.tui.messages import Folded, Printed, Troubled
from stresstui.tui.panes.output import OutputLines
from stresstui.tui.screens.base import Drawable
from stresstui.tui.screens.help import HelpScreen, Keys
from stresstui.tui.screens.monitor import MonitorScreen
from stresstui.tui.screens.sections import sections_of
from stresstui.tui.tty.driver import TerminalDriver
from stresstui.tui.tty.writer import end_whatever_blocks

DRAW_EVERY: Final = 0.25
"""Seconds between two drawings, at least."""
SILENCE: Final = 5.0
"""Sampling intervals without news after which the screen says so."""
SILENCE_S: Final = 2.0
"""Seconds, or sampling intervals where those are shorter, without news after which the supervisor is looked for."""
_STARTED_S: Final = 1.0
"""Seconds after which a screen is there."""
_END_S: Final = 1.0
"""Seconds that a screen has to end in after a signal."""
_MESSAGE_S: Final = 15.0


class MonitorApp(AskingApp):
    """The live screen of one run."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        Binding("question_mark", "help", "This help"),
        Binding("space", "pause", "Pause the view, never the run"),
        Binding("t", "next_theme", "Next theme"),
    ]

    def __init__(
        self,
        source: RunSource,
        *,
        fps: float | None = None,
        bell: Bell = Bell.OFF,
        **look: Any,
    ) -> None:
        """Show the run of ``source``; raises ValueError for an unknown or broken theme.

        ``fps`` is how often it is drawn in a second at most; None = once for each sample.
        """
        self._fps, self._bell, self._alarm = fps, bell, Alarm()
        super().__init__(source, **look)
        self._frozen: RunState | None = None
        self._frozen_samples = 0
        self._reading: int | None = None
        self._message = ""
        self._output = OutputLines()
        self._news_at = self._drawn_at = 0.0
        self._silent_s: float | None = None
        self._draw_due = False
        self.ended_by: signal.Signals | None = None
        """The signal that ended the app; None when a person did."""

    @property
    def view(self) -> View:
        """What is to be shown now."""
        paused = None if self._frozen is None else self._run.samples - self._frozen_samples
        return View(
            self._frozen or self._run, self._ink, self._reading, paused, self._silent_s, self._lost, self._message,
            self._report, slow_link=self._driver.slow_link if isinstance(self._driver, TerminalDriver) else None,
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
        self.set_timer(_STARTED_S, collect_from_now)

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
        if isinstance(self._driver, TerminalDriver):
            every = max(every, self._driver.pace())
        self.set_timer(max(0.001, every - (self._now() - self._drawn_at)), self._draw)

    def _draw(self) -> None:
        """Draw, unless the terminal does not read what was drawn before: then a little later."""
        if isinstance(self._driver, TerminalDriver) and self._driver.behind:
            self.set_timer(DRAW_EVERY, self._draw)
            return
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
        self.push_screen(HelpScreen(self.help_sections(), f"{self._coming_back_with} {self._source.run_name}"))

    _coming_back_with = "Detaching leaves the run going. Come back with\nstresstui attach"
    _useless: tuple[str, ...] = ()
    """Actions that the app does not offer."""

    def help_sections(self) -> dict[str, list[Keys]]:
        """Every key by where it works, as it is bound, the legend, and how the run is measured."""
        return sections_of(type(self), self._run, self._glyphs, without=self._useless)

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
        known = set()
        for active in screen.active_bindings.values():
            if active.binding.show and active.node is not self and active.binding.action not in known:
                known.add(active.binding.action)
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
