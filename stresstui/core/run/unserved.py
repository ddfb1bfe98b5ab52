"""A service that the run leans on ended in mid-run: what fails from shortly before on tells nothing of what is tested.

What leans on a service may fail of its end before that end is noticed, so the facts are remembered as they were some
seconds ago, and what had failed by then still counts.
"""

import copy
from typing import Final

from stresstui.core.criteria.base import UNSERVED
from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.derive.child import Facts
from stresstui.core.run.state import RunState

NOTICED_S: Final = 3.0
"""Seconds before the end of a service is noticed in which what leans on it may have failed of it already."""


def keep_past(state: RunState, t: float) -> None:
    """Remember what had happened, as of a few seconds ago: two that are far enough apart are enough."""
    if not state.past or t - state.past[-1][0] >= NOTICED_S:
        state.past = (*state.past[-1:], (t, copy.copy(state.facts)))


def lose_service(state: RunState, t: float) -> None:
    """Take the run as unserved from shortly before second ``t`` on."""
    state.unserved_t = t - NOTICED_S
    known = [facts for at, facts in state.past if at <= state.unserved_t]
    state.served = known[-1] if known else Facts()


def excuse(state: RunState, criterion: CriterionState) -> None:
    """Take back a failure that began when the run was unserved."""
    first = criterion.breaches[0].began if criterion.breaches else 0.0
    if state.served is not None and criterion.verdict is Verdict.FAILED and first >= max(state.unserved_t, 1e-9):
        criterion.verdict, criterion.evidence = Verdict.INCONCLUSIVE, f"{criterion.evidence}; {UNSERVED}"
