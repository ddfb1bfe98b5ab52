"""Answers of Prometheus to a range query, and other JSON: lists of pairs, objects a line."""

import json
from typing import Any

from stresstui.traces.columns import read_columns
from stresstui.traces.flat import flat
from stresstui.traces.nested import are_epochs, is_timed, read_nested
from stresstui.traces.trace import Table, Trace, TraceError, Wanted


def read_json(text: str, wanted: Wanted) -> Trace:
    """Read a JSON document; raise TraceError where its shape is not known, or several series are in it."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        return _read_lines(text, wanted, error)
    except RecursionError:
        raise TraceError(1, "nested too deep", "write t,value as CSV") from None
    return _read_answer(document, wanted) if isinstance(document, dict) else _read_list(document, wanted)


def _read_answer(document: dict[str, Any], wanted: Wanted) -> Trace:
    if isinstance(document.get("error"), str):
        raise TraceError(1, f"an error instead of data: {document['error'][:200]!r}", "mend the query and ask again")
    if "sysstat" in document:
        raise TraceError(1, "sysstat's JSON", "write it as a table: sadf -d")
    data = document.get("data")
    if isinstance(data, dict) and "result" in data:
        return _read_pairs(_one_series(data["result"], wanted), wanted)
    return _read_exported([document], wanted) if _is_exported(document) else _read_named(document, wanted)


def _read_list(document: Any, wanted: Wanted) -> Trace:
    if not isinstance(document, list) or not document or not isinstance(document[0], dict):
        return _read_pairs(document, wanted)
    if "datapoints" in document[0]:
        return _read_graphite(document, wanted)
    own = flat(document[0]) and not any(_is_series(cell) for cell in document[0].values())
    return _read_objects(list(enumerate(document, 1)), wanted) if own else read_nested(document, wanted)


def _is_series(cell: Any) -> bool:
    return is_timed(cell) or (isinstance(cell, list) and len(cell) > 1 and isinstance(cell[0], list))


def _read_named(document: dict[str, Any], wanted: Wanted) -> Trace:
    """Columns under their names, or whatever else a service answers."""
    columns = _columns_of(document)
    if not columns:
        return read_nested(document, wanted)
    rows = [(number, list(cells)) for number, cells in enumerate(zip(*columns.values(), strict=True), 1)]
    return read_columns(Table(list(columns), rows), wanted)


def _columns_of(document: dict[str, Any]) -> dict[str, list[str]]:
    """The columns of a document that has each under its name, all of one length; none where that is not so."""
    lists = {name: cells for name, cells in document.items() if isinstance(cells, list)}
    if len(lists) != len(document) or len({len(cells) for cells in lists.values()}) != 1:
        return {}
    if any(isinstance(cell, dict | list) for cells in lists.values() for cell in cells):
        return {}
    return {name: ["" if cell is None else str(cell) for cell in cells] for name, cells in lists.items()}


def _read_graphite(document: Any, wanted: Wanted) -> Trace:
    """Graphite writes the value first, then its time."""
    named = [
        {"metric": one.get("target", ""), "values": one.get("datapoints")} for one in document if isinstance(one, dict)
    ]
    pairs = _one_series(named, wanted)
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):  # noqa: PLR2004
        raise TraceError(1, "the shape of this JSON is not known", "write pairs [[t, value], ...] or t,value as CSV")
    return _read_pairs([[t, value] for value, t in pairs], wanted)


def _one_series(result: Any, wanted: Wanted) -> Any:
    if not isinstance(result, list) or not all(isinstance(series, dict) for series in result) or not result:
        raise TraceError(1, "the answer has no series", "ask for a range: /api/v1/query_range")
    named = [(json.dumps(series.get("metric", {}), sort_keys=True), series.get("values")) for series in result]
    chosen = [values for name, values in named if wanted.value in name] if wanted.value else [v for _, v in named]
    if len(chosen) != 1:
        names = "; ".join(name for name, _ in named[:5])
        raise TraceError(
            1, f"{len(chosen)} series are in it", f"choose one by --value and a part of its labels: {names}"
        )
    if chosen[0] is None:
        raise TraceError(1, "one moment of each series", "ask for a range: /api/v1/query_range")
    return chosen[0]


def _read_exported(document: list[Any], wanted: Wanted) -> Trace:
    """VictoriaMetrics writes the values of a series, and their times in milliseconds, in lists of their own."""
    named = [
        {"metric": one["metric"], "values": [list(pair) for pair in zip(one["timestamps"], one["values"], strict=True)]}
        for one in document
    ]
    return _read_pairs(_one_series(named, wanted), wanted)


def _is_exported(one: Any) -> bool:
    if not isinstance(one, dict) or "metric" not in one:
        return False
    times, values = one.get("timestamps"), one.get("values")
    return isinstance(times, list) and isinstance(values, list) and len(times) == len(values)


def _may_be_reversed(pairs: list[list[Any]]) -> bool:
    """Whether what stands second may be the times: epochs that only rise, and by less than such numbers before them."""
    firsts, seconds = ([pair[at] for pair in pairs] for at in (0, 1))
    if len(pairs) < 2 or not are_epochs(seconds) or seconds[0] > seconds[-1]:  # noqa: PLR2004 - one tells nothing
        return False
    return not are_epochs(firsts) or abs(firsts[-1] - firsts[0]) > seconds[-1] - seconds[0]


def _read_pairs(pairs: Any, wanted: Wanted) -> Trace:
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):  # noqa: PLR2004
        raise TraceError(1, "the shape of this JSON is not known", "write pairs [[t, value], ...] or t,value as CSV")
    if _may_be_reversed(pairs):
        raise TraceError(1, "the second of each pair may be the time", "write t,value as CSV")
    rows = [(number, ["" if cell is None else str(cell) for cell in pair]) for number, pair in enumerate(pairs, 1)]
    return read_columns(Table(["t", "value"], rows), Wanted(wanted.kind, unit=wanted.unit))


def _read_lines(text: str, wanted: Wanted, error: json.JSONDecodeError) -> Trace:
    objects: list[tuple[int, Any]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            objects.append((number, json.loads(line)))
        except (json.JSONDecodeError, RecursionError):
            raise TraceError(error.lineno, "not JSON", "write one document, or one object on each line") from None
    return _read_objects(objects, wanted)


def _read_objects(objects: list[tuple[int, Any]], wanted: Wanted) -> Trace:
    if objects and all(_is_exported(one) for _, one in objects):
        return _read_exported([one for _, one in objects], wanted)
    names: list[str] = []
    cells: list[tuple[int, dict[str, Any]]] = []
    for number, one in objects:
        if not isinstance(one, dict):
            raise TraceError(number, "not an object", 'write {"t": 0, "value": 1}')
        cells.append((number, flat(one)))
        names += [name for name in cells[-1][1] if name not in names]
    rows = [(number, ["" if one.get(name) is None else str(one[name]) for name in names]) for number, one in cells]
    return read_columns(Table(names, rows), wanted)
