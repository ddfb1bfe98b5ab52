"""Sizes and times as people write them: ``64KiB``, ``1.5MB``, ``250ms``, ``24h``."""

import re

_SIZES = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
_TIMES = {"ms": 0.001, "": 1.0, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_WRITTEN = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)\s*")


def size(text: str) -> int:
    """Return the bytes that a text such as ``64KiB`` means; raises ValueError for anything else."""
    number, unit = _split(text)
    factor = _SIZES.get(unit.upper())
    if factor is None:
        raise ValueError(f"{text!r} is not a size such as 64KiB, 1MB or 4096")
    return round(number * factor)


def seconds(text: str) -> float:
    """Return the seconds that a text such as ``90s`` or ``24h`` means; raises ValueError for anything else."""
    number, unit = _split(text)
    factor = _TIMES.get(unit)
    if factor is None:
        raise ValueError(f"{text!r} is not a time such as 500ms, 90s, 10m or 24h")
    return number * factor


def _split(text: str) -> tuple[float, str]:
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise ValueError(f"{text!r} is not a number with a unit")
    return float(written[1]), written[2]
