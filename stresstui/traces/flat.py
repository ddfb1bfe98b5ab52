"""What stands in the objects of an object of JSON, under their names and its own: ``mem.rss``."""

from typing import Any


def flat(one: dict[str, Any]) -> dict[str, Any]:
    """The cells of an object, however deep in others; lists are left out."""
    found: dict[str, Any] = {}
    for name, cell in one.items():
        if isinstance(cell, dict):
            found |= {f"{name}.{key}": value for key, value in flat(cell).items()}
        elif not isinstance(cell, list):
            found[name] = cell
    return found
