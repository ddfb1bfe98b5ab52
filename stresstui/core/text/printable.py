"""Foreign text as text that a terminal only shows: the one cleaning, for wherever such text enters.

Program output, process names, notes, run names, scenarios and the journals of others may hold escape sequences that
move a cursor, set a title or write a clipboard, control characters in seven and eight bits, marks that turn the
direction of writing, and lone surrogates.
"""

import re
import unicodedata
from typing import Final

MARKS_MOST: Final = 4
"""Combining marks that one character keeps."""
_STRINGS: Final = re.compile(
    r"(?:\x1b[PX^_\]]|[\x90\x98\x9d\x9e\x9f])"  # DCS, SOS, PM, APC, OSC; in seven bits and in eight
    r"(?:[^\x07\x1b\x9c\x18\x1a]|\x1b(?!\\))*"
    r"(?:\x07|\x1b\\|\x9c|[\x18\x1a]|$)"
)
_SEQUENCES: Final = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|\x1b[ -/]*[0-~]?")
_INTRODUCERS: Final = re.compile(r"[\x1b\x90\x98\x9b\x9d-\x9f]")
_SPACES: Final = str.maketrans(dict.fromkeys("\t\n\v\f\r\x85\u2028\u2029", " "))


def printable(text: str, limit: int | None = None) -> str:
    """Text with nothing but characters to show, cut to ``limit`` of them; what is clean stays the same object."""
    if text.isascii() and text.isprintable():
        return text if limit is None else text[:limit]
    if limit is not None:
        text = text[: 8 * limit + 64]  # what is cut away need not be cleaned
    if "\x1b" in text or not text.isprintable():
        text = without_escapes(text).translate(_SPACES)
    text = "".join(sign for sign in text if sign.isprintable())
    return _fewer_marks(text)[:limit]


def without_escapes(text: str) -> str:
    """Text without escape sequences of any kind; all else stays."""
    return _SEQUENCES.sub("", _STRINGS.sub("", text)) if _INTRODUCERS.search(text) else text


def _fewer_marks(text: str) -> str:
    """Leave each character so many combining marks: a hundred of them paint over the lines around."""
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= MARKS_MOST:
            kept.append(sign)
    return "".join(kept)
