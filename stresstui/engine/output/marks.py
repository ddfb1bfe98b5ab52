"""Which lines are read even when there is too much output to read all of it: one mark for each thing to find."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import re2

from stresstui.core.text.expression import Expression
from stresstui.core.text.lazy_pattern import late
from stresstui.core.text.several import as_one
from stresstui.engine.output.crash import MARKS as CRASH_MARKS
from stresstui.engine.output.harness import MARKS as HARNESS_MARKS

_TAIL: Final = 64 * 1024
_OPTIONS: Final = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.encoding = re2.Options.Encoding.LATIN1


class Mark(NamedTuple):
    """One thing to find, with a budget of its own so that none hides another."""

    name: str
    """For people."""
    expression: Any
    """Compiled, on bytes of many lines."""
    most: int
    """Lines of a second that are read for it."""
    doubtful: bool
    """Whether lines beyond that may have held what fails a run."""

    def find(self, lines: bytes, start: int) -> int:
        """Where it is first from ``start`` on; -1 where it is not."""
        found = self.expression.search(lines, start)
        return -1 if found is None else int(found.start())

    def find_last(self, lines: bytes, start: int) -> int:
        """Where it is last; it must be somewhere from ``start`` on."""
        begin = len(lines)
        size = _TAIL
        while begin > start:
            begin = max(start, lines.rfind(b"\n", start, max(start, len(lines) - size)) + 1)
            found = [one.start() for one in self.expression.finditer(lines, begin)]
            if found:
                return int(found[-1])
            size *= 4
        return start


def _compile(expression: bytes) -> Any:
    return late(lambda: re2.compile(expression, _OPTIONS))


_EXPRESSIONS: Final = (b"STRESSTUI", CRASH_MARKS.encode(), HARNESS_MARKS.encode())
_REPORTS, _CRASHES, _TESTS = map(_compile, _EXPRESSIONS)
CRASHES: Final = Mark("crashes", _CRASHES, 20_000, doubtful=True)
_BUILT_IN: Final = (
    Mark("reports", _REPORTS, 2000, doubtful=False),
    CRASHES,
    Mark("tests", _TESTS, 2000, doubtful=True),
)
_ALL: Final = late(lambda: as_one(_EXPRESSIONS, _OPTIONS))
"""One look for all of them, as most output has none."""


class Marks:
    """All marks of a run: what every run looks for, and the scenario's own expressions."""

    def __init__(self, own: Iterable[Expression]) -> None:
        self._own = (*_own(own),)

    def of(self, lines: bytes) -> tuple[Mark, ...]:
        """Those that may be in some lines."""
        return (*(_BUILT_IN[number] for number in _ALL.Match(lines) or ()), *self._own)


def _own(expressions: Iterable[Expression]) -> Iterator[Mark]:
    for one in expressions:
        text = one.text.replace(r"\A", "^").replace(r"\Z", "$").replace(r"\z", "$")
        yield Mark(one.text, re2.compile(f"(?m:{text})".encode()), 500, doubtful=False)
