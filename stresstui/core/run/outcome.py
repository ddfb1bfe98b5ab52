"""The outcome of a run: what its verdicts and facts add up to, with the reasons in sentences, and the exit code."""

from typing import TYPE_CHECKING

import msgspec

from stresstui.core.criteria.state import Verdict
from stresstui.core.model.event import Ended
from stresstui.core.model.outcome import ExitCode, Outcome
from stresstui.core.run.doubts import find_doubts
from stresstui.core.run.failures import find_failures
from stresstui.core.run.stop import aborted, say_stop

if TYPE_CHECKING:
    from stresstui.core.run.state import RunState


class Decision(msgspec.Struct, frozen=True):
    """An outcome with its reasons."""

    outcome: Outcome
    reasons: list[str]
    exit_code: int


def decide(state: "RunState") -> Decision:
    """Decide the outcome of an ended run."""
    if state.facts.cause:
        return Decision(Outcome.INCONCLUSIVE, _could_not_run(state), ExitCode.COULD_NOT_RUN)
    failures = find_failures(state)
    if failures:
        stop = [say_stop(state)] if aborted(state) else []
        return Decision(Outcome.FAILED, [*failures, *stop], ExitCode.FAILED)
    if aborted(state):
        code = ExitCode.TERMINATED if state.facts.stopped_by == "SIGTERM" else ExitCode.INTERRUPTED
        return Decision(Outcome.ABORTED, [say_stop(state)], code)
    doubts = find_doubts(state)
    if doubts:
        return Decision(Outcome.INCONCLUSIVE, doubts, ExitCode.INCONCLUSIVE)
    return Decision(Outcome.PASSED, [], ExitCode.PASSED)


def say_passed(state: "RunState") -> str:
    """What a run that passed has shown; a criterion that only warns may have been breached."""
    warned = [c for c in state.criteria if c.shown_verdict is Verdict.WARNING]
    if not warned:
        return "every criterion passed"
    names = ", ".join(f"{c.spec.title}: {c.shown_value}" for c in warned)
    return (
        f"{len(state.criteria) - len(warned)} of {len(state.criteria)} criteria passed, {len(warned)} warned: {names}"
    )


def keep_failure(decision: Decision, end: Ended) -> Decision:
    """Let a failure that was seen stay one, though the record of what showed it is damaged."""
    if end.outcome != Outcome.FAILED or decision.outcome is Outcome.FAILED:
        return decision
    return Decision(Outcome.FAILED, [*end.reasons, *decision.reasons], ExitCode.FAILED)


def _could_not_run(state: "RunState") -> list[str]:
    detail, how = state.workload.detail, state.facts.describe_exit()
    if state.facts.cause == "not_found" and detail:
        return [f"could not run: {detail}"]
    return [f"could not run: {how}: {detail}" if detail else f"could not run: {how}"]
