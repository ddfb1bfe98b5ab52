"""What ``atop -P`` prints: records of a label, host, epoch, date, time, interval, and the label's own fields."""

import re
from typing import Final

from stresstui.traces.columns import read_columns
from stresstui.traces.trace import Table, Trace, TraceError, Wanted

_HEAD: Final = re.compile(r"PRM \S+ (\d+) \d{4}/\d\d/\d\d \d\d:\d\d:\d\d \d+ (\d+) \((.*)\) (\S) (\d+) (\d+) (\d+) ")
"""Of a process's memory: epoch, pid, name, state, page size, virtual and resident size in KiB."""
_THREAD: Final = re.compile(r" n [-\d ]*$")
"""A thread that is not its process's first says so behind the number of that."""


def is_atop(text: str) -> bool:
    """Whether a text has such records."""
    return bool(re.search(r"^PRM ", text, re.MULTILINE)) and bool(_HEAD.search(text))


def read_atop(text: str, wanted: Wanted) -> Trace:
    """Take the resident size of one process; ``--value`` names it by pid or name where there are several."""
    lines = list(enumerate(text.splitlines(), 1))
    found = [(n, m) for n, line in lines if (m := _HEAD.match(line + " ")) is not None]
    asked = [(n, m) for n, m in found if not wanted.value or wanted.value in (m[2], m[3])]
    chosen = [one for one in asked if not _THREAD.search(one[1].string)] or asked
    names = sorted({f"{m[3]} ({m[2]})" for _, m in chosen})
    if len(names) != 1:
        raise TraceError(0, f"{len(names)} processes are in it", f"choose one by --value PID: {', '.join(names[:8])}")
    rows = [(n, [m[1], m[7]]) for n, m in chosen]
    return read_columns(Table(["t", "value"], rows), Wanted(wanted.kind, unit="KiB"))
