"""Lines that begin with a time and name their numbers, as ``10:00:00 rss=50MiB fds: 20``; and memory_profiler's."""

import re
from collections.abc import Sequence
from typing import Final

from stresstui.traces.columns import read_columns
from stresstui.traces.times import is_time
from stresstui.traces.trace import Table, Trace, TraceError, Wanted

_PAIR: Final = re.compile(
    r"(?:^|[\s,;])([A-Za-z_][\w.]*)(?:=|:\s*)([-+]?[\d.,]*\d ?(?:[KMGT]i?B?|[kmg]?B|%)?)(?=[\s,;]|$)"
)
_NAMED: Final = re.compile(r"[A-Za-z_][\w.]*[=:]")
_NAMED_STAMP: Final = re.compile(r"^(.*? )??(?:time|ts|t|timestamp|at)=(?:\"([^\"]*)\"|(\S+)) ")
"""A time as logfmt has it."""
_PRIORITY: Final = re.compile(r"<\d{1,3}>(?:1 (?=\d))?")
"""What syslog's protocol begins with."""
_LOOKED_AT: Final = 20
_FEWEST: Final = 2
_SAMPLE: Final = re.compile(r"MEM (\d+\.\d+) (\d+\.\d+)$")
"""Memory in MiB and its time, as ``mprof`` writes them."""
_CHILD: Final = re.compile(r"CHLD \d+ ")


def is_logged(text: str) -> bool:
    """Whether a text looks like that: its first lines all have a time first and the same names."""
    lines = [line for _, line in _gathered(text)][:_LOOKED_AT]
    if any(_SAMPLE.match(line) for line in lines[1:]):
        return True
    keys = [tuple(name for name, _ in _PAIR.findall(rest)) for stamp, rest in map(_split, lines) if stamp]
    return _FEWEST <= len(keys) == len(lines) and len(set(keys)) == 1 and bool(keys[0])


def read_logged(text: str, wanted: Wanted) -> Trace:
    """Read them; raise TraceError where a line has other names than the first."""
    numbered = _gathered(text)
    if any(_SAMPLE.match(line) for _, line in numbered):
        return _read_samples(numbered, wanted)
    names = [name for name, _ in _PAIR.findall(_split(numbered[0][1])[1])]
    rows: list[tuple[int, Sequence[str]]] = []
    for number, line in numbered:
        stamp, rest = _split(line)
        pairs = _PAIR.findall(rest)
        if not stamp or [name for name, _ in pairs] != names:
            raise TraceError(number, f"not a time and {', '.join(names)}", "leave out the lines that have others")
        rows.append((number, [stamp, *(value for _, value in pairs)]))
    return read_columns(Table(["time", *names], rows), wanted)


def _gathered(text: str) -> list[tuple[int, str]]:
    """The lines by number; where times stand alone, as ``date`` writes them, with what follows each until the next."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) < _FEWEST or not is_time(lines[0][1]) or not _NAMED.match(lines[1][1]):
        return lines
    gathered: list[tuple[int, str]] = []
    for number, line in lines:
        if is_time(line):
            gathered.append((number, line.strip()))
        else:
            gathered[-1] = (gathered[-1][0], f"{gathered[-1][1]} {line}")
    return gathered


def _read_samples(numbered: Sequence[tuple[int, str]], wanted: Wanted) -> Trace:
    child = next((number for number, line in numbered if _CHILD.match(line)), 0)
    if child:
        raise TraceError(child, "several processes are in it", "record without --multiprocess, or keep the MEM lines")
    rows = [(number, [found[2], found[1]]) for number, line in numbered if (found := _SAMPLE.match(line)) is not None]
    return read_columns(Table(["time", "value"], rows), Wanted(wanted.kind, unit="MiB"))


def _split(line: str) -> tuple[str, str]:
    """The time that a line begins with, and what follows; no time where it begins with none."""
    line = _NAMED_STAMP.sub(r"\2\3 \1", _PRIORITY.sub("", line))
    words = line.strip("[ ").split(" ")
    for count in (1, 2, 3, 4, 6, 5, 7):
        stamp = " ".join(words[:count]).rstrip("]:,")
        if count <= len(words) and is_time(stamp):
            return stamp, " ".join(words[count:])
    return "", line
