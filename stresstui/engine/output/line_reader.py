"""What each line means: by those who know what programs print, and by the scenario's own expressions."""

import re
from typing import Final

from stresstui.core.derive.child import BUILD_ERROR
from stresstui.core.model.event import Event, Matched
from stresstui.core.model.scenario import Scenario
from stresstui.core.text.expression import Expression
from stresstui.engine.output.around import AroundReader
from stresstui.engine.output.build_error import FirstError
from stresstui.engine.output.crash import Crashed, read_crash
from stresstui.engine.output.ended_tests import read_ended_test
from stresstui.engine.output.expected import ExpectedPanics, IsToPanic
from stresstui.engine.output.gate import look
from stresstui.engine.output.harness import HarnessReader
from stresstui.engine.output.line import Kind, Line, drawn
from stresstui.engine.output.line_protocol import Announced, Exported, ProtocolReader
from stresstui.engine.output.load import LoadReader
from stresstui.engine.output.message import of_container, unpadded
from stresstui.engine.output.own import OwnReader, Unreadable
from stresstui.engine.output.shown import Shown
from stresstui.engine.output.stories import Stories

_DOC_TEST: Final = r"\S+ - [^()]{0,200}\(line \d+\)(?: - [a-z ]{1,40}?)?"
_TEST_PREFIX: Final = re.compile(rf"test (?:{_DOC_TEST}|\S+) (?:- should panic )?\.\.\. ?")

Heard = Event | Announced | Crashed
"""What a line may mean to the run."""
Found = Heard | Exported
"""Anything that a line may mean."""


class LineReader:
    """Reads lines of one program's output."""

    def __init__(self, scenario: Scenario, is_to_panic: IsToPanic = lambda _: None) -> None:
        """Compile the scenario's expressions; one that is wrong becomes a Problem at the first line."""
        unreadable = Unreadable(scenario)
        self._own, self._protocol = OwnReader(scenario, unreadable), ProtocolReader(unreadable)
        self._harness, self._shown, self._around = HarnessReader(), Shown(), AroundReader()
        self._build, self._stories, self._load = FirstError(), Stories(), LoadReader()
        self._expected = ExpectedPanics(is_to_panic)
        self._awaits = False
        """Whether one of them awaits the next line, whatever it is."""

    @property
    def own(self) -> tuple[Expression, ...]:
        """The scenario's expressions."""
        return self._own.expressions

    @property
    def build_error(self) -> str:
        """The first error of a compiler so far; empty where there is none."""
        return self._build.so_far

    def read(self, t: float, raw: bytes) -> list[Found]:
        """Say what a line, without its end, means at ``t`` seconds; most lines mean nothing."""
        found: list[Found] = [*self._own.take_wrong(t)]
        *overwritten, whole = drawn(raw)
        line = look(unpadded(of_container(whole)))
        rest = _behind_test(whole)
        if Kind.OWN in line.kinds and (marked := self._protocol.read(t, rest)) is not None:
            return [*found, *marked]
        if line.kinds or overwritten or self._awaits:
            found += self._stories.fresh(t, self._read_told(t, line, overwritten))
            self._awaits = any(one.awaits for one in (self._harness, self._shown, self._around, self._build))
        return [*found, *self._own.read(t, rest)]

    def tick(self, t: float) -> list[Found]:
        """Let time pass: tell what no line has explained by now."""
        return self._stories.fresh(t, [*self._expected.tick(t)])

    def finish(self, t: float) -> list[Found]:
        """Tell what no line will explain any more."""
        told: list[Found] = [*self._stories.fresh(t, [*self._expected.finish(t)])]
        told += [*self._harness.finish(t), *self._load.finish(t)]
        return [*told, Matched(t, BUILD_ERROR, self._build.said)] if self._build.finish() else told

    def _read_told(self, t: float, line: Line, overwritten: list[str]) -> list[Found]:
        """Read what harnesses, runtimes and tools say; before it in its line others were drawn."""
        behind = _behind_test(line.text)
        rest = line if behind == line.text else look(behind)
        known = self._read_tests(t, line) or self._read_known(t, rest)
        if not known:  # a bar was drawn over it, and yet it was said
            known = next((found for one in overwritten if (found := read_crash(t, look(one)))), [])
        told: list[Found] = [*self._expected.read(t, line, known), *self._around.read(t, rest)]
        self._load.read(line)
        if self._build.read(line):
            told.append(Matched(t, BUILD_ERROR, self._build.said))
        return told

    def _read_tests(self, t: float, line: Line) -> list[Matched | Crashed]:
        tests = self._harness.read(t, line)
        ended = read_ended_test(line, counted=tests is not None)
        return [tests, *ended] if tests is not None else [*ended]

    def _read_known(self, t: float, line: Line) -> list[Matched | Crashed]:
        """Recognise what every run looks for."""
        if self._shown.read(line):
            return []
        found = read_crash(t, line, binds=self._shown.binds)
        return found or ([Matched(t, "skip", line.kept)] if Kind.SKIP in line.kinds else [])


def _behind_test(text: str) -> str:
    """What a test prints behind its name, where libtest wrote that first; any other text as it is."""
    found = _TEST_PREFIX.match(text) if text.startswith("test ") else None
    return text[found.end() :] if found else text
