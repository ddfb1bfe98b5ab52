"""Lines that name a series, its value and a time: OpenMetrics, Prometheus' text, Graphite, InfluxDB's line protocol."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from stresstui.traces.columns import kind_called, read_columns
from stresstui.traces.trace import Table, Trace, TraceError, Wanted

_NUMBER: Final = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|NaN|nan"
_EXPOSED: Final = re.compile(rf"([A-Za-z_:][\w:]*)(\{{.*\}})? +({_NUMBER})(?: +(-?\d+(?:\.\d+)?))?(?: # .*)?", re.ASCII)
_GRAPHITE: Final = re.compile(rf"((?:[\w:%-]+\.)+[\w:%-]+(?:;\S+)?) +({_NUMBER}) +(\d{{10}})(?:\.\d+)?", re.ASCII)
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
    if not lines or (len(lines) < _FEWEST and not _TYPED.search(text)):
        return False
    typed = _TYPED.search(text) is not None or all("{" in line for line in lines)
    forms = [_GRAPHITE, _INFLUX, *([_EXPOSED] if typed else [])]
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
        if (found := _INFLUX.fullmatch(line)) is not None:
            for name, value in _FIELD.findall(found[2]):
                yield _Point(number, f"{found[1]} {name}", name, value, found[3])
        elif (found := _GRAPHITE.fullmatch(line)) is not None:
            _check_order(number, found[2])
            yield _Point(number, found[1], found[1].partition(";")[0].rpartition(".")[2], found[2], found[3])
        elif typed and (found := _EXPOSED.fullmatch(line)) is not None:
            yield _Point(number, found[1] + (found[2] or ""), found[1], found[3], found[4] or "")
        else:
            raise TraceError(number, f"'{line[:60]}' is not like the lines above it", "leave it out")


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
