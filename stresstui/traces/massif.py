"""Heap profiles: valgrind's massif.out, and what ``heaptrack_print --print-massif`` writes."""

import re
from typing import Final

from stresstui.traces.columns import read_columns
from stresstui.traces.trace import Table, Trace, TraceError, Wanted

_SNAPSHOT: Final = re.compile(r"^snapshot=\d+$", re.MULTILINE)
_UNIT: Final = re.compile(r"^time_unit: (\w+)$", re.MULTILINE)
_PAIR: Final = re.compile(r"(time|mem_\w+_B)=([\d.]+)")
_HEAP: Final = "mem_heap_B"


def is_massif(text: str) -> bool:
    """Whether a text is such a profile."""
    return _SNAPSHOT.search(text) is not None and f"\n{_HEAP}=" in text


def read_massif(text: str, wanted: Wanted) -> Trace:
    """Read the heap of each snapshot; raise TraceError where their times are none."""
    unit = _UNIT.search(text)
    if unit is not None and unit[1] not in ("ms", "s"):
        raise TraceError(0, f"its times are in {unit[1]}, not in seconds", "record with valgrind --time-unit=ms")
    names: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    for number, line in enumerate(text.splitlines(), 1):
        found = _PAIR.fullmatch(line)
        if found is None or (found[1] != "time" and not rows):
            continue
        if found[1] == "time":
            rows.append((number, []))
        names += [] if found[1] in names else [found[1]]
        rows[-1][1].append(found[2])
    time = f"time_{unit[1]}" if unit is not None else "time_s"
    table = Table([time, *names[1:]], [row for row in rows if len(row[1]) == len(names)])
    return read_columns(table, Wanted(wanted.kind, time, wanted.value or _HEAP, wanted.unit or "B"))
