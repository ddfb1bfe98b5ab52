"""Lines that name a series, its value and a time: OpenMetrics, Prometheus' text, Graphite, InfluxDB's line protocol."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from stresstui.traces.columns import kind_called, read_columns
from stresstui.traces.trace import Table, Trace, TraceError, Wanted

_NUMBER: Final = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|NaN|nan"
_EXPOSED: Final = re.compile(
    rf"([A-Za-z_:][\w:]*(?=[ {{])|(?=\{{))(\{{.*\}})? +({_NUMBER})(?: +(-?\d+(?:\.\d+)?))?(?: # .*)?", re.ASCII
)
_GRAPHITE: Final = re.compile(rf"((?:[\w:%-]+\.)+[\w:%-]+(?:;\S+)?) +({_NUMBER}) +(\d{{10}})(?:\.\d+)?", re.ASCII)
_PUT: Final = re.compile(rf"(?:put )?([\w./-]+) (\d{{10,13}}) ({_NUMBER})((?: [\w./-]+=\S+)+)", re.ASCII)
"""OpenTSDB's."""
_RENDERED: Final = re.compile(rf"(\"[^\"]+\"|[^,\"]+),(\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d),({_NUMBER})?", re.ASCII)
"""Graphite's CSV ..."""
_RAW: Final = re.compile(rf"([^|]+),(\d{{10}}),\d{{10}},(\d+)\|((?:{_NUMBER}|None)(?:,(?:{_NUMBER}|None))*)", re.ASCII)
"""... and its ``raw``: a name, when it begins and ends, the seconds from value to value."""
_INFLUX: Final = re.compile(r"([A-Za-z_][\w.-]*(?:,[^\s,=]+=(?:[^\s,]|\\ )+)*) (\S+=\S+) (\d{10,19})", re.ASCII)
_FIELD: Final = re.compile(rf"([\w.-]+)=({_NUMBER})[iu]?(?:,|$)", re.ASCII)
_TYPED: Final = re.compile(r"^# (?:TYPE|HELP) \w", re.MULTILINE)
_LOOKED_AT: Final = 50
_FEWEST: Final = 2
_EPOCHS: Final = (1e9, 2e9)


class _Point(NamedTuple):
    line: int
    series: str
    """Everything that tells it from others."""
    name: str
    """Of what is measured."""
    value: str
    time: str


def is_exposed(text: str) -> bool:
    """Whether the first lines of a text are such lines, but for comments."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")][:_LOOKED_AT]
    if not lines or (len(lines) < _FEWEST and not _TYPED.search(text) and not _RAW.fullmatch(lines[0])):
        return False
    typed = _TYPED.search(text) is not None or all("{" in line for line in lines)
    forms = [_GRAPHITE, _INFLUX, _PUT, _RENDERED, _RAW, *([_EXPOSED] if typed else [])]
    return any(all(form.fullmatch(line) for line in lines) for form in forms)


def read_exposed(text: str, wanted: Wanted) -> Trace:
    """Read the one series that is in it, or that ``--value`` names; raise TraceError where that is not clear."""
    points = list(_points(text))
    chosen = _one_series(points, wanted)
    untimed = next((point for point in chosen if not point.time), None)
    if untimed is not None:
        mend = "ask Prometheus for a range, /api/v1/query_range, or write t,value at each scrape"
        raise TraceError(untimed.line, "no times are in it", mend)
    name = chosen[0].name
    rows: list[tuple[int, Sequence[str]]] = [(point.line, [point.time, point.value]) for point in chosen]
    return read_columns(Table(["t", name], rows), Wanted(wanted.kind, "t", name, wanted.unit))


def _points(text: str) -> Iterator[_Point]:
    typed = _TYPED.search(text) is not None or "{" in text
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        read = _of_services(number, line)
        if read is None and typed and (found := _EXPOSED.fullmatch(line)) is not None:
            read = [_Point(number, found[1] + (found[2] or ""), found[1], found[3], found[4] or "")]
        if read is None:
            raise TraceError(number, f"'{line[:60]}' is not like the lines above it", "leave it out")
        yield from read


def _of_services(number: int, line: str) -> list[_Point] | None:
    """The points of a line of InfluxDB's, Graphite's or OpenTSDB's; None for any other."""
    if (found := _INFLUX.fullmatch(line)) is not None:
        fields = _FIELD.findall(found[2])
        return [_Point(number, f"{found[1]} {name}", name, value, found[3]) for name, value in fields]
    if (found := _GRAPHITE.fullmatch(line)) is not None:
        _check_order(number, found[2])
        return [_Point(number, found[1], found[1].partition(";")[0].rpartition(".")[2], found[2], found[3])]
    if (found := _RENDERED.fullmatch(line)) is not None:
        return [_Point(number, found[1], found[1], found[3] or "", found[2])]
    if (found := _RAW.fullmatch(line)) is not None:
        values, first, step = found[4].split(","), int(found[2]), int(found[3])
        return [_Point(number, found[1], found[1], value, str(first + at * step)) for at, value in enumerate(values)]
    if (found := _PUT.fullmatch(line)) is not None:
        return [_Point(number, found[1] + found[4], found[1].rpartition(".")[2], found[3], found[2])]
    return None


def _check_order(number: int, value: str) -> None:
    if _EPOCHS[0] <= abs(float(value)) < _EPOCHS[1]:
        raise TraceError(number, "either number may be the time", "write it as t,value under a header that says so")


def _one_series(points: Sequence[_Point], wanted: Wanted) -> list[_Point]:
    """Keep what is asked for: by its full name, else its own, else a part; without that what is of the kind."""
    names = list(dict.fromkeys((point.series, point.name) for point in points))
    ways = (
        [one for one, name in names if wanted.value == one],
        [one for one, name in names if wanted.value == name],
        [one for one, name in names if wanted.value in one],
    )
    own = [one for one, name in names if kind_called(name) == wanted.kind]
    chosen = next((way for way in ways if way), []) if wanted.value else own or [one for one, _ in names]
    if len(chosen) != 1:
        shown = "; ".join((chosen or [one for one, _ in names])[:5])[:300]
        raise TraceError(0, f"{len(chosen)} series are in it", f"choose one by --value and a part of its name: {shown}")
    return [point for point in points if point.series == chosen[0]]
