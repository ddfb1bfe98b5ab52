"""The guide's monitor log: a date, then lines such as ``Memory: 45512``, ``FDs: 34``, ``Connections: 61``."""

import re
from typing import Final

from stresstui.traces.columns import read_columns
from stresstui.traces.trace import Table, Trace, Wanted

_DATE: Final = re.compile(r"=== (.+) ===")
_LINE: Final = re.compile(r"(Memory|FDs|Connections):\s*(\S+)")
_WORDS: Final = {"rss": "Memory", "fds": "FDs", "sockets": "Connections"}


def is_monitor_log(text: str) -> bool:
    """Whether a text looks like one."""
    return bool(re.search(r"^=== .+ ===\s*$", text, re.MULTILINE)) and bool(_LINE.search(text))


def read_monitor_log(text: str, wanted: Wanted) -> Trace:
    """Take the values of one kind out of it; raise TraceError where a date or a number cannot be read."""
    word = wanted.value or _WORDS.get(wanted.kind, "")
    rows: list[tuple[int, list[str]]] = []
    date = ""
    for number, line in enumerate(text.splitlines(), 1):
        if (dated := _DATE.match(line)) is not None:
            date = dated[1]
        elif (found := _LINE.match(line)) is not None and found[1].lower() == word.lower() and date:
            rows.append((number, [date, found[2]]))
    unit = wanted.unit or ("KiB" if word == "Memory" else "")
    return read_columns(Table(["time", "value"], rows), Wanted(wanted.kind, unit=unit))
