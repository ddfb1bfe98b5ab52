"""The journal: the append-only record of a run, its only source of truth; one event a line.

That of a long run is packed once it has ended (``stored``). Its lines are sealed (``seal``): a reader that finds lines
lost, damaged, repeated, in another order or another journal's says so in a Doubted before the end. What is read of such
a journal passes nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from stresstui.core.model.cleaning import cleaned
from stresstui.core.model.errors import UNREADABLE
from stresstui.core.model.event import Doubted, Ended, Event, Problem, Reported, Sampled, Started, decode_event
from stresstui.core.text.line_buffer import LineBuffer
from stresstui.engine.record.account import Account, Place
from stresstui.engine.record.beginning import NOTHING, Beginning
from stresstui.engine.record.delta import Completer
from stresstui.engine.record.growth_watch import GrowthWatch
from stresstui.engine.record.routine import WAITING_MAX, Routine
from stresstui.engine.record.seal import BrokenSealError, read_seal
from stresstui.engine.record.stored.opened import open_journal

if TYPE_CHECKING:
    from stresstui.engine.record.stored.packed import PackedJournal
    from stresstui.engine.record.stored.plain import PlainJournal


TOLD: Final = 5
"""Damaged lines that are named one by one."""

LINE_MAX: Final = 32 << 20
"""Bytes of a line that are waited for; a longer one is taken for damage, piece by piece."""

T_MAX: Final = 1e9
"""Seconds since its start that no run reaches: thirty years."""

_CHUNK: Final = 1 << 20
_PIECE: Final = 1 << 16
"""Bytes that are decoded before the first of their events is given: who jumps into a day waits for these."""
_FIRST_MAX: Final = 4 << 20
_END_MAX: Final = 1 << 16


class _Decoder:
    """Turns bytes into events, and keeps account of what is wrong with their lines."""

    def __init__(self, beginning: Beginning) -> None:
        self.lines = LineBuffer()
        self.account = Account.after(beginning)
        self.end: Ended | None = None
        self._t = beginning.t
        self._complete = Completer()

    def feed(self, chunk: bytes) -> list[Event]:
        """The events of a chunk, the end kept back."""
        lines = self.lines.feed(chunk)
        if self.lines.waiting > LINE_MAX:
            lines.append(self.lines.take_partial())
        return [event for line in lines if (event := self._decode(line)) is not None]

    def _decode(self, line: bytes) -> Event | None:
        """The event of a line, a Problem where it is damaged; None where it says nothing new, and for the end."""
        try:
            place = self.account.enter(line)
            event = None if place in (Place.AGAIN, Place.FOREIGN) else decode_event(line)
        except BrokenSealError as error:
            return self._damaged(error)
        except UNREADABLE as error:
            self.account.spoil()
            return self._damaged(error)
        if event is not None and not 0.0 <= event.t <= T_MAX:
            self.account.spoil()
            return self._damaged(ValueError(f"its time cannot be: {event.t:g} s"))
        if place is Place.LATE and isinstance(event, Sampled | Reported):
            return None  # measurements against the order of time would be judged as jumps
        return None if event is None else self._accept(cleaned(event))

    def _accept(self, event: Event) -> Event | None:
        if isinstance(event, Ended):
            self.end = self.end or event
            return None
        self._t = event.t
        whole = self._complete(event)
        if whole is None:
            self.account.miss()
        return whole

    def _damaged(self, error: Exception) -> Problem | None:
        if self.account.damaged > TOLD:
            return None
        return Problem(self._t, "journal", f"line {self.account.lines} of the journal cannot be read: {error}")

    def finish(self) -> list[Event]:
        """What is to be said when all lines have been read: the damage, and then the end."""
        wrong = self.account.describe()
        events: list[Event] = [Doubted(self._t, "journal", wrong)] if wrong else []
        if self.end is not None:
            # Of a whole journal the outcome is derived; of a damaged one that it had failed is not to be forgotten.
            end = self.end if wrong else msgspec.structs.replace(self.end, outcome="", reasons=())
            events.append(end)
        return events


def read(path: Path, beginning: Beginning = NOTHING) -> Iterator[Event]:
    """Read every event behind a beginning that is known to be whole; raises OSError.

    An unfinished last line is left out, a damaged one is a Problem.
    """
    decoder = _Decoder(beginning)
    with closing(open_journal(path)) as file:
        file.seek(beginning.size)
        while chunk := file.read(_PIECE):
            yield from decoder.feed(chunk)
    yield from decoder.finish()


def read_end(path: Path) -> Ended | None:
    """The end of a journal, if its last whole line is one; None where it is not, or cannot be read."""
    try:
        with closing(open_journal(path)) as file:
            file.seek(max(0, file.size - _END_MAX))
            line = b"".join(iter(lambda: file.read(_END_MAX), b"")).rstrip(b"\n").rpartition(b"\n")[2]
        read_seal(line)
        event = decode_event(line)
    except (OSError, BrokenSealError, *UNREADABLE):
        return None
    return event if isinstance(event, Ended) else None


def run_in(path: Path) -> str:
    """Name of the run that a journal is of, as its first line says; empty where that cannot be read."""
    try:
        with closing(open_journal(path)) as file:
            start = b""
            while b"\n" not in start and len(start) < _FIRST_MAX and (piece := file.read(_PIECE)):
                start += piece
        line = start.partition(b"\n")[0]
        read_seal(line)
        event = decode_event(line)
    except (OSError, BrokenSealError, *UNREADABLE):
        return ""
    return event.run if isinstance(event, Started) else ""


async def tail(path: Path, stop: asyncio.Event | None = None) -> AsyncIterator[Event]:
    """Follow a journal until Ended, or until ``stop`` is set and what is there has been read."""
    async for batch in tail_batches(path, stop):
        for event in batch:
            yield event


async def tail_batches(
    path: Path, stop: asyncio.Event | None = None, beginning: Beginning = NOTHING, routine: Routine | None = None
) -> AsyncIterator[list[Event]]:
    """Follow a journal like ``tail``, giving all that is new at once; waits for the file to appear.

    What is in ``beginning`` is known, and not read; what is ``routine`` is given with what comes after it.
    """
    follower = Follower(path, beginning, routine)
    try:
        while True:
            stopping = stop is not None and stop.is_set()
            batch = follower.advance()
            if batch:
                yield batch
                if isinstance(batch[-1], Ended):
                    return
                await asyncio.sleep(0)
            elif stopping:
                if said := follower.finish():
                    yield said
                return
            else:
                await follower.growth.wait(stop)
    finally:
        follower.close()


class Follower:
    """Reads what was appended since it last looked; raises OSError."""

    def __init__(self, path: Path, beginning: Beginning = NOTHING, routine: Routine | None = None) -> None:
        """Follow a journal that may not be there yet, behind what is known of it."""
        self._path, self._routine = path, routine
        self._waiting, self._urgent = b"", False
        self._file: PlainJournal | PackedJournal | None = None
        self._offset = beginning.size
        self._decoder = _Decoder(beginning)
        self.growth = GrowthWatch(self._glance if routine is not None else None)
        """Waits for more."""

    def advance(self) -> list[Event]:
        """What is new, the end behind all else."""
        file = self._file or self._open()
        if file is None:
            return []
        batch = self._take_waiting() if self._urgent else []
        while not batch and (chunk := file.read(_CHUNK)):
            if not self._lets_wait(chunk):
                batch = self._take_waiting()
        if batch:
            return batch
        if self._waiting and file.was_cut(self._offset):
            return self._take_waiting()
        if self._decoder.end is not None:
            return self._decoder.finish()
        if file.was_cut(self._offset):
            self._begin_again()
        return []

    def _lets_wait(self, chunk: bytes) -> bool:
        """Take in what was read; say whether all that waits may go on doing so."""
        self._offset += len(chunk)
        may = self._routine is not None and self._routine.may_wait(chunk)
        self._waiting += chunk
        return may and len(self._waiting) <= WAITING_MAX

    def _take_waiting(self) -> list[Event]:
        waiting, self._waiting, self._urgent = self._waiting, b"", False
        return self._decoder.feed(waiting)

    def _glance(self) -> bool:
        """Say whether what the file has grown by may wait, and nothing else needs a look."""
        try:
            chunk = self._file.read(_CHUNK) if self._file is not None else b""
        except OSError:
            return False  # whoever reads on meets it too
        if not chunk:
            return False
        if self._lets_wait(chunk):
            return True
        self._urgent = True
        return False

    def finish(self) -> list[Event]:
        """What is to be said of a journal that will not grow any more."""
        return self._take_waiting() + self._decoder.finish()

    def _begin_again(self) -> None:
        """Begin at the front, where the file was cut or another one is there under its name."""
        self.close()
        self._decoder.account.rewind()
        self._decoder.lines.take_partial()
        self._offset = 0

    def _open(self) -> "PlainJournal | PackedJournal | None":
        try:
            self._file = open_journal(self._path)
        except FileNotFoundError:
            return None
        self._file.seek(self._offset)
        self.growth.watch(self._path)
        return self._file

    def close(self) -> None:
        """Close the file."""
        self.growth.close()
        if self._file is not None:
            self._file.close()
            self._file = None
