"""What leaves a run inconclusive in which nothing failed: what was not shown, in sentences with their mend."""

from typing import TYPE_CHECKING, Final

from stresstui.core.criteria.finding import MISSING_ALLOWED
from stresstui.core.criteria.state import Verdict
from stresstui.core.model.event import Phase
from stresstui.core.model.scenario import RunnerKind, Severity
from stresstui.core.model.units import deciding_digits, format_duration
from stresstui.core.run.failures import excused, failed_facts, own_word
from stresstui.core.run.stop import PLAN_REACHED, reached_plan
from stresstui.core.run.tester import is_benchmark, is_test_command, only_asks

if TYPE_CHECKING:
    from stresstui.core.run.state import RunState

_STALL_AT_LEAST: Final = 60.0
_STALL_SHARE: Final = 0.1
_SILENT_AT_LEAST: Final = 5.0
"""Seconds without a sample at the end of the load that are nothing yet, and the same in intervals."""
_SILENT_INTERVALS: Final = 3.0


def find_doubts(state: "RunState") -> list[str]:
    """Every reason why a run in which nothing failed did not pass; none where it did."""
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


def _said_without_help(state: "RunState") -> list[str]:
    """What a workload says when it misses what it leans on: in doubt, as a real failure would sound the same."""
    when = "while it was being ended" if state.workload.ending else "after a service had ended"
    return own_word(state, f"the workload said, {when}, that it failed") if excused(state) else []


def _undecided(verdict: Verdict, severity: Severity) -> bool:
    return verdict is Verdict.INCONCLUSIVE and severity is Severity.FAIL


def _nothing_shown(state: "RunState") -> list[str]:
    facts, reasons = state.facts, []
    if not state.criteria:
        reasons.append("the scenario has no criteria for this runner")
    elif all(criterion.verdict is Verdict.INCONCLUSIVE for criterion in state.criteria):
        reasons.append("no criterion could be judged")
    if Phase.SOAK not in state.phase_began:
        reasons.append(f"the run ended before its soak began: nothing was shown{_shorter_warm_up(state)}")
    if _only_asks(state):
        reasons.append("no test ran: its test tool was only asked for something")
    elif (facts.harness or _is_to_test(state)) and not facts.tests_run and not _measures(state):
        reasons.append(_no_test(state))
    if facts.no_success:
        reasons.append(f"the load says that none of its requests succeeded: {facts.no_success}")
    if state.scenario.moves_bytes and not state.progress.moved:
        if Phase.SOAK in state.phase_began:
            reasons.append(_nothing_moved(state))
        reasons.extend(f"the program says that it skipped its work: {line}" for line in facts.skips[:1])
    return reasons


def _shorter_warm_up(state: "RunState") -> str:
    """What could have shown something, where the warm-up was all that there was."""
    warm_up = state.started.warm_up if state.started is not None else 0.0
    if not warm_up or Phase.WARM_UP not in state.phase_began:
        return ""
    lasted = format_duration(state.under_load)
    return f"; it took {lasted} of a warm-up of {format_duration(warm_up)}, a shorter --warm-up could show something"


def _nothing_moved(state: "RunState") -> str:
    if state.progress.looked and not state.progress.sighted:
        return "whether anything moved is not known: its sockets could not be read; run as its user, or as root"
    seen = "no bytes and no connections were seen under load"
    return f"nothing moved: {seen}{_hidden(state) or _without_network(state)}"


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


def _is_to_test(state: "RunState") -> bool:
    """Whether what was started does nothing but test, and had the time to say what the tests came to."""
    if state.started is None:
        return False
    started = state.started
    tests = started.tests or is_test_command(started.command)
    return started.runner == RunnerKind.CARGO or (state.facts.ended_itself and tests)


def _only_asks(state: "RunState") -> bool:
    """Whether a test tool was asked for something alone: no test came to an end."""
    facts = state.facts
    return state.started is not None and facts.tests_run == facts.tests_open and only_asks(state.started.command)


def _measures(state: "RunState") -> bool:
    """Whether tests are left out on purpose: ``cargo bench`` says of all of them that it ignores them."""
    return state.started is not None and is_benchmark(state.started.command)


def _no_test(state: "RunState") -> str:
    facts = state.facts
    if not facts.harness:
        return "no test harness was seen; have its tests' summary printed, as TAP or JUnit's XML where it is not known"
    if facts.tests_unsaid:
        return "no test ran that is known of: a test program has a harness of its own, which says nothing of its tests"
    return "no test ran: no test has that name, or it was ignored"


def _ended_unseen(state: "RunState") -> list[str]:
    """Nobody tells a bystander how a process ended."""
    if state.started is None or state.started.runner != RunnerKind.PID or not state.facts.ended_itself:
        return []
    return ["the watched processes ended, and how cannot be known here: they were not started by this program"]


def _tests_cut_off(state: "RunState") -> list[str]:
    """A harness that ended before its tests did says nothing of them; one that was stopped by plan could not."""
    facts = state.facts
    if _only_asks(state) or not facts.tests_open or not facts.ended_itself:
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
