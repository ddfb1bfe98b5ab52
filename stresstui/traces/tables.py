"""Tables of text: cells between commas, semicolons or tabs, or columns of spaces as psrecord and pidstat write them."""

import csv
import re
from collections.abc import Sequence
from random import Random
from typing import Final

from stresstui.traces.trace import Table, TraceError

_DELIMITERS: Final = (";", "\t", ",", "|")
_SPACES: Final = re.compile(r"\s{2,}|\t")
_CLOCK_WORD: Final = re.compile(r"(\d{1,2}:\d{2}:\d{2}) ([AP]M)\b")
_CLOCK_HEAD: Final = re.compile(r"\d{1,2}:\d{2}:\d{2}(?: [AP]M)?\s+(?![AP]M\b)([A-Za-z%].*)")
LINES_MAX: Final = 1_000_000
"""Lines of a table that are read at most."""
_HEAD_LINES: Final = 200
"""Lines at its beginning that are read all."""
_FEW: Final = 20
_FEWEST: Final = 3
_FOOTER: Final = 2
"""Lines at the end of a table that say something else."""
_ENOUGH: Final = 0.9
"""Part of the lines that must fit a way of cutting them."""
_BANNER: Final = re.compile(r"Linux \S+ \(.+\)\s|Average:|\d{1,2}:\d{2}:\d{2}(?: [AP]M)?\s+LINUX RESTART|//")
"""Lines that tools of the sysstat family write between their tables, and comments."""
_DRAWN: Final = frozenset('-=+|: \t,;"')
"""What lines between rows are drawn with, and empty rows."""
_NO_NAME: Final = re.compile(r"[-+]?\.?\d(?![\d.]*%$)|.*:$")
_SYSSTAT: Final = re.compile(r"^Linux \S+ \(.+\)\s", re.MULTILINE)
_EPOCH_ROW: Final = re.compile(r"\d{9,10}: \S")
_AVERAGE: Final = re.compile(r"[^\W\d]+\.? ?:\s")
"""What those tools write in another language before their averages."""


def thinned(text: str) -> tuple[str, str]:
    """A text of millions of lines with as many left empty that the rest can be held, and that in words; else as it is.

    Which ones is drawn, so that nothing that comes in turns is left out as a whole; the numbers of lines stay.
    """
    count = text.count("\n")
    if count <= LINES_MAX or '"' in text:
        return text, ""
    lines, draw = text.split("\n"), Random(count).random  # noqa: S311 - no secret
    share = LINES_MAX / count
    kept = [line if number < _HEAD_LINES or draw() < share else "" for number, line in enumerate(lines)]
    return "\n".join(kept), f"of {count:,} lines every {count / LINES_MAX:.1f}th or so is read"


def read_table(text: str) -> Table:
    """Read a table with a header; raise TraceError where there is none, or lines do not fit it."""
    lines = [(number, line.rstrip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > _FEW and text[-1:] not in "\r\n" and len(lines[-1][1]) < len(lines[-2][1]):
        lines = lines[:-1]  # whoever wrote it was interrupted, and half a number is another one
    lines = [(number, _named_clock(line)) for number, line in lines if not _BANNER.match(line) and set(line) - _DRAWN]
    if _SYSSTAT.search(text):
        lines = [(number, line) for number, line in lines if not _AVERAGE.match(line)]
    lines = _without_comments(lines)
    if not lines:
        raise TraceError(1, "no header, nothing is in it", "begin with a line that says t,value")
    delimiter = _delimiter([line for _, line in lines])
    while delimiter and len(lines) > _FEWEST and _is_said(lines[-1][1], delimiter):
        lines = lines[:-1]
    return _spaced(lines) if delimiter is None else _delimited(lines, delimiter)


def _is_said(line: str, delimiter: str) -> bool:
    """Whether a line below a table is none of it: ``(12 rows)``, ``Killed``."""
    sure = not re.search(r"\d", line) or (delimiter not in line and not line.isdigit())
    return sure and "\0" not in line


def _without_comments(lines: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Leave out lines behind a ``#``, but for the header that some tools write behind one, above their first line."""
    first = next((i for i, (_, line) in enumerate(lines) if not line.startswith("#")), len(lines))
    head = "" if first == len(lines) else lines[first][1]
    named = bool(head) and not re.search(r"(?:^|[\s,;|])[-+]?\.?\d", head)
    header = "" if named or not first else lines[first - 1][1]
    return [(number, line) for number, line in lines if not line.startswith("#") or line == header]


def _named_clock(line: str) -> str:
    """Pidstat and sar write the time of day where the name of its column would stand."""
    found = _CLOCK_HEAD.match(line)
    return f"time {found[1]}" if found and not re.search(r"(?:^|\s)[-+]?\d", found[1]) else line


def _delimiter(lines: Sequence[str]) -> str | None:
    """The sign that cuts nearly all lines into equally many cells, below a head; None where that is done by spaces."""
    sample = lines[:_HEAD_LINES]
    below = sample[len(sample) // 2 :]
    for sign in _DELIMITERS:
        counts = _counts(below, sign)
        while counts[-1] == 1 and len(counts) > max(1, len(below) - _FOOTER):
            counts.pop()
        usual = max(set(counts), key=counts.count)
        between = re.compile(rf"(?<!\d){re.escape(sign)}|{re.escape(sign)}(?!\d)")
        names = any(between.search(line) for line in sample)  # a decimal comma stands between digits only
        if names and usual > 1 and counts.count(usual) >= _ENOUGH * len(counts):
            return sign
    return None


def _counts(sample: Sequence[str], sign: str) -> list[int]:
    try:
        return [len(cells) for cells in csv.reader(sample, delimiter=sign, skipinitialspace=True)]
    except csv.Error:  # a quote that nothing closes, or a cell of more than csv takes
        return [len(line.split(sign)) for line in sample]


def _delimited(lines: Sequence[tuple[int, str]], sign: str) -> Table:
    """Cut lines at a sign; a cell in quotes may go on over several."""
    cut = csv.reader([f"{line}\n" for _, line in lines], delimiter=sign, skipinitialspace=True)
    rows: list[tuple[int, list[str]]] = []
    begins = 0
    try:
        for cells in cut:
            rows.append((lines[begins][0], [" ".join(cell.split()) for cell in cells]))
            begins = cut.line_num
    except csv.Error:
        mend = "close the quote that is open, or leave the column out"
        raise TraceError(lines[begins][0], "a cell has no end", mend) from None
    return _table(rows, sign)


def _under_epochs(lines: Sequence[tuple[int, str]]) -> Sequence[tuple[int, str]]:
    """Rrdtool writes ``1764000000: 5.0e+07`` under the names of the values alone."""
    if len(lines) < _FEWEST or not all(_EPOCH_ROW.match(line) for _, line in lines[1:]):
        return lines
    return [(lines[0][0], f"time {lines[0][1]}"), *((number, line.replace(":", "", 1)) for number, line in lines[1:])]


def _spaced(lines: Sequence[tuple[int, str]]) -> Table:
    lines = _under_epochs(lines)
    header = next((line for _, line in lines if _is_header(line.lstrip("# ").split())), lines[0][1])
    wide = bool(_SPACES.search(header.strip("# "))) and len(_SPACES.split(header.strip("# "))) > 1
    names = _SPACES.split(header.strip("# ")) if wide else header.strip("# ").split()
    data = next((line for _, line in lines if line is not header and not line.startswith("#")), "")
    if len(data.split()) > len(names):
        names = header.strip("# ").split() if len(data.split()) >= len(header.strip("# ").split()) else names
    clock = bool(_CLOCK_WORD.match(lines[0][1].strip("# "))) or bool(_CLOCK_WORD.match(data.strip()))
    apart = all(len(_SPACES.split(line.strip("# ").strip())) == len(names) for _, line in lines)
    if apart and len(names) > 1:
        return _table([(number, _SPACES.split(line.strip("# ").strip())) for number, line in lines])
    rows = [(number, _cut_spaces(line, len(names), clock=clock, names=names)) for number, line in lines]
    return _table(rows)


def _cut_spaces(line: str, columns: int, *, clock: bool, names: Sequence[str]) -> list[str]:
    """Cut a line into cells; the last, as a command line, keeps its spaces, and so does a clock of twelve hours."""
    text = line.strip("# ").strip()
    if _SPACES.split(text) == list(names):
        return list(names)
    if clock:
        text = _CLOCK_WORD.sub(r"\1\2", text)
    return text.split(None, columns - 1)


def _is_header(cells: Sequence[str]) -> bool:
    """Whether cells are names: none of them is a number or a time, or says what stands behind it."""
    return len(cells) > 1 and any(cells) and not any(_NO_NAME.match(cell) for cell in cells)


def _header_at(rows: Sequence[tuple[int, list[str]]]) -> int | None:
    """Which row has the names: the first above rows with numbers and as many cells, as a head may stand before it."""
    named = [i for i, (_, cells) in enumerate(rows) if _is_header([c.lstrip("# ") for c in cells])]
    return next((i for i in named if _stands_above(rows[i : i + 3], i, named)), named[0] if named else None)


def _stands_above(rows: Sequence[tuple[int, list[str]]], at: int, named: Sequence[int]) -> bool:
    below = [cells for i, (_, cells) in enumerate(rows[1:], at + 1) if i not in named or cells == rows[0][1]]
    return len(below) == len(rows) - 1 > 0 and at + 1 not in named and {len(rows[0][1])} == {*map(len, below)}


def _table(rows: Sequence[tuple[int, list[str]]], delimiter: str = "") -> Table:
    """Find the header; a header that comes again is passed over."""
    at = _header_at(rows)
    if at is None:
        number, cells = rows[0]
        raise TraceError(number, f"no header, only {', '.join(cells)[:40]!r}", "begin with a line that says t,value")
    names = [cell.lstrip("# ").strip() for cell in rows[at][1]]
    body: list[tuple[int, Sequence[str]]] = []
    for number, cells in rows[at + 1 :]:
        if [cell.lstrip("# ").strip() for cell in cells] == names or (cells and cells[0].startswith("#")):
            continue
        fitting = cells[:-1] if len(cells) == len(names) + 1 and not cells[-1] else cells
        if len(fitting) != len(names):
            raise TraceError(number, f"{len(cells)} cells under {len(names)} names", "write one cell for each column")
        body.append((number, fitting))
    return Table(names, body, delimiter)
