from collections.abc import Callable
from typing import Any

import pytest

from stresstui.core.criteria.state import Verdict
from stresstui.core.model import event as ev
from stresstui.core.model.event import Phase
from stresstui.core.model.outcome import ExitCode, Outcome
from stresstui.core.model.sample import CgroupSample, Role, Sample
from stresstui.core.model.scenario import CargoRun, CriterionSpec, MetricSpec, RunnerKind, Severity
from stresstui.core.run.state import RunState
from tests.core.story import Story, process

RULES = ("max(fds) < 100", "count(crashes) == 0")


def libtest(story: Story, *, announced: int = 1, failed: int = 0, ignored: int = 0) -> Story:
    ran = announced - failed - ignored
    return story.add(
        ev.Matched(story.t, "libtest_running", f"running {announced} tests", {"tests_run": announced}),
        ev.Matched(
            story.t, "libtest_result", "test result: ",
            {"tests_passed": ran, "tests_failed": failed, "tests_ignored": ignored},
        ),
    )  # fmt: skip


def cargo(**numbers: int) -> Story:
    story = Story(*RULES, runner=RunnerKind.CARGO, cargo=CargoRun()).warm().soak()
    return libtest(story, **numbers).exit().end()


def crash(signal: str) -> Story:
    return Story(*RULES).warm().soak(20).exit(None, signal=signal).end()


def stopped(by: str, reason: str = "") -> Story:
    story = Story(*RULES).warm().soak(20)
    return story.add(ev.StopRequested(story.t, by, reason)).exit(None, signal="SIGTERM").end()


def could_not(cause: str) -> Story:
    story = Story(*RULES)
    return story.add(ev.ServiceState(0.0, "failed", "no such thing"), ev.Exited(0.0, cause=cause)).end()


def panicking(panics: int) -> Story:
    story = Story(*RULES).warm().soak(20)
    for _ in range(panics):
        story.add(ev.Matched(story.t, "panic", "thread 'x' panicked at y"))
    return story.soak(30).exit(planned=True).end()


def crashed_child() -> Story:
    story = Story("max(fds) < 100").warm().soak(20)
    story.add(ev.ProcessKnown(story.t, 7, Role.SUT, "proxy", "ended", "killed by SIGSEGV"))
    return story.run(30).cool().exit(planned=True).end()


def stalled(seconds: float, **more: Any) -> Story:
    story = Story(*RULES, duration=210.0, **more).warm().phase(Phase.SOAK).run(40)
    still = story.t
    frozen: dict[str, Any] = {"bytes_in": int(1000 * still), "bytes_out": int(2000 * still)}
    story.run(seconds, **frozen)
    return story.run(160 - seconds).cool().exit(planned=True).end()


def unread(missed: int) -> Story:
    story = Story(*RULES).warm().soak(30).sample(missed=missed)
    return story.run(20).cool().exit(planned=True).end()


def unread_to_the_end(seconds: float) -> Story:
    """Who reads samples was held up for good in mid-soak, so that nobody could say how many were missed."""
    story = Story(*RULES).warm().soak(30)
    story.t += seconds
    return story.phase(Phase.COOL_DOWN).exit(planned=True).end()


def slow_to_end(seconds: float) -> Story:
    """A program that takes its time to end once it is asked to, which is no load and is not sampled."""
    story = Story(*RULES).warm().soak(50)
    asked = story.t
    story.t += seconds
    return story.exit(planned=True, asked=asked).end()


def to_its_end(*argv: str) -> Story:
    return Story(*RULES, argv=argv).warm().soak(50).cool().exit().end()


def watched(by: str = "") -> Story:
    """Processes that were there before, until somebody says that it is enough, or until they are gone."""
    story = Story(*RULES, runner=RunnerKind.PID, duration=None).warm().soak(30)
    return (story.add(ev.StopRequested(story.t, by)) if by else story.exit(None)).end()


SKIPPED = ev.Matched(5.0, "skip", "ADDR not set; skipping")
STILL = {"bytes_in": 0, "bytes_out": 0}
UNREAD = dict.fromkeys(("bytes_in", "bytes_out", "established", "close_wait", "listen", "udp"))
SPEC = CriterionSpec(id="w", title="W", rule="max(fds) < 10", severity=Severity.WARN)


NO_SOAK = (
    "the run ended before its soak began: nothing was shown; it took 10s of a warm-up of 10s,"
    " a shorter --warm-up could show something"
)
STOOD_STILL = (
    "nothing moved: no bytes and no connections were seen under load"
    "; a scenario of a program without a network says 'moves_bytes = false'"
)


UNSEEN = "no test harness was seen; have its tests' summary printed, as TAP or JUnit's XML where it is not known"


@pytest.mark.parametrize(
    ("story", "outcome", "code", "reasons"),
    [
        (lambda: Story(*RULES).whole(), "passed", 0, []),
        (lambda: Story(*RULES, until_exit=True).warm().soak(20).exit().end(), "passed", 0, []),
        (cargo, "passed", 0, []),
        (lambda: cargo(announced=0), "inconclusive", 3, ["no test ran: no test has that name, or it was ignored"]),
        (lambda: cargo(announced=2, ignored=2), "inconclusive", 3,
         ["no test ran: no test has that name, or it was ignored"]),
        (lambda: Story(*RULES, runner=RunnerKind.CARGO).whole(), "inconclusive", 3, [UNSEEN]),
        (lambda: to_its_end("timeout", "1h", "python", "-m", "pytest", "-q"), "inconclusive", 3, [UNSEEN]),
        (lambda: to_its_end("bash", "-c", "cd app; pytest -q | tee log"), "inconclusive", 3, [UNSEEN]),
        (lambda: to_its_end("phpunit", "--version"), "inconclusive", 3,
         ["no test ran: its test tool was only asked for something"]),
        (lambda: libtest(Story(*RULES, argv=("robot", "--list", "a.robot")).warm()).soak(50).cool().exit().end(),
         "passed", 0, []),  # whatever that word is to it, its tests ended
        (lambda: to_its_end("vitest", "bench"), "passed", 0, []),
        (lambda: libtest(Story(*RULES, argv=("cargo", "+nightly", "bench")).warm(), announced=2, ignored=2)
         .soak(50).cool().exit().end(), "passed", 0, []),
        (lambda: libtest(Story(*RULES, argv=("cargo", "test", "bench")).warm(), announced=2, ignored=2)
         .soak(50).cool().exit().end(), "inconclusive", 3, ["no test ran: no test has that name, or it was ignored"]),
        (lambda: to_its_end("proxy", "--like", "pytest.ini"), "passed", 0, []),
        (lambda: Story(*RULES, argv=("pytest", "-q")).whole(), "passed", 0, []),
        (lambda: libtest(Story(*RULES).warm(), announced=0).soak().exit(planned=True).end(), "inconclusive", 3,
         ["no test ran: no test has that name, or it was ignored"]),
        (lambda: cargo(announced=3, failed=1), "failed", 1, ["1 of 3 tests failed"]),
        (lambda: Story(*RULES).warm().soak(20).exit().end(), "inconclusive", 3,
         ["ended after 30s of the planned 1m (50.0 %)"]),
        (lambda: Story(*RULES).warm().soak(49).exit().end(), "inconclusive", 3,
         ["ended after 59s of the planned 1m (98.3 %)"]),
        (lambda: Story(*RULES).warm().exit().end(), "inconclusive", 3,
         [NO_SOAK,
          "ended after 10s of the planned 1m (16.7 %)", "Criterion 0: File descriptors: no data in 0s of soak"]),
        (lambda: Story(*RULES).whole(**STILL), "inconclusive", 3,
         [STOOD_STILL]),
        (lambda: Story(*RULES).add(SKIPPED).whole(**STILL), "inconclusive", 3,
         [STOOD_STILL,
          "the program says that it skipped its work: ADDR not set; skipping"]),
        (lambda: Story(*RULES).add(ev.Matched(9.0, "no_success", "0 requests in 2s, 0B read")).whole(),
         "inconclusive", 3,
         ["the load says that none of its requests succeeded: 0 requests in 2s, 0B read"]),
        (lambda: Story(*RULES, moves_bytes=False).whole(**STILL), "passed", 0, []),
        (lambda: Story(*RULES).whole(**UNREAD), "inconclusive", 3,
         ["whether anything moved is not known: its sockets could not be read; run as its user, or as root"]),
        (lambda: Story(*RULES).whole(report=lambda _t: {"connections_total": 0.0}, **UNREAD), "inconclusive", 3,
         [STOOD_STILL]),
        (lambda: Story(*RULES).whole(report=lambda t: {"connections_total": 5 * t}, **STILL), "passed", 0, []),
        (lambda: Story(*RULES).whole(report=lambda _t: {"connections_total": 0.0}), "inconclusive", 3,
         [STOOD_STILL]),
        (lambda: stalled(58), "passed", 0, []),
        (lambda: stalled(70), "inconclusive", 3, ["nothing moved for 1m9s under load, from 50s on"]),
        (lambda: stalled(70, moves_bytes=False), "passed", 0, []),
        (lambda: unread(5), "passed", 0, []),
        (lambda: unread_to_the_end(4), "passed", 0, []),
        (lambda: slow_to_end(60), "passed", 0, []),
        (lambda: unread_to_the_end(60), "inconclusive", 3, ["60% of the samples that were due are missing"]),
        (lambda: unread(20), "inconclusive", 3, ["23% of the samples that were due are missing",
         "Criterion 0: max(fds) < 100: 40 over 50s of soak, 51 values; 28% of the readings that were due are missing"]),
        (lambda: panicking(1), "failed", 1,
         ["Criterion 1: count(crashes) == 0: 1 over the run, 62 values; breached once, first at 00:00:30, worst 1",
          "1 panic in the output"]),
        (crashed_child, "failed", 1, ["1 process of the system under test crashed"]),
        (lambda: crash("SIGSEGV"), "failed", 1,
         ["Criterion 1: count(crashes) == 0: 1 over the run, 31 values; breached once, first at 00:00:30, worst 1",
          "the child was killed by SIGSEGV"]),
        (lambda: crash("SIGTERM"), "failed", 1, ["the child was killed by SIGTERM"]),
        (lambda: Story(*RULES).warm().soak(20).exit(3).end(), "failed", 1, ["the child ended with exit status 3"]),
        (lambda: Story(*RULES).warm().soak().exit(3, planned=True).end(), "passed", 0, []),
        (lambda: stopped("user"), "aborted", 130, ["stopped by user after 30s"]),
        (lambda: stopped("SIGINT", "ctrl-c"), "aborted", 130, ["stopped by SIGINT after 30s: ctrl-c"]),
        (lambda: stopped("SIGTERM"), "aborted", 143, ["stopped by SIGTERM after 30s"]),
        (lambda: stopped("criterion", "Memory"), "failed", 1, ["ended early: Memory"]),
        (lambda: stopped("supervisor", "internal error: x"), "inconclusive", 3,
         ["ended after 30s of the planned 1m (50.0 %): internal error: x"]),
        (lambda: could_not("not_found"), "inconclusive", 4, ["could not run: no such thing"]),
        (lambda: could_not("build_failed"), "inconclusive", 4, ["could not run: the build failed: no such thing"]),
        (lambda: could_not("not_ready"), "inconclusive", 4,
         ["could not run: the workload did not become ready: no such thing"]),
        (lambda: watched("user"), "passed", 0, []),
        (lambda: libtest(through_cargo(Story(*RULES, until_exit=True).warm().soak(20), 2), announced=0).exit().end(),
         "inconclusive", 3,
         ["no test ran that is known of: a test program has a harness of its own, which says nothing of its tests"]),
        (watched, "inconclusive", 3,
         ["the watched processes ended, and how cannot be known here: they were not started by this program"]),
        (lambda: Story().whole(), "inconclusive", 3, ["the scenario has no criteria for this runner"]),
        (lambda: Story(SPEC).whole(), "passed", 0, []),
        (lambda: Story(SPEC).whole(fds=None), "inconclusive", 3, ["no criterion could be judged"]),
        (lambda: Story(*RULES).phase(Phase.WARM_UP).phase(Phase.SOAK).exit(planned=True).end(), "inconclusive", 3,
         [STOOD_STILL, "no sample was read",
          "Criterion 0: File descriptors: no data in 0s of soak"]),
    ],
)  # fmt: skip
def test_every_reason(story: Callable[[], Story], outcome: str, code: int, reasons: list[str]) -> None:
    state = story().state()
    assert state.reasons == reasons
    assert (state.outcome, state.exit_code) == (outcome, code)
    assert state.ended


@pytest.mark.parametrize(
    ("runner", "states", "outcome", "reasons"),
    [
        (RunnerKind.COMMAND, ["failed"], "failed", ["the workload says that it failed: no port"]),
        (RunnerKind.CARGO, ["failed"], "failed", ["the workload says that it failed: no port"]),
        (RunnerKind.COMMAND, ["failed", "ready"], "passed", []),
        (RunnerKind.LAB, ["failed"], "passed", []),
    ],
)
def test_a_workload_that_says_that_it_failed_did(
    runner: RunnerKind, states: list[str], outcome: str, reasons: list[str]
) -> None:
    story = Story(*RULES, until_exit=True, runner=runner, cargo=CargoRun()).warm().soak(20)
    story.add(*(ev.ServiceState(story.t, state, "no port") for state in states))
    state = (libtest(story) if runner is RunnerKind.CARGO else story).exit().end().state()
    assert (state.outcome, state.reasons) == (outcome, reasons)


def test_who_says_that_it_failed_while_it_is_ended_may_miss_what_was_ended_beside_it() -> None:
    story = Story(*RULES).warm().soak().add(ev.ServiceState(60.0, "failed", "lost b", ending=True))
    state = story.exit(1, planned=True).end().state()
    reason = "the workload said, while it was being ended, that it failed: lost b"
    assert (state.outcome, state.reasons) == (Outcome.INCONCLUSIVE, [reason])


def test_a_panic_fails_whatever_the_exit_status() -> None:
    state = panicking(2).state()
    assert (state.facts.exit_status, state.outcome) == (0, Outcome.FAILED)
    assert "2 panics in the output" in state.reasons


def test_a_failure_outweighs_a_stop_and_a_doubt() -> None:
    story = Story(*RULES).warm().soak(20, fds=500)
    state = story.add(ev.StopRequested(story.t, "user")).exit(None, signal="SIGTERM").end().state()
    assert (state.outcome, state.exit_code) == (Outcome.FAILED, ExitCode.FAILED)
    assert state.reasons[-1] == "stopped by user after 30s"


def test_a_workload_that_starts_to_count_has_not_stalled() -> None:
    """The switch from the kernel's counters to its own, much smaller, ones is not a stop."""
    story = Story(*RULES, duration=210.0).warm().phase(Phase.SOAK).run(20, bytes_out=lambda t: int(1e9 * t))
    story.run(180, report=lambda t: {"connections_total": t}).cool().exit(planned=True).end()
    assert story.state().outcome is Outcome.PASSED


def test_a_workload_that_no_longer_counts_has_stalled() -> None:
    story = Story(*RULES, duration=210.0).warm().phase(Phase.SOAK)
    state = story.run(200, report=lambda t: {"connections_total": min(t, 50.0)}).exit(planned=True).end().state()
    assert state.reasons == ["nothing moved for 2m38s under load, from 51s on"]


def test_a_planned_rest_is_not_a_stall() -> None:
    story = Story(*RULES, duration=210.0).warm().phase(Phase.SOAK).run(40)
    story.add(ev.ServiceState(story.t, "idle")).run(90, bytes_in=50000, bytes_out=100000)
    story.add(ev.ServiceState(story.t, "loading")).run(70).cool().exit(planned=True).end()
    assert story.state().outcome is Outcome.PASSED


@pytest.mark.parametrize("field", ["fds", "rss", "cpu_s", "established", "bytes_out"])
def test_no_data_never_passes(field: str) -> None:
    rules = {
        "fds": ("max(fds) < 9999", "growth(fds) < 999/s", "settles(fds)"),
        "rss": ("max(rss) < 9TB", "growth(rss) < 9TB/s", "settles(rss)", "p99(rss) < 9TB"),
        "cpu_s": ("mean(cpu) < 101%", "max(cpu, 5s) < 101%", "cv(cpu) < 999%", "mean(cpu) >= 0%"),
        "established": ("settles(established)", "min(established) >= 0", "last(established) >= 0"),
        "bytes_out": ("min(throughput, 5s) >= 0B/s", "mean(throughput) >= 0B/s", "growth(throughput) > -1GB/s/s"),
    }[field]
    story = Story(
        *rules, "rate(jobs_total) >= 0/s", "count(jobs_total) >= 0", "tests_failed == 0", metrics={"jobs_total": _JOBS}
    )
    found = story.whole(**{field: None}).state()
    assert {criterion.verdict for criterion in found.criteria} == {Verdict.INCONCLUSIVE}
    assert found.outcome is Outcome.INCONCLUSIVE


_JOBS = MetricSpec()


@pytest.mark.parametrize(
    ("rule", "story", "verdict", "evidence"),
    [
        ("exit_status == 0", lambda s: s.exit(), "passed", "the child ended with status 0"),
        ("exit_status == 0", lambda s: s.exit(3), "failed", "the child ended with status 3"),
        ("exit_status == 0", lambda s: s.exit(3, planned=True), "passed",
         "the child was stopped as planned and ended with status 3"),
        ("exit_status == 0", lambda s: s.exit(None, signal="SIGTERM"), "inconclusive", "the child ended by SIGTERM"),
        ("exit_status == 0", lambda s: s, "inconclusive", "the child ended with a status that is not known here"),
        ("tests_run >= 1", lambda s: libtest(s).exit(), "passed", "1 test run, 0 failed"),
        ("tests_run >= 1", lambda s: libtest(s, announced=0).exit(), "failed", "0 tests run, 0 failed"),
        ("tests_run >= 1", lambda s: s.exit(), "inconclusive", "no test harness was seen in the output"),
        ("tests_failed == 0", lambda s: libtest(s, announced=2, failed=1).exit(), "failed", "2 tests run, 1 failed"),
        ("duration >= 99%", lambda s: s.exit(), "passed", "100% of the planned duration"),
    ],
)  # fmt: skip
def test_facts_are_judged_at_the_end(rule: str, story: Callable[[Story], Story], verdict: str, evidence: str) -> None:
    found = story(Story(rule).warm().soak()).end().criterion()
    assert (found.verdict, found.evidence) == (verdict, evidence)


def through_cargo(story: Story, binaries: int) -> Story:
    """Cargo says each test program that it runs."""
    said = ev.Matched(story.t, "libtest_binary", "Running tests/a.rs (target/debug/deps/a-1)", {"binaries": 1.0})
    return story.add(*[said] * binaries)


UNSAID = "1 test program did not say how many it ran"


@pytest.mark.parametrize(
    ("rule", "binaries", "announced", "verdict", "evidence"),
    [
        ("tests_run >= 1", 2, 0, "inconclusive", f"0 tests run, 0 failed; {UNSAID}"),
        (
            "tests_run >= 1",
            3,
            0,
            "inconclusive",
            "0 tests run, 0 failed; 2 test programs did not say how many they ran",
        ),
        ("tests_run >= 1", 1, 0, "failed", "0 tests run, 0 failed"),
        ("tests_run >= 1", 2, 1, "passed", f"1 test run, 0 failed; {UNSAID}"),
        ("tests_run == 1", 2, 1, "inconclusive", f"1 test run, 0 failed; {UNSAID}"),
        ("tests_failed == 0", 2, 1, "passed", "1 test run, 0 failed"),
    ],
)
def test_a_test_program_with_a_harness_of_its_own_may_have_run_more(
    rule: str, binaries: int, announced: int, verdict: str, evidence: str
) -> None:
    story = through_cargo(Story(rule).warm().soak(), binaries)
    found = libtest(story, announced=announced).exit().end().criterion()
    assert (found.verdict, found.evidence) == (verdict, evidence)


def begun(story: Story, announced: int = 1, *, failed: bool = False) -> Story:
    """A harness that says what it begins, and never what it came to."""
    story.add(ev.Matched(story.t, "libtest_running", f"running {announced} tests", {"tests_run": announced}))
    return story.add(ev.Matched(story.t, "libtest_failed", "test a ... FAILED")) if failed else story


TWO = "1 of 2 tests ended, 0 failed; no summary came: "
OPEN = "0 of 1 test ended, 0 failed; no summary came: "
PLANNED = "stopped as planned before its end; it hangs, or needs a longer --duration"
CUT = "it was cut off, or its output was"


@pytest.mark.parametrize(
    ("rule", "story", "verdict", "evidence"),
    [
        ("tests_run >= 1", lambda s: begun(s).exit(planned=True), "inconclusive", OPEN + PLANNED),
        ("tests_run >= 1", lambda s: begun(s).exit(), "inconclusive", OPEN + CUT),
        ("tests_run >= 1", lambda s: begun(s.add(ev.StopRequested(s.t, "SIGINT"))).exit(), "inconclusive",
         OPEN + "stopped by SIGINT before its end"),
        ("tests_run == 0", lambda s: begun(s).exit(), "inconclusive", OPEN + CUT),
        ("tests_failed == 0", lambda s: begun(s).exit(planned=True), "inconclusive", OPEN + PLANNED),
        ("tests_failed == 0", lambda s: begun(s, failed=True).exit(planned=True), "failed",
         OPEN.replace("0 f", "1 f") + PLANNED),
        ("tests_run >= 1", lambda s: begun(libtest(s)).exit(planned=True), "passed", TWO + PLANNED),
        ("tests_failed == 0", lambda s: libtest(s, announced=0).exit(), "inconclusive",
         "0 tests run, 0 failed: what did not run cannot fail"),
        ("tests_failed == 0", lambda s: libtest(s, announced=2, ignored=2).exit(), "inconclusive",
         "0 tests run, 0 failed: what did not run cannot fail"),
        ("exit_status == 0", lambda s: s.exit(None, signal="SIGKILL", planned=True), "inconclusive",
         "the child was asked to end as planned, did not, and had to be killed"),
        ("exit_status == 3", lambda s: s.exit(0, planned=True), "inconclusive",
         "the child was stopped as planned and ended with status 0"),
    ],
)  # fmt: skip
def test_what_never_ended_proves_nothing(
    rule: str, story: Callable[[Story], Story], verdict: str, evidence: str
) -> None:
    found = story(Story(rule).warm().soak()).end().criterion()
    assert (found.verdict, found.evidence) == (verdict, evidence)


def test_a_harness_that_ends_before_its_test_does_is_told() -> None:
    state = begun(Story(*RULES).warm().soak()).cool().exit().end().state()
    assert (state.outcome, state.reasons) == (
        Outcome.INCONCLUSIVE, ["1 of 1 tests never ended: no summary came"],
    )  # fmt: skip


def test_a_pattern_of_the_scenario_is_no_line_of_a_harness() -> None:
    story = Story(*RULES, patterns={"login_failed": "login failed"}).warm().soak()
    state = story.add(ev.Matched(story.t, "login_failed", "login failed")).cool().exit(planned=True).end().state()
    assert (state.outcome, state.facts.tests_failed) == (Outcome.PASSED, 0)


def test_processes_that_the_kernel_killed_for_want_of_memory_fail_the_run() -> None:
    story = Story(*RULES).warm()
    for kills in (3, 3, 3, 4, 5):  # what a control group counted before is not of this run
        story.add(ev.Sampled(story.t, Sample(story.t, (process(story.t),), cgroup=CgroupSample(oom_kills=kills))))
        story.t += 1.0
    state = story.phase(Phase.SOAK).run(45).cool().exit(planned=True).end().state()
    counted = "Criterion 1: count(crashes) == 0: 2 over the run, 66 values; breached once, first at 00:00:13, worst 2"
    assert (state.outcome, state.reasons) == (
        Outcome.FAILED, [counted, "the kernel killed 2 processes for want of memory"],
    )  # fmt: skip


@pytest.mark.parametrize(("asked_first", "outcome"), [(True, Outcome.ABORTED), (False, Outcome.FAILED)])
def test_the_status_of_a_child_that_was_told_to_end_is_no_failure(outcome: Outcome, *, asked_first: bool) -> None:
    """A shell answers SIGTERM with status 143 where what it waits for dies first; what had failed before stays so."""
    story = Story("exit_status == 0").warm().soak(5)
    asked, ended = ev.StopRequested(story.t, "user"), ev.Exited(story.t, status=143)
    for event in (asked, ended) if asked_first else (ended, asked):
        story.add(event)
    state = story.end().state()
    assert state.outcome is outcome, state.reasons
    assert (state.criteria[0].verdict is Verdict.FAILED) is not asked_first


def test_a_kill_for_want_of_memory_is_a_crash_once_and_something_that_ran_out() -> None:
    story = Story("count(crashes) == 0", "count(oom_errors) == 0").warm().soak()
    story.add(ev.Matched(story.t, "oom_kill", "the kernel killed worker (pid 7) for want of memory"))
    state = story.exit(status=None, signal="SIGKILL").end().state()
    assert [(c.verdict, c.value) for c in state.criteria] == [(Verdict.FAILED, 1.0), (Verdict.FAILED, 1.0)]


def test_a_share_that_fell_short_is_not_rounded_to_what_it_fell_short_of() -> None:
    def short(rule: str) -> RunState:
        story = Story(rule, duration=6000.0, warm_up=10.0).warm().phase(Phase.SOAK)
        story.t = 5939.0
        return story.sample().exit().end().state()

    assert short("max(fds) < 100").reasons[0] == "ended after 1h38m of the planned 1h40m (98.98 %)"
    assert short("duration >= 99%").criteria[0].evidence == "98.98% of the planned duration"


def test_a_run_without_a_plan_has_no_share_of_it() -> None:
    found = Story("duration >= 99%", duration=None).warm().soak(5).exit().end().criterion()
    assert (found.verdict, found.evidence) == (Verdict.INCONCLUSIVE, "no planned duration")


def test_no_crash_of_a_driver_or_after_a_stop_is_counted() -> None:
    story = Story(*RULES).warm().soak(20)
    story.add(ev.ProcessKnown(story.t, 7, Role.DRIVER, "load", "ended", "killed by SIGSEGV"))
    story.add(ev.StopRequested(story.t, "user"))
    story.add(ev.ProcessKnown(story.t, 8, Role.SUT, "proxy", "ended", "killed by SIGKILL"))
    assert story.state().facts.crashed == 0


def test_a_doubt_makes_a_sound_run_inconclusive_and_a_failed_one_stays_failed() -> None:
    doubt = ev.Doubted(20.0, "journal", "3 events were damaged")
    sound = Story(*RULES).warm().soak(20).add(doubt, doubt).run(40).exit(planned=True).end().state()
    assert (sound.outcome, sound.reasons) == (Outcome.INCONCLUSIVE, ["3 events were damaged"])
    failed = Story(*RULES).warm().soak(20).add(doubt).exit(3).end().state()
    assert failed.outcome is Outcome.FAILED


@pytest.mark.parametrize(("runner", "told"), [(RunnerKind.CARGO, True), (RunnerKind.LAB, False)])
def test_a_test_that_ends_long_before_its_plan_is_told_where_it_is_judged(runner: RunnerKind, *, told: bool) -> None:
    run = CargoRun(to_its_end="suite_leak")
    story = Story(*RULES, runner=runner, cargo=run, duration=600.0).warm().soak(20)
    reasons = libtest(story).exit().end().state().reasons
    assert any("'stresstui run suite_leak' judges one to its own end" in reason for reason in reasons) is told


@pytest.mark.parametrize(("signal", "outcome"), [("SIGSEGV", "failed"), ("SIGABRT", "failed"), ("SIGTERM", "passed")])
def test_a_fault_as_it_was_asked_to_end_is_a_crash(signal: str, outcome: str) -> None:
    state = Story("count(crashes) == 0").warm().soak().exit(None, signal=signal, planned=True).end().state()
    assert state.outcome == outcome
    said = f"the child was killed by {signal} when it was asked to end as planned"
    assert (said in state.reasons) is (outcome == "failed")


def test_a_child_that_could_not_be_ended_was_under_load_until_it_was_asked_to() -> None:
    told = Story("duration >= 99%", "max(rss) < 100MiB", cool_down=0.0).warm().soak()
    asked = told.t
    told.t += 24.0  # of asking and killing, in which nothing is sampled
    state = told.exit(None, planned=True, asked=asked, left=True).end().state()
    assert state.under_load == 60.0
    assert state.reasons == []
    assert state.facts.describe_exit() == "the child was asked to end, could not be ended, and is left running"


def test_who_stops_a_run_does_not_fail_it_by_its_length() -> None:
    told = Story("duration >= 99%", duration=600.0).warm().soak(20)
    state = told.add(ev.StopRequested(told.t, "SIGTERM")).exit(None, signal="SIGTERM").end().state()
    assert (state.outcome, state.exit_code) == (Outcome.ABORTED, 143)
    assert state.criteria[0].evidence == "5.00% of the planned duration: stopped by SIGTERM"
