"""Ends of programs that no line tells alone: which it was is said by the lines around it."""

from typing import Final

from stresstui.core.model.event import Matched
from stresstui.core.text.lazy_pattern import lazy
from stresstui.engine.output.crash import read_crash
from stresstui.engine.output.message import without_prefix
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


_PREFIX_MOST: Final = 200


def _bare(line: str) -> str:
    """A line without what a log or a container puts before it; that may have lost its last space."""
    return without_prefix(line + " ").removesuffix(" ")


class AroundReader:
    """Reads lines one after another and tells of an end by those before it."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._readers = (_NodeEnd(), _NodeThrow(), _GoPanic())

    def read(self, t: float, line: str) -> list[Matched]:
        """Take the next line; tell of the end if it is the last line that it takes."""
        return [found for one in self._readers if (found := one.read(t, line)) is not None]


class _NodeEnd:
    """Node says of an error that nobody caught only what it was, and below that, alone, which Node ended of it."""

    def __init__(self) -> None:
        self._since_frame = _NODE_FRAMES
        self._last = ""

    def read(self, t: float, line: str) -> Matched | None:
        ended = self._since_frame < _NODE_FRAMES and self._is_version(line)
        self._last = line
        is_frame = "    at " in line[:_PREFIX_MOST] and _bare(line).startswith("    at ")
        self._since_frame = 0 if is_frame else min(_NODE_FRAMES, self._since_frame + 1)
        return Matched(t, PANIC, f"{line} (behind an error that nobody caught)") if ended else None

    def _is_version(self, line: str) -> bool:
        """Whether it is the version alone, below an empty line."""
        return (
            "Node.js v" in line and _NODE_VERSION.fullmatch(_bare(line)) is not None and not _bare(self._last).strip()
        )


class _NodeThrow:
    """Of an error that nobody caught every Node shows first where it was thrown: file and line, source, and a caret."""

    def __init__(self) -> None:
        self._since_place, self._since_caret = _THROW_LINES, _THROW_LINES

    def read(self, t: float, line: str) -> Matched | None:
        if self._since_place >= _THROW_LINES and self._since_caret >= _THROW_LINES and not line[-1:].isdigit():
            return None
        self._since_place, self._since_caret = self._since_place + 1, self._since_caret + 1
        if line[-1:].isdigit() and ":" in line[:_PREFIX_MOST] and _NODE_PLACE.fullmatch(_bare(line)):
            self._since_place = 0
        elif self._since_place < _THROW_LINES and line.endswith("^") and not _bare(line).strip(" \t^"):
            self._since_place, self._since_caret = _THROW_LINES, 0
        elif self._since_caret < _THROW_LINES and _NODE_ERROR.match(_bare(line)):
            self._since_caret = _THROW_LINES
            return Matched(t, PANIC, f"{line} (below what threw it)")
        return None


class _GoPanic:
    """``panic: abort`` alone may be a setting; above a goroutine's stack it is a panic, whatever stands before it."""

    def __init__(self) -> None:
        self._doubted, self._kind, self._since = "", PANIC, 0

    def read(self, t: float, line: str) -> Matched | None:
        if not self._doubted and "panic: " not in line and "fatal error: " not in line:
            return None
        line = _bare(line)
        found = _GO_PANIC.search(line)
        if found is not None and not read_crash(t, line):
            self._doubted, self._kind, self._since = line, CRASH if found["fatal"] else PANIC, 0
            return None
        if not self._doubted:
            return None
        doubted, self._since = self._doubted, self._since + 1
        begun = _GOROUTINE.match(line) is not None
        if begun or self._since >= _GO_LINES:
            self._doubted = ""
        return Matched(t, self._kind, doubted) if begun else None
