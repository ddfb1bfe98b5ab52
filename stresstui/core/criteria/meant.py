"""What somebody meant who wrote a rule in another way: said where it is refused, never guessed."""

import re
from typing import Final

_SIGNS: Final = {"=<": "<=", "=>": ">=", "\u2264": "<=", "\u2265": ">=", "\u2260": "!=", "<>": "!=", "=": "=="}
"""Comparisons as they are written elsewhere."""
_SIGN: Final = re.compile("|".join(_SIGNS) + "(?!=)")
_REVERSED: Final = re.compile(r"\s*([-+]?[\d.]+\s*\S*)\s*(<=|>=|==|!=|<|>)\s*([A-Za-z_]\w*(?:\([^)]*\))?)\s*")
_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_BARE: Final = re.compile(r"\s*([A-Za-z_]\w*)(?:\s+([A-Za-z_]\w*))?\s*(?=[<>=!])")
_WORDS: Final = {
    "median": "p50", "avg": "mean", "average": "mean", "maximum": "max", "minimum": "min", "slope": "growth",
    "trend": "growth", "increase": "growth", "exit_code": "exit_status",
    "open_files": "fds", "mem": "memory", "connections": "established",
}  # fmt: skip
"""Words of other tools that no likeness of letters leads to."""


def sign_meant(text: str) -> str:
    """Say which comparison is meant by the one that a text begins with; empty where it has none of these."""
    found = _SIGN.match(text)
    return f"write {_SIGNS[found[0]]} instead of '{found[0]}'" if found else ""


def order_meant(text: str, aggregates: tuple[str, ...]) -> str:
    """Say how a rule is written that has its limit first, or no brackets around its metric; else empty."""
    found = _REVERSED.fullmatch(text)
    if found is not None:
        return f"write the measure first: {found[3]} {_TURNED.get(found[2], found[2])} {found[1].strip()}"
    bare = _BARE.match(text)
    if bare is None or bool(bare[2]) is not (bare[1] in aggregates):
        return ""
    return f"write {bare[1]}({bare[2]})" if bare[2] else f"write what of it is meant, such as max({bare[1]})"


def word_meant(word: str) -> str:
    """What another tool's word is called here; empty where it is none of those."""
    return _WORDS.get(word.lower(), "")
