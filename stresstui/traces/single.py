"""Whether a table is of one series: several processes, devices or hosts in one are several traces."""

import re
from itertools import pairwise
from typing import Final

from stresstui.traces.heading import split_unit
from stresstui.traces.numbers import NOTHING
from stresstui.traces.trace import Table, TraceError

_ONE_AFTER_ANOTHER: Final = frozenset(("pid", "process_id", "tgid"))
"""Columns that may change once: a process was started anew."""
_LABELS: Final = _ONE_AFTER_ANOTHER | frozenset((
    "instance", "dev", "device", "iface", "interface", "cpu", "series", "metric", "name", "host", "hostname", "node",
    "container", "pod", "job", "process", "command", "cmd", "comm", "_field", "field", "table", "filesystem",
    "mountpoint",
))  # fmt: skip
"""Columns that say whose values they are."""
_NUMBER: Final = re.compile(r"[-+]?\.?\d")
_SEVERAL_TIMES: Final = 10
_APART: Final = 1.5
"""Times the smallest value of a moment from which on the largest is of something else."""


def check_single(table: Table, read: set[int], times: list[float]) -> None:
    """Several processes, devices or hosts in one table are several traces."""
    repeated = len(set(times)) < len(times)
    names = [split_unit(name)[0].lower() for name in table.names]
    pids = {cell for index, plain in enumerate(names) if plain == "pid" for _, cell in table.column(index)}
    for index, plain in enumerate(names):
        labels = [cell for _, cell in table.column(index) if cell.lower() not in NOTHING] if index not in read else []
        seen = list(dict.fromkeys(labels))
        if plain == "cpu" and len(pids) == 1:
            continue  # on which it ran
        if len(seen) < 2 or not (plain in _LABELS or (repeated and _tells_apart(labels, times))):  # noqa: PLR2004 - one is one
            continue
        if plain in _ONE_AFTER_ANOTHER and not repeated and _runs(labels) == len(seen):
            continue
        what = "processes" if plain in _ONE_AFTER_ANOTHER else f"series ({table.names[index]})"
        raise TraceError(0, f"several {what} are in it ({', '.join(seen[:5])})", "keep the lines of one")


def check_one_value(points: list[tuple[float, float]]) -> None:
    """Lines that come again have the same values or nearly; two series without a label never have."""
    found: dict[float, list[float]] = {}
    for t, value in points:
        found.setdefault(t, []).append(value)
    if len(found) < _SEVERAL_TIMES or len(points) < 2 * len(found) or len({*map(len, found.values())}) > 1:
        return
    if all(max(values) > _APART * max(0.0, min(values)) for values in found.values()):
        raise TraceError(0, "each time has several values that are far apart", "keep the lines of one series")


def _runs(labels: list[str]) -> int:
    """How many stretches of the same label there are: a process that was started anew makes one more."""
    return 1 + sum(a != b for a, b in pairwise(labels))


def _tells_apart(labels: list[str], times: list[float]) -> bool:
    """Whether a column names one of several that were read at the same time; a number does if each time has it."""
    if len(labels) != len(times):
        return False
    if any(_NUMBER.match(label) for label in labels):
        return _comes_back(labels, times)
    return any(t == before and a != b for (before, t), (a, b) in zip(pairwise(times), pairwise(labels), strict=True))


def _comes_back(labels: list[str], times: list[float]) -> bool:
    """Whether each time has the same two labels and more, each once."""
    found: dict[float, list[str]] = {}
    for label, t in zip(labels, times, strict=True):
        found.setdefault(t, []).append(label)
    several = {tuple(sorted(group)) for group in found.values()}
    return len(found) > 1 and len(several) == 1 and len(group := several.pop()) > 1 and len(set(group)) == len(group)
