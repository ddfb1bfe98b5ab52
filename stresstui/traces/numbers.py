"""Numbers as people write them: thousands in groups, decimal commas, units behind them. Doubtful ones are refused."""

import re
from collections.abc import Sequence
from typing import Final

from stresstui.core.model.units import LARGEST, UnitError, parse_quantity
from stresstui.traces.trace import TraceError

NOTHING: Final = frozenset(
    ("", "nan", "-nan", "null", "none", "na", "n/a", "#n/a", "nil", "<nil>", "undefined", "?", "-", "--")
)
"""What stands for a missing value."""
_PLAIN: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_SIGNS: Final = ",.'\u2019 \u00a0\u202f_"
"""What people write between thousands, spaces that do not break among them."""
_DIGITS: Final = re.compile(rf"[-+]?[\d{_SIGNS}]*", re.ASCII)
"""A number and its signs, without what stands behind."""
_GROUPED: Final = {sign: re.compile(rf"[-+]?\d{{1,3}}(?:{re.escape(sign)}\d{{3}})+", re.ASCII) for sign in _SIGNS}
_WITH_UNIT: Final = re.compile(r"([-+]?[\d.,]+)\s*(%|[A-Za-z]+(?:/s)?)", re.ASCII)
_OF_A_LIMIT: Final = re.compile(r"(.*\S) / \d.*|(.*[A-Za-z])/\d.*")
_LETTER: Final = re.compile(r"[-+]?[\d.,]+\s*[KkMmGgTt]", re.ASCII)
_POWERS: Final = {"k": 1, "m": 2, "g": 3, "t": 4}


def read_numbers(
    cells: Sequence[tuple[int, str]], name: str, delimiter: str = "", letter: float = 1000.0
) -> list[float | None]:
    """Read a column; None where nothing was measured. Raise TraceError for what is no number, or a doubtful one.

    Between semicolons a point may be a sign of thousands: who writes them has commas for decimals. A ``K`` alone behind
    a number is ``letter``, an ``M`` that squared.
    """
    cells = [(line, _tidy(cell)) for line, cell in cells]
    comma = _decimal_comma(cells, name)
    if delimiter == ";" and not comma:
        _check_points(cells, name)
    _check_units(cells, name)
    return [_number(line, cell, name, comma=comma, letter=letter) for line, cell in cells]


def has_letters(cells: Sequence[tuple[int, str]]) -> bool:
    """Whether a column has numbers such as ``1.2M``, whose letter may be a power of 1000 or of 1024."""
    return any(_LETTER.fullmatch(cell.strip()) for _, cell in cells)


def has_units(cells: Sequence[tuple[int, str]]) -> bool:
    """Whether the numbers of a column have units of their own, which what is said of the column does not change."""
    return any(found[2] != "%" for _, cell in cells if (found := _WITH_UNIT.fullmatch(_tidy(cell))))


def _tidy(cell: str) -> str:
    """A cell with a plain minus; of ``50MiB / 23GiB``, as containers show what they use and may use, the first."""
    cell = cell.replace("\u2212", "-").strip()
    found = _OF_A_LIMIT.fullmatch(cell)
    return found[1] or found[2] if found else cell


def _check_points(cells: Sequence[tuple[int, str]], name: str) -> None:
    """Three digits behind every point, and no 0 alone before one, are thousands as well as decimals."""
    pointed = [(line, cell.strip()) for line, cell in cells if "." in cell]
    if pointed and all(_GROUPED["."].fullmatch(cell) and cell.lstrip("+-")[0] != "0" for _, cell in pointed):
        line, cell = pointed[0]
        raise TraceError(
            line, f"{name} is '{cell}', which may be thousands or a decimal point", "write it without thousands"
        )


def _check_units(cells: Sequence[tuple[int, str]], name: str) -> None:
    """A number without a unit among some that have one is doubtful, but for a plain 0."""
    bare = [line for line, cell in cells if cell[-1:].isdigit() and cell.strip("0.,")]
    if bare and len(bare) < len(cells) and any(_WITH_UNIT.fullmatch(cell.strip()) for _, cell in cells):
        raise TraceError(
            bare[0], f"{name} has no unit here, and elsewhere it has", "write the unit everywhere, or nowhere"
        )


def _decimal_comma(cells: Sequence[tuple[int, str]], name: str) -> bool:
    """Whether commas are decimal signs in this column; a column that could be read both ways is refused."""
    doubtful = 0
    for line, cell in cells:
        found = _DIGITS.match(cell)
        text = found[0].strip() if found else ""
        if text.count(",") > 1 or ("," in text and "." in text.partition(",")[2]):
            return False
        if text.count(".") > 1 or ("." in text and "," in text.partition(".")[2]):
            return True
        if "," in text:
            if not _GROUPED[","].fullmatch(text) or text.lstrip("+-")[0] == "0":
                return True
            doubtful = doubtful or line
    if doubtful:
        _refuse_doubtful(doubtful, cells, name)
    return False


def _refuse_doubtful(line: int, cells: Sequence[tuple[int, str]], name: str) -> None:
    """Groups of three behind one comma are thousands only where the numbers beside them could not be otherwise."""
    plain = [float(text) for _, text in cells if "," not in text and _PLAIN.fullmatch(text)]
    if plain and max(plain) < 1000.0 and all(value == int(value) for value in plain):  # noqa: PLR2004 - a group
        return
    cell = next(text for number, text in cells if number == line)
    raise TraceError(
        line, f"{name} is '{cell}', which may be thousands or a decimal comma", "write it without the comma"
    )


def _number(line: int, cell: str, name: str, *, comma: bool, letter: float) -> float | None:
    text = cell.strip()
    if text.lower() in NOTHING:
        return None
    if text.lower().lstrip("+-") in ("inf", "infinity"):
        raise TraceError(line, f"{name} is infinite", "leave the cell empty where nothing was measured")
    plain = _plain(text, comma=comma)
    value = float(plain) if _PLAIN.fullmatch(plain) else _with_unit(text, comma=comma, letter=letter)
    if value is None:
        raise TraceError(line, f"{name} is '{text[:40]}', not a number", "write it plainly, for example 1048576")
    if abs(value) > LARGEST:
        raise TraceError(line, f"{name} is too large", "leave the cell empty where nothing was measured")
    return value


def _plain(text: str, *, comma: bool) -> str:
    if comma:
        whole, point, fraction = text.partition(",")
        if "." in whole and not _GROUPED["."].fullmatch(whole):
            return ""  # a decimal point among decimal commas
        sign = next((sign for sign in _SIGNS if sign in whole and _GROUPED[sign].fullmatch(whole)), "")
        return (whole.replace(sign, "") if sign else whole) + ("." if point else "") + fraction
    for sign in _SIGNS.replace(".", ""):
        whole, point, fraction = text.partition(".")
        if sign in whole and _GROUPED[sign].fullmatch(whole):
            return whole.replace(sign, "") + point + fraction
    return text


def _with_unit(text: str, *, comma: bool, letter: float) -> float | None:
    found = _WITH_UNIT.fullmatch(text)
    if found is None:
        return None
    number, unit = _plain(found[1], comma=comma), found[2]
    if not _PLAIN.fullmatch(number):
        return None
    scale = letter ** _POWERS[unit.lower()] if _LETTER.fullmatch(text) else scale_of(unit)
    return None if scale is None else float(number) * scale


def scale_of(unit: str) -> float | None:
    """Base units in one of a unit; None where it is not known."""
    try:
        return parse_quantity(f"1{_NAMES.get(unit.lower(), unit)}").value
    except UnitError:
        return None


_NAMES: Final = {
    "kb": "KiB", "k": "KiB", "kib": "KiB", "mib": "MiB", "gib": "GiB", "bytes": "B", "byte": "B", "b": "B",
    "mb": "MB", "gb": "GB", "tb": "TB", "ki": "KiB", "mi": "MiB", "gi": "GiB", "ti": "TiB",
    "kbyte": "KiB", "kbytes": "KiB", "kilobyte": "KiB", "kilobytes": "KiB", "kibibyte": "KiB", "kibibytes": "KiB",
    "mbyte": "MB", "mbytes": "MB", "megabyte": "MB", "megabytes": "MB", "mebibyte": "MiB", "mebibytes": "MiB",
    "gbyte": "GB", "gbytes": "GB", "gigabyte": "GB", "gigabytes": "GB", "gibibyte": "GiB", "gibibytes": "GiB",
    "o": "B", "ko": "KiB", "mo": "MB", "go": "GB", "kio": "KiB", "mio": "MiB", "gio": "GiB",
}  # fmt: skip
"""Tools of Linux write kB and mean 1024 bytes; Kubernetes leaves the B out, and in French a byte is an octet."""
