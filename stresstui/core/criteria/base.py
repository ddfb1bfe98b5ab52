"""What all judges share: what they are given, what they give back, and how much of what was due they could read."""

from abc import ABC, abstractmethod
from typing import Final

import msgspec

from stresstui.core.criteria.finding import Conclusion, Finding, record, settle
from stresstui.core.criteria.rule import Rule
from stresstui.core.criteria.state import CriterionState
from stresstui.core.derive.child import Facts
from stresstui.core.derive.strain import STRAIN_METRICS, tells_of_time
from stresstui.core.growth import Patience
from stresstui.core.model.certainty import Certainty
from stresstui.core.model.event import Captured, Phase
from stresstui.core.model.metric import COLLECTED, Metric

NO_SAMPLE: Final = -1
"""Missed samples, where the values judged do not come from a sample."""
_EXACT: Final = Certainty.EXACT
STALE_SHARE: Final = 0.1
"""Part of the soak for which a reported metric may be silent at the end."""


class Observation(msgspec.Struct, frozen=True):
    """A metric's value at an instant."""

    t: float
    """Seconds since the run started."""
    value: float | None
    """The value in base units; None where it could not be read."""
    phase: Phase
    """The phase that the run is in."""
    remaining_ratio: float | None = None
    """How many times the soak so far is still to come; None where the plan has no end."""
    missed: int = NO_SAMPLE
    """Samples that are missing before this one; NO_SAMPLE where the value does not come from a sample."""
    certainty: Certainty = _EXACT
    """How certain the value is."""
    strained: bool = False
    """True where the host was too busy, or the run burdened, for the value to say anything."""
    burdened: bool = False
    """True where it was an investigation that burdened the run."""
    unserved: bool = False
    """True once a service that the system under test needs has ended: what happens now may not be its fault."""
    stalled: bool = False
    """True where the host stood still before this value came."""
    most: float | None = None
    """What the value is at most where it is a lower bound, base units; None where that is not known."""


class Baseline(msgspec.Struct, frozen=True):
    """What is known when the soak begins."""

    t: float
    """When it begins, seconds since the run started."""
    values: dict[str, float]
    """Values at the end of warm-up, by metric, base units."""
    idle: dict[str, float]
    """Values before the load began; empty where that instant is not known."""
    patience: Patience
    """What is known of the soak's length."""


class End(msgspec.Struct, frozen=True):
    """What is known of a run when it is judged for the last time."""

    facts: Facts
    """What happened to the child."""
    soaked: float
    """Seconds of soak."""
    duration_share: float | None
    """Time under load in percent of the plan; None where the plan has no end."""
    processes_left: bool
    """Whether processes of the system under test outlived the child."""
    whole: bool
    """Whether the run went to the end of its plan."""
    full: float | None
    """Seconds that the scenario itself would last, where the run was planned to be shorter; None otherwise."""
    rest_missing: float
    """Seconds by which the cool-down was shorter than the scenario's own; 0 where it was as long."""
    left_open: Captured | None
    """Descriptors that were open at the end of cool-down and not before the load."""
    served: Facts | None
    """What had happened to the child when a service ended in mid-run; None where none did."""


UNSERVED: Final = "a service had ended by then, and whose fault that is cannot be told"
"""What is said of a rule that was broken without the services."""


class Judge(ABC):
    """Follows one criterion through a run. It holds what it has seen; what it finds moves the criterion's state."""

    def __init__(self, state: CriterionState) -> None:
        self.state = state
        self.name = state.metric.name
        self.timed = is_timed(state.rule, state.metric)
        """Whether a host that is too busy bends what is judged."""
        self.counts = state.rule.aggregate == "count"
        """Whether it counts what happened: that happened, whoever looked on."""

    def observe(self, seen: Observation) -> None:
        """Take in the metric's value at an instant, and judge."""
        if seen.unserved and not self.counts:
            return
        finding = self.assess(seen)
        if finding is not None:
            record(self.state, seen.t, finding)

    def conclude(self, end: End) -> None:
        """Give the final verdict."""
        settle(self.state, self.assess_end(end))

    @abstractmethod
    def assess(self, seen: Observation) -> Finding | None:
        """Take in a value; say what the criterion is worth now, or None where nothing can be said anew."""

    @abstractmethod
    def assess_end(self, end: End) -> Conclusion:
        """Say what the criterion came to."""

    def begin_soak(self, baseline: Baseline) -> None:  # noqa: B027 - most judges need no baseline
        """The soak begins."""

    def note_restart(self, t: float) -> None:  # noqa: B027 - few judges ask for it
        """Processes of the system under test were started again."""

    def note_exit(self) -> None:  # noqa: B027 - few judges ask for it
        """A sample of cool-down shows no process of the system under test."""


def is_timed(rule: Rule, metric: Metric) -> bool:
    """Whether what a rule measures depends on how fast the host is: times, rates, and the CPU that it could get."""
    return tells_of_time(metric) or (rule.aggregate == "rate" and metric.name not in STRAIN_METRICS)


_PACE_FROM = 4
"""Reports from which on their pace is known."""
_PACES = 1.5
"""Times the usual distance of two reports after which a silence is one."""


class Coverage:
    """How much of what was due in the soak could be read, for one criterion."""

    def __init__(self, state: CriterionState) -> None:
        self._collected = state.metric.name in COLLECTED
        self._after = state.rule.after
        self._began: float | None = None
        self._due = 0
        self._had = 0
        self._first: float | None = None
        self._last: float | None = None

    def begin(self, t: float) -> None:
        """The soak begins."""
        self._began = t

    def judged_at(self, t: float) -> bool:
        """Whether the rule's ``after`` has passed."""
        return not self._after or (self._began is not None and t - self._began >= self._after)

    def count(self, seen: Observation) -> None:
        """Count what an instant brought."""
        if seen.missed >= 0:
            self._due += 1 + seen.missed
        if seen.value is not None:
            self._had += 1
            self._last = seen.t
            if self._first is None:
                self._first = seen.t

    def missing(self, soaked: float) -> float:
        """Share of what was due that is missing, 0 to 1; of reported metrics only silence at the end is known."""
        if self._collected:
            return max(0.0, 1.0 - self._had / self._due) if self._due else 0.0
        if self._last is None or self._began is None or not soaked:
            return 0.0
        silent = min(soaked, self._began + soaked - self._last)
        return max(0.0, silent / soaked) if silent > max(STALE_SHARE * soaked, 5.0, self._usual_silence()) else 0.0

    def _usual_silence(self) -> float:
        """Seconds for which a program that reports so seldom may be silent; 0 where its pace is not known."""
        if self._first is None or self._last is None or self._had < _PACE_FROM:
            return 0.0
        return _PACES * (self._last - self._first) / (self._had - 1)
