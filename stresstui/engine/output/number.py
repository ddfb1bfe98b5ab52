"""Numbers as programs print them: with grouped digits, a decimal comma, or a unit, or as a word for yes and no."""

import contextlib
import re
from typing import Final

from stresstui.core.model.units import LARGEST, UnitError, parse_duration
from stresstui.core.text.lazy_pattern import lazy

_WORDS: Final = {"yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0}
_PLAIN: Final = lazy(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_GROUPS: Final = lazy(r"[-+]?[1-9]\d{0,2}(?:,\d{3}){2,}(?:\.\d*)?|[-+]?[1-9]\d{0,2},\d{3}\.\d*", re.ASCII)
_LAKHS: Final = lazy(r"[-+]?[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d*)?", re.ASCII)
_UNSURE: Final = lazy(r"[-+]?[1-9]\d{0,2},\d{3}", re.ASCII)
_POINT_GROUPS: Final = lazy(r"[-+]?[1-9]\d{0,2}(?:\.\d{3})+,\d+|[-+]?[1-9]\d{0,2}(?:\.\d{3}){2,}", re.ASCII)
_OTHER_GROUPS: Final = lazy(r"[-+]?[1-9]\d{0,2}(?:[ '_\u00a0\u2009\u202f]\d{3})+(?:[.,]\d+)?", re.ASCII)
_OTHER_SIGNS: Final = lazy(r"[ '_\u00a0\u2009\u202f]")
_DECIMAL_COMMA: Final = lazy(r"[-+]?\d*,\d+(?:[eE][-+]?\d+)?", re.ASCII)

_WITH_UNIT: Final = lazy(
    r"([-+]?[\d.,'_\s]*\d(?:[eE][-+]?\d+)?)\s*([^\W\d_]+|%)?(\s?(?:/|per)\s?(?:s|sec|second))?", re.IGNORECASE
)
_COMPOUND: Final = lazy(r"(?:\d+(?:\.\d+)?(?:h|ms|m|s)\s?){2,}")
_PREFIXES: Final = {"": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
_SIZES: Final = {
    **{f"{prefix}B": scale for prefix, scale in _PREFIXES.items()},
    **{f"{prefix}iB": 1024.0**power for power, prefix in enumerate("KMGT", 1)},
    **{f"{prefix}Bytes": 1024.0**power for power, prefix in enumerate("KMGT", 1)},
    "byte": 1.0, "bytes": 1.0, "Bytes": 1.0,
}  # fmt: skip
_BITS: Final = {f"{prefix}{word}": scale / 8 for prefix, scale in _PREFIXES.items() for word in ("bit", "bits", "b")}
_SECONDS: Final = {
    "ns": 1e-9, "us": 1e-6, "\u00b5s": 1e-6, "\u03bcs": 1e-6, "ms": 1e-3, "s": 1.0, "sec": 1.0, "secs": 1.0,
    "second": 1.0, "seconds": 1.0, "m": 60.0, "min": 60.0, "mins": 60.0, "h": 3600.0, "d": 86400.0,
}  # fmt: skip
_OF_BASE: Final[dict[str, dict[str, float]]] = {
    "bytes": _SIZES | {name: scale for name, scale in _BITS.items() if not name.endswith("b")},
    "bytes/s": {
        **{f"{name}{per}": scale for name, scale in (_SIZES | _BITS).items() for per in ("/s", "ps")},
    },
    "s": _SECONDS,
    "ms": {name: scale * 1e3 for name, scale in _SECONDS.items()},
    "%": {"%": 1.0},
    "count": {name: scale for name, scale in _PREFIXES.items() if name},
    "count/s": {f"{name}/s": scale for name, scale in _PREFIXES.items()},
}
"""What may stand behind a number, by the base unit of its metric, with the base units in one of it. ``MBytes`` is what
iperf writes, of 1024 times 1024. ``M`` alone is no
size: it may be a thousand thousands, or 1024 times 1024."""


def read_plain(text: str) -> float | None:
    """Read a number with a decimal point, as in a metrics line; None for anything else, such as an infinity.

    What is more than anything measured can be is none either: sums and squares of it would have no end.
    """
    if not _PLAIN.fullmatch(text):
        return None
    value = float(text)
    return value if abs(value) <= LARGEST else None


class Commas:
    """Which commas a program writes: a decimal one in one of its numbers is one in all of them."""

    def __init__(self) -> None:
        """They are thousands until shown otherwise."""
        self.decimal = False
        """True once one was seen that can be nothing else."""


class NumberReader:
    """Reads the numbers of one metric.

    ``1,234`` alone may be either: it is thousands, until the program printed a comma that can only be a decimal
    one, as in ``0,512`` or ``12,5``. A unit behind the number is turned into the metric's own.
    """

    def __init__(self, unit: str = "count", commas: Commas | None = None) -> None:
        """``unit`` is the metric's base unit; ``commas`` are those of the program, which all its metrics share."""
        self._commas = commas or Commas()
        self._units, self._seconds = _OF_BASE.get(unit, {}), {"s": 1.0, "ms": 1e3}.get(unit)

    def read(self, text: str) -> float | None:
        """Read what an expression took out of a line; None where it is no number, or of another unit."""
        text = text.strip().replace("\u2212", "-")
        word = _WORDS.get(text.lower())
        if word is not None:
            return word
        plain = read_plain(self._with_point(text))
        return self._with_unit(text) if plain is None else plain

    def _with_unit(self, text: str) -> float | None:
        if self._seconds and _COMPOUND.fullmatch(text):
            with contextlib.suppress(UnitError):
                return parse_duration(text) * self._seconds
        found = _WITH_UNIT.fullmatch(text)
        if found is None:
            return None
        scale = self._units.get((found[2] or "") + ("/s" if found[3] else ""))
        number = read_plain(self._with_point(found[1].strip()))
        return None if scale is None or number is None else number * scale

    def _with_point(self, text: str) -> str:
        """Write grouped digits and decimal commas the way ``float`` reads them."""
        if "," not in text and not _OTHER_SIGNS.search(text):
            return text.replace(".", "") if text.count(".") > 1 and _POINT_GROUPS.fullmatch(text) else text
        if _OTHER_GROUPS.fullmatch(text):
            return _OTHER_SIGNS.sub("", text).replace(",", ".")
        if _GROUPS.fullmatch(text) or _LAKHS.fullmatch(text):
            return text.replace(",", "")
        if _UNSURE.fullmatch(text):
            return text.replace(",", "." if self._commas.decimal else "")
        if _POINT_GROUPS.fullmatch(text) or _DECIMAL_COMMA.fullmatch(text):
            self._commas.decimal = True
            return text.replace(".", "").replace(",", ".")
        return text
