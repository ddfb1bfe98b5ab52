"""Where every event of a live run goes: the journal, the fold, and whoever listens."""

import traceback
from collections.abc import Callable
from pathlib import Path

from stresstui.core.model.event import BreachBegan, Ended, Event, PhaseBegan, Problem, Sampled
from stresstui.core.run.breaches import BreachWatch, EarlyEnd
from stresstui.core.run.fold import RunState, advance
from stresstui.engine.clock import RunClock
from stresstui.engine.record.writer import JournalWriter

OnEvent = Callable[[Event, RunState], None]
"""Hears of an event after it was folded; the state is the live one and must not be changed or kept."""

OnBreach = Callable[[BreachBegan, RunState], None]
"""Hears of the beginning of a breach, with the live state."""

OnEnd = Callable[[RunState], None]
"""Hears of the end, with the final state."""

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
        self._trouble: tuple[float, str] | None = None
        self._listener_failed = False

    @property
    def trouble(self) -> str | None:
        """Why events wait in memory; None while all are on the disk."""
        return self._writer.trouble

    def record(self, event: Event) -> None:
        """Write, fold and tell one event, and what follows from it."""
        self._take(event)
        for derived in self._breaches.changes(event.t, self.state):
            self._take(derived)
            if isinstance(derived, BreachBegan) and self._on_breach is not None:
                self._on_breach(derived, self.state)
        for end in self._breaches.early_ends(self.state):
            self._on_early_end(end)

    def end(self, event: Ended, on_end: OnEnd | None) -> None:
        """Record the end; the journal says so only when ``on_end`` is through, so that its readers find all files."""
        self.state = advance(self.state, event)
        self._tell(event)
        if on_end is not None:
            try:
                on_end(self.state)
            except Exception:  # noqa: BLE001 - a report that cannot be written leaves the journal true
                traceback.print_exc()
        self._write(event)

    def problem(self, where: str, text: str) -> None:
        """Record an error that does not end the run."""
        self.record(Problem(self._clock.now(), where, text))

    def retry(self) -> bool:
        """Try again to write what waits; say whether nothing does."""
        return self._writer.flush()

    def close(self) -> None:
        """Write what waits and close the journal."""
        self._writer.close()

    def _take(self, event: Event) -> None:
        if self.state.ended:
            return  # nothing follows the end, not even the note that was on its way
        self._write(event)
        self.state = advance(self.state, event)
        self._tell(event)

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
        lost = f"{self._writer.lost} events were lost" if self._writer.lost else "nothing was lost"
        now = self._clock.now()
        self._take(Problem(now, "journal", f"could not be written for {now - since:.0f} s ({why}); {lost}"))

    def _tell(self, event: Event) -> None:
        if self._on_event is None:
            return
        try:
            self._on_event(event, self.state)
        except Exception as error:  # noqa: BLE001 - a listener's mistake must not end the run
            traceback.print_exc()
            if not self._listener_failed:
                self._listener_failed = True
                self.problem("listener", f"{type(error).__name__}: {error}")
