"""The outcome of a run: what its verdicts and facts add up to, with the reasons in sentences, and the exit code."""

from typing import TYPE_CHECKING, Final

import msgspec

from stresstui.core.criteria.finding import MISSING_ALLOWED
from stresstui.core.criteria.state import Verdict
from stresstui.core.derive.child import Facts
from stresstui.core.model.event import Ended, Phase
from stresstui.core.model.outcome import ExitCode, Outcome
from stresstui.core.model.scenario import RunnerKind, Severity
from stresstui.core.model.units import deciding_digits, format_duration

if TYPE_CHECKING:
    from stresstui.core.run.state import RunState


class Decision(msgspec.Struct, frozen=True):
    """An outcome with its reasons."""

    outcome: Outcome
    reasons: list[str]
    exit_code: int


PLAN_REACHED: Final = 99.0
"""Percent of the planned time under load from which on a run counts as whole."""
_STALL_AT_LEAST: Final = 60.0
_STALL_SHARE: Final = 0.1
_SILENT_AT_LEAST: Final = 5.0
"""Seconds without a sample at the end of the load that are nothing yet, and the same in intervals."""
_SILENT_INTERVALS: Final = 3.0


def decide(state: "RunState") -> Decision:
    """Decide the outcome of an ended run."""
    if state.facts.cause:
        return Decision(Outcome.INCONCLUSIVE, _could_not_run(state), ExitCode.COULD_NOT_RUN)
    failures = _failures(state)
    if failures:
        stop = [_stop(state)] if _aborted(state) else []
        return Decision(Outcome.FAILED, [*failures, *stop], ExitCode.FAILED)
    if _aborted(state):
        code = ExitCode.TERMINATED if state.facts.stopped_by == "SIGTERM" else ExitCode.INTERRUPTED
        return Decision(Outcome.ABORTED, [_stop(state)], code)
    doubts = _doubts(state)
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


def _stop(state: "RunState") -> str:
    why = f": {state.facts.stop_reason}" if state.facts.stop_reason else ""
    return f"stopped by {state.facts.stopped_by} after {format_duration(state.under_load)}{why}"


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


def _failures(state: "RunState") -> list[str]:
    reasons = [
        f"{c.spec.title}: {c.evidence}"
        for c in state.criteria
        if c.verdict is Verdict.FAILED and c.spec.severity is Severity.FAIL
    ]
    return [*reasons, *_said_failed(state), *state.failures]


def _said_failed(state: "RunState") -> list[str]:
    """A workload that says so itself; the lab, which says why as well, ends with a status of its own."""
    return [] if _excused(state) else _own_word(state, "the workload says that it failed")


def _said_without_help(state: "RunState") -> list[str]:
    """What a workload says when it misses what it leans on: in doubt, as a real failure would sound the same."""
    when = "while it was being ended" if state.workload.ending else "after a service had ended"
    return _own_word(state, f"the workload said, {when}, that it failed") if _excused(state) else []


def _excused(state: "RunState") -> bool:
    """Whether others had ended first: its own processes, which hear the signal that ends it too, or a service."""
    return state.workload.ending or state.served is not None


def _own_word(state: "RunState", said: str) -> list[str]:
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


def _aborted(state: "RunState") -> bool:
    """An early end that somebody asked for."""
    by = state.facts.stopped_by
    return bool(by) and by not in ("criterion", "supervisor") and not _open_end(state)


def _open_end(state: "RunState") -> bool:
    """Watching without a planned end is over when the person says so."""
    return state.planned is None and state.started is not None and state.started.runner == RunnerKind.PID


def _doubts(state: "RunState") -> list[str]:
    return [
        *state.doubts,
        *_failed_unserved(state),
        *_said_without_help(state),
        *_nothing_shown(state),
        *_ended_unseen(state),
        *_tests_cut_off(state),
        *_cut_short(state),
        *_stalled(state),
        *_unread(state),
        *(f"{c.spec.title}: {c.evidence}" for c in state.criteria if _undecided(c.verdict, c.spec.severity)),
    ]


def _failed_unserved(state: "RunState") -> list[str]:
    """What failed once a service had ended; why it fails nothing stands in the doubts."""
    if state.served is None:
        return []
    return [f"{what}, after a service had ended" for what in failed_facts(state.facts) if what not in state.failures]


def _undecided(verdict: Verdict, severity: Severity) -> bool:
    return verdict is Verdict.INCONCLUSIVE and severity is Severity.FAIL


def _shorter_warm_up(state: "RunState") -> str:
    """What could have shown something, where the warm-up was all that there was."""
    warm_up = state.started.warm_up if state.started is not None else 0.0
    if not warm_up or Phase.WARM_UP not in state.phase_began:
        return ""
    lasted = format_duration(state.under_load)
    return f"; it took {lasted} of a warm-up of {format_duration(warm_up)}, a shorter --warm-up could show something"


def _nothing_shown(state: "RunState") -> list[str]:
    facts, reasons = state.facts, []
    if not state.criteria:
        reasons.append("the scenario has no criteria for this runner")
    elif all(criterion.verdict is Verdict.INCONCLUSIVE for criterion in state.criteria):
        reasons.append("no criterion could be judged")
    if Phase.SOAK not in state.phase_began:
        reasons.append(f"the run ended before its soak began: nothing was shown{_shorter_warm_up(state)}")
    cargo = state.started is not None and state.started.runner == RunnerKind.CARGO
    if (cargo or facts.harness) and not facts.tests_run:
        reasons.append(_no_test(facts))
    if state.scenario.moves_bytes and not state.progress.moved:
        if Phase.SOAK in state.phase_began:
            reasons.append(_nothing_moved(state))
        reasons.extend(f"the program says that it skipped its work: {line}" for line in facts.skips[:1])
    return reasons


def _nothing_moved(state: "RunState") -> str:
    if state.progress.looked and not state.progress.sighted:
        return "whether anything moved is not known: its sockets could not be read; run as its user, or as root"
    seen = "no bytes and no connections were seen under load"
    return f"nothing moved: {seen}{_hidden(state) or _without_network(state)}"


def _no_test(facts: Facts) -> str:
    if not facts.harness:
        return "no test harness was seen"
    if facts.tests_unsaid:
        return "no test ran that is known of: a test program has a harness of its own, which says nothing of its tests"
    return "no test ran: no test has that name, or it was ignored"


def _hidden(state: "RunState") -> str:
    """Connections shorter than a sample that nobody could have seen, as the end of a sentence."""
    hidden = state.progress.hidden
    if not hidden:
        return ""
    mend = "print STRESSTUI connections_total=N"
    return f"; short ones could not be told among {hidden:,.0f} of this host in TIME_WAIT: {mend}"


def _without_network(state: "RunState") -> str:
    """The mend for a program of no network, as the end of a sentence; tests and the lab are known to have one."""
    if state.started is None or state.started.runner not in (RunnerKind.COMMAND, RunnerKind.PID):
        return ""
    return "; a scenario of a program without a network says 'moves_bytes = false'"


def reached_plan(state: "RunState") -> bool:
    """Whether the run went to the end of its plan, which may be that the workload exits."""
    if state.facts.stopped_by:
        return _open_end(state)
    if state.planned is None or state.facts.planned or state.scenario.until_exit:
        return True
    return 100.0 * state.under_load / state.planned >= PLAN_REACHED


def _ended_unseen(state: "RunState") -> list[str]:
    """Nobody tells a bystander how a process ended."""
    if state.started is None or state.started.runner != RunnerKind.PID or not state.facts.ended_itself:
        return []
    return ["the watched processes ended, and how cannot be known here: they were not started by this program"]


def _tests_cut_off(state: "RunState") -> list[str]:
    """A harness that ended before its tests did says nothing of them; one that was stopped by plan could not."""
    facts = state.facts
    if not facts.tests_open or not facts.ended_itself:
        return []
    return [f"{facts.tests_open} of {facts.tests_run} tests never ended: no summary came"]


def _cut_short(state: "RunState") -> list[str]:
    planned = state.planned
    if planned is None or reached_plan(state):
        return []
    why = f": {state.facts.stop_reason}" if state.facts.stop_reason else _judged_elsewhere(state)
    lasted = f"{format_duration(state.under_load)} of the planned {format_duration(planned)}"
    share = 100.0 * state.under_load / planned
    return [f"ended after {lasted} ({deciding_digits(share, PLAN_REACHED, f'{share:.1f}')} %){why}"]


def _judged_elsewhere(state: "RunState") -> str:
    """Where a test that ends by itself is judged, as the end of a sentence."""
    cargo, started = state.scenario.cargo, state.started
    if cargo is None or not cargo.to_its_end or not state.facts.ended_itself:
        return ""
    if started is None or started.runner != RunnerKind.CARGO:
        return ""
    return f": the test was over; 'stresstui run {cargo.to_its_end}' judges one to its own end"


def _stalled(state: "RunState") -> list[str]:
    progress = state.progress
    if not state.scenario.moves_bytes or not progress.moved:
        return []
    if progress.longest <= max(_STALL_AT_LEAST, _STALL_SHARE * state.under_load):
        return []
    began = format_duration(progress.longest_began)
    return [f"nothing moved for {format_duration(progress.longest)} under load, from {began} on"]


def _unread(state: "RunState") -> list[str]:
    if not state.samples:
        return ["no sample was read"]
    missed = state.missed + _never_read(state)
    share = missed / (state.samples + missed)
    return [f"{share:.0%} of the samples that were due are missing"] if share > MISSING_ALLOWED else []


def _never_read(state: "RunState") -> int:
    """Samples that were due between the newest one and the end of the load: who reads no more tells of none missed."""
    began = state.phase_began.get(Phase.WARM_UP)
    if began is None or state.sample is None or state.started is None:
        return 0
    interval = state.started.interval
    silent = began + state.under_load - state.sample.t
    return int(silent / interval) if silent > max(_SILENT_AT_LEAST, _SILENT_INTERVALS * interval) else 0
