"""Growth per unit of work: ``growth(fds, per=connections_total) < 0.001``.

Ten minutes at 500 connections a second can say more than a day at three: what a connection leaves behind is regressed
on the count of connections, not on time.
"""

from typing import Final

import msgspec

from stresstui.core.criteria.aggregates import Crossing
from stresstui.core.criteria.base import Baseline, Coverage, End, Judge, Observation
from stresstui.core.criteria.certainty import Blur, memory_of
from stresstui.core.criteria.finding import MISSING_ALLOWED, Conclusion, Finding, describe_missing
from stresstui.core.criteria.growing.history import kind_of
from stresstui.core.criteria.growing.work_history import WorkHistory, WorkTrend
from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.model.certainty import Certainty
from stresstui.core.model.event import Phase
from stresstui.core.model.units import format_value

EVALUATE_EVERY: Final = 5.0
"""Seconds between two evaluations in the first minutes ..."""
EVALUATE_LATER: Final = 60.0
"""... and from ``SOON_S`` on."""
SOON_S: Final = 900.0
HOLD_S: Final = 20.0
"""Seconds for which a leak has to be found before it is called while the run goes on."""
SOAKED_S: Final = 40.0
"""Seconds of soak before which none is called; of memory, which every program takes at first, three times as much."""
WORK_LEAST: Final = 200.0
"""Units of work below which nothing is concluded."""
FLOORS: Final = 2.0
"""How many times what matters in practice has to be added before it is called a leak."""
SHOWN_T: Final = 3.3
"""Standard errors at which a slope would have shown."""
# Bound to a name as in core.model.event.
_SOAK: Final = Phase.SOAK
_EXACT: Final = Certainty.EXACT


class PerWorkJudge(Judge):
    """Judges what a metric grows by with each unit of work."""

    def __init__(self, state: CriterionState) -> None:
        super().__init__(state)
        self.work_name = state.rule.per
        """The counter of the work."""
        self._kind = kind_of(state.metric, state.rule.operator)
        self._history = WorkHistory(self._kind.sign)
        self._coverage = Coverage(state)
        self._blur = Blur(state.rule, memory_of(state.rule))
        self._began = 0.0
        self._due: float | None = None
        self._leaking_since: float | None = None
        self._in_soak = False

    def begin_soak(self, baseline: Baseline) -> None:
        """What came before does not count."""
        self._coverage.begin(baseline.t)
        self._began, self._in_soak = baseline.t, True

    def note_work(self, total: float) -> None:
        """So many units have been done in all, accumulated over resets of the counter."""
        if self._in_soak:
            self._history.advance(total)

    def note_restart(self, t: float) -> None:
        """Other processes hold what they hold."""
        del t
        self._history.restart()
        self._leaking_since = None

    def assess(self, seen: Observation) -> Finding | None:
        """Feed the history; evaluate now and then."""
        if seen.phase is not _SOAK:
            self._in_soak = False
            return None
        if not self._coverage.judged_at(seen.t):
            return None
        self._coverage.count(seen)
        if seen.value is None or self._blur.leaves_out(seen):
            return None
        self._history.observe(seen.value)
        self._blur.values += 1
        if seen.certainty is not _EXACT or seen.strained:
            self._blur.observe(seen)
        if self._due is not None and seen.t < self._due:
            return None
        self._due = seen.t + (EVALUATE_EVERY if seen.t - self._began < SOON_S else EVALUATE_LATER)
        trend = self._history.trend()
        if trend is None:
            return None
        found = self._found(trend, seen.t)
        return msgspec.structs.replace(found, crossing=None) if self._blur.mostly_hazy else found

    def _found(self, trend: WorkTrend, t: float) -> Finding:
        said = describe(self.state, trend)
        if not self._leaks(trend):
            self._leaking_since = None
            return Finding(trend.slope, Crossing.NONE, trend.slope, evidence=said, forgives=True)
        if self._leaking_since is None:
            self._leaking_since = t
        wait = SOAKED_S * (3.0 if self.state.metric.unit == "bytes" else 1.0)
        sure = t - self._leaking_since >= HOLD_S and t - self._began >= wait
        return Finding(trend.slope, Crossing.FIRM if sure else Crossing.OPEN, trend.slope, evidence=said)

    def _leaks(self, trend: WorkTrend) -> bool:
        """Whether no slope in the interval keeps the rule, and the rise is one that matters and goes on."""
        outside = not any(self.state.rule.holds(slope) for slope in trend.interval)
        matters = trend.work >= WORK_LEAST and trend.rise >= FLOORS * self._floor(trend)
        return outside and matters and trend.goes_on and not trend.stepped

    def _floor(self, trend: WorkTrend) -> float:
        return self._kind.floor(trend.level)

    def assess_end(self, end: End) -> Conclusion:
        """Passed and failed only when the whole interval says so."""
        missing = self._coverage.missing(end.soaked)
        trend = self._history.trend()
        if trend is None or trend.work < WORK_LEAST:
            done = f"{self._history.work:,.0f} {self.work_name}" if self._history.work else f"no {self.work_name}"
            said = f"{self.state.metric.title}: {done} in the soak is too little work to judge by"
            return Conclusion(Verdict.INCONCLUSIVE, said, None, missing)
        verdict, why = self._settled(trend, missing)
        return self._blur.temper(Conclusion(verdict, describe(self.state, trend) + why, trend.slope, missing))

    def _settled(self, trend: WorkTrend, missing: float) -> tuple[Verdict, str]:
        shown = max(self._floor(trend) / trend.work, SHOWN_T * trend.line.error)
        least = (
            f"a fall of {show_per(self.state, shown)}" if trend.sign < 0 else f"more than {show_per(self.state, shown)}"
        )
        would = f"; {least} would have shown"
        if self._leaks(trend):
            return Verdict.FAILED, would
        if missing > MISSING_ALLOWED:
            return Verdict.INCONCLUSIVE, f"{would}; {describe_missing(missing)}"
        if all(self.state.rule.holds(slope) for slope in trend.interval):
            enough = shown <= abs(self.state.rule.threshold.value)
            more = "" if enough else f", which is not enough to settle {self.state.rule.threshold}"
            return Verdict.PASSED if enough else Verdict.INCONCLUSIVE, would + more
        if not any(self.state.rule.holds(slope) for slope in trend.interval):
            matters = FLOORS * self._floor(trend)
            small = f"below {format_value(matters, self.state.metric.unit)} in all none is called a leak"
            but = "it slows down or comes in steps, as a warm-up does" if trend.rise >= matters else small
            return Verdict.INCONCLUSIVE, f"{would}; but {but}"
        return Verdict.INCONCLUSIVE, f"{would}; not enough to settle {self.state.rule.threshold}"


def describe(state: CriterionState, trend: WorkTrend) -> str:
    """Say the slope with its interval, and over how much work."""
    slope, (low, high) = trend.slope, trend.interval
    between = f"95 % between {show_per(state, low)} and {show_per(state, high)}"
    rise = format_value(abs(trend.rise), state.metric.unit)
    way = "more" if slope >= 0 else "less"
    over = f"{trend.work:,.0f} {state.rule.per}, {rise} {way} in all"
    return f"{state.metric.title} {show_per(state, slope)} per unit ({between}) over {over}"


def show_per(state: CriterionState, value: float) -> str:
    """Show a slope per unit of work however small it is."""
    return state.show(value)
