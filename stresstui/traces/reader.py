"""Reads a trace, whatever its format."""

import json
import re
from pathlib import Path
from typing import Final

from stresstui.files import read_named
from stresstui.traces.atop import is_atop, read_atop
from stresstui.traces.columns import read_columns
from stresstui.traces.exposed import is_exposed, read_exposed
from stresstui.traces.logged import is_logged, read_logged
from stresstui.traces.massif import is_massif, read_massif
from stresstui.traces.monitor_log import is_monitor_log, read_monitor_log
from stresstui.traces.prometheus import read_json
from stresstui.traces.repeated import is_repeated, read_repeated
from stresstui.traces.tables import read_table, thinned
from stresstui.traces.trace import Trace, TraceError, Wanted


def read_trace(path: Path, wanted: Wanted) -> Trace:
    """Read a file or a run's directory; raise OSError, or TraceError with the line and the mend."""
    from stresstui.traces.run import journal_of, read_run  # noqa: PLC0415 - the journal needs asyncio, a table does not

    journal = journal_of(path)
    return read_run(journal, wanted) if journal is not None else parse_trace(read_named(path), wanted)


def parse_trace(data: bytes, wanted: Wanted) -> Trace:
    """Read a trace from bytes; raise TraceError with the line and the mend."""
    text = _decode(data)
    head = text[:_HEAD]
    _check_known(head)
    if _begins_json(text) and not is_logged(head):
        return read_json(text, wanted)
    read = next((read for knows, read in _FORMATS if knows(head)), _read_table)
    return read(text, wanted)


def _check_known(head: str) -> None:
    """Refuse what is known to be no trace, with the way to one."""
    for begins, what, mend in _NO_TRACES:
        if begins.match(head):
            raise TraceError(1, what, mend)


def _read_table(text: str, wanted: Wanted) -> Trace:
    kept, note = thinned(text)
    trace = read_columns(read_table(kept), wanted)
    return Trace(trace.points, [*trace.notes, note]) if note else trace


def _begins_json(text: str) -> bool:
    """Whether the first line is JSON or the beginning of it; a log's line may begin with a bracket as well."""
    line = text.lstrip().partition("\n")[0].rstrip()
    if line[:1] not in ("{", "["):
        return False
    if _SURELY_JSON.match(line):
        return True
    try:
        json.JSONDecoder().raw_decode(line)
    except json.JSONDecodeError as error:
        return error.pos >= len(line) or "Unterminated" in error.msg
    except RecursionError:
        return True
    return True


_SURELY_JSON: Final = re.compile(r'(?:\{|\[\s*\{)\s*"[^"]*"\s*:|\[\s*\[')
"""What begins so is meant to be JSON, though it may be broken."""
_FORMATS: Final = (
    (is_massif, read_massif),
    (is_monitor_log, read_monitor_log),
    (is_exposed, read_exposed),
    (is_logged, read_logged),
    (is_repeated, read_repeated),
    (is_atop, read_atop),
)
"""How a format is known by the beginning of a text, and what reads it; what is none of them is a table."""
_RECORD: Final = "record pidstat -r -p PID 1, or write t,value"
_NO_TRACES: Final = (
    (
        re.compile(r"\s*<[A-Za-z!?/]"),
        "XML or HTML, not a table",
        "write t,value as CSV; sadf -d does of what sar recorded",
    ),
    (
        re.compile(r'reading file ".*heaptrack\..*" - please wait'),
        "heaptrack's summary, which has no times",
        "heaptrack_print --print-massif FILE writes what is read here",
    ),
    (
        re.compile(r"(?:\S+\t\d+\t\S+\t\S+\t\S+\t[\d.-]+\n)+"),
        "sadf's list of single fields",
        "write a table: sadf -d",
    ),
    (
        re.compile(r"Linux \S+ \(.+\)\s[^\n]*\s+(?:\S+ \S+(?: [AP]M)?\n)?avg-cpu:"),
        "iostat's tables of CPUs and devices",
        "write the times that iostat -t says and one column as t,value",
    ),
    (re.compile(r"\s+total +used +free |CONTAINER ID +NAME +CPU %"), "tables without times", "print date above each"),
    (
        re.compile(r"File: .*\n(?:Build ID: .*\n)?Type: |(?:heap|goroutine|allocs) profile: "),
        "a profile of one moment",
        _RECORD,
    ),
    (re.compile(r"\s*Command being timed: "), "GNU time's sums of a whole run", _RECORD),
    (re.compile(r"gc \d+ @[\d.]+s |\[[^\n]*\]\[gc[,\]]"), "what a garbage collector logs", _RECORD),
    (
        re.compile(r"(?:RESET\s+)?(?!(?:.*\n)*PRM )[A-Z]{3,4} \S+ \d{10} \d{4}/"),
        "atop's records of no process",
        "record atop -P PRM",
    ),
)
"""What tools print that has no trace in it, by its beginning, and what writes one."""
_HEAD: Final = 1 << 20
"""Characters by which a format is known."""
_PACKED: Final = {
    b"\x1f\x8b": "gunzip",
    b"\x28\xb5\x2f\xfd": "zstd -d",
    b"PK\x03\x04": "unzip",
    b"BZh": "bunzip2",
    b"\xfd7zXZ": "unxz",
}
"""First bytes of files that hold another, and what takes it out; an Excel workbook is a zip as well."""


_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1f]")
"""Bytes that no text has."""


def _decode(data: bytes) -> str:
    if data.startswith(b"PAR1"):
        raise TraceError(0, "a Parquet file, not text", "name the run itself, or write it out as CSV")
    tool = next((tool for first, tool in _PACKED.items() if data.startswith(first)), None)
    if tool is not None:
        raise TraceError(0, "a packed file or a workbook, not text", f"{tool} it first, or save it as CSV text")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _decode_wide(data)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if not _CONTROL.search(data):  # its numbers are ASCII all the same
            return data.decode("cp1252", errors="replace")
        line = data.count(b"\n", 0, error.start) + 1
        raise TraceError(line, f"not UTF-8 text (byte {error.start})", "save it as CSV text") from None


def _decode_wide(data: bytes) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise TraceError(1, f"not UTF-8 and no whole UTF-16 text (byte {error.start})", "save it as CSV text") from None
