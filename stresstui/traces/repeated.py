"""Tables that a tool prints again and again: ``ps`` in a loop under the output of ``date``, and ``vmstat -t``."""

import re
from collections.abc import Iterator
from typing import Final

from stresstui.traces.columns import read_columns
from stresstui.traces.times import is_time
from stresstui.traces.trace import Table, Trace, TraceError, Wanted

_VMSTAT: Final = re.compile(r"procs -+memory-+ ")
_HEADER: Final = re.compile(r"\s*(?:[A-Z%][A-Za-z%+/]*\s*)+$")
_FEWEST: Final = 2

Row = tuple[int, list[str]]


def is_repeated(text: str) -> bool:
    """Whether a text is either of them."""
    lines = [line for line in text.splitlines() if line.strip()][:2]
    dated = len(lines) == _FEWEST and is_time(lines[0]) and bool(_HEADER.match(lines[1]))
    return dated or any(_VMSTAT.match(line) for line in lines)


def read_repeated(text: str, wanted: Wanted) -> Trace:
    """Read one value of each time; raise TraceError where lines do not fit, or several processes are in it."""
    numbered = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    names, rows = _vmstat(numbered) if _VMSTAT.search(text) else _dated(numbered)
    unit = wanted.unit or ("KiB" if wanted.kind == "rss" else "")
    return read_columns(Table(names, rows), Wanted(wanted.kind, "time", wanted.value, unit))


def _dated(numbered: list[tuple[int, str]]) -> tuple[list[str], list[Row]]:
    """Give each row of ``ps`` the date above it."""
    names = numbered[1][1].split()
    return ["time", *names], list(_rows_of_dates(numbered, names))


def _rows_of_dates(numbered: list[tuple[int, str]], names: list[str]) -> Iterator[Row]:
    date = ""
    for number, line in numbered:
        if is_time(line):
            date = line.strip()
        elif line.split() != names:
            yield number, [date, *_fitting(number, line.split(None, len(names) - 1), names)]


def _vmstat(numbered: list[tuple[int, str]]) -> tuple[list[str], list[Row]]:
    """The time is the last column: a date and a clock under the name of a time zone."""
    header = next((line.split() for _, line in numbered if line.split()[:1] == ["r"]), [])
    if not header or header[-1] == "gu" or header[-1] in ("st", "wa"):
        raise TraceError(1, "no times are in it", "record with vmstat -t")
    names = [*header[:-1], "time"]
    rows = [(n, line) for n, line in numbered if line.split()[:1] != ["r"] and not _VMSTAT.match(line)]
    return names, [(n, _fitting(n, line.split(None, len(names) - 1), names)) for n, line in rows]


def _fitting(number: int, cells: list[str], names: list[str]) -> list[str]:
    if len(cells) != len(names):
        raise TraceError(
            number, f"{len(cells)} cells under {len(names)} names", "leave out what is no line of the table"
        )
    return cells
