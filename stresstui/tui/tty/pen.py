"""Styles as a terminal's codes: the shortest that leads from one to the next."""

from functools import lru_cache
from typing import Final

from rich.color import Color, ColorSystem

_EXTENDED: Final = ("38", "48")
_RGB, _INDEX = "2", "5"

Parts = tuple[frozenset[str], str, str]
"""Attributes, foreground and background, as codes."""


@lru_cache(maxsize=4096)
def change_of(before: str | None, now: str, *, few_colors: bool) -> str:
    """The codes that change a pen; ``before`` is None where it is not known. ``few_colors`` names 256 at most."""
    attributes, front, back = _parts(now, few_colors=few_colors)
    had, old_front, old_back = (frozenset(("?",)), "", "") if before is None else _parts(before, few_colors=few_colors)
    if had - attributes or (old_front and not front) or (old_back and not back):
        codes = ["0", *sorted(attributes), front, back]
    else:
        codes = [*sorted(attributes - had), front if front != old_front else "", back if back != old_back else ""]
    said = ";".join(code for code in codes if code)
    return f"\x1b[{said}m" if said else ""


@lru_cache(maxsize=1024)
def _parts(style: str, *, few_colors: bool) -> Parts:
    codes, attributes = style.split(";") if style else [], set[str]()
    front = back = ""
    while codes:
        code = codes.pop(0)
        if code in _EXTENDED:
            size = 4 if codes[:1] == [_RGB] else 2
            color = ";".join((code, *codes[:size]))
            del codes[:size]
            color = _fewer(color) if few_colors else color
            front, back = (color, back) if code == _EXTENDED[0] else (front, color)
        elif code[:1] in ("3", "9") and len(code) == 2 and code != "9":  # noqa: PLR2004 - two digits: 30 to 37, 90 to 97
            front = code
        elif (code[:1] == "4" and len(code) == 2) or code[:2] == "10":  # noqa: PLR2004 - 40 to 47, 100 to 107
            back = code
        else:
            attributes.add(code)
    return frozenset(attributes), front, back


def _fewer(color: str) -> str:
    kind, how, *values = color.split(";")
    if how != _RGB:
        return color
    red, green, blue = map(int, values)
    number = Color.from_rgb(red, green, blue).downgrade(ColorSystem.EIGHT_BIT).number
    return f"{kind};{_INDEX};{number}"
