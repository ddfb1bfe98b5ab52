"""How a run stands, in the weakest word that is true: what the header, headless, ``runs`` and reports all say."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec

from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.model.event import Phase
from stresstui.core.model.outcome import Outcome
from stresstui.core.model.scenario import Severity
from stresstui.core.model.units import format_clock

if TYPE_CHECKING:
    from stresstui.core.run.state import RunState


class Word(StrEnum):
    """How a run stands while it is on, or how it ended."""

    STARTING = "starting"
    """Nothing is under load yet."""
    WARMING_UP = "warming up"
    """Under load, and not judged yet."""
    WATCHING = "watching"
    """In the soak, and no criterion could be judged yet."""
    OK = "ok so far"
    """What could be judged holds."""
    WARNED = "warned"
    """A criterion that does not fail the run was breached."""
    PENDING = "pending"
    """A limit is crossed, not yet for long enough."""
    BREACHED = "breached"
    """The run has failed already, if nothing is forgiven."""
    LOST = "lost"
    """The supervisor has died."""
    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    ABORTED = "aborted"


class Standing(msgspec.Struct, frozen=True):
    """A word, and what is to be said beside it."""

    word: Word
    detail: str = ""
    """A few words: how many are open, since when; empty where there is nothing to add."""


_DOWN: Final = (Verdict.BREACHED, Verdict.FAILED)
_OPEN: Final = (Verdict.NO_DATA, Verdict.OPEN, Verdict.PENDING)


def standing_of(state: "RunState", *, lost: bool = False) -> Standing:
    """Say how a run stands; ``lost`` tells that its supervisor has died."""
    if state.outcome is not None:
        return _ended(state)
    if lost:
        return Standing(Word.LOST, "the supervisor has died")
    found = _in_trouble(state)
    if found is not None:
        return found
    if state.phase is Phase.BUILD:
        return Standing(Word.STARTING, state.too_short)
    return _well(state)


def _ended(state: "RunState") -> Standing:
    failed, warned = _count(state.criteria, Severity.FAIL), _count(state.criteria, Severity.WARN)
    counts = [f"{failed} failed"] if failed else []
    if warned:
        counts.append(_warnings(warned))
    if state.facts.stopped_by and state.outcome is Outcome.FAILED:
        counts.append(f"stopped by {state.facts.stopped_by}")
    return Standing(Word(str(state.outcome)), ", ".join(counts))


def _in_trouble(state: "RunState") -> Standing | None:
    breached = [c for c in state.criteria if c.verdict in _DOWN and c.spec.severity is Severity.FAIL]
    if breached:
        return Standing(Word.BREACHED, _since(breached))
    if state.failures:
        return Standing(Word.BREACHED, state.failures[0])
    pending = [c for c in state.criteria if c.verdict is Verdict.PENDING and c.spec.severity is Severity.FAIL]
    if pending and state.phase is not Phase.WARM_UP:
        count = f"{len(pending)} of {len(state.criteria)}"
        return Standing(Word.PENDING, _beside(state, f"{count}{_too_early(pending)}"))
    warned = _count(state.criteria, Severity.WARN)
    return Standing(Word.WARNED, _beside(state, _warnings(warned))) if warned else None


def _too_early(pending: Iterable[CriterionState]) -> str:
    """What is pending is no alarm where it is growth alone: what is warming up rises too, and then levels off."""
    growths = [criterion for criterion in pending if criterion.rule.aggregate == "growth"]
    if growths != list(pending):
        return ""
    ways = {"rising" if criterion.rule.upper else "falling" for criterion in growths}
    return f" {' or '.join(sorted(ways))}, too early to call"


def _well(state: "RunState") -> Standing:
    if state.phase is Phase.WARM_UP:
        return Standing(Word.WARMING_UP, _beside(state, "not judged yet"))
    still = sum(criterion.verdict in _OPEN or criterion.unsettled for criterion in state.criteria)
    if still == len(state.criteria):
        what = "nothing judged yet" if state.criteria else "no criteria, nothing will be judged"
        return Standing(Word.WATCHING, _beside(state, what))
    return Standing(Word.OK, _beside(state, f"{still} open" if still else ""))


def _beside(state: "RunState", detail: str) -> str:
    """What keeps the run from passing comes first: all is not well then."""
    doubt = state.doubts[0] if state.doubts else ""
    cannot = f"cannot pass: {doubt}" if doubt else state.too_short
    return "; ".join(part for part in (detail, cannot) if part)


def _since(criteria: Iterable[CriterionState]) -> str:
    listed = [criterion for criterion in criteria if criterion.breaches]
    active = [criterion.breaches[-1].began for criterion in listed if criterion.active]
    if active:
        return f"since {format_clock(min(active))}"
    past = [criterion.breaches[-1].began for criterion in listed]
    return f"at {format_clock(max(past))}, now over" if past else ""


def _count(criteria: Iterable[CriterionState], severity: Severity) -> int:
    return sum(criterion.verdict in _DOWN and criterion.spec.severity is severity for criterion in criteria)


def _warnings(count: int) -> str:
    return f"{count} warning{'s' if count > 1 else ''}"
