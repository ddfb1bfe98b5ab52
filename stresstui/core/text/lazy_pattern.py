"""Regular expressions that are compiled when they are first used: most runs never read a line that needs them."""

import re
from collections.abc import Callable
from typing import Any, cast


class _Lazy:
    """Stands for a pattern; each method is the pattern's own from its first use on."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._make(), name)
        setattr(self, name, found)
        return found


def lazy(expression: str, flags: int = 0) -> re.Pattern[str]:
    """Stand for ``re.compile(expression, flags)``, which says of a mistake only then; tests compile them all."""
    return cast("re.Pattern[str]", late(lambda: re.compile(expression, flags)))


def late(make: Callable[[], Any]) -> Any:
    """Stand for a pattern of any kind that ``make`` compiles; those of hundreds of words take milliseconds."""
    return _Lazy(make)
