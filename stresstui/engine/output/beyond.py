"""The part of an overlong line that is not read: whether it may tell of a crash."""

from typing import Final

from stresstui.engine.output.crash import read_crash
from stresstui.engine.output.gate import look
from stresstui.engine.output.line import clean
from stresstui.engine.output.marks import CRASHES

_BEFORE: Final = 200
_BEHIND: Final = 400
_LOOKS_MOST: Final = 1000
"""Marks of one chunk that are looked at; more of them are themselves suspicious."""
_QUOTES: Final = str.maketrans("", "", "\"'`\u2018\u201c")


class Beyond:
    """Searches bytes that belong to no line that is read."""

    def __init__(self) -> None:
        self.suspects = False
        """True once something looked like a crash."""
        self._tail = b""

    def begin(self, line: bytes, cap: int) -> None:
        """Begin with a line of which the first ``cap`` bytes are read."""
        self._tail = b""
        self.search(line[max(0, cap - _BEFORE) :])

    def search(self, more: bytes) -> None:
        """Go on with what follows; a mark that a chunk's end cuts is found in the next."""
        if self.suspects or not more:
            return
        text = self._tail + more
        at, looks = CRASHES.find(text, 0), 0
        while at >= 0 and not self.suspects:
            looks += 1
            self.suspects = looks > _LOOKS_MOST or _may_tell(text[max(0, at - _BEFORE) : at + _BEHIND], at)
            at = CRASHES.find(text, at + 1)
        self._tail = text[-(_BEFORE + _BEHIND) :]


def _may_tell(part: bytes, at: int) -> bool:
    """Whether a part of a line reads like a crash; where its quotation marks begin nobody knows, so there are none."""
    return bool(
        read_crash(0.0, look(clean(part))) or read_crash(0.0, look(clean(part[min(at, _BEFORE) :]).translate(_QUOTES)))
    )
