"""Many expressions looked for at one look: which of them are in a text."""

from collections.abc import Iterable
from typing import Any, Final

import re2

_MEMORY_MOST: Final = 16 << 20
"""Bytes of an automaton for many expressions."""


def as_one(expressions: Iterable[str | bytes], options: Any = None) -> Any:
    """Compile several into one: its ``Match`` gives, at one look, the numbers of those that are in a text."""
    options = options or re2.Options()
    options.max_mem = _MEMORY_MOST
    found = re2.Set.SearchSet(options)
    for one in expressions:
        found.Add(one)
    found.Compile()
    return found
