"""What became of one run of a fleet, as far as is known here: its own verdict, or why there is none."""

from typing import Any

import msgspec

from stresstui.core.criteria.state import Verdict
from stresstui.core.model.errors import UNREADABLE
from stresstui.core.model.scenario import Severity
from stresstui.core.run.fold import RunState
from stresstui.fleet.blame import blamed
from stresstui.fleet.mirror import Mirror, means
from stresstui.fleet.record import FleetRun, State
from stresstui.fleet.verdict import BoxRun
from stresstui.folder import RESULT


def came_out(run: FleetRun, mirror: Mirror | None) -> BoxRun:
    """How a run came out; what had failed of one that was lost counts, carried out again elsewhere or not."""
    outcome = str(run.state)
    reasons: tuple[str, ...] = (run.why,) if run.why else ()
    if mirror is not None and run.state is State.ENDED:
        outcome, reasons = str(mirror.state.outcome), tuple(mirror.state.reasons)
    seen = _failed_before(mirror.state) if mirror is not None and run.state is State.LOST else []
    if mirror is not None and seen:
        outcome = "failed" if mirror.state.failures else outcome
        reasons = ("; ".join((*seen, *reasons)),)
    process = blamed(mirror.state) if mirror is not None and outcome == "failed" else ""
    return BoxRun(
        box=run.box, scenario=run.scenario, process=process, outcome=outcome, reasons=reasons, run=run.name,
        made_up=run.replaced and not seen, means=_means(mirror) if mirror is not None else {},
    )  # fmt: skip


def _failed_before(state: RunState) -> list[str]:
    """What had failed, or was breached, when a run was lost."""
    breached = [
        f"{c.spec.title} was breached"
        for c in state.criteria
        if c.spec.severity is Severity.FAIL and (c.breaches or c.verdict in (Verdict.BREACHED, Verdict.FAILED))
    ]
    return [*state.failures, *breached]


def _means(mirror: Mirror) -> dict[str, float]:
    try:
        result: dict[str, Any] = msgspec.json.decode((mirror.folder / RESULT).read_bytes(), type=dict[str, Any])
    except (OSError, *UNREADABLE):
        return {}
    return means(result)
