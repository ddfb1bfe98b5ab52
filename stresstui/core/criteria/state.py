"""The state of one criterion: verdict, value, breaches, evidence. Only ``finding`` changes it."""

from enum import StrEnum
from typing import Final

import msgspec

from stresstui.core.criteria.rule import Rule, measured_unit
from stresstui.core.model.certainty import Certainty
from stresstui.core.model.metric import Metric
from stresstui.core.model.scenario import CriterionSpec, Severity
from stresstui.core.model.units import deciding_digits, first_digits, format_value, three_digits

_TELLING: Final = 0.01
"""Part of a limit per unit of work below which a number is none."""
BREACHES_KEPT: Final = 200
"""Intervals kept per criterion; a rule that flaps for a day is counted, not stored, beyond that."""


class Verdict(StrEnum):
    """Of one criterion: the first five while the run is on, the last three when it has ended."""

    NO_DATA = "no_data"
    OK = "ok"
    OPEN = "open"
    """Something has to be reached, was not yet, and still can be."""
    PENDING = "pending"
    BREACHED = "breached"
    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    WARNING = "warning"
    """Shown instead of ``breached`` and ``failed`` where that does not fail the run; no criterion's own verdict."""


class Breach(msgspec.Struct):
    """An interval in which a criterion was breached."""

    began: float
    """Seconds since the run started, from the first crossing on."""
    ended: float | None = None
    """Seconds since the run started; None while it goes on, or went on at the end."""
    worst: float | None = None
    """The value farthest over the threshold, base units."""


class CriterionState(msgspec.Struct):
    """One criterion as judged so far."""

    spec: CriterionSpec
    """As written."""
    rule: Rule
    """As parsed."""
    metric: Metric
    """What it reads."""
    verdict: Verdict = Verdict.NO_DATA
    """Live verdict; after the end the final one."""
    value: float | None = None
    """What was measured, base units of ``unit``."""
    certainty: Certainty = Certainty.EXACT
    """How certain ``value`` is; of bounds on both sides it is an estimate."""
    evidence: str = ""
    """One sentence with numbers and window."""
    recent: float | None = None
    """What is measured over the last minute, where ``value`` is over the whole soak; base units."""
    host_wide: bool = False
    """True where the metric counts for the whole host, so that another program may be behind what it shows."""
    active: bool = False
    """True while a breach is going on."""
    cleared_at: float | None = None
    """Since when the threshold is no longer crossed, while the breach is not over yet."""
    crossed_at: float | None = None
    """When the threshold was crossed, for as long as it is."""
    breaches: list[Breach] = []
    """Intervals, oldest first; the first BREACHES_KEPT of them."""
    breach_count: int = 0
    """How many there were."""
    missing: float = 0.0
    """Share of the readings that were due in the soak and could not be had, 0 to 1."""

    @property
    def shown_verdict(self) -> Verdict:
        """The verdict as people are told it: what does not fail the run is a warning."""
        down = self.verdict in (Verdict.BREACHED, Verdict.FAILED)
        if self.unsettled:
            return Verdict.NO_DATA
        return Verdict.WARNING if down and self.spec.severity is Severity.WARN else self.verdict

    @property
    def unsettled(self) -> bool:
        """Whether a growth lies beyond its limit and is not called: neither a breach nor well."""
        if self.verdict is not Verdict.OK or self.rule.aggregate != "growth":
            return False
        margin = self.margin
        return margin is not None and margin < 0

    @property
    def unit(self) -> str:
        """Base unit of ``value``."""
        return measured_unit(self.rule, self.metric)

    @property
    def shown_unit(self) -> str:
        """The unit in which result.json and the screen show value and limit."""
        return self.rule.threshold.unit or {"count": "", "count/s": "/s"}.get(self.unit, self.unit)

    def in_shown_unit(self, value: float | None) -> float | None:
        """Convert a value in base units to the shown one."""
        if value is None:
            return None
        return value / self.rule.threshold.scale

    @property
    def limit(self) -> float | None:
        """The threshold in the shown unit; None where the rule has none."""
        return None if self.rule.aggregate == "settles" else self.rule.threshold.number

    @property
    def margin(self) -> float | None:
        """Room to the threshold in the shown unit; negative when it is crossed."""
        value, limit = self.in_shown_unit(self.value), self.limit
        if value is None or limit is None:
            return None
        if self.rule.operator in ("==", "!="):
            return 0.0 - abs(value - limit)
        return limit - value if self.rule.upper else value - limit

    @property
    def shown_value(self) -> str:
        """The value for people, in the shown unit; ``-`` without data."""
        return self.show(self.value)

    def show(self, value: float | None) -> str:
        """Show a value in base units for people, in the shown unit; ``-`` for None."""
        if value is None or not (self.rule.threshold.unit or self.rule.per or self.unit == "count"):
            return format_value(value, self.unit)
        joint = " " if self.shown_unit[:1].isalpha() else ""
        return f"{self.show_number(self.in_shown_unit(value) or 0.0)}{joint}{self.shown_unit}"

    def show_number(self, number: float) -> str:
        """Show a number in the shown unit, with the digits that tell on which side of the limit it is."""
        if self.rule.per:
            number = number if abs(number) >= _TELLING * abs(self.limit or 0.0) else 0.0
            shown = first_digits(number)
        elif self.unit == "count" and not self.rule.threshold.unit:
            shown = format_value(number, "count")
        elif self.rule.aggregate != "growth" and self.unit.startswith("bytes"):
            shown = three_digits(number)
            shown = first_digits(number) if number and not shown.strip("-0.") else shown
        else:
            shown = three_digits(number)
        return shown if self.limit is None else deciding_digits(number, self.limit, shown)
