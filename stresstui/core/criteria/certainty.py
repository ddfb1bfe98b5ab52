"""What a value that is a bound, or that a busy host has bent, can still say for or against a rule."""

from collections import deque
from typing import Final

import msgspec

from stresstui.core.criteria.base import Observation
from stresstui.core.criteria.finding import MISSING_ALLOWED, Conclusion
from stresstui.core.criteria.rule import Rule
from stresstui.core.criteria.state import Verdict
from stresstui.core.derive.child import FROM_OUTPUT, Facts
from stresstui.core.model.certainty import Certainty

# Bound to names as in core.model.event.
_EXACT: Final = Certainty.EXACT
_ESTIMATE: Final = Certainty.ESTIMATE
_AT_LEAST: Final = Certainty.AT_LEAST
_AT_MOST: Final = Certainty.AT_MOST
_BOUNDS: Final = (_AT_LEAST, _AT_MOST)
_LONG_AGO: Final = float("-inf")
_ENDLESS: Final = float("inf")
_BUSY_ALLOWED: Final = 0.5
"""Share of the values for which the host may be too busy: the others still tell."""
_NOT_MONOTONE: Final = ("cv", "growth")
"""Aggregates that may rise or fall when one of their values does: of bounds they are no bound."""


def settles(rule: Rule, value: float, certainty: Certainty) -> bool:
    """Whether a value of that certainty says for sure if the rule holds."""
    if certainty not in _BOUNDS:
        return True
    limit = rule.threshold.value
    if rule.operator in ("==", "!="):
        return value > limit if certainty is _AT_LEAST else value < limit
    # A lower bound can break an upper limit and keep a lower one; an upper bound the other way about.
    return rule.holds(value) is (rule.lower is (certainty is _AT_LEAST))


def unless_silent(rule: Rule, found: Conclusion, facts: Facts) -> Conclusion:
    """Take a pass back that rests on what was not said, where some could not be read or may have been kept silent."""
    why = facts.unread if rule.metric in FROM_OUTPUT else ""
    if rule.metric == "oom_errors":
        why = why or facts.at_limit
    if not why or found.verdict is not Verdict.PASSED:
        return found
    if found.value is not None and settles(rule, found.value, _AT_LEAST):
        return found
    said = f"{found.evidence}; {why}"
    return msgspec.structs.replace(found, verdict=Verdict.INCONCLUSIVE, evidence=said)


class Blur(msgspec.Struct):
    """Which of the values behind a measure are bounds, and which were read while the host was busy."""

    rule: Rule
    memory: float
    """Seconds for which a value is part of the measure: its window, 0 for the present value alone, or endless."""
    lower_t: float = _LONG_AGO
    """When the newest lower bound came."""
    upper_t: float = _LONG_AGO
    """When the newest upper bound came."""
    busy_t: float = _LONG_AGO
    """When the host was last too busy."""
    estimated: bool = False
    """True once a value was not exact."""
    hazy: bool = False
    """True once a value may have said too much."""
    values: int = 0
    """Values in all."""
    bounds: int = 0
    """Values that are bounds."""
    busy: int = 0
    """Values that were read while the host was busy, or an investigation burdened the run."""
    burdened: int = 0
    """Values of these that were read during an investigation."""
    open: int = 0
    """Values at which the measure settled nothing."""
    left_out: int = 0
    """Values that are no part of the measure, because an investigation burdened the run."""
    window: deque[tuple[float, bool]] = msgspec.field(default_factory=deque)
    """When the values of the window came, from the first that was not certain on, and whether the host was busy."""
    window_busy: int = 0
    """For how many of those it was."""

    def observe(self, seen: Observation) -> None:
        """Take in how certain a value is that is not exact, or that was read while the host was busy."""
        if seen.strained:
            self.hazy = True
            self.busy += 1
            self.busy_t = seen.t
            self.burdened += seen.burdened
        if seen.certainty is _EXACT:
            return
        self.estimated = True
        if seen.certainty is _ESTIMATE:
            return
        self.bounds += 1
        self.hazy = True
        if seen.certainty is _AT_LEAST:
            self.lower_t = seen.t
        else:
            self.upper_t = seen.t

    def leaves_out(self, seen: Observation) -> bool:
        """Count a value that is no part of the measure, because an investigation bent it; a window keeps its own."""
        if not seen.burdened or self.rule.window is not None:
            return False
        self.left_out += 1
        self.hazy = True
        return True

    def turn(self, t: float) -> None:
        """Let the window go on to a value that came at ``t`` seconds."""
        if self.memory == _ENDLESS:
            return
        busy = self.busy_t == t
        self.window.append((t, busy))
        self.window_busy += busy
        while self.window[0][0] < t - self.memory:
            self.window_busy -= self.window.popleft()[1]

    def _has(self, at: float, t: float) -> bool:
        """Whether what came at that instant is part of the measure at ``t``."""
        return at > _LONG_AGO and at >= t - self.memory

    def certainty(self, t: float) -> Certainty | None:
        """How certain the measure is at ``t``; None where it is a bound on neither side."""
        lower, upper = self._has(self.lower_t, t), self._has(self.upper_t, t)
        if (lower and upper) or ((lower or upper) and self.rule.aggregate in _NOT_MONOTONE):
            return None
        if lower or upper:
            return _AT_LEAST if lower else _AT_MOST
        return _ESTIMATE if self.estimated else _EXACT

    def settles(self, t: float, value: float, *, bracketed: bool = False) -> bool:
        """Whether the measure, as it is at ``t``, says for sure if the rule holds.

        ``bracketed`` tells that what it can be at most is on the same side of the limit.
        """
        if self._is_bent(t, value):
            return False
        if bracketed:
            return True
        certainty = self.certainty(t)
        return certainty is not None and settles(self.rule, value, certainty)

    def _is_bent(self, t: float, value: float) -> bool:
        """Whether the host was too busy for the value: any such moment may cross a limit, but few keep none."""
        if self.memory == _ENDLESS:
            return self.mostly_busy
        if not self._has(self.busy_t, t):
            return False
        return not self.rule.holds(value) or self.window_busy > _BUSY_ALLOWED * len(self.window)

    @property
    def mostly_busy(self) -> bool:
        """Whether the host was too busy for most of the values."""
        return self.busy + self.left_out > _BUSY_ALLOWED * (self.values + self.left_out)

    @property
    def mostly_bounds(self) -> bool:
        """Whether more of the values are bounds than may be missing."""
        return self.bounds > MISSING_ALLOWED * self.values

    @property
    def mostly_open(self) -> bool:
        """Whether more of the values settled nothing than may be missing, or than the host may be busy for."""
        return self.mostly_busy or self.open - self.busy > MISSING_ALLOWED * self.values

    @property
    def mostly_hazy(self) -> bool:
        """Whether too few of the values are certain for what is drawn through all of them."""
        return self.hazy and (self.mostly_bounds or self.mostly_busy)

    def temper(self, found: Conclusion) -> Conclusion:
        """Take a verdict back that too few of the values are certain enough for."""
        if not self.mostly_hazy or (found.verdict is Verdict.INCONCLUSIVE and not self.left_out):
            return found
        return msgspec.structs.replace(found, verdict=Verdict.INCONCLUSIVE, evidence=found.evidence + self.why())

    @property
    def of_value(self) -> Certainty:
        """How certain what came of the values is; of bounds on both sides it is an estimate."""
        said = {"": _EXACT, ", a lower bound": _AT_LEAST, ", an upper bound": _AT_MOST}
        return said.get(self.kind, _ESTIMATE)

    @property
    def kind(self) -> str:
        """How certain the values are, in a few words at the end of a sentence; empty where they are exact."""
        if not self.bounds:
            return ", an estimate" if self.estimated else ""
        lower, upper = self.lower_t > _LONG_AGO, self.upper_t > _LONG_AGO
        if (lower and upper) or self.rule.aggregate in _NOT_MONOTONE:
            return ", from bounds"
        return ", a lower bound" if lower else ", an upper bound"

    def _what_bent(self) -> str:
        """What kept the values from saying anything, and what would settle it."""
        looks = self.burdened + self.left_out
        saturated, time = self.busy - self.burdened, max(1, self.values + self.left_out)
        investigated = f"it was investigated in {looks / time:.0%} of that time"
        strained = f"the host was saturated in {saturated / time:.0%} of that time"
        if not looks:
            return f"{strained}, which says little of times and rates: a run on a host with room would settle it"
        if not saturated:
            return f"{investigated}, which is left out: a run that nobody looks into would settle it"
        return f"{investigated}, and {strained}: a run on a host with room that nobody looks into would settle it"

    def why(self) -> str:
        """Why it settles nothing, and what would settle it, as the end of a sentence."""
        if self.mostly_busy or not self.bounds:
            return f"; {self._what_bent()}"
        side = {", a lower bound": "more", ", an upper bound": "less"}.get(self.kind, "more or less")
        return (
            f"; {self.bounds} of {self.values} values are bounds, and the truth may be {side}:"
            " a count that the workload prints itself would settle it"
        )


def memory_of(rule: Rule) -> float:
    """For how many seconds a value is part of what a rule measures."""
    if rule.window is not None:
        return rule.window
    return 0.0 if rule.aggregate == "last" or rule.always else _ENDLESS
