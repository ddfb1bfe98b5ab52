"""The account of a journal's lines: which are whole, and which are lost, damaged, repeated, misplaced or another's."""

from enum import Enum, auto
from typing import Final

import msgspec

from stresstui.engine.record.beginning import Beginning
from stresstui.engine.record.seal import BrokenSealError, Seal, read_seal

GAPS_KEPT: Final = 10_000
"""Gaps that are remembered; in a journal with more of them a misplaced line is taken for a repeated one."""


class Place(Enum):
    """What a line is to its journal."""

    NEXT = auto()
    """The line that was due, or one behind a gap."""
    LATE = auto()
    """One that was missed before: the lines were put in another order."""
    AGAIN = auto()
    """One that was read already."""
    FOREIGN = auto()
    """A line of another journal."""
    BARE = auto()
    """A line without a seal, as older versions of this program wrote them."""


class Account(msgspec.Struct):
    """Counts lines as they are read."""

    lines: int = 0
    """Lines read."""
    damaged: int = 0
    """Lines that are not what was written."""
    lost: int = 0
    """Events of which no whole line was found."""
    late: int = 0
    """Lines in another place than they were written to."""
    again: int = 0
    """Lines that were read before."""
    foreign: int = 0
    """Lines of another journal."""
    bare: int = 0
    """Lines without a seal."""
    first: int = 0
    """The first line that is not as it should be, from 1; 0 where all are."""
    _journal: bytes = b""
    _due: int = 0
    _read_before: int = 0
    _gaps: list[tuple[int, int]] = msgspec.field(default_factory=list)

    @classmethod
    def after(cls, beginning: Beginning) -> "Account":
        """The account of a journal whose beginning is known to be whole."""
        return cls(lines=beginning.lines, _journal=beginning.journal.encode(), _due=beginning.lines)

    def enter(self, line: bytes) -> Place:
        """Enter one line; raises BrokenSealError where it is damaged."""
        self.lines += 1
        try:
            seal = read_seal(line)
        except BrokenSealError:
            self.spoil()
            raise
        return self._place(seal)

    def spoil(self) -> None:
        """Count the newest line as damaged."""
        self.damaged += 1
        self._mark()

    def miss(self) -> None:
        """Count the newest line as an event that is lost, because it stands on one that is."""
        self.lost += 1
        self._mark()

    def rewind(self) -> None:
        """Begin at the file's front again, after a reader found it cut or replaced: what was read is no repetition."""
        self._read_before = self._due

    @property
    def sealed(self) -> bool:
        """Whether a sealed line was read."""
        return bool(self._journal)

    def describe(self) -> str:
        """Say in one sentence what is wrong; empty where nothing is."""
        bare = self.bare if self.sealed else 0
        counts = (
            (self.lost, "event{s} lost"),
            (self.damaged, "line{s} damaged"),
            (bare, "line{s} without a seal"),
            (self.again, "line{s} repeated"),
            (self.late, "line{s} out of order"),
            (self.foreign, "line{s} of another journal"),
        )
        told = [f"{count} {words.format(s='s' if count > 1 else '')}" for count, words in counts if count]
        if not told:
            return ""
        return f"the journal is damaged: {', '.join(told)}; the first at line {self.first or 1} of {self.lines}"

    def _mark(self) -> None:
        self.first = self.first or self.lines

    def _place(self, seal: Seal | None) -> Place:
        if seal is None:
            self.bare += 1
            return Place.BARE
        self._journal = self._journal or seal.journal
        if seal.journal != self._journal:
            self.foreign += 1
            self._mark()
            return Place.FOREIGN
        if seal.number < self._read_before:
            return Place.AGAIN
        if seal.number < self._due:
            return self._behind(seal.number)
        if seal.number > self._due:
            self._skip(seal.number)
        self._due = seal.number + 1
        return Place.NEXT

    def _skip(self, number: int) -> None:
        self._mark()
        self.lost += number - self._due
        if len(self._gaps) < GAPS_KEPT:
            self._gaps.append((self._due, number))

    def _behind(self, number: int) -> Place:
        for index, (begin, end) in enumerate(self._gaps):
            if begin <= number < end:
                parts = [(begin, number), (number + 1, end)]
                self._gaps[index : index + 1] = [part for part in parts if part[0] < part[1]]
                self.lost -= 1
                self.late += 1
                self._mark()
                return Place.LATE
        self.again += 1
        self._mark()
        return Place.AGAIN
