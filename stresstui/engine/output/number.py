"""Numbers as programs print them: with grouped digits, with a decimal comma, or a word for yes and no."""

import math
import re
from typing import Final

_WORDS: Final = {"yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0}
_PLAIN: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_GROUPS: Final = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3}){2,}(?:\.\d*)?|[-+]?[1-9]\d{0,2},\d{3}\.\d*", re.ASCII)
_LAKHS: Final = re.compile(r"[-+]?[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d*)?", re.ASCII)
_UNSURE: Final = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}", re.ASCII)
_POINT_GROUPS: Final = re.compile(r"[-+]?[1-9]\d{0,2}(?:\.\d{3})+,\d+|[-+]?[1-9]\d{0,2}(?:\.\d{3}){2,}", re.ASCII)
_OTHER_GROUPS: Final = re.compile(r"[-+]?[1-9]\d{0,2}(?:[ '_\u00a0\u2009\u202f]\d{3})+(?:[.,]\d+)?", re.ASCII)
_OTHER_SIGNS: Final = re.compile(r"[ '_\u00a0\u2009\u202f]")
_DECIMAL_COMMA: Final = re.compile(r"[-+]?\d*,\d+(?:[eE][-+]?\d+)?", re.ASCII)


def read_plain(text: str) -> float | None:
    """Read a number with a decimal point, as in a metrics line; None for anything else, infinities included."""
    if not _PLAIN.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


class NumberReader:
    """Reads the numbers of one metric.

    ``1,234`` alone may be either: it is thousands, until this metric was seen with a comma that can only be a decimal
    one, as in ``0,512`` or ``12,5``.
    """

    def __init__(self) -> None:
        self._decimal_comma = False

    def read(self, text: str) -> float | None:
        """Read what an expression took out of a line; None where it is no number."""
        text = text.strip()
        word = _WORDS.get(text.lower())
        return read_plain(self._with_point(text)) if word is None else word

    def _with_point(self, text: str) -> str:
        """Write grouped digits and decimal commas the way ``float`` reads them."""
        if "," not in text and not _OTHER_SIGNS.search(text):
            return text.replace(".", "") if text.count(".") > 1 and _POINT_GROUPS.fullmatch(text) else text
        if _OTHER_GROUPS.fullmatch(text):
            return _OTHER_SIGNS.sub("", text).replace(",", ".")
        if _GROUPS.fullmatch(text) or _LAKHS.fullmatch(text):
            return text.replace(",", "")
        if _UNSURE.fullmatch(text):
            return text.replace(",", "." if self._decimal_comma else "")
        if _POINT_GROUPS.fullmatch(text) or _DECIMAL_COMMA.fullmatch(text):
            self._decimal_comma = True
            return text.replace(".", "").replace(",", ".")
        return text
