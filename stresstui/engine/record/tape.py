"""A recorded run as a tape: wound to any second of it, and played on from there."""

import contextlib
import gc
from collections.abc import Iterator
from pathlib import Path

from stresstui.core.model.event import Event
from stresstui.core.run.fold import RunState, advance
from stresstui.engine.record import journal
from stresstui.engine.record.checkpoint import EVERY_S, fold_run, resume


class Tape:
    """The state of a run at one second after another; raises OSError and RecordError where the journal cannot be read.

    Played on it changes the state that it gave before; wound to what is not near it gives another, and leaves that one
    as it was.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._events: Iterator[Event] = iter(())
        self._next: Event | None = None
        self.whole = fold_run(path)
        """The run as it ended, or as far as it was recorded."""
        self.state = RunState()
        """The run as it was at ``t``."""
        self.t = 0.0
        """Where the tape is, seconds since the run started."""
        self._begin_before(0.0)

    @property
    def length(self) -> float:
        """Seconds from the start of the run to its last event."""
        return self.whole.t

    def is_near(self, t: float) -> bool:
        """Whether ``t`` is reached by playing on for a little: it takes a tenth of a second at most."""
        return self.t <= t <= self.t + EVERY_S

    def wind(self, t: float) -> RunState:
        """Go to ``t`` seconds, at most to the end, and give the run as it was then."""
        t = min(max(0.0, t), self.length)
        with _garbage_kept():
            if not self.is_near(t):
                self._begin_before(t)
            while self._next is not None and self._next.t <= t:
                advance(self.state, self._next)
                self._next = next(self._events, None)
        self.t = t
        return self.state

    def _begin_before(self, t: float) -> None:
        self.state, beginning = resume(self._path, until=t)
        self._events = journal.read(self._path, beginning)
        self._next = next(self._events, None)


@contextlib.contextmanager
def _garbage_kept() -> Iterator[None]:
    """Look for no garbage: a state has very many parts, none of them any, and to look takes a sixth of a jump."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
