"""One line of output, prepared once for everybody who reads it: cleaned, and with what a log puts before it apart."""

import enum
import re
from collections.abc import Collection
from typing import Any, Final

from stresstui.core.text.lazy_pattern import lazy
from stresstui.core.text.printable import without_escapes
from stresstui.engine.output.message import without_prefix

_BACK: Final = lazy(r"\x1b\[(?:[01]?G|\d{3,}D)")
"""What moves the cursor to the first column, besides a carriage return."""
LINE_CUT: Final = 500
"""Characters of a line that an event keeps."""


class Kind(enum.IntEnum):
    """What a line may tell of: who is to read it."""

    OWN = 0
    """Something that was printed for this program."""
    TEST = 1
    """Tests, in the words of a harness."""
    CRASH = 2
    """A program that broke, or something that ran out."""
    SKIP = 3
    """Work that was left out."""
    RESULT = 4
    """A test of libtest's that begins, panics or ends."""
    AROUND = 5
    """An end that several lines tell."""
    SHOWN = 6
    """That the next lines only show something else."""
    BUILD = 7
    """An error of a compiler's."""
    LOAD = 8
    """What a load generator's requests came to."""


class Line:
    """A line as its program printed it. What it says may begin at its beginning, or behind the prefix of a log."""

    __slots__ = ("_bare", "kinds", "text")

    def __init__(self, text: str, kinds: Collection[int] = ()) -> None:
        self.text = text
        """All of it."""
        self.kinds = kinds
        """The kinds of which there is a mark in it."""
        self._bare: str | None = None

    @property
    def bare(self) -> str:
        """What stands behind the stamps, and the name of a container or level, that a log puts before it."""
        if self._bare is None:
            self._bare = without_prefix(self.text)
        return self._bare

    @property
    def content(self) -> str:
        """The same where that may be nothing, and the prefix has lost its last space."""
        return without_prefix(f"{self.text} ").removesuffix(" ")

    @property
    def texts(self) -> tuple[str, ...]:
        """Both, where they differ: what looks like a prefix may be the message's own beginning, as of ``[BUG] ``."""
        return (self.text,) if self.bare == self.text else (self.text, self.bare)

    @property
    def kept(self) -> str:
        """As much of it as an event keeps."""
        return self.text[:LINE_CUT]

    def match(self, expression: Any) -> re.Match[str] | None:
        """Where an expression is at the beginning of it, behind the prefix or not; None where it is not."""
        return next((found for text in self.texts if (found := expression.match(text))), None)

    def search(self, expression: Any) -> re.Match[str] | None:
        """Where an expression is in it; None where it is not."""
        return next((found for text in self.texts if (found := expression.search(text))), None)


def clean(raw: bytes) -> str:
    """Decode a line as a person sees it: without colours, and only what a carriage return left standing."""
    return drawn(raw)[-1]


def drawn(raw: bytes) -> list[str]:
    """What was drawn in a line, one over the other, without colours; the last is what stands."""
    line = raw.decode(errors="replace")
    if line.isprintable():
        return [line]
    # A terminal shows no NUL; in UTF-16 every other byte of plain text is one.
    line = raw.replace(b"\0", b"").decode(errors="replace").rstrip("\r\n")
    return without_escapes(_BACK.sub("\r", line)).split("\r")
