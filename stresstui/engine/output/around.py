"""Ends of programs that no line tells alone: which it was is said by the lines around it."""

from typing import Final

from stresstui.core.model.event import Matched
from stresstui.core.text.lazy_pattern import lazy
from stresstui.engine.output.crash import read_crash
from stresstui.engine.output.line import Kind, Line
from stresstui.engine.output.words.crash import CRASH, PANIC

_NODE_VERSION: Final = lazy(r"Node\.js v\d+\.\d+\.\d+\S*")
_NODE_FRAMES: Final = 30
"""Lines from the last frame of an error's stack to the end of what is printed of it."""
_NODE_PLACE: Final = lazy(r"(?:\S+\.[cm]?[jt]sx?|node:[\w/]+):\d+")
_NODE_ERROR: Final = lazy(r"(?:Uncaught )?(?:[A-Z]\w*)?(?:Error|Exception)(?: \[\w+\])?(?::|$)|\[Unhandled")
_THROW_LINES: Final = 4
"""Lines from the place to the caret, and from there to what was thrown."""
_GO_PANIC: Final = lazy(r"(?:panic|(?P<fatal>fatal error)): \S")
_GOROUTINE: Final = lazy(r"goroutine \d+ (?:gp=\S+ m=\S+ (?:mp=\S+ )?)?\[")
_GO_LINES: Final = 4
"""Lines from a panic of Go's to the first goroutine: what is printed of a signal may stand between."""

MARKS: Final = r"    at |Node\.js v\d|(?:\.[cm]?[jt]sx?|node:[\w/]+):\d+$|panic: |fatal error: "
"""An RE2 expression that is found in every line at which such an end may begin."""


class AroundReader:
    """Reads lines one after another and tells of an end by those before it."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._readers = (_NodeEnd(), _NodeThrow(), _GoPanic())

    @property
    def awaits(self) -> bool:
        """Whether the next line may tell more of what was begun."""
        return any(one.awaits for one in self._readers)

    def read(self, t: float, line: Line) -> list[Matched]:
        """Take the next line; tell of the end if it is the last line that it takes."""
        if Kind.AROUND not in line.kinds and not self.awaits:
            return []
        return [found for one in self._readers if (found := one.read(t, line)) is not None]


class _NodeEnd:
    """Node says of an error that nobody caught only what it was, and below that, alone, which Node ended of it."""

    def __init__(self) -> None:
        self._since_frame = _NODE_FRAMES
        self._last = ""

    @property
    def awaits(self) -> bool:
        return self._since_frame < _NODE_FRAMES

    def read(self, t: float, line: Line) -> Matched | None:
        """Tell of it at the version that stands alone, below an empty line."""
        text = line.content
        ended = self.awaits and not self._last.strip() and _NODE_VERSION.fullmatch(text) is not None
        self._last = text
        self._since_frame = 0 if text.startswith("    at ") else min(_NODE_FRAMES, self._since_frame + 1)
        return Matched(t, PANIC, f"{line.text} (behind an error that nobody caught)") if ended else None


class _NodeThrow:
    """Of an error that nobody caught every Node shows first where it was thrown: file and line, source, and a caret."""

    def __init__(self) -> None:
        self._since_place, self._since_caret = _THROW_LINES, _THROW_LINES

    @property
    def awaits(self) -> bool:
        return self._since_place < _THROW_LINES or self._since_caret < _THROW_LINES

    def read(self, t: float, line: Line) -> Matched | None:
        self._since_place, self._since_caret = self._since_place + 1, self._since_caret + 1
        text = line.content
        if _NODE_PLACE.fullmatch(text):
            self._since_place = 0
        elif self._since_place < _THROW_LINES and text.endswith("^") and not text.strip(" \t^"):
            self._since_place, self._since_caret = _THROW_LINES, 0
        elif self._since_caret < _THROW_LINES and _NODE_ERROR.match(text):
            self._since_caret = _THROW_LINES
            return Matched(t, PANIC, f"{line.text} (below what threw it)")
        return None


class _GoPanic:
    """``panic: abort`` alone may be a setting; above a goroutine's stack it is a panic, whatever stands before it."""

    def __init__(self) -> None:
        self._doubted, self._kind, self._since = "", PANIC, 0

    @property
    def awaits(self) -> bool:
        return bool(self._doubted)

    def read(self, t: float, line: Line) -> Matched | None:
        text = line.content
        found = _GO_PANIC.search(text)
        if found is not None and not read_crash(t, line):
            self._doubted, self._kind, self._since = text, CRASH if found["fatal"] else PANIC, 0
            return None
        if not self._doubted:
            return None
        doubted, self._since = self._doubted, self._since + 1
        begun = _GOROUTINE.match(text) is not None
        if begun or self._since >= _GO_LINES:
            self._doubted = ""
        return Matched(t, self._kind, doubted) if begun else None
