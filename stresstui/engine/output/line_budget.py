"""Bytes of output to what they mean, at a bounded cost: a program that prints gigabytes must not slow its judge."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from stresstui.core.model.event import UNREAD, Doubted, Matched, Problem, Reported, Timed
from stresstui.engine.output.beyond import Beyond
from stresstui.engine.output.line_reader import Found, LineReader
from stresstui.engine.output.marks import Mark, Marks

LINE_CAP: Final = 64 * 1024
"""Bytes of a line that are read; the rest of it is only searched for what may tell of a crash."""
LINES_PER_S: Final = 2000
"""Lines of a second that are read; beyond that only those with a mark are, each mark within a budget of its own."""
REPORTS_PER_S: Final = 20
"""Metrics lines of a second that become an event each; beyond that the newest values are kept for the next second."""
TIMES_PER_S: Final = 10
"""Histograms of a second that become an event each; beyond that the newest of each name waits for the next second."""
MATCHES_PER_S: Final = 100
"""Matches of one kind, in a second, that become events."""
COMPLAIN_EVERY_S: Final = 60.0
"""Seconds between two Problems about too much output."""


class Digest:
    """Splits a stream into lines and reads them within its budget."""

    def __init__(self, reader: LineReader) -> None:
        self._reader = reader
        self._marks = Marks(reader.own)
        self._rest = b""
        self._cutting = False
        self._beyond = Beyond()
        self._second = -1
        self._lines = self._reports = self._timed = 0
        self._matches: Counter[str] = Counter()
        self._marked: Counter[str] = Counter()
        self._lost = self._doubted = False
        self._held: dict[str, float] = {}
        self._times: dict[str, Timed] = {}
        self._counted: dict[str, dict[str, float]] = {}
        self._unread = 0
        self._complained_at = -COMPLAIN_EVERY_S

    def feed(self, t: float, chunk: bytes) -> list[Found]:
        """Say what a chunk that came at ``t`` seconds means; half a line waits for its other half."""
        found = self.tick(t)
        complete, self._rest = self._complete(chunk)
        for line in self._choose(complete):
            found += self._allow(self._reader.read(t, line))
        return found

    def tick(self, t: float) -> list[Found]:
        """Let time pass: give what was held back in the second before."""
        if int(t) == self._second:
            return []
        self._second = int(t)
        self._lines = self._reports = self._timed = 0
        self._matches.clear()
        self._marked.clear()
        return [*self._allow(self._reader.tick(t)), *self._release(t), *self._complain(t), *self._doubt(t)]

    def finish(self, t: float) -> list[Found]:
        """Take the unfinished last line, and give what was held back."""
        last = [] if self._cutting or not self._rest else self._reader.read(t, self._rest)
        last = self._allow([*last, *self._reader.finish(t)])
        self._rest, self._cutting = b"", False
        self._complained_at = -COMPLAIN_EVERY_S
        return [*last, *self._release(t), *self._complain(t), *self._doubt(t)]

    def _complete(self, chunk: bytes) -> tuple[bytes, bytes]:
        """Return the complete lines, and the rest; of an overlong line the first LINE_CAP bytes count as a line."""
        if self._cutting:
            left_out, newline, chunk = chunk.partition(b"\n")
            self._beyond.search(left_out)
            self._cutting = not newline
        complete, newline, rest = (self._rest + chunk).rpartition(b"\n")
        if len(rest) > LINE_CAP:
            drawn = rest.rfind(b"\r", 0, -1) + 1  # a progress bar: what was before is overwritten
            self._beyond.begin(rest[:drawn], 0)
            rest = rest[drawn:]
        if len(rest) > LINE_CAP:
            self._cutting = True
            self._beyond.begin(rest, LINE_CAP)
            return complete + newline + rest[:LINE_CAP] + b"\n", b""
        return complete + newline, rest

    def _choose(self, complete: bytes) -> Iterator[bytes]:
        """Give lines while the budget lasts, then only those that bear a mark."""
        start = 0
        while start < len(complete) and self._lines < LINES_PER_S:
            end = complete.index(b"\n", start)
            self._lines += 1
            yield self._cut(complete, start, end)
            start = end + 1
        if start < len(complete):
            self._unread += complete.count(b"\n", start)
            yield from self._choose_marked(complete, start)

    def _choose_marked(self, complete: bytes, start: int) -> Iterator[bytes]:
        begins = set[int]().union(*(self._find(mark, complete, start) for mark in self._marks.of(complete[start:])))
        for begin in sorted(begins):
            self._unread -= 1
            yield self._cut(complete, begin, complete.index(b"\n", begin))

    def _find(self, mark: Mark, complete: bytes, start: int) -> set[int]:
        """Where lines begin that bear a mark: the first in its budget, and the last."""
        begins: set[int] = set()
        at = mark.find(complete, start)
        while at >= 0 and self._marked[mark.name] < mark.most:
            begins.add(_line_begin(complete, start, at))
            self._marked[mark.name] += 1
            behind = complete.find(b"\n", at) + 1
            at = mark.find(complete, behind) if 0 < behind < len(complete) else -1
        if at >= 0:
            self._lost = self._lost or mark.doubtful
            begins.add(_line_begin(complete, start, mark.find_last(complete, at)))
        return begins

    def _cut(self, complete: bytes, begin: int, end: int) -> bytes:
        """A line, of an overlong one the first LINE_CAP bytes of what its last carriage return left standing."""
        if end - begin > LINE_CAP:
            drawn = max(begin, complete.rfind(b"\r", begin, end - 1) + 1)
            self._beyond.begin(complete[begin:drawn], 0)
            begin = drawn
        if end - begin > LINE_CAP:
            self._beyond.begin(complete[begin:end], LINE_CAP)
        return complete[begin : min(end, begin + LINE_CAP)]

    def _allow(self, found: list[Found]) -> list[Found]:
        return [one for one in found if self._passes(one)]

    def _passes(self, one: Found) -> bool:
        if isinstance(one, Reported):
            self._reports += 1
            if self._reports > REPORTS_PER_S:
                self._held.update(one.values)
                return False
            for name in self._held.keys() & one.values.keys():
                del self._held[name]
        if isinstance(one, Timed):
            self._timed += 1
            self._times.pop(one.name, None)
            if self._timed > TIMES_PER_S:
                self._times[one.name] = one
                return False
        if isinstance(one, Matched):
            self._matches[one.pattern] += 1
            if self._matches[one.pattern] > MATCHES_PER_S:
                self._sum_up(one)
                return False
        return True

    def _sum_up(self, one: Matched) -> None:
        """Keep what a line counts for the next second, added up; of one that counts nothing only that it was there."""
        held = self._counted.setdefault(one.pattern, {}) if one.values else {}
        for name, value in one.values.items():
            held[name] = held.get(name, 0.0) + value
        self._unread += not one.values

    def _release(self, t: float) -> list[Found]:
        held, self._held = self._held, {}
        counted, self._counted = self._counted, {}
        sums = [Matched(t, pattern, "(the sum of lines that came in one second)", v) for pattern, v in counted.items()]
        times, self._times = self._times, {}
        return [*sums, *times.values(), *([Reported(t, held)] if held else [])]

    def _complain(self, t: float) -> list[Found]:
        if not self._unread or t - self._complained_at < COMPLAIN_EVERY_S:
            return []
        text = f"{self._unread} lines were not read for patterns: more than {LINES_PER_S} came in a second"
        self._unread, self._complained_at = 0, t
        return [Problem(t, "output", text)]

    def _doubt(self, t: float) -> list[Found]:
        """Say once that a crash or a test's failure may have been missed."""
        if self._doubted or not (self._lost or self._beyond.suspects):
            return []
        self._doubted = True
        text = "more lines that may tell of crashes or tests came in a second than can be read; some were not"
        if not self._lost:
            text = f"a line of more than {LINE_CAP >> 10} KiB may tell of a crash in the part that is not read"
        return [Doubted(t, UNREAD, text)]


def _line_begin(complete: bytes, start: int, at: int) -> int:
    return max(start, complete.rfind(b"\n", start, at) + 1)
