"""What the supervisor derives from the fold of its own events: breaches told to people, and early ends."""

import msgspec

from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.model.event import BreachBegan, BreachEnded, Event
from stresstui.core.model.scenario import Severity
from stresstui.core.model.units import UnitError, format_clock, parse_duration
from stresstui.core.run.fold import RunState


class EarlyEnd(msgspec.Struct, frozen=True):
    """A criterion wants the run to end."""

    title: str
    grace_s: float


class BreachWatch:
    """Notices where breaches begin and end, and which criteria want to end the run."""

    def __init__(self) -> None:
        self._active: set[str] = set()
        self._aborting: set[str] = set()

    def changes(self, t: float, state: RunState) -> list[Event]:
        """Say which breaches began and ended since this was last asked."""
        events: list[Event] = []
        for criterion in state.criteria:
            name = criterion.spec.id
            if criterion.active and name not in self._active:
                self._active.add(name)
                began = criterion.breaches[-1].began if criterion.breaches else t
                text = f"{criterion.spec.rule}: {criterion.shown_value} since {format_clock(began)}"
                warns = criterion.spec.severity is Severity.WARN
                events.append(BreachBegan(t, name, criterion.spec.title, criterion.value, text, began, warns))
            elif not criterion.active and name in self._active:
                self._active.discard(name)
                worst = criterion.breaches[-1].worst if criterion.breaches else None
                events.append(BreachEnded(t, name, criterion.spec.title, worst))
        return events

    def early_ends(self, state: RunState) -> list[EarlyEnd]:
        """Say which criteria want to end the run, each once."""
        wanting = [c for c in state.criteria if c.spec.abort and c.spec.id not in self._aborting and _breached(c)]
        self._aborting.update(criterion.spec.id for criterion in wanting)
        return [EarlyEnd(criterion.spec.title, _grace(criterion)) for criterion in wanting]


def _breached(criterion: CriterionState) -> bool:
    return criterion.verdict in (Verdict.BREACHED, Verdict.FAILED)


def _grace(criterion: CriterionState) -> float:
    try:
        return parse_duration(criterion.spec.grace)
    except UnitError:
        return 0.0
