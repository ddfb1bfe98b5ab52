"""Which column is time, which is the value: by name where that is clear, else the person has to say."""

from itertools import pairwise
from typing import Final

import msgspec

from stresstui.traces.heading import is_share, split_unit
from stresstui.traces.numbers import has_letters, has_units, read_numbers, scale_of
from stresstui.traces.single import check_one_value, check_single
from stresstui.traces.times import PDH, alike, read_times, without_unit
from stresstui.traces.trace import Table, Trace, TraceError, Wanted

_TIMES: Final = (
    "t",
    "time",
    "timestamp",
    "datetime",
    "date",
    "elapsed time",
    "elapsed",
    "ts",
    "seconds",
    "epoch",
    "start",
    "minutes",
    "hours",
    "days",
    "milliseconds",
)
_VALUES: Final[dict[str, tuple[str, ...]]] = {
    "rss": (
        "rss", "vmrss", "real", "resident", "res", "memory", "mem", "rsize", "mem usage", "mem usage / limit",
        "memusage", "working set",
    ),
    "fds": ("fds", "fd", "fd-nr", "open files", "open_files", "nofile", "descriptors"),
    "sockets": ("established", "sockets", "connections", "totsck", "tcpsck"),
    "throughput": ("throughput", "bytes_per_second", "rate", "bps"),
    "bytes_down": (
        "memavailable", "mem_available", "available", "avail mem", "kbavail", "memfree", "mem_free", "free", "free mem",
        "kbmemfree",
    ),
}  # fmt: skip
OF_MEMORY: Final = ("rss", "bytes_up", "bytes_down")
"""Kinds that are memory, in bytes."""
_SCALED: Final = (*OF_MEMORY, "throughput")
"""Kinds that are judged in bytes."""
_KIB_TOOLS: Final = frozenset(("minflt/s", "%mem", "kbmemfree", "kbmemused"))
"""Columns of tools that write memory in KiB without saying so."""
_OF_UNITS: Final = ("unit", "units")
_SMALLEST_PROCESS: Final = 1048576.0
"""Bytes that nearly every process has resident: smaller numbers are in another unit, unless they are whole pages."""
_SMALLEST_BOX: Final = 268435456.0
"""The same of what a machine has of free memory."""
_YEARS: Final = 10
_LONGEST: Final = _YEARS * 31556952.0
_PAGE: Final = 4096
_LEAST_PAGES: Final = 16 * _PAGE


def kind_called(name: str) -> str:
    """The kind of value that goes by a name, such as ``fds`` for ``open_files``; empty where the name says none."""
    return next((kind for kind, names in _VALUES.items() if _plain(name) in names), "")


def read_columns(table: Table, wanted: Wanted) -> Trace:
    """Take time and value out of a table; raise TraceError where it is not clear which they are."""
    if not table.rows or not table.names:
        raise TraceError(0, "nothing stands under the header", "write a line for each point in time")
    table = _joined(table, wanted)
    time, value = _time(table, wanted), _value(table, wanted)
    times, notes = read_times(table.column(time), table.names[time])
    _check_span(times, table.names[time], others=len(table.names) > 2)  # noqa: PLR2004 - its time and its value
    if _is_newest_first(times):
        table, times = msgspec.structs.replace(table, rows=table.rows[::-1]), times[::-1]
        notes = [*notes, "the newest line comes first: read from the end"]
    letter = 1024.0 if wanted.kind in OF_MEMORY else 1000.0
    numbers = read_numbers(table.column(value), table.names[value], table.delimiter, letter)
    if has_letters(table.column(value)):
        notes = [*notes, f"K, M and G behind a number are taken for powers of {letter:.0f}"]
    check_single(table, {time, value}, times)
    _check_order(table, times)
    if wanted.kind == "throughput" and _plain(table.names[value]).endswith("_total"):
        times, numbers = _rates(times, numbers)
    scale, unit = (1.0, ", each in its unit") if has_units(table.column(value)) else _scale(table, value, wanted)
    points = [(t, x * scale) for t, x in zip(times, numbers, strict=True) if x is not None]
    if not points:
        raise TraceError(0, f"no line has a value of '{table.names[value]}'", "say another column with --value")
    check_one_value(points)
    _check_size(points, wanted, table.names[value], named=bool(unit) or table.names[value].lower() == "value")
    clear = _plain(table.names[value]) == "value" and not (wanted.time or wanted.value)
    if not clear and len(table.names) > 2:  # noqa: PLR2004 - time and value alone need no word
        notes = [f"column '{table.names[value]}' over '{table.names[time]}'{unit}", *notes]
    elif unit:
        notes = [f"values{unit}", *notes]
    return Trace(points, notes)


def _joined(table: Table, wanted: Wanted) -> Table:
    """A date and a time of day in two columns are one time."""
    names = [name.strip().lower() for name in table.names]
    if wanted.time or names.count("date") != 1 or names.count("time") != 1:
        return table
    date, time = names.index("date"), names.index("time")
    if any(":" in cells[date] or ":" not in cells[time] for _, cells in table.rows):
        return table
    rows = [
        (line, [f"{cells[date]} {cells[time]}", *(cell for i, cell in enumerate(cells) if i not in (date, time))])
        for line, cells in table.rows
    ]
    return Table(["time", *(n for i, n in enumerate(table.names) if i not in (date, time))], rows, table.delimiter)


def _rates(times: list[float], numbers: list[float | None]) -> tuple[list[float], list[float | None]]:
    """What a counter rose a second; where it fell it has begun again, and nothing is known of that stretch."""
    known = [(t, x) for t, x in zip(times, numbers, strict=True) if x is not None]
    pairs = [(a, b) for a, b in pairwise(known) if b[0] > a[0] and b[1] >= a[1]]
    return [b[0] for _, b in pairs], [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairs]


def _plain(name: str) -> str:
    return split_unit(name)[0].lower()


def _is_called_time(name: str) -> bool:
    return name in _TIMES or without_unit(name) in _TIMES


def _says_what(name: str) -> bool:
    """Whether a column is none of values: it has their times or their unit."""
    return _is_called_time(name) or name.rpartition(".")[2] in _OF_UNITS


def _find(table: Table, asked: str, option: str) -> int:
    asked = " ".join(asked.split())
    names = [name.lower() for name in table.names]
    for candidates, name in (
        (table.names, asked), (names, asked.lower()), ([_plain(name) for name in table.names], asked.lower())
    ):  # fmt: skip
        if list(candidates).count(name) == 1:
            return list(candidates).index(name)
    raise TraceError(0, f"no column '{asked}'", f"{option} takes one of {', '.join(table.names)[:200]}")


def _time(table: Table, wanted: Wanted) -> int:
    if wanted.time:
        return _find(table, wanted.time, "--time")
    plain = [_plain(name) for name in table.names]
    if PDH.match(table.names[0]):
        return 0
    if plain.count("_time") == 1:  # of InfluxDB, which also says when its query starts
        return plain.index("_time")
    found = [i for i, name in enumerate(plain) if _is_called_time(name)]
    if len(found) > 1 and "timestamp" in plain:
        return plain.index("timestamp")
    if len(found) == 1 or (found and {plain[i] for i in found[:2]} <= {"t", "time", "timestamp"}):
        return found[0]
    if not found and (surely := alike(table)):
        return surely[0]
    problem = "several columns may be the time" if found else "no column is called time"
    raise TraceError(0, problem, f"say which with --time: {', '.join(table.names)[:200]}; or begin with t,value")


def _value(table: Table, wanted: Wanted) -> int:
    if wanted.value:
        return _find(table, wanted.value, "--value")
    plain = [_plain(name) for name in table.names]
    for name in ("value", "_value", *_VALUES.get(wanted.kind, ())):
        for known in (plain, [one.rpartition(".")[2] for one in plain]):
            if known.count(name) == 1:
                return known.index(name)
    others = [i for i, name in enumerate(plain) if not _says_what(name) and not PDH.match(table.names[i])]
    if len(others) > 1:
        surely = alike(table)
        others = [i for i in others if i not in surely]
    if len(others) == 1:
        return others[0]
    raise TraceError(
        0, "it is not clear which column is the value", f"say it with --value: {', '.join(table.names)[:200]}"
    )


def _scale(table: Table, value: int, wanted: Wanted) -> tuple[float, str]:
    """Base units in one of the column's, and how that was understood."""
    unit = wanted.unit
    if not unit and wanted.kind in _SCALED:
        unit = _unit_column(table)
    if not unit and wanted.kind in _SCALED:
        unit = _unit_said(table.names[value], wanted.kind)
        if not unit and _KIB_TOOLS & {name.lower() for name in table.names}:
            unit = "KiB"
        if unit.upper() == "MB" and {_plain(name) for name in table.names} >= {"real", "virtual"}:
            unit = "MiB"  # psrecord divides by 1024 twice
    if not unit:
        return 1.0, ""
    scale = scale_of(unit)
    if scale is None:
        raise TraceError(0, f"unknown unit '{unit}'", "say it with --unit, such as --unit MiB")
    return scale, f", in {unit}"


def _unit_said(name: str, kind: str) -> str:
    """The unit that a column's name says; raise TraceError where it is none of memory."""
    unit = split_unit(name)[1]
    if kind in OF_MEMORY and (is_share(name) or unit.lower().endswith(("/s", "ps"))):
        mend = "--kind gauge_up" if is_share(name) else "--kind throughput"
        raise TraceError(0, f"'{name}' is a {'share' if is_share(name) else 'rate'}, not memory", f"say so: {mend}")
    counter = name.lower().endswith("_total")
    if kind in OF_MEMORY and (counter or (without_unit(name) != name and unit.lower() != "m")):
        what = "a counter" if counter else "a time"
        raise TraceError(0, f"'{name}' is {what}, not memory", "say another column by --value, or its --kind")
    return unit


def _unit_column(table: Table) -> str:
    """The unit that a column of its own says; empty without one."""
    plain = [name.strip().lower().rpartition(".")[2] for name in table.names]
    at = next((plain.index(name) for name in _OF_UNITS if name in plain), None)
    units = list(dict.fromkeys(cell for _, cell in table.column(at))) if at is not None else []
    if len(units) > 1:
        raise TraceError(0, f"several units are in it ({', '.join(units[:5])})", "write all values in one")
    return units[0] if units else ""


def _is_newest_first(times: list[float]) -> bool:
    """Whether the times only fall, as dashboards write their tables out."""
    return len(times) > 2 and all(a > b for a, b in pairwise(times))  # noqa: PLR2004 - two lines are an accident


def _check_span(times: list[float], name: str, *, others: bool) -> None:
    """Decades are no times of a test in seconds, nor is one time for all lines where another column may have them."""
    span = abs(times[-1] - times[0])
    if others and len(times) > 2 and len(set(times)) == 1:  # noqa: PLR2004 - two lines are an accident
        raise TraceError(0, f"{name} is the same on all lines", "say another column with --time, or write t,value")
    if span > _LONGEST:
        years = span / _LONGEST * _YEARS
        raise TraceError(0, f"{name} spans {years:.0f} years", "write seconds, or its unit behind its name: time_ms")


def _check_order(table: Table, times: list[float]) -> None:
    for (line, _), before, t in zip(table.rows[1:], times, times[1:], strict=False):
        if t < before:
            raise TraceError(line, f"t goes back from {before:.15g} to {t:.15g}", "sort the lines by time")


def _check_size(points: list[tuple[float, float]], wanted: Wanted, name: str, *, named: bool) -> None:
    if wanted.kind in _VALUES and any(value < 0 for _, value in points):
        raise TraceError(0, f"{wanted.kind} cannot be below 0", "say what the values are with --kind, such as gauge_up")
    if named or not points:
        return
    largest = max(value for _, value in points)
    if wanted.kind == "bytes_down" and kind_called(name) == "bytes_down" and 0 < largest < _SMALLEST_BOX:
        raise TraceError(
            0, f"'{name}' of {largest:g} bytes is little for a machine", "say the unit, such as --unit KiB, MiB or B"
        )
    if wanted.kind != "rss":
        return
    whole_pages = largest >= _LEAST_PAGES and all(value % _PAGE == 0 for _, value in points)
    if 0 < largest < _SMALLEST_PROCESS and not whole_pages:
        mend = "say the unit or the kind, such as --unit MiB or --kind fds"
        raise TraceError(0, f"no process has {largest:g} bytes resident", mend)
