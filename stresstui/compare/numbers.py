"""What is compared of a run: each metric's values over each phase, and what the run was made under."""

from pathlib import Path
from typing import Final

import msgspec

from stresstui.compare.setting import AB, Setting, setting_of
from stresstui.core.model.event import Phase
from stresstui.core.model.units import format_duration
from stresstui.core.run.fold import RunState
from stresstui.core.run.stop import reached_plan
from stresstui.core.run.usual import FEWEST, Values, span_of, usual_of

__all__ = ["FEWEST", "MAIN", "PHASES", "Numbers", "Values", "numbers_of"]

MAIN: Final = (
    "rss", "memory", "fds", "threads", "established", "close_wait", "cpu", "throughput", "connections_total",
    "connection_failures_total", "latency_ms_p50", "latency_ms_p99",
)  # fmt: skip
"""What is compared where nobody asks for more, beside what the scenario judges: each further metric costs power."""
PHASES: Final = (Phase.WARM_UP, Phase.SOAK, Phase.COOL_DOWN)
"""What can be compared; the soak alone unless somebody asks."""
_AB: Final = "ab"
"""Both sides of ``stresstui ab`` are one scenario, whoever compares them."""
_DOUBTS: Final = 3


class Numbers(msgspec.Struct, frozen=True):
    """One run."""

    run: str
    """Its name."""
    scenario: str
    """Name of its scenario."""
    runner: str
    """How it was started."""
    planned: float | None
    """Seconds that it was planned for."""
    outcome: str
    """What it came to; empty while it is on."""
    phases: dict[str, dict[str, Values]]
    """By phase, then by metric, without what says nothing of the run (``core.run.usual``)."""
    judged: list[str] = []
    """Metrics that its scenario judges."""
    soaked: float = 0.0
    """Seconds of its soak; 0 where that is not known."""
    whole: dict[str, dict[str, Values]] = {}
    """The same with the seconds in which the host was too busy, of the metrics that are without some of them."""
    strained: dict[str, float] = {}
    """Share of each phase for which the host was too busy, 0 to 1."""
    looked: dict[str, float] = {}
    """Share of each phase in which somebody looked into the processes, which is left out of everything."""
    cut: str = ""
    """Why it did not come to the end of its plan, in words; empty where it did, or that is not known."""
    doubts: list[str] = []
    """Why no pass of it could be trusted, the first few."""
    setting: Setting = Setting()
    """What it was made under."""


def numbers_of(state: RunState, phases: tuple[Phase, ...] = (Phase.SOAK,), run_dir: Path | None = None) -> Numbers:
    """Take out of a run what is compared, with what stands beside its journal in ``run_dir``."""
    started, found = state.started, {phase.value: usual_of(state, phase) for phase in phases}
    setting, scenario = setting_of(state, run_dir), state.scenario.name
    if scenario in AB:  # that their commands differ is what was asked for
        setting, scenario = msgspec.structs.replace(setting, command=""), _AB
    return Numbers(
        run=started.run if started else "",
        scenario=scenario,
        runner=started.runner if started else "",
        planned=state.planned,
        outcome=state.outcome.value if state.outcome else "",
        phases={phase: one.values for phase, one in found.items()},
        judged=sorted({criterion.metric.name for criterion in state.criteria}),
        soaked=_soaked(state),
        whole={phase: one.whole for phase, one in found.items() if one.whole},
        strained={phase: one.strained for phase, one in found.items()},
        looked={phase: one.looked for phase, one in found.items()},
        cut=_cut(state),
        doubts=state.doubts[:_DOUBTS],
        setting=setting,
    )


def _soaked(state: RunState) -> float:
    span = span_of(state, Phase.SOAK)
    return span[1] - span[0] if span else 0.0


def _cut(state: RunState) -> str:
    if not state.ended:
        return "not ended"
    lasted = format_duration(state.under_load)
    if state.facts.cause:
        return "could not run"
    if state.served is not None:
        return f"a service had ended after {format_duration(state.unserved_t)}"
    if reached_plan(state):
        return ""
    planned = f" of {format_duration(state.planned)}" if state.planned else ""
    return f"{state.outcome.value if state.outcome else 'ended'} after {lasted}{planned}"
