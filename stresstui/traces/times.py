"""Times as people and tools write them, as seconds: elapsed, epochs of any size, ISO, clocks that pass midnight."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

import msgspec

from stresstui.traces.numbers import read_numbers
from stresstui.traces.trace import Table, TraceError

_DAY: Final = 86400.0
_EPOCHS: Final = ((1e17, 1e-9, "nanoseconds"), (1e14, 1e-6, "microseconds"), (1e11, 1e-3, "milliseconds"))
"""An epoch of at least so much, in the 21st century, is in this unit."""
_UNITS: Final = {
    "ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "sec": 1.0, "secs": 1.0, "seconds": 1.0, "m": 60.0, "min": 60.0,
    "mins": 60.0, "milliseconds": 1e-3,
    "minutes": 60.0, "h": 3600.0, "hr": 3600.0, "hours": 3600.0, "d": 86400.0, "days": 86400.0,
}  # fmt: skip
_NAMED_UNIT: Final = re.compile(r"(?<=[\w)\]])[\s_]*[\s_(\[]([A-Za-z]+)[)\]]?$")
_CLOCK: Final = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?(?:\s*([AaPp])\.?[Mm]\.?)?", re.ASCII)
_DAYS: Final = re.compile(r"(\d+)(?:-| days?, ?)(\d{1,2}:\d{2}:\d{2})", re.ASCII)
"""How long a process runs, as ps writes it."""
_DURATION: Final = re.compile(r"(?:\d+(?:\.\d+)? ?(?:ms|d|h|m|s) ?)+", re.ASCII)
_COMPACT: Final = re.compile(r"(?:19|20)\d{10}(?:\d\d)?", re.ASCII)
_SERIAL: Final = (36526.0, 73050.0)
"""What a spreadsheet calls days between 2000 and 2100."""
_SERIAL_STEP: Final = 0.5
"""Days, or seconds, between two of them: nobody samples a process so often for hours."""
_FULL_DATE: Final = re.compile(r"[^\W\d]*[, ]*\S{1,10}[-/. ]\S{1,9}[-/., ].*\d:\d\d|\d{4}-?\d\d-?\d\dT\d\d", re.ASCII)
"""What may be a date with a clock: it is read to be sure."""
_SAID_AGAIN: Final = re.compile(r" ?([+-]\d{4}) (?:[A-Z]{3,4}(?: m=\S+)?|\([\w ]+\))$")
"""An offset, behind which Go and JavaScript write the name of the zone as well."""
_OF_TIME: Final = re.compile(r"time|clock|epoch|stamp", re.IGNORECASE)
_LONG_EPOCH: Final = re.compile(r"1\d{9}(?:\d{3}){0,3}(?:\.\d+)?", re.ASCII)
_LOOKED_AT: Final = 1000
_ZONE: Final = re.compile(r" ([A-Z]{2,5})(?= \d{4}$|$)")
PDH: Final = re.compile(r"\(pdh-[ct]sv [\d.]+\)", re.IGNORECASE)
"""What Windows' performance counters write over their times, whose month comes first in every language."""
_ZONED: Final = re.compile(r":\d\d(?:[.,]\d+)? ?(Z|[+-]\d\d(?::?\d\d)?|[A-Z]{2,5})(?: \d{4})?$")
_ZONES: Final = {
    "CET": 1, "CEST": 2, "BST": 1, "WET": 0, "WEST": 1, "EET": 2, "EEST": 3, "MSK": 3, "JST": 9, "AEST": 10, "AEDT": 11,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "NZST": 12, "NZDT": 13,
}  # fmt: skip
"""Hours east of Greenwich; of a zone that is not here only that it stays the same is known."""
_SLASHED: Final = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})[ T,]+(.+)", re.ASCII)
_WORDED: Final = (
    "%a %b %d %H:%M:%S %Y", "%a %b %d %I:%M:%S %p %Y", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M:%S.%f", "%Y/%m/%d %H:%M",
    "%a %b %d %Y %H:%M:%S GMT%z", "%d/%b/%Y:%H:%M:%S %z",
    "%a %d %b %H:%M:%S %Y", "%a %d %b %Y %H:%M:%S", "%a %d %b %Y %I:%M:%S %p", "%a %d %b %I:%M:%S %p %Y",
    "%b %d, %Y @ %H:%M:%S.%f",
    "%a, %d %b %Y %H:%M:%S %z", "%a, %d %b %Y %H:%M:%S", "%d %b %Y %H:%M:%S", "%d-%b-%Y %H:%M:%S",
    "%Y %b %d %H:%M:%S", "%Y %d-%m %H:%M:%S", "%Y %b-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
)  # fmt: skip


def read_times(cells: Sequence[tuple[int, str]], name: str) -> tuple[list[float], list[str]]:
    """Read a column of times, in seconds; and what had to be understood. Raise TraceError for what is none."""
    if not cells:
        return [], []
    first = cells[0][1]
    if _CLOCK.fullmatch(first) or _DAYS.fullmatch(first):
        return _clock(cells, name), []
    if _DURATION.fullmatch(first):
        return [_elapsed(line, cell, name) for line, cell in cells], []
    if all(_COMPACT.fullmatch(cell) for _, cell in cells):
        return [_date(line, cell, name, _compact) for line, cell in cells], []
    if re.fullmatch(r"[-+]?[\d.,]+(?:[eE][-+]?\d+)?", first):
        return _numeric(cells, name)
    _check_zones(cells, name)
    convert = _dates(cells, name)
    return [_date(line, cell, name, convert) for line, cell in cells], []


def alike(table: Table) -> list[int]:
    """The columns whose cells are dates with a clock, or epochs under a name of time, that only rise or only fall.

    None where two of them differ by more than a shift: which one is meant is not clear. The first rows are looked at.
    """
    table = msgspec.structs.replace(table, rows=table.rows[:_LOOKED_AT])
    runs = {at: run for at in range(len(table.names)) if (run := _run(table.column(at), table.names[at]))}
    spans = {tuple(round(t - run[0], 3) for t in run) for run in runs.values()}
    return list(runs) if len(spans) == 1 else []


def _run(cells: Sequence[tuple[int, str]], name: str) -> list[float]:
    """The seconds of a column that surely is one of times, whatever its name; none of any other."""
    if not (_FULL_DATE.match(cells[0][1]) or (_OF_TIME.search(name) and _LONG_EPOCH.fullmatch(cells[0][1]))):
        return []
    try:
        times = read_times(cells, name)[0]
    except TraceError:
        return []
    steps = [b - a for a, b in pairwise(times)]
    return times if any(steps) and (min(steps) >= 0 or max(steps) <= 0) else []


def is_time(text: str) -> bool:
    """Whether a text is a time and nothing else: a clock with seconds, with a date or without, or an epoch."""
    if (clock := _CLOCK.fullmatch(text.strip())) is not None and clock[3]:
        return True
    if re.fullmatch(r"1\d{9}(?:\.\d+)?", text.strip()):
        return True
    try:
        return bool(_plain_date(text)) and ":" in text
    except ValueError:
        return False


def _numeric(cells: Sequence[tuple[int, str]], name: str) -> tuple[list[float], list[str]]:
    values = read_numbers(cells, name)
    for (line, _), value in zip(cells, values, strict=True):
        if value is None:
            raise TraceError(line, f"{name} is missing", "write seconds, for example 60")
    times = [value for value in values if value is not None]
    _check_rounded(cells, times, name)
    _check_serial(cells, times, name)
    scale = _scale_of(name)
    if scale != 1.0:
        return [t * scale for t in times], [f"times are in another unit than seconds, as '{name}' says"]
    if min(times) < _EPOCHS[-1][0] <= max(times):
        line = next(line for (line, _), t in zip(cells, times, strict=True) if t >= _EPOCHS[-1][0])
        raise TraceError(line, f"{name} has epochs of two sizes", "write all of them in seconds")
    for least, scale, unit in _EPOCHS:
        if min(times) >= least:
            return [t * scale for t in times], [f"times are taken for {unit} since 1970"]
    return times, []


def without_unit(name: str) -> str:
    """The name of a column of times without the unit behind it: ``elapsed`` of ``elapsed_ms``."""
    found = _NAMED_UNIT.search(name)
    return name[: found.start()].strip() if found and found[1].lower() in _UNITS else name


def _scale_of(name: str) -> float:
    """Seconds in one of the unit that stands behind the name of a column, as in ``elapsed_ms``; 1 without one."""
    found = _NAMED_UNIT.search(name)
    return _UNITS.get((found[1] if found else name).strip().lower(), 1.0)


def _check_rounded(cells: Sequence[tuple[int, str]], times: Sequence[float], name: str) -> None:
    """A spreadsheet that shows 1.76E+12 for every epoch has lost what lies between them."""
    if "e" in cells[0][1].lower() and len(set(times)) < len(times):
        raise TraceError(
            cells[0][0], f"{name} is '{cells[0][1]}': rounded, so that times are the same", "write all digits"
        )


def _check_serial(cells: Sequence[tuple[int, str]], times: Sequence[float], name: str) -> None:
    """Days of a spreadsheet look like seconds, of which thousands lie within one."""
    in_days = _SERIAL[0] <= min(times) and max(times) < _SERIAL[1] and len(times) > 1
    if in_days and any(t % 1.0 for t in times) and (max(times) - min(times)) / (len(times) - 1) < _SERIAL_STEP:
        mend = "write it as 2026-11-26 13:05:00"
        raise TraceError(cells[0][0], f"{name} is '{cells[0][1]}', which may be days of a spreadsheet", mend)


def _elapsed(line: int, cell: str, name: str) -> float:
    parts = re.findall(r"([\d.]+) ?(ms|d|h|m|s)", cell) if _DURATION.fullmatch(cell) else []
    if not parts:
        raise TraceError(line, f"{name} is '{cell[:40]}', and the times before were as 5m or 1h30m", "write seconds")
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


def _compact(text: str) -> datetime:
    form = "%Y%m%d%H%M%S" if len(text) == 14 else "%Y%m%d%H%M"  # noqa: PLR2004 - digits of it
    return datetime.strptime(text, form).replace(tzinfo=UTC)


def _clock(cells: Sequence[tuple[int, str]], name: str) -> list[float]:
    """Times of day: one that is much earlier than the one before is of the next day."""
    times: list[float] = []
    days = 0.0
    for line, cell in cells:
        long = _DAYS.fullmatch(cell)
        found = _CLOCK.fullmatch(long[2] if long else cell)
        if found is None:
            raise TraceError(
                line, f"{name} is '{cell[:40]}', and the times before were of the day", "write it as 13:05:00"
            )
        if not (found[3] or found[4]):
            raise TraceError(line, f"{name} is '{cell}', which may be hours or minutes first", "write it as 13:05:00")
        t = days + _of_day(found) + (_DAY * int(long[1]) if long else 0.0)
        if times and t < times[-1] - _DAY / 2 and not long:
            days, t = days + _DAY, t + _DAY
        times.append(t)
    return times


def _of_day(clock: re.Match[str]) -> float:
    hours = int(clock[1])
    if clock[4]:
        hours = hours % 12 + 12 * (clock[4].lower() == "p")
    return hours * 3600 + int(clock[2]) * 60 + float((clock[3] or "0").replace(",", "."))


def _check_zones(cells: Sequence[tuple[int, str]], name: str) -> None:
    """Of a time without a zone beside ones that have one nobody knows where on their axis it is."""
    zoned = [(found := _ZONED.search(cell)) is not None and found[1] not in ("AM", "PM") for _, cell in cells]
    if any(zoned) and not all(zoned):
        line, cell = cells[zoned.index(not zoned[0])]
        mend = "write all of them with their zone, or none"
        raise TraceError(line, f"{name} is '{cell[:40]}', and only some times have a zone", mend)


Convert = Callable[[str], datetime]


def _dates(cells: Sequence[tuple[int, str]], name: str) -> Convert:
    """How the dates of a column are read: those with slashes need a day that no month has, or a tool that is known."""
    if _SLASHED.fullmatch(cells[0][1]) is None:
        return _plain_date
    if PDH.match(name):
        return lambda text: _slashed(text, day_first=False)
    parts = [(int(m[1]), int(m[2])) for _, cell in cells if (m := _SLASHED.fullmatch(cell))]
    if "." in cells[0][1].partition(" ")[0]:
        return lambda text: _slashed(text, day_first=True)  # with dots it is so everywhere
    day_first, month_first = any(a > 12 for a, _ in parts), any(b > 12 for _, b in parts)  # noqa: PLR2004 - months
    if day_first is month_first:
        line, cell = cells[0]
        raise TraceError(line, f"'{cell}' may be day or month first", "write it as 2026-11-26 13:05:00")
    return lambda text: _slashed(text, day_first=day_first)


def _slashed(text: str, *, day_first: bool) -> datetime:
    found = _SLASHED.fullmatch(text)
    if found is None:
        return _plain_date(text)
    day, month = (found[1], found[2]) if day_first else (found[2], found[1])
    clock = _CLOCK.fullmatch(found[4].strip())
    if clock is None:
        raise ValueError(text)
    return datetime(int(found[3]), int(month), int(day), tzinfo=UTC) + timedelta(seconds=_of_day(clock))


def _plain_date(text: str) -> datetime:
    squeezed = _SAID_AGAIN.sub(r"\1", re.sub(r"\s+", " ", text.strip()))
    iso = re.sub(r" (UTC|GMT)$", "+00:00", squeezed.replace(",", "."))
    iso = re.sub(r"(\.\d{6})\d+", r"\1", iso)  # nanoseconds
    try:
        found = datetime.fromisoformat(iso)
    except ValueError:
        found = _worded(squeezed)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _worded(text: str) -> datetime:
    """Read what ``date``, web servers and mails write; of syslog, which says no year, the spans are true."""
    zone = _ZONE.search(text)
    if zone is not None and zone[1] not in ("AM", "PM"):
        text = _ZONE.sub("", text)
    for form in _WORDED:
        for written in (text, f"2000 {text}") if form.startswith("%Y %") else (text,):
            try:
                found = datetime.strptime(written, form)  # noqa: DTZ007 - without a zone it is taken for UTC: spans matter
            except ValueError:
                continue
            return found - timedelta(hours=_ZONES.get(zone[1], 0)) if zone is not None else found
    raise ValueError(text)


def _date(line: int, cell: str, name: str, convert: Convert) -> float:
    try:
        return convert(cell).timestamp()
    except (ValueError, OverflowError):
        raise TraceError(
            line, f"{name} is '{cell[:40]}', not a time", "write seconds, or a time such as 2026-11-26T13:05:00Z"
        ) from None
