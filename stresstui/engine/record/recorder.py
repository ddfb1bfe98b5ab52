"""Where every event of a live run goes: the journal, the fold, and whoever listens."""

import contextlib
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from stresstui.core.model.cleaning import cleaned
from stresstui.core.model.event import BreachBegan, Doubted, Ended, Event, PhaseBegan, Problem, Sampled
from stresstui.core.run.breaches import BreachWatch, EarlyEnd
from stresstui.core.run.fold import RunState, advance
from stresstui.engine.clock import RunClock
from stresstui.engine.record.checkpoint import EVERY_S, Checkpoints
from stresstui.engine.record.writer import JournalWriter

REASONS_TOLD: Final = 10
"""Reasons of the outcome that stand in the last line of a journal."""
DISK_S: Final = 30.0
"""Seconds to wait for a disk that refuses the end of a run; who started it waits as well."""
REASON_CUT: Final = 500
"""Characters of each."""

OnEvent = Callable[[Event, RunState], None]
"""Hears of an event after it was folded; the state is the live one and must not be changed or kept."""

OnBreach = Callable[[BreachBegan, RunState], None]
"""Hears of the beginning of a breach, with the live state."""

OnEnd = Callable[[RunState, Path], None]
"""Hears of the end when the journal has been written, with the final state and the run's directory as it is now."""

OnSample = Callable[[RunState], object]
"""Hears of each sample after it was judged; what it returns is not looked at."""


def both(on_event: OnEvent | None, on_sample: OnSample | None) -> OnEvent | None:
    """Make one listener of the two."""
    if on_sample is None:
        return on_event

    def listen(event: Event, state: RunState) -> None:
        if on_event is not None:
            on_event(event, state)
        if isinstance(event, Sampled):
            on_sample(state)

    return listen


class Recorder:
    """Records events, on the event loop's thread only."""

    def __init__(
        self,
        journal: Path,
        clock: RunClock,
        on_event: OnEvent | None,
        on_early_end: Callable[[EarlyEnd], None],
        on_breach: OnBreach | None = None,
    ) -> None:
        """Open the journal; raises OSError."""
        self.state = RunState()
        """The fold of all that was recorded."""
        self._writer = JournalWriter(journal)
        self._clock = clock
        self._on_event, self._on_early_end, self._on_breach = on_event, on_early_end, on_breach
        self._breaches = BreachWatch()
        self._checkpoints = Checkpoints()
        self._trouble: tuple[float, str] | None = None
        self._listener_failed = False
        self.unwritten = ""
        """What the record of the run lacks after ``close``, in a sentence; empty where it is whole."""

    @property
    def trouble(self) -> str | None:
        """Why events wait in memory; None while all are on the disk."""
        return self._writer.trouble

    @property
    def directory(self) -> Path:
        """The run's directory as it is now."""
        return self._writer.directory

    def record(self, event: Event) -> None:
        """Write, fold and tell one event, and what follows from it."""
        self._take(event)
        for derived in self._breaches.changes(event.t, self.state):
            self._take(derived)
            if isinstance(derived, BreachBegan) and self._on_breach is not None:
                self._on_breach(derived, self.state)
        for end in self._breaches.early_ends(self.state):
            self._on_early_end(end)
        if isinstance(event, Sampled) and self._checkpoints.due(event.t):
            self._write_checkpoint()

    def end(self, event: Ended) -> None:
        """Record the end, with the outcome that it brings."""
        self._look_after(event.t)
        self._doubt_losses(event.t)
        if event.t >= EVERY_S:
            self._write_checkpoint()
        self.state = advance(self.state, event)
        self._tell(event)
        told = tuple(reason[:REASON_CUT] for reason in self.state.reasons[:REASONS_TOLD])
        self._write(msgspec.structs.replace(event, outcome=str(self.state.outcome), reasons=told))

    def _doubt_losses(self, t: float) -> None:
        """What the disk did not take by now is missing for every reader."""
        missing = self._writer.lost + self._writer.waiting
        if missing:
            why = f" ({self._writer.trouble})" if self._writer.trouble else ""
            self._take(Doubted(t, "journal", f"{missing} events could not be written{why}"))

    def _write_checkpoint(self) -> None:
        """Keep what the journal was folded to; without it a reader folds for longer, so no failure matters."""
        beginning = self._writer.beginning(self.state.t)
        if beginning is not None:
            with contextlib.suppress(OSError):
                self._checkpoints.write(self.state, beginning, self._writer.directory)

    def problem(self, where: str, text: str) -> None:
        """Record an error that does not end the run."""
        self.record(Problem(self._clock.now(), where, text))

    def retry(self) -> bool:
        """Try again to write what waits; say whether nothing does, or nothing ever will be."""
        if not self._writer.flush():
            return self._writer.hopeless
        if self._trouble is not None:
            self._say_recovered()
        return True

    def close(self, on_end: OnEnd | None = None) -> None:
        """Close the journal, and only then have the reports written: they say what is missing in it."""
        directory, why = self._writer.directory, self._writer.trouble
        if not self._writer.close() and self.state.ended:
            self.unwritten = f"the journal could not be written to its end ({why}): it lacks the last events"
            self.state = advance(self.state, Doubted(self.state.t, "journal", self.unwritten))
        if on_end is not None:
            try:
                on_end(self.state, directory)
            except Exception as error:  # noqa: BLE001 - a report that cannot be written leaves the journal true
                say_traceback()
                why = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
                self.unwritten = self.unwritten or f"not all reports could be written ({why})"

    def _take(self, event: Event) -> None:
        if self.state.ended:
            return  # nothing follows the end, not even the note that was on its way
        event = cleaned(event)
        if isinstance(event, Sampled):
            self._look_after(event.t)
        self._write(event)
        self.state = advance(self.state, event)
        self._tell(event)

    def _look_after(self, t: float) -> None:
        found = self._writer.look_after()
        if found:
            self._take(Doubted(t, "journal", found))

    def _write(self, event: Event) -> None:
        """Write an event; once the disk takes events again, say for how long it did not."""
        if self._trouble is not None and self._writer.flush():
            self._say_recovered()
        self._writer.write(event)
        if isinstance(event, PhaseBegan | Ended):
            self._writer.sync()
        if self._writer.waiting and self._trouble is None:
            self._trouble = (event.t, self._writer.trouble or "")

    def _say_recovered(self) -> None:
        since, why = self._trouble or (0.0, "")
        self._trouble = None
        now, lost = self._clock.now(), self._writer.lost
        text = f"could not be written for {now - since:.0f} s ({why})"
        if not lost:
            self._take(Problem(now, "journal", f"{text}; nothing was lost"))
            return
        self._writer.lost = 0
        self._take(Doubted(now, "journal", f"the journal {text}; {lost} events were lost"))

    def _tell(self, event: Event) -> None:
        if self._on_event is None:
            return
        try:
            self._on_event(event, self.state)
        except Exception as error:  # noqa: BLE001 - a listener's mistake must not end the run
            say_traceback()
            if not self._listener_failed:
                self._listener_failed = True
                self.problem("listener", f"{type(error).__name__}: {error}")


def say_traceback() -> None:
    """Leave a traceback in the supervisor's log; a disk that is full refuses that as well, which ends no run."""
    with contextlib.suppress(OSError):
        traceback.print_exc()
