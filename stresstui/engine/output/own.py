"""What a scenario looks for in the lines of its program: numbers of its metrics, and patterns."""

import re
from typing import Final

from stresstui.core.model.event import Doubted, Event, Matched, Problem, Reported
from stresstui.core.model.scenario import Scenario
from stresstui.core.text.expression import Expression, ExpressionError
from stresstui.engine.output.line import LINE_CUT
from stresstui.engine.output.number import Commas, NumberReader

_NOTHING: Final = frozenset(("", "nan", "null", "none", "n/a", "-"))
"""What a program writes where it has measured nothing, in small letters."""
_WORD: Final = re.compile(r"\w+")


class Unreadable:
    """Metrics of which a value could not be read: each is told of once."""

    def __init__(self, scenario: Scenario) -> None:
        """None was met yet."""
        self._judged = {word for criterion in scenario.criteria for word in _WORD.findall(criterion.rule)}
        self._met: set[str] = set()

    def doubt(self, t: float, name: str, text: str) -> list[Event]:
        """What a rule reads and nobody could may have broken it."""
        if name not in self._judged or name in self._met or text.lower() in _NOTHING:
            return []
        self._met.add(name)
        mend = "print a plain number, or nan where nothing was measured"
        return [Doubted(t, "output", f"'{name}' was '{text[:80]}' once, which cannot be judged; {mend}")]

    def explain(self, t: float, name: str, text: str, unit: str) -> list[Event]:
        """Say of what an expression found that it is no number, and doubt what a rule makes of it."""
        if not text or name in self._met:
            return []
        doubts = self.doubt(t, name, text)
        self._met.add(name)
        why = f"the expression of '{name}' found '{text[:80]}', which is no number in its unit, {unit}"
        return [*doubts, Problem(t, "output", why)]


class OwnReader:
    """Reads lines by a scenario's own expressions."""

    def __init__(self, scenario: Scenario, unreadable: Unreadable) -> None:
        """Compile them; one that is wrong becomes a Problem at the first line."""
        self._wrong: list[tuple[str, str]] = []
        self._unreadable = unreadable
        self._metrics = self._compiled({n: m.regex for n, m in scenario.metrics.items() if m.regex})
        known = {name: scenario.metric(name) for name in self._metrics}
        self._units = {name: metric.unit if metric else "count" for name, metric in known.items()}
        commas = Commas()
        self._numbers = {name: NumberReader(unit, commas) for name, unit in self._units.items()}
        self._patterns = self._compiled(scenario.patterns)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """All of them."""
        return (*self._metrics.values(), *self._patterns.values())

    def _compiled(self, expressions: dict[str, str]) -> dict[str, Expression]:
        compiled: dict[str, Expression] = {}
        for name, expression in expressions.items():
            try:
                compiled[name] = Expression(expression)
            except ExpressionError as error:
                self._wrong.append((name, str(error)))
        return compiled

    def take_wrong(self, t: float) -> list[Event]:
        """Say once which expressions are wrong."""
        wrong, self._wrong = self._wrong, []
        return [Problem(t, "output", f"the expression of '{name}' is wrong: {why}") for name, why in wrong]

    def read(self, t: float, line: str) -> list[Event]:
        """Say what they find in a line."""
        if not self._metrics and not self._patterns:
            return []
        encoded = line.encode()
        values, found = self._extract(t, encoded)
        if values:
            found.append(Reported(t, values))
        patterns = [name for name, regex in self._patterns.items() if regex.is_in(encoded)]
        return [*found, *(Matched(t, name, line[:LINE_CUT], {}) for name in patterns)]

    def _extract(self, t: float, line: bytes) -> tuple[dict[str, float], list[Event]]:
        """Read the metrics that their expressions find; say once of each what cannot be read."""
        values: dict[str, float] = {}
        problems: list[Event] = []
        for name, regex in self._metrics.items():
            text = regex.extract(line)
            value = None if text is None else self._numbers[name].read(text)
            if value is not None:
                values[name] = value
            elif text:
                problems += self._unreadable.explain(t, name, text, self._units[name])
        return values, problems
