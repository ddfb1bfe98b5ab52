"""What lines of output mean: the metrics line, the lab's announcements, libtest, panics, and a scenario's patterns."""

import re
import shlex
from typing import Final

import msgspec

from stresstui.core.derive.child import BUILD_ERROR
from stresstui.core.model.event import Doubted, Event, Matched, Problem, Reported, ServiceState, Timed
from stresstui.core.model.sample import Role
from stresstui.core.model.scenario import Scenario
from stresstui.core.text.expression import Expression, ExpressionError
from stresstui.core.text.printable import without_escapes
from stresstui.engine.output.around import AroundReader
from stresstui.engine.output.build_error import FirstError
from stresstui.engine.output.crash import LINE_CUT, Crashed, read_crash
from stresstui.engine.output.ended_tests import read_ended_test
from stresstui.engine.output.expected import ExpectedPanics, IsToPanic
from stresstui.engine.output.harness import HarnessReader
from stresstui.engine.output.message import is_beginning, is_quoted, of_container, unpadded
from stresstui.engine.output.number import Commas, NumberReader, read_plain
from stresstui.engine.output.shown import Shown
from stresstui.engine.output.stories import Stories

_DOC_TEST: Final = r"\S+ - [^()]{0,200}\(line \d+\)(?: - [a-z ]{1,40}?)?"
_TEST_PREFIX: Final = re.compile(rf"test (?:{_DOC_TEST}|\S+) (?:- should panic )?\.\.\. ?")
_OWN_LINE: Final = re.compile(r"(?<!\w)STRESSTUI")
_SKIP: Final = re.compile(r"\bskipping\b", re.IGNORECASE)
_TIMES: Final = re.compile(r"name=([A-Za-z_]\w{0,60}) buckets=((?:\d{1,5}:\d{1,15},)*\d{1,5}:\d{1,15})", re.ASCII)
_NOTHING: Final = frozenset(("", "nan", "null", "none", "n/a", "-"))
"""What a program writes where it has measured nothing, in small letters."""
_WORD: Final = re.compile(r"\w+")
_NAME: Final = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]*", re.ASCII)


class Announced(msgspec.Struct, frozen=True):
    """The lab said what one of its processes is."""

    pid: int
    role: Role
    name: str
    ended: str = ""
    pprof: str = ""


class Exported(msgspec.Struct, frozen=True):
    """A service said which variable leads to it."""

    name: str
    value: str


Heard = Event | Announced | Crashed
"""What a line may mean to the run."""

Found = Heard | Exported
"""Anything that a line may mean."""


class LineReader:
    """Reads lines of one program's output."""

    def __init__(self, scenario: Scenario, is_to_panic: IsToPanic = lambda _: None) -> None:
        """Compile the scenario's expressions; one that is wrong becomes a Problem at the first line."""
        self._early: list[tuple[str, str]] = []
        self._complained = False
        self._harness = HarnessReader()
        self._around = AroundReader()
        self._stories = Stories()
        self._build, self._shown = FirstError(), Shown()
        self._expected = ExpectedPanics(is_to_panic)
        self._metrics = self._compiled({n: m.regex for n, m in scenario.metrics.items() if m.regex})
        known = {name: scenario.metric(name) for name in self._metrics}
        self._units = {name: metric.unit if metric else "count" for name, metric in known.items()}
        commas = Commas()
        self._numbers = {name: NumberReader(unit, commas) for name, unit in self._units.items()}
        self._unread: set[str] = set()
        self._judged = {word for criterion in scenario.criteria for word in _WORD.findall(criterion.rule)}
        self._patterns = self._compiled(scenario.patterns)

    @property
    def own(self) -> tuple[Expression, ...]:
        """The scenario's expressions."""
        return (*self._metrics.values(), *self._patterns.values())

    def _compiled(self, expressions: dict[str, str]) -> dict[str, Expression]:
        compiled: dict[str, Expression] = {}
        for name, expression in expressions.items():
            try:
                compiled[name] = Expression(expression)
            except ExpressionError as error:
                self._early.append((name, str(error)))
        return compiled

    def read(self, t: float, raw: bytes) -> list[Found]:
        """Say what a line, without its end, means at ``t`` seconds; most lines mean nothing."""
        early = [Problem(t, "output", f"the expression of '{name}' is wrong: {why}") for name, why in self._early]
        self._early.clear()
        *overwritten, whole = _drawn(raw)
        prefix = _TEST_PREFIX.match(whole)
        rest = whole[prefix.end() :] if prefix else whole
        marked = self._read_marked(t, rest)
        if marked is not None:
            return [*early, *marked]
        told = self._read_told(t, unpadded(of_container(whole)), overwritten)
        return [*early, *(self._stories.fresh(t, told) if told else ()), *self._read_own(t, rest)]

    def _read_told(self, t: float, line: str, overwritten: list[str]) -> list[Found]:
        """Read what harnesses, runtimes and tools say, whatever pads it; before it in its line others were drawn."""
        prefix = _TEST_PREFIX.match(line)
        rest = line[prefix.end() :] if prefix else line
        tests = self._harness.read(t, line)
        ended = read_ended_test(line, counted=tests is not None)
        known: list[Matched | Crashed] = [tests, *ended] if tests else [*ended] or self._read_known(t, rest)
        if overwritten and not known:  # a bar was drawn over it, and yet it was said
            known = next(([*found] for found in (read_crash(t, one) for one in overwritten) if found), known)
        told: list[Found] = [*self._expected.read(t, line, known), *self._around.read(t, rest)]
        if self._build.read(line):
            told.append(Matched(t, BUILD_ERROR, self._build.said))
        return told

    @property
    def build_error(self) -> str:
        """The first error of a compiler so far; empty where there is none."""
        return self._build.so_far

    def tick(self, t: float) -> list[Found]:
        """Let time pass: tell what no line has explained by now."""
        return self._stories.fresh(t, [*self._expected.tick(t)])

    def finish(self, t: float) -> list[Found]:
        """Tell what no line will explain any more."""
        told: list[Found] = [*self._stories.fresh(t, [*self._expected.finish(t)]), *self._harness.finish(t)]
        return [*told, Matched(t, BUILD_ERROR, self._build.said)] if self._build.finish() else told

    def _read_marked(self, t: float, line: str) -> list[Found] | None:
        """Read a line that was printed for this program; None when it is not one."""
        found = _OWN_LINE.search(line)
        if found is None or is_quoted(line[: found.start()]) or not is_beginning(line[: found.start()]):
            return None
        word, *more = line[found.start() :].split(maxsplit=1)
        rest = more[0].rstrip() if more else ""
        match word:
            case "STRESSTUI:" | "STRESSTUI=":
                return self._complain(t, f"not a metrics line: {word} {rest}; write STRESSTUI name=value")
            case "STRESSTUI":
                return self._read_metrics(t, rest)
            case "STRESSTUI_HISTOGRAM":
                return self._read_times(t, rest)
            case "STRESSTUI_PROCESS" | "STRESSTUI_STATE" | "STRESSTUI_ENV":
                return self._read_announcement(t, word, rest)
        return None

    def _read_metrics(self, t: float, rest: str) -> list[Found]:
        values: dict[str, float] = {}
        wrong: list[str] = []
        doubts: list[Found] = []
        for pair in rest.split():
            name, _, text = pair.partition("=")
            value = read_plain(text)
            if value is None or not _NAME.fullmatch(name):
                wrong.append(pair)
                doubts += self._doubt(t, name, text)
            else:
                values[name] = value
        found: list[Found] = [Reported(t, values)] if values else []
        return found + (self._complain(t, f"not a metric: {' '.join(wrong)}") if wrong else []) + doubts

    def _doubt(self, t: float, name: str, text: str) -> list[Found]:
        """What a rule reads and nobody could may have broken it; said once of each metric."""
        if name not in self._judged or name in self._unread or text.lower() in _NOTHING:
            return []
        self._unread.add(name)
        mend = "print a plain number, or nan where nothing was measured"
        return [Doubted(t, "output", f"'{name}' was '{text[:80]}' once, which cannot be judged; {mend}")]

    def _read_times(self, t: float, rest: str) -> list[Found]:
        found = _TIMES.fullmatch(rest)
        return [Timed(t, found[1], found[2])] if found else self._complain(t, f"not a histogram: {rest}")

    def _read_announcement(self, t: float, word: str, rest: str) -> list[Found]:
        try:
            fields = dict(part.split("=", 1) for part in shlex.split(rest))
            if word == "STRESSTUI_STATE":
                return [ServiceState(t, fields["state"], fields.get("detail", ""))]
            if word == "STRESSTUI_ENV":
                return [Exported(name, value) for name, value in fields.items()]
            name, ended = fields.get("name", ""), fields.get("ended", "")
            return [Announced(int(fields["pid"]), Role(fields["role"]), name, ended, fields.get("pprof", ""))]
        except (ValueError, KeyError) as error:
            return self._complain(t, f"cannot read '{word} {rest}': {error}")

    def _complain(self, t: float, text: str) -> list[Found]:
        """Say once that lines are malformed: they come by the thousand."""
        if self._complained:
            return []
        self._complained = True
        return [Problem(t, "output", text[:LINE_CUT])]

    def _read_known(self, t: float, line: str) -> list[Matched | Crashed]:
        """Recognise what every run looks for."""
        if self._shown.read(line):
            return []
        found = read_crash(t, line, binds=self._shown.binds)
        return found or ([_match(t, "skip", line)] if _SKIP.search(line) else [])

    def _read_own(self, t: float, line: str) -> list[Found]:
        encoded = line.encode()
        values, found = self._extract(t, encoded)
        if values:
            found.append(Reported(t, values))
        found += [_match(t, name, line) for name, regex in self._patterns.items() if regex.is_in(encoded)]
        return found

    def _extract(self, t: float, line: bytes) -> tuple[dict[str, float], list[Found]]:
        """Read the metrics that the scenario's expressions find in a line; say once of each what cannot be read."""
        values: dict[str, float] = {}
        problems: list[Found] = []
        for name, regex in self._metrics.items():
            text = regex.extract(line)
            value = None if text is None else self._numbers[name].read(text)
            if value is not None:
                values[name] = value
            elif text and name not in self._unread:
                problems += self._doubt(t, name, text)
                self._unread.add(name)
                why = f"the expression of '{name}' found '{text[:80]}', which is no number in its unit"
                problems.append(Problem(t, "output", f"{why}, {self._units[name]}"))
        return values, problems


def clean(raw: bytes) -> str:
    """Decode a line as a person sees it: without colours, and only what a carriage return left standing."""
    return _drawn(raw)[-1]


def _drawn(raw: bytes) -> list[str]:
    """What was drawn in a line, one over the other, without colours; the last is what stands."""
    # A terminal shows no NUL; in UTF-16 every other byte of plain text is one.
    line = raw.replace(b"\0", b"").decode(errors="replace").rstrip("\r\n")
    return without_escapes(line).split("\r")


def _match(t: float, pattern: str, line: str, values: dict[str, float] | None = None) -> Matched:
    return Matched(t, pattern, line[:LINE_CUT], values or {})
