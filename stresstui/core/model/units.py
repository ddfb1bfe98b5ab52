"""Quantities: numbers with units, as people write them in rules and as a screen shows them.

Inside the program every value is in a base unit: bytes, a count, percent, seconds, milliseconds, or one of these per
second. A ``Quantity`` remembers the unit it was written in, so that a limit is shown as it was typed.
"""

import math
import re
from typing import Final

import msgspec

from stresstui.core.model.unit_words import quantity_meant

_BYTES: Final = {
    "B": 1.0, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
    "KiB": 2.0**10, "MiB": 2.0**20, "GiB": 2.0**30, "TiB": 2.0**40,
}  # fmt: skip
_TIME: Final = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_PER: Final = {"s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_QUANTITY: Final = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*([A-Za-z%]*)((?:/[A-Za-z]+){0,2})", re.ASCII)
LARGEST: Final = 1e40
"""More than anything that is measured; sums, squares and variances of what is below still have an end."""
DURATION_MAX: Final = 3652 * 86400.0
"""Seconds of the longest duration that is taken for one."""
_DURATION: Final = re.compile(r"(\d+\.?\d*|\.\d+)(us|ms|s|min|m|h|d)", re.ASCII)
_MOST_DIGITS: Final = 12
_BINARY: Final = ("B", "KiB", "MiB", "GiB", "TiB")
_DECIMAL: Final = ("B", "kB", "MB", "GB", "TB")


class UnitError(ValueError):
    """Raised for text that is not a quantity; its message says what would be."""


class Quantity(msgspec.Struct, frozen=True):
    """A number with the unit in which it was written."""

    number: float
    """The number as written."""
    unit: str
    """The unit as written, such as ``MiB/h``; empty for a plain number."""
    dimension: str
    """Its base unit: ``bytes``, ``count``, ``%`` or ``s``, with ``/s`` for a rate, ``/s/s`` for a rate's growth."""
    scale: float
    """Base units in one written unit."""

    @property
    def value(self) -> float:
        """The number in base units."""
        return self.number * self.scale

    def __str__(self) -> str:
        joint = " " if self.unit and self.unit[0].isalpha() else ""
        return f"{self.number:g}{joint}{self.unit}"


def parse_quantity(text: str) -> Quantity:
    """Read a quantity such as ``512MiB``, ``80%``, ``1MiB/h``, ``100/s`` or ``4``; raise UnitError if it is none."""
    found = _QUANTITY.fullmatch(text.strip())
    if found is None:
        raise UnitError(f"'{text}' is not a quantity; write a number and a unit, such as 512MiB, 80%, 100/s or 30s")
    number, unit, pers = found.groups()
    if float(number) > LARGEST:
        raise UnitError(f"'{text}' is more than any value can be; write a smaller number")
    times = pers.split("/")[1:]
    meant = quantity_meant(number, unit, times, (*_BYTES, "%", *_TIME))
    scale, dimension = _scale_of(unit, text, meant)
    for per in times:
        if per not in _PER:
            raise UnitError(f"'{text}': unknown time unit '/{per}'; write {meant or '/s, /min, /h or /d'}")
        scale, dimension = scale / _PER[per], dimension + "/s"
    return Quantity(float(number), unit + pers, dimension, scale)


def _scale_of(unit: str, text: str, meant: str) -> tuple[float, str]:
    if unit == "":
        return 1.0, "count"
    if unit == "%":
        return 1.0, "%"
    if unit in _BYTES:
        return _BYTES[unit], "bytes"
    if unit in _TIME:
        return _TIME[unit], "s"
    mend = f"write {meant}" if meant else f"known are {', '.join((*_BYTES, '%', *_TIME))}"
    raise UnitError(f"'{text}': unknown unit '{unit}'; {mend}")


def parse_duration(text: str) -> float:
    """Read a duration such as ``24h``, ``90s``, ``1h30m`` or ``500ms``; seconds. Raise UnitError if it is none."""
    squeezed = text.replace(" ", "")
    parts = _DURATION.findall(squeezed)
    if not parts or "".join(number + unit for number, unit in parts) != squeezed:
        raise UnitError(f"'{text}' is not a duration; write one such as 90s, 10m, 24h or 1h30m")
    seconds = sum(float(number) * _TIME[unit] for number, unit in parts)
    if seconds > DURATION_MAX:
        raise UnitError(f"'{text}' is longer than ten years; write one such as 90s, 10m, 24h or 1h30m")
    return seconds


def format_duration(seconds: float) -> str:
    """Show seconds in the two largest units that matter: ``24h``, ``1h30m``, ``45s``, ``0.5s``."""
    if seconds < 0:
        return "-" + format_duration(-seconds)
    if seconds < 10 and seconds != int(seconds):  # noqa: PLR2004 - below ten seconds, tenths are worth showing
        return f"{seconds:.1f}s"
    whole = round(seconds)
    days, rest = divmod(whole, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    if days == 1 and not rest:
        days, hours = 0, hours + 24
    parts = [f"{n}{u}" for n, u in ((days, "d"), (hours, "h"), (minutes, "m"), (left, "s")) if n]
    return "".join(parts[:2]) or "0s"


def format_clock(seconds: float) -> str:
    """Show seconds as ``HH:MM:SS``, of a width that does not change below 100 hours."""
    whole = max(0, int(seconds))
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def three_digits(number: float) -> str:
    """Show a number with three significant digits and no exponent."""
    size = abs(number)
    if size >= 99.95:  # noqa: PLR2004 - from here on three digits have no fraction
        return f"{number:,.0f}"
    return f"{number:.1f}" if size >= 9.995 else f"{number:.2f}"  # noqa: PLR2004 - the same


def signed(number: float) -> str:
    """Show a change: its sign and its first three digits, without an exponent."""
    sign = "-" if number < 0 else "+"
    return sign + first_digits(abs(number))


def first_digits(number: float) -> str:
    """Show a number of any size with its first three digits, without an exponent and without zeros behind them."""
    size = abs(number)
    if size >= 99.95 or not size:  # noqa: PLR2004 - as above
        return f"{number:,.0f}"
    places = min(_MOST_DIGITS, max(0, 2 - math.floor(math.log10(size))))
    return f"{number:.{places}f}".rstrip("0").rstrip(".") or "0"


def deciding_digits(number: float, limit: float, shown: str) -> str:
    """Show a number with as many digits as tell it from a limit that it is not; ``shown`` where that does already."""
    if number == limit or not math.isfinite(number) or float(shown.replace(",", "")) != limit:
        return shown
    digits = min(_MOST_DIGITS, max(1, -math.floor(math.log10(abs(number - limit)))))
    return f"{number:,.{digits}f}"


def format_value(value: float | None, unit: str) -> str:
    """Show a value in base units for people: ``46.1 MiB``, ``92.1 MB/s``, ``84.2 %``, ``28``; ``-`` for None."""
    if value is None:
        return "-"
    if unit == "bytes":
        return _scaled(value, 1024.0, _BINARY)
    if unit == "bytes/s":
        return _scaled(value, 1000.0, _DECIMAL) + "/s"
    if unit in ("count", ""):
        return f"{value:,.0f}" if value == int(value) else three_digits(value)
    if unit == "count/s":
        return f"{three_digits(value)}/s"
    return f"{three_digits(value)} {unit}"


def _scaled(value: float, step: float, names: tuple[str, ...]) -> str:
    index = 0
    while abs(value) >= step * 0.9995 and index < len(names) - 1:
        value, index = value / step, index + 1
    return f"{value:.0f} {names[0]}" if index == 0 else f"{three_digits(value)} {names[index]}"
