"""Series somewhere inside a JSON document, as services answer: CloudWatch, Datadog, InfluxDB, netdata, Azure, Grafana.

What lies around them is not asked for: a series is known by its own shape, and called by the words beside and above it.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, islice, pairwise
from typing import Any, Final, NamedTuple

from stresstui.traces.columns import read_columns
from stresstui.traces.flat import flat
from stresstui.traces.numbers import scale_of
from stresstui.traces.times import alike
from stresstui.traces.trace import Table, Trace, TraceError, Wanted

_TIMES: Final = ("time", "times", "timestamp", "timestamps", "t", "ts")
_NAMES: Final = ("columns", "labels", "meta")
"""Lists of the names of columns ..."""
_ROWS: Final = ("values", "data", "rows")
"""... and of what stands under them."""
_WORD_MAX: Final = 60
"""Characters of a text that tells one series from another."""
_DEEP: Final = 12
_EPOCHS: Final = ((1e9, 2e9), (1e12, 2e12), (1e15, 2e15), (1e18, 2e18))
"""Seconds, milli-, micro- and nanoseconds since 1970 in this century lie between these."""
_SHOWN: Final = 5
_PAIR: Final = 2
_LOOKED_AT: Final = 100
"""Keys of an object by which it is told whether all are times."""
_FEWEST: Final = 3
"""Points of a series."""


class Found(NamedTuple):
    """One series, or several under one time."""

    words: tuple[str, ...]
    """What is said beside it and above it."""
    table: Table
    unit: str
    """Of its values; empty where nothing says it."""


def read_nested(document: Any, wanted: Wanted) -> Trace:
    """Read the one series that is in it, or that ``--value`` names; raise TraceError where that is not clear."""
    found = list(_in(document, (), "", 0))
    if not found:
        raise TraceError(1, "the shape of this JSON is not known", "write pairs [[t, value], ...] or t,value as CSV")
    by_column = [one for one in found if wanted.value in one.table.names]
    by_word = [one for one in found if any(wanted.value in word for word in one.words)]
    chosen = (by_column or by_word) if wanted.value else found
    if len(chosen) != 1:
        shown = "; ".join(" ".join(one.words)[:_WORD_MAX] for one in (chosen or found)[:_SHOWN])
        mend = f"choose one by --value and a part of its words: {shown}"
        raise TraceError(1, f"{len(chosen)} series are in it", mend)
    column = wanted.value if by_column else ""
    return read_columns(chosen[0].table, Wanted(wanted.kind, wanted.time, column, wanted.unit or chosen[0].unit))


def _in(node: Any, words: tuple[str, ...], unit: str, depth: int) -> Iterator[Found]:
    if depth > _DEEP or not isinstance(node, dict | list):
        return
    words, unit = (*words, *_words(node)), _unit(node) or unit
    own = list(_own(node))
    if own or _names_and_rows(node) is not None:
        yield from (Found((*words, *named), table, unit) for named, table in own)
        return
    for name, inner in node.items() if isinstance(node, dict) else enumerate(node):
        above = (*words, str(name)) if is_timed(inner) else words
        yield from _in(inner, above, unit, depth + 1)


def _own(node: Any) -> Iterator[tuple[tuple[str, ...], Table]]:
    """The series that a node itself is: none, one, or several that share their times."""
    if isinstance(node, list):
        if (table := _pairs(node) or _objects(node) or _frame(node)) is not None:
            yield (), table
        return
    if (table := _under_names(node) or (_timed(node) if is_timed(node) else None)) is not None:
        yield (), table
        return
    at = next((name for name in node if name.lower() in _TIMES and _is_flat(node[name])), None)
    values = next((cells for name, cells in node.items() if name.lower() == "values"), None)
    if at is None or not isinstance(values, list):
        return
    several = values if values and all(isinstance(cells, list) for cells in values) else [values]
    said = node.get("series")
    names = said if isinstance(said, list) and len(said) == len(several) else [{}] * len(several)
    for name, cells in zip(names, several, strict=True):
        if _is_flat(cells) and len(cells) == len(node[at]):
            yield _words(name), _table(("t", "value"), zip(node[at], cells, strict=True))


def _pairs(node: list[Any]) -> Table | None:
    """Pairs of a time and a value; not where either may be the time."""
    if len(node) < _FEWEST or not all(_is_flat(pair) and len(pair) == _PAIR for pair in node):
        return None
    firsts, seconds = zip(*node, strict=True)
    surely = alike(_table(("", ""), node))  # dates, wherever they stand
    if surely:
        return _table(("t", "value"), zip(seconds, firsts, strict=True) if surely == [1] else node)
    return _table(("t", "value"), node) if are_epochs(firsts) and not are_epochs(seconds) else None


def is_timed(node: Any) -> bool:
    """Whether an object has a value for each of some times, as OpenTSDB and pandas write them."""
    keys = [*islice(node, _LOOKED_AT)] if isinstance(node, dict) else []
    return len(keys) >= _FEWEST and bool(alike(_table(("time",), ([key] for key in keys))))


def _timed(node: dict[str, Any]) -> Table:
    cells = [flat(cell) if isinstance(cell, dict) else {"value": cell} for cell in node.values()]
    names = list(dict.fromkeys(chain(*cells)))
    return _table(("t", *names), ([t, *map(one.get, names)] for t, one in zip(node, cells, strict=True)))


def are_epochs(cells: Sequence[Any]) -> bool:
    """Whether numbers are times: epochs of one size that only rise, or only fall."""
    if not all(isinstance(cell, int | float) for cell in cells):
        return False
    ordered = cells if cells[0] < cells[-1] else cells[::-1]
    inside = any(least <= ordered[0] and ordered[-1] < most for least, most in _EPOCHS)
    return inside and all(a < b for a, b in pairwise(ordered))


def _objects(node: list[Any]) -> Table | None:
    """Objects that each have a time: CloudWatch gives its in no order, so they are put into that of their times."""
    if len(node) < _FEWEST or not all(isinstance(one, dict) for one in node):
        return None
    rows = [flat(one) for one in node]
    names = list(dict.fromkeys(chain(*rows)))  # what had no value may lack it
    at = next((name for name in rows[0] if name.lower() in _TIMES and isinstance(rows[0][name], str | int)), None)
    if len(names) < _PAIR or (at is not None and any(at not in one for one in rows)):
        return None
    if at is not None and len({(type(one[at]), len(str(one[at]))) for one in rows}) == 1:
        rows.sort(key=lambda one: one[at])
    table = _table(names, ([one.get(name) for name in names] for one in rows))
    return table if at is not None or alike(table) else None


def _frame(node: list[Any]) -> Table | None:
    """Columns without names, the times first, as Grafana's frames have them."""
    if len(node) != _PAIR or not all(_is_flat(cells) and len(cells) >= _FEWEST for cells in node):
        return None
    fit = len(node[0]) == len(node[1]) and are_epochs(node[0])
    return _table(("t", "value"), zip(*node, strict=True)) if fit else None


def _under_names(node: dict[str, Any]) -> Table | None:
    """Rows under the names of their columns; of a cell that is a list, as netdata's, the first is the value."""
    names, rows = _names_and_rows(node) or ([], [])
    if not rows or not all(isinstance(row, list) and len(row) == len(names) for row in rows):
        return None
    return _table(names, ([cell[0] if isinstance(cell, list) and cell else cell for cell in row] for row in rows))


def _names_and_rows(node: Any) -> tuple[list[str], list[Any]] | None:
    if not isinstance(node, dict):
        return None
    said = next((node[name] for name in _NAMES if isinstance(node.get(name), list)), None)
    names = [one.get("name") if isinstance(one, dict) else one for one in said or ()]
    rows: list[Any] = next((node[name] for name in _ROWS if isinstance(node.get(name), list)), [])
    known = bool(names) and all(isinstance(name, str) for name in names)
    return ([*map(str, names)], rows) if known and any(not isinstance(row, dict) for row in rows) else None


def _table(names: Sequence[str], rows: Any) -> Table:
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    return Table(list(names), list(enumerate(cells, 1)))


def _words(node: Any) -> tuple[str, ...]:
    """The short texts of an object, and those of the objects and lists right in it: names, labels, tags."""
    if not isinstance(node, dict):
        return ()
    near = [inner for inner in node.values() if isinstance(inner, dict)]
    texts = [text for one in (node, *near) for text in one.values() if isinstance(text, str)]
    lists = [node[name] for name in node if name.lower() not in _TIMES and isinstance(node[name], list)]
    texts += [text for inner in lists for text in inner if isinstance(text, str)]
    return tuple(text for text in texts if 0 < len(text) <= _WORD_MAX)


def _unit(node: Any) -> str:
    """The unit that an object says of what is in it, where it is one of memory."""
    if not isinstance(node, dict):
        return ""
    said = node.get("unit", node.get("units"))
    if isinstance(said, list) and said and isinstance(said[0], dict):
        said = said[0].get("name")
    return said if isinstance(said, str) and said and scale_of(said) is not None else ""


def _is_flat(cells: Any) -> bool:
    return isinstance(cells, list) and not any(isinstance(cell, dict | list) for cell in cells)
