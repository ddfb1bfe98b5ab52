"""Tables that a tool prints again and again: ``ps``, ``free``, ``smem`` under ``date``, ``vmstat -t``, ``top -b``."""

import re
from collections.abc import Iterator
from typing import Final

from stresstui.traces.columns import OF_MEMORY, read_columns
from stresstui.traces.numbers import has_units
from stresstui.traces.times import is_time
from stresstui.traces.trace import Table, Trace, TraceError, Wanted

_VMSTAT: Final = re.compile(r"-*procs-* -+memory-+ ")
_HEADER: Final = re.compile(r"\s*(?:[A-Z%/][A-Za-z%+/()]*\s*)+$|\s+total +used +free ")
_TOP: Final = re.compile(r"top - (\d\d:\d\d:\d\d) up ")
_TOP_HEADER: Final = re.compile(r"\s*PID USER ")
_TOP_UNITS: Final = {"m": "MiB", "g": "GiB", "t": "TiB"}
_DECORATED: Final = re.compile(r"[=*#-]{2,} *(.+?) *[=*#-]{2,}$")
"""A date with lines drawn around it."""
_FEWEST: Final = 2
_LEAST_BOX: Final = 262144
"""KiB of memory that machines have at least: less is in another unit, which ``vmstat -S M`` does not say."""
_WIDE: Final = re.compile(r"\s{2,}")

Row = tuple[int, list[str]]


def is_repeated(text: str) -> bool:
    """Whether a text is one of them."""
    lines = [_bare(line) for line in text.splitlines() if line.strip()][:3]
    dated = len(lines) >= _FEWEST and is_time(lines[0])
    alternate = dated and len(lines) > _FEWEST and _is_number(lines[1]) and is_time(lines[2])
    if dated and (_HEADER.match(lines[1]) or alternate):
        return True
    return any(_VMSTAT.match(line) or _TOP.match(line) for line in lines)


def _bare(line: str) -> str:
    found = _DECORATED.match(line.strip())
    return found[1] if found else line


def _is_number(line: str) -> bool:
    return re.fullmatch(r"\d+(?:\.\d+)?", line.strip()) is not None and not is_time(line)


def read_repeated(text: str, wanted: Wanted) -> Trace:
    """Read one value of each time; raise TraceError where lines do not fit, or several processes are in it."""
    numbered = [(number, _bare(line)) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    unit = wanted.unit or ("KiB" if wanted.kind in OF_MEMORY else "")
    if _TOP.match(numbered[0][1]):
        names, rows = _top(numbered)
        unit = wanted.unit
    elif _VMSTAT.search(text):
        names, rows = _vmstat(numbered)
        _check_unit(names, rows, wanted)
    else:
        names, rows = _dated(numbered)
        unit = _unit_of(names, rows, wanted, unit)
    return read_columns(Table(names, rows), Wanted(wanted.kind, "time", wanted.value, unit))


def _unit_of(names: list[str], rows: list[Row], wanted: Wanted, usual: str) -> str:
    """The unit of a table under dates where it says one; ``ps`` and ``smem`` write KiB and say nothing."""
    if any("(" in name for name in names) or (rows and has_units(list(enumerate(rows[0][1][1:])))):
        return wanted.unit
    if wanted.kind in OF_MEMORY and not wanted.unit and ("total" in names or names[1:] == ["value"]):
        raise TraceError(0, "nothing says in which unit its numbers are", "say it: --unit KiB, or MiB after free -m")
    return usual


def _top(numbered: list[tuple[int, str]]) -> tuple[list[str], list[Row]]:
    """Give each process below a head of ``top`` the time in it; sizes are in KiB where no letter says otherwise."""
    names: list[str] = []
    rows: list[Row] = []
    time = ""
    for number, line in numbered:
        if (found := _TOP.match(line)) is not None:
            time = found[1]
        elif _TOP_HEADER.match(line):
            names = line.split()
        elif names and re.match(r"\s*\d+ ", line):
            cells = _fitting(number, line.split(None, len(names) - 1), names)
            rows.append((number, [time, *map(_top_cell, names, cells)]))
    if not rows:
        raise TraceError(1, "no process is in it", "record with top -b -p PID")
    return ["time", *names], rows


def _top_cell(name: str, cell: str) -> str:
    if name not in ("VIRT", "RES", "SHR"):
        return cell
    return f"{cell[:-1]}{_TOP_UNITS[cell[-1]]}" if cell[-1:] in _TOP_UNITS else f"{cell}KiB"


def _dated(numbered: list[tuple[int, str]]) -> tuple[list[str], list[Row]]:
    """Give each row of ``ps`` the date above it; of ``free`` the row of the memory, and a number alone its own name."""
    if _is_number(numbered[1][1]):
        return ["time", "value"], list(_rows_of_dates(numbered, ["value"]))
    names, gap = _names_of(numbered[1][1], numbered[2][1] if len(numbered) > _FEWEST else "")
    if names[0] == "total":
        numbered = [(n, line.strip().removeprefix("Mem:")) for n, line in numbered if not re.match(r"\s*Swap:", line)]
    return ["time", *names], list(_rows_of_dates(numbered, names, gap))


def _names_of(header: str, row: str) -> tuple[list[str], str | None]:
    """The names of columns and what stands between them: two spaces where names and cells have some of their own.

    A row of as many words as the header fills single ones: how far apart they stand then changes with their lengths.
    """
    wide, names = _WIDE.split(header.strip()), header.split()
    fills = len(row.split()) >= len(names)
    if not fills and 1 < len(wide) < len(names) and len(_WIDE.split(row.strip())) == len(wide):
        return wide, _WIDE.pattern
    return names, None


def _rows_of_dates(numbered: list[tuple[int, str]], names: list[str], gap: str | None = None) -> Iterator[Row]:
    date = ""
    for number, line in numbered:
        if is_time(line):
            date = line.strip()
        elif (cells := re.split(gap, line.strip()) if gap else line.strip().split(None, len(names) - 1)) != names:
            yield number, [date, *_fitting(number, cells, names)]


def _vmstat(numbered: list[tuple[int, str]]) -> tuple[list[str], list[Row]]:
    """The time is the last column: a date and a clock under the name of a time zone."""
    header = next((line.split() for _, line in numbered if line.split()[:1] == ["r"]), [])
    if not header or header[-1] == "gu" or header[-1] in ("st", "wa"):
        raise TraceError(1, "no times are in it", "record with vmstat -t")
    names = [*header[:-1], "time"]
    rows = [(n, line) for n, line in numbered if line.split()[:1] != ["r"] and not _VMSTAT.match(line)]
    return names, [(n, _fitting(n, line.split(None, len(names) - 1), names)) for n, line in rows]


def _check_unit(names: list[str], rows: list[Row], wanted: Wanted) -> None:
    """KiB is what ``vmstat`` writes without ``-S``, which nothing in its output tells."""
    if not rows or wanted.unit or wanted.kind not in OF_MEMORY or not {"free", "buff", "cache"} <= {*names}:
        return
    cells = [rows[0][1][names.index(name)] for name in ("free", "buff", "cache")]
    if all(cell.isdigit() for cell in cells) and sum(map(int, cells)) < _LEAST_BOX:
        raise TraceError(rows[0][0], "too little for a machine's memory in KiB", "say --unit MiB after -S M, else KiB")


def _fitting(number: int, cells: list[str], names: list[str]) -> list[str]:
    if len(cells) != len(names):
        raise TraceError(
            number, f"{len(cells)} cells under {len(names)} names", "leave out what is no line of the table"
        )
    return cells
