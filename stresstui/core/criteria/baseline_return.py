"""Returns: ``settles(metric)``, judged by what is left over its baseline when cool-down ends."""

import math
from typing import Final

import msgspec

from stresstui.core.criteria.aggregates import Crossing
from stresstui.core.criteria.base import Baseline, End, Judge, Observation
from stresstui.core.criteria.finding import Conclusion, Finding
from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.model.certainty import Certainty
from stresstui.core.model.event import Captured, Descriptor, Phase
from stresstui.core.model.metric import Metric
from stresstui.core.model.units import format_duration, format_value

# Bound to a name as in core.model.event.
_COOL_DOWN: Final = Phase.COOL_DOWN
NAMED: Final = 3
"""Leftover descriptors that the evidence names."""


class Return(msgspec.Struct):
    """What ``settles(metric)`` compares: a baseline and what is read in cool-down."""

    baseline: float | None = None
    """Value to return to, base units."""
    loaded: float | None = None
    """Value at the end of warm-up, base units."""
    taken: str = "at the end of warm-up"
    """When the baseline was taken, in words."""
    latest: list[float] = []
    """The newest readings of cool-down, at most RETURN_KEPT."""
    exited: bool = False
    """True once no process of the system under test was left to read."""
    last_live: float | None = None
    """The newest reading of all, before cool-down or in it."""
    bounds: list[tuple[float, float]] = []
    """What ``latest`` are at least and at most."""
    burdened: bool = False
    """True once an investigation left something of its own in the processes."""

    def observe(self, x: float, certainty: Certainty = Certainty.EXACT, most: float | None = None) -> None:
        """Take in a reading of cool-down; of a lower bound ``most`` is what it is at most, where that is known."""
        low = -math.inf if certainty is Certainty.AT_MOST else x
        high = (math.inf if most is None else most) if certainty is Certainty.AT_LEAST else x
        self.latest = [*self.latest[1 - RETURN_KEPT :], x]
        self.bounds = [*self.bounds[1 - RETURN_KEPT :], (low, high)]
        self.exited = False

    def settles(self, limit: float) -> bool:
        """Whether one reading surely is within the limit, or every one surely beyond it."""
        return any(high <= limit for _, high in self.bounds) or all(low > limit for low, _ in self.bounds)

    def leave(self) -> None:
        """Take in that no process of the system under test is left."""
        self.latest, self.bounds, self.exited = [], [], True


RETURN_KEPT: Final = 3
"""Readings at the end of cool-down whose smallest counts: one stray spike is not a leftover."""


def allowance(metric: Metric, baseline: float) -> float:
    """How far above its baseline a metric may stay and still count as returned, base units."""
    if metric.unit == "bytes":
        return max(8 * 2.0**20, 0.10 * baseline)
    return max(4.0, 0.05 * baseline) if metric.name == "fds" else max(2.0, 0.05 * baseline)


def leftover(back: Return) -> float | None:
    """How much is left above the baseline, base units; None where that cannot be told."""
    if not back.latest or back.baseline is None:
        return None
    return max(0.0, min(back.latest) - back.baseline)


class ReturnJudge(Judge):
    """Judges whether a metric comes back."""

    def __init__(self, state: CriterionState) -> None:
        super().__init__(state)
        self.back = Return()

    def begin_soak(self, baseline: Baseline) -> None:
        """Take the value before the load where there was one, for memory the one after warm-up."""
        self.back.loaded = baseline.values.get(self.name)
        if self.name in baseline.idle and self.state.metric.unit != "bytes":
            self.back.baseline, self.back.taken = baseline.idle[self.name], "before the load began"
        else:
            self.back.baseline = self.back.loaded

    def assess(self, seen: Observation) -> Finding | None:
        """Watch the metric; in cool-down it is pending until it is back, a breach only when cool-down has ended."""
        if seen.value is None:
            return None
        self.back.burdened = self.back.burdened or seen.burdened
        if self.back.burdened:
            return None
        self.back.last_live = seen.value
        if seen.phase is not _COOL_DOWN:
            return None
        self.back.observe(seen.value, seen.certainty, seen.most)
        left = leftover(self.back)
        if left is None:
            return None
        settled = left <= allowance(self.state.metric, self.back.baseline or 0.0)
        return Finding(left, Crossing.NONE if settled else Crossing.OPEN, left)

    def note_exit(self) -> None:
        """Nothing of it is left."""
        self.back.leave()

    def assess_end(self, end: End) -> Conclusion:
        """Say what is left over."""
        if end.facts.ended_itself and not self.back.latest and not end.processes_left:
            self.back.leave()
        self.back.exited = self.back.exited and self.back.last_live is not None
        found = conclude_return(self.state, self.back, stopped=end.facts.planned, left_open=end.left_open)
        return _unless_hurried(found, end.rest_missing)


def _unless_hurried(found: Conclusion, rest_missing: float) -> Conclusion:
    """What has not come back is open where it was given less time than the scenario gives."""
    if found.verdict is not Verdict.FAILED or not rest_missing:
        return found
    said = (
        f"{found.evidence}; {format_duration(rest_missing)} more of cool-down, as the scenario has it, would settle it"
    )
    return msgspec.structs.replace(found, verdict=Verdict.INCONCLUSIVE, evidence=said)


def conclude_return(state: CriterionState, back: Return, *, stopped: bool, left_open: Captured | None) -> Conclusion:
    """Settle a return to baseline; ``stopped`` tells that the child was stopped under load."""
    title, left = state.metric.title, leftover(back)
    if back.exited:
        held = f"; it held {format_value(back.last_live, state.unit)} when last read" if back.last_live else ""
        said = f"{title}: the system under test has exited, nothing of it is left{held}"
        return Conclusion(Verdict.PASSED, said, 0.0)
    if back.burdened:
        said = f"{title}: it was investigated with what bends it; a run that nobody looks into would settle it"
        return Conclusion(Verdict.INCONCLUSIVE, said, state.value)
    if left is not None:
        return _conclude_leftover(state, back, left, name_leftover(state.metric, left_open))
    if stopped and back.loaded is not None and back.last_live is not None:
        return _conclude_stopped(state, back.last_live, back.loaded)
    why = "no baseline" if back.latest else "the run had no cool-down to return in"
    return Conclusion(Verdict.INCONCLUSIVE, f"{title}: {why}", state.value)


def _conclude_stopped(state: CriterionState, held: float, baseline: float) -> Conclusion:
    """Settle a run that was stopped under load: nothing can return any more, but what piled up would have shown."""
    room = allowance(state.metric, baseline)
    # Connections that nobody closes pile up under load; descriptors and memory may be given back at the end only.
    piles_up = state.metric.name in ("established", "close_wait")
    verdict = Verdict.PASSED if piles_up and held <= baseline + room else Verdict.INCONCLUSIVE
    now, then = format_value(held, state.unit), format_value(baseline, state.unit)
    how = "nothing piled up" if verdict is Verdict.PASSED else "whether that would have been given back is open"
    said = f"{state.metric.title} {now} when the child was stopped under load, {then} at the end of warm-up: {how}"
    return Conclusion(verdict, said, max(0.0, held - baseline))


def name_leftover(metric: Metric, left_open: Captured | None) -> str:
    """Name the first descriptors that stayed open and that this metric counts; empty where there are none."""
    matches = [d for d in left_open.descriptors if _counts(metric.name, d)] if left_open else []
    if not matches:
        return ""
    more = f" and {len(matches) - NAMED} more" if len(matches) > NAMED else ""
    return f"; stayed open: {', '.join(describe_descriptor(d) for d in matches[:NAMED])}{more}"


def _counts(metric: str, descriptor: Descriptor) -> bool:
    if metric == "fds":
        return True
    if metric == "udp_sockets":
        return descriptor.kind == "udp"
    return descriptor.kind == "tcp" and descriptor.state == metric.upper()


def describe_descriptor(descriptor: Descriptor) -> str:
    """Say in a few words whose descriptor it is, what it is, and for how long it has been open."""
    what = f"{descriptor.local}->{descriptor.peer}" if descriptor.peer else descriptor.local or descriptor.target
    age = f" for {format_duration(descriptor.age_s)} or more" if descriptor.age_s else ""
    words = (descriptor.name, f"fd {descriptor.fd}", descriptor.kind, descriptor.state, what)
    return " ".join(word for word in words if word) + age


def _conclude_leftover(state: CriterionState, back: Return, left: float, named: str) -> Conclusion:
    baseline = back.baseline or 0.0
    room = allowance(state.metric, baseline)
    now, then = format_value(min(back.latest), state.unit), format_value(baseline, state.unit)
    said = (
        f"{state.metric.title} {now} at the end of cool-down, {then} {back.taken};"
        f" {format_value(left, state.unit)} left over, {format_value(room, state.unit)} allowed{named}"
    )
    if not back.settles(baseline + room):
        side = "more" if left <= room else "less"
        unsure = f"; the last readings are bounds, and the truth may be {side}: a longer cool-down would settle it"
        return Conclusion(Verdict.INCONCLUSIVE, said + unsure, left)
    return Conclusion(Verdict.PASSED if left <= room else Verdict.FAILED, said, left)
