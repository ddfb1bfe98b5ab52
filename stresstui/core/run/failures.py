"""What fails a run: criteria, what a workload says of itself, and what happened to the child."""

from typing import TYPE_CHECKING

from stresstui.core.criteria.state import Verdict
from stresstui.core.derive.child import Facts
from stresstui.core.model.scenario import RunnerKind, Severity

if TYPE_CHECKING:
    from stresstui.core.run.state import RunState


def find_failures(state: "RunState") -> list[str]:
    """Every reason why a run failed; none where nothing did."""
    reasons = [
        f"{c.spec.title}: {c.evidence}"
        for c in state.criteria
        if c.verdict is Verdict.FAILED and c.spec.severity is Severity.FAIL
    ]
    return [*reasons, *_said_failed(state), *state.failures]


def _said_failed(state: "RunState") -> list[str]:
    """A workload that says so itself; the lab, which says why as well, ends with a status of its own."""
    return [] if excused(state) else own_word(state, "the workload says that it failed")


def excused(state: "RunState") -> bool:
    """Whether others had ended first: its own processes, which hear the signal that ends it too, or a service."""
    return state.workload.ending or state.served is not None


def own_word(state: "RunState", said: str) -> list[str]:
    """What a command or a test suite printed of its own failure, behind ``said``; the lab has other ways to say so."""
    own = state.started is not None and state.started.runner in (RunnerKind.COMMAND, RunnerKind.CARGO)
    if not own or state.workload.state != "failed":
        return []
    return [f"{said}: {state.workload.detail}" if state.workload.detail else said]


def failed_facts(facts: Facts, served: Facts | None = None) -> list[str]:
    """What happened to the child that fails a run whatever its criteria say, in sentences.

    ``served`` is what had happened when a service of the run ended: tests that fail without it, and what they print and
    exit with, are nobody's fault that could be told; a crash is the program's own all the same.
    """
    return [*_failed_work(facts if served is None else served), *_crashes(facts), *_failed_end(facts, served)]


def _failed_work(facts: Facts) -> list[str]:
    reasons: list[str] = []
    if facts.tests_failed:
        reasons.append(f"{facts.tests_failed} of {facts.tests_run} tests failed")
    if facts.panics:
        reasons.append(f"{facts.panics} panic{'s' if facts.panics > 1 else ''} in the output")
    return reasons


def _crashes(facts: Facts) -> list[str]:
    reasons: list[str] = []
    if facts.oom_kills:
        kills = f"{facts.oom_kills} process{'es' if facts.oom_kills > 1 else ''}"
        reasons.append(f"the kernel killed {kills} for want of memory")
    if facts.crashed:
        reasons.append(f"{facts.crashed} process{'es' if facts.crashed > 1 else ''} of the system under test crashed")
    if facts.crashed_by_signal or (facts.signal and not facts.planned and not facts.stopped_by):
        when = " when it was asked to end as planned" if facts.planned else ""
        reasons.append(f"the child was killed by {facts.signal}{when}")
    return reasons


def _failed_end(facts: Facts, served: Facts | None) -> list[str]:
    reasons: list[str] = []
    without = served is not None and served.exited_at is None
    if facts.exit_status and not without and not facts.planned and not facts.told_to_end:
        reasons.append(f"the child ended with exit status {facts.exit_status}{_of_build(facts)}")
    if facts.stopped_by == "criterion":
        reasons.append(f"ended early: {facts.stop_reason}")
    return reasons


def _of_build(facts: Facts) -> str:
    """What a compiler said first, as the end of a sentence; where tests ran it is theirs to say why."""
    return f": {facts.build_error}" if facts.build_error and not facts.tests_run and not facts.crashes_told else ""
