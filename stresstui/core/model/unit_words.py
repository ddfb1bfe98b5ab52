"""Units as people write them elsewhere: said where they are refused, never guessed."""

import re
from typing import Final

_WORDS: Final = {
    "k": "KiB", "m": "MiB", "g": "GiB", "t": "TiB", "ki": "KiB", "mi": "MiB", "gi": "GiB", "ti": "TiB",
    "byte": "B", "bytes": "B", "percent": "%", "pct": "%",
    "usec": "us", "msec": "ms", "msecs": "ms", "millis": "ms", "millisecond": "ms", "milliseconds": "ms",
    "sec": "s", "secs": "s", "second": "s", "seconds": "s", "mins": "min", "minute": "min", "minutes": "min",
    "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "day": "d", "days": "d",
}  # fmt: skip
_BITS: Final = re.compile(r"([kmgt]?)(?:bits?|bps)", re.IGNORECASE)
_BIT: Final = 0.125
"""Bytes in one."""


def quantity_meant(number: str, unit: str, pers: list[str], known: tuple[str, ...]) -> str:
    """Say how a number with a unit and times below it is written; empty where nobody can tell.

    ``known`` are the units that there are, also those of the times.
    """
    if bits := _BITS.fullmatch(unit):
        prefix = bits[1].lower()
        unit = f"{prefix if prefix == 'k' else prefix.upper()}B"
        number = f"{float(number) * _BIT:g}"
        pers = ["s"] if bits[0].endswith("ps") and not pers else pers
    meant = [_word_meant(word, known) if word else "" for word in (unit, *pers)]
    if not all(meant[1:]) or (unit and not meant[0]):
        return ""
    return f"{number}{'/'.join(meant)}"


def _word_meant(word: str, known: tuple[str, ...]) -> str:
    """The unit itself, in its own letters, or what another word for it is called here."""
    if word in known:
        return word
    alike = (one for one in known if one.lower() == word.lower())
    return _WORDS.get(word.lower()) or next(alike, "")
