"""Findings: what a judge says of its criterion, at an instant or at the end, and the one place that records them."""

from typing import Final

import msgspec

from stresstui.core.criteria.aggregates import Crossing
from stresstui.core.criteria.rule import Rule
from stresstui.core.criteria.state import BREACHES_KEPT, Breach, CriterionState, Verdict
from stresstui.core.model.certainty import Certainty
from stresstui.core.model.units import format_clock

# Bound to names as in core.model.event.
_NONE: Final = Crossing.NONE
_FIRM: Final = Crossing.FIRM
_OK: Final = Verdict.OK
_UNFIRM: Final = {_NONE: _OK, Crossing.OPEN: Verdict.PENDING, Crossing.AHEAD: Verdict.OPEN, _FIRM: Verdict.PENDING}
"""What a crossing that breaches nothing makes of the verdict."""
MISSING_ALLOWED: Final = 0.1
"""Share of missing readings beyond which a pass would be a guess."""


class Finding(msgspec.Struct, frozen=True):
    """What a criterion is worth at an instant."""

    value: float | None
    """What was measured, base units."""
    crossing: Crossing | None
    """On which side of the threshold; None where that cannot be said, and the verdict stays what it is."""
    worst: float | None = None
    """The value that a breach is to keep, base units."""
    recent: float | None = None
    """What is measured over the last minute, base units."""
    evidence: str | None = None
    """One sentence, where there is one before the end."""
    forgives: bool = False
    """True where the verdict follows the present: a breach that is over stays listed and leaves the verdict."""


class Conclusion(msgspec.Struct, frozen=True):
    """What a criterion came to."""

    verdict: Verdict
    """``passed``, ``failed`` or ``inconclusive``."""
    evidence: str
    """One sentence with numbers and window."""
    value: float | None = None
    """What was measured, base units."""
    missing: float = 0.0
    """Share of the readings that were due and could not be had, 0 to 1."""
    certainty: Certainty = Certainty.EXACT
    """How certain ``value`` is."""
    breached_at: float | None = None
    """When a rule was broken that is known at the end only, seconds since the run started."""


def record(state: CriterionState, t: float, finding: Finding) -> None:
    """Move a criterion's live state to what was found at ``t`` seconds."""
    state.value = finding.value
    if finding.recent is not None:
        state.recent = finding.recent
    if finding.evidence is not None:
        state.evidence = finding.evidence
    crossing = finding.crossing
    if crossing is None or (crossing is _NONE and state.verdict is _OK and not state.active):
        return
    if finding.forgives and crossing is not _FIRM and state.verdict is Verdict.BREACHED:
        state.verdict = _OK
    mark_crossing(state, t, crossing, finding.worst)


def settle(state: CriterionState, conclusion: Conclusion) -> None:
    """Give a criterion its final verdict."""
    if conclusion.breached_at is not None:
        mark_crossing(state, conclusion.breached_at, _FIRM, conclusion.value)
    state.verdict, state.evidence = conclusion.verdict, conclusion.evidence
    state.value, state.missing, state.certainty = conclusion.value, conclusion.missing, conclusion.certainty


def mark_crossing(state: CriterionState, t: float, crossing: Crossing, worst: float | None) -> None:
    """Move the live verdict: a firm crossing that holds long enough is a breach, and a breach stays in the verdict.

    A breach is over when the rule has held again for as long as it had to be crossed before.
    """
    if crossing is _FIRM and not (state.host_wide and not state.rule.lower):
        state.cleared_at = None
        if state.crossed_at is None:
            state.crossed_at = t
        if state.active or t - state.crossed_at >= state.rule.hold:
            _breach(state, worst)
        elif state.verdict is not Verdict.BREACHED:
            state.verdict = Verdict.PENDING
        return
    _clear(state, t)
    if state.verdict is not Verdict.BREACHED:
        state.verdict = _UNFIRM[crossing]


def _clear(state: CriterionState, t: float) -> None:
    if state.active and state.rule.hold:
        if state.cleared_at is None:
            state.cleared_at = t
        if t - state.cleared_at < state.rule.hold:
            return
    end_breach(state, t if state.cleared_at is None else state.cleared_at)


def _breach(state: CriterionState, worst: float | None) -> None:
    state.verdict = Verdict.BREACHED
    if not state.active:
        state.active = True
        state.breach_count += 1
        if len(state.breaches) < BREACHES_KEPT:
            state.breaches.append(Breach(state.crossed_at or 0.0, None, worst))
    kept = state.breaches[-1]
    if worst is not None and state.breach_count <= BREACHES_KEPT and _is_worse(state.rule, worst, kept.worst):
        kept.worst = worst


def _is_worse(rule: Rule, value: float, than: float | None) -> bool:
    if than is None:
        return True
    if rule.operator in ("==", "!="):
        limit = rule.threshold.value
        return abs(value - limit) > abs(than - limit)
    return value > than if rule.upper else value < than


def end_breach(state: CriterionState, t: float) -> None:
    """Note that the threshold is no longer crossed."""
    state.crossed_at = state.cleared_at = None
    if state.active:
        state.active = False
        if state.breach_count <= BREACHES_KEPT:
            state.breaches[-1].ended = t


def describe_missing(missing: float) -> str:
    """Say which share of the readings could not be had."""
    return f"{missing:.0%} of the readings that were due are missing"


def describe_breaches(state: CriterionState) -> str:
    """Say how often, since when and how badly a criterion was breached."""
    first = state.breaches[0]
    worst = first.worst
    for breach in state.breaches:
        if breach.worst is not None and _is_worse(state.rule, breach.worst, worst):
            worst = breach.worst
    times = "once" if state.breach_count == 1 else f"{state.breach_count} times"
    return f"breached {times}, first at {format_clock(first.began)}, worst {state.show(worst)}"
