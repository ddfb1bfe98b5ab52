"""The one cheap look at every line: whose marks it bears, found by one expression over the marks of all readers.

Most lines bear none, and nobody reads them any further.
"""

from typing import Final

from stresstui.core.text.lazy_pattern import late
from stresstui.core.text.several import as_one
from stresstui.engine.output import around, build_error, crash, expected, harness, load, shown, unsummed
from stresstui.engine.output.line import Kind, Line

_MARKS: Final = {
    Kind.OWN: "STRESSTUI",
    Kind.TEST: f"{harness.MARKS}|{unsummed.ENDED_MARKS}".replace("(?m:^", "(?m:"),  # a log may put something before it
    Kind.CRASH: crash.MARKS,
    Kind.SKIP: r"(?i:\bskipping\b)",
    Kind.RESULT: expected.MARKS,
    Kind.AROUND: around.MARKS,
    Kind.SHOWN: shown.MARKS,
    Kind.BUILD: build_error.MARKS,
    Kind.LOAD: load.MARKS,
}
_GATE: Final = late(lambda: as_one(_MARKS[kind] for kind in Kind))


def look(text: str) -> Line:
    """A line with what it may tell of."""
    return Line(text, _GATE.Match(text) or ())
