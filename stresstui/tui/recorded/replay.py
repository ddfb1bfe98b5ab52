"""A replay: the same screen on a recorded run, played, stepped, and wound to any moment of it."""

import asyncio
import re
from bisect import bisect_left, bisect_right
from collections.abc import AsyncIterator, Iterable
from functools import partial
from pathlib import Path
from typing import Any, Final

from textual.app import SystemCommand
from textual.binding import Binding
from textual.screen import Screen

from stresstui.core.model.event import Event
from stresstui.core.model.timeline import Mark
from stresstui.core.model.units import UnitError, format_clock, parse_duration
from stresstui.core.run.fold import RunState
from stresstui.engine.record.tape import Tape
from stresstui.folder import JOURNAL
from stresstui.tui.app import MonitorApp
from stresstui.tui.draw.view import Playing, View
from stresstui.tui.messages import Troubled
from stresstui.tui.screens.dialogs import GoToScreen

SPEEDS: Final = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
"""Seconds of the run in one of the clock."""
BEFORE_S: Final = 10.0
"""Seconds before a breach to which a jump goes, so that it is seen to begin."""
_TICK_S: Final = 0.25
_CLOCK: Final = re.compile(r"(?:(\d{1,6}):)?(\d{1,6}):(\d\d)")


class Recording:
    """A run directory that is only looked at."""

    def __init__(self, run_dir: Path) -> None:
        self.run_name, self.directory = run_dir.name, run_dir
        self.read_only = "this is a replay"

    def begin(self) -> RunState:
        """Nothing yet: the tape is wound to where the replay begins."""
        return RunState()

    async def events(self) -> AsyncIterator[list[Event]]:
        """None: the tape gives states."""
        return
        yield []

    async def output(self) -> AsyncIterator[bytes]:
        """Where it is instead: its lines have no times."""
        yield f"A replay shows no output, whose lines have no times: stresstui logs {self.run_name}\n".encode()

    def lives(self) -> bool:
        """Whether somebody runs it does not matter here."""
        return True

    async def stop(self) -> None:
        """Refuse."""
        raise OSError("this is a replay")

    async def note(self, text: str) -> None:
        """Refuse."""
        raise OSError(f"this is a replay, which takes no note: {text}")

    async def investigate(self, *options: str) -> str:
        """Refuse."""
        raise OSError(f"this is a replay, whose processes are gone: {' '.join(options)}")


class ReplayApp(MonitorApp):
    """The monitor on a tape."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        Binding("space", "play", "Play or pause"),
        Binding("full_stop", "step(1)", "Next sample"),
        Binding("comma", "step(-1)", "Sample before"),
        Binding("plus,equals_sign,greater_than_sign", "faster(1)", "Faster"),
        Binding("minus,less_than_sign", "faster(-1)", "Slower"),
        Binding("right_square_bracket", "jump(1)", "To just before the next breach"),
        Binding("left_square_bracket", "jump(-1)", "To just before the breach before"),
        Binding("colon", "go_to", "To a time, such as 1:02:03 or 90m"),
        Binding("home", "wind(0)", "To the start"),
        Binding("end", "wind(1)", "To the end"),
    ]

    _coming_back_with = "What it printed:\nstresstui logs"
    _useless = ("detach", "stop", "note", "investigate", "pause")

    def __init__(
        self, run_dir: Path, *, at: float = 0.0, speed: float = 10.0, paused: bool = False, **more: Any
    ) -> None:
        """Replay from ``at`` seconds on; raises OSError, RecordError, and ValueError for an unknown theme."""
        super().__init__(Recording(run_dir), **more)
        self._tape = Tape(run_dir / JOURNAL)
        self._speed, self._paused, self._busy = speed, paused, False
        self._breaches = tuple(sorted({entry.t for entry in self._tape.whole.entries if entry.mark is Mark.BREACH}))
        self._run = self._tape.wind(at)
        self._begins = at

    @property
    def view(self) -> View:
        """What is to be shown now."""
        tape = self._tape
        playing = Playing(tape.t, tape.length, self._speed, self._paused, self._breaches)
        return View(self._run, self._ink, message=self._message, playing=playing)

    @property
    def run_name(self) -> str:
        """Name of the run."""
        return self._source.run_name

    @property
    def length(self) -> float:
        """Seconds from the start of the run to its last event."""
        return self._tape.length

    @property
    def breaches(self) -> tuple[float, ...]:
        """When criteria were breached, seconds, in order."""
        return self._breaches

    def first_breach_of(self, criterion: str) -> float | None:
        """When a criterion was first breached, seconds; None where it never was, or there is none of that id."""
        entries = self._tape.whole.entries
        return next((e.t for e in entries if e.mark is Mark.BREACH and e.criterion == criterion), None)

    async def show_at(self, t: float) -> None:
        """Show the run as it was at ``t`` seconds, at once."""
        await self._wind(t)
        self._draw()

    async def _follow(self) -> None:
        """Play, for as long as the person looks."""
        self._say_where_it_ends(self._begins)
        clock = asyncio.get_running_loop().time
        before = clock()
        while True:
            await asyncio.sleep(_TICK_S)
            now = clock()
            if not self._paused and not self._busy:
                await self._wind(self._tape.t + (now - before) * self._speed)
            before = now

    def _check_silence(self) -> None:
        """A tape is never silent."""

    async def _wind(self, t: float) -> None:
        """Go to a time; a far one is read beside the screen, which shows where it was until then."""
        self._busy = True
        try:
            if self._tape.is_near(t):
                self._run = self._tape.wind(t)
            else:
                self._run = await asyncio.to_thread(self._tape.wind, t)
        except (OSError, ValueError) as error:
            self.post_message(Troubled(f"the run cannot be read: {error}"))
        finally:
            self._busy = False
        if self._tape.t >= self._tape.length:
            self._paused = True
        self._draw_soon()

    def _say(self, text: str) -> None:
        self.post_message(Troubled(text))

    def _go(self, t: float) -> None:
        if not self._busy:
            self.run_worker(self._wind(t))

    def action_play(self) -> None:
        """Play or pause; from the end it plays from the start."""
        if self._paused and self._tape.t >= self._tape.length:
            self._go(0.0)
        self._paused = not self._paused
        self._draw_soon()

    def action_step(self, by: int) -> None:
        """Pause, and go one sample on or back."""
        self._paused = True
        interval = self._run.started.interval if self._run.started else 1.0
        self._go(self._tape.t + by * interval)

    def action_faster(self, by: int) -> None:
        """Take the next speed, or the one before."""
        here = bisect_left(SPEEDS, self._speed)
        self._speed = SPEEDS[max(0, min(len(SPEEDS) - 1, here + by))]
        self._draw_soon()

    def action_jump(self, by: int) -> None:
        """Go to just before the next breach, or the one before."""
        here = self._tape.t + BEFORE_S
        places = self._breaches
        index = bisect_right(places, here) if by > 0 else bisect_left(places, here) - 1
        if 0 <= index < len(places):
            self._paused = True
            self._go(places[index] - BEFORE_S)
        else:
            ahead = next((f"that of {format_clock(t)}" for t in places if self._tape.t < t <= here), "this")
            self._say(f"no breach {'after' if by > 0 else 'before'} {ahead}")

    def action_wind(self, share: float) -> None:
        """Go to the start (0) or the end (1)."""
        self._go(share * self._tape.length)

    def action_go_to(self) -> None:
        """Ask for a time."""
        self.push_screen(GoToScreen(), self._asked_for)

    def _asked_for(self, text: str | None) -> None:
        if not text:
            return
        try:
            t = seconds_of(text)
        except UnitError as error:
            self.post_message(Troubled(str(error)))
            return
        self._go(t)
        self._say_where_it_ends(t)

    def _say_where_it_ends(self, asked: float) -> None:
        """Somebody asked for a time that the run never came to."""
        if asked > self.length:
            self._say(f"the run ends at {format_clock(self.length)}")

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the palette offers: the same as the keys."""
        yield SystemCommand("Leave", "The replay (q)", self.action_leave)
        yield SystemCommand("Play or pause", "From here (space)", self.action_play)
        yield SystemCommand("Next breach", "To just before it (])", partial(self.action_jump, 1))
        yield SystemCommand("Breach before", "To just before it ([)", partial(self.action_jump, -1))
        yield SystemCommand("Go to a time", "1:02:03, 90s (:)", self.action_go_to)
        yield SystemCommand("Help", "Every key (?)", self.action_help)
        yield from self.here_commands(screen)
        yield from self.theme_commands()

    def action_leave(self) -> None:
        """Leave at once: nothing depends on a replay."""
        self.exit("replay")

    def action_detach(self) -> None:
        """The same."""
        self.exit("replay")

    def action_stop(self) -> None:
        """There is nothing to stop."""
        self._say("this is a replay; the run is on record")

    def action_note(self) -> None:
        """There is nothing to write into."""
        self._say("this is a replay; the run is on record")

    def action_investigate(self) -> None:
        """There is nothing to look into."""
        self._say("this is a replay; its processes are gone")

    def action_pause(self) -> None:
        """As play."""
        self.action_play()


def seconds_of(text: str) -> float:
    """Seconds of a time as people write it, 1:02:03, 62:03, 90s or 1h30m; raises UnitError."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return parse_duration(text.strip())
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return 3600.0 * hours + 60.0 * minutes + seconds


def run_replay(run_dir: Path, **how: Any) -> None:
    """Show the replay until the person leaves; raises OSError, RecordError, ValueError as ReplayApp does."""
    mouse = bool(how.pop("mouse", False))
    ReplayApp(run_dir, **how).run(mouse=mouse)
