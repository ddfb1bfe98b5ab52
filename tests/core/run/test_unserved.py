"""A service that the run leans on ends in mid-run: what fails from then on is nobody's fault that could be told."""

from collections.abc import Callable

import pytest

from stresstui.core.criteria.state import Verdict
from stresstui.core.model import event as ev
from stresstui.core.model.outcome import Outcome
from stresstui.core.model.sample import Role
from stresstui.core.model.scenario import MetricSpec
from tests.core.story import MIB, Story

RULES = (
    "count(failures_total) == 0", "max(open_now) < 10", "tests_failed == 0", "exit_status == 0", "max(rss) < 100MiB",
    "count(moved_total) >= 100",
)  # fmt: skip
METRICS = {"failures_total": MetricSpec(), "open_now": MetricSpec(kind="gauge"), "moved_total": MetricSpec()}
LOST = "the service reality ended in mid-run (SIGKILL)"
Fault = Callable[[Story], Story]


def begun() -> Story:
    return Story(*RULES, metrics=METRICS).warm().soak(20, report=lambda t: {"moved_total": t, "failures_total": 0.0})


def lost(story: Story) -> Story:
    return story.add(ev.Doubted(story.t, ev.SERVICE, LOST))


def fails(story: Story) -> Story:
    return story.report(failures_total=553.0)


def fills(story: Story) -> Story:
    return story.report(open_now=90.0)


def grows(story: Story) -> Story:
    return story.run(1, rss=300 * MIB)


def libtest(story: Story) -> Story:
    story.add(ev.Matched(story.t, "libtest_running", "running 1 test", {"tests_run": 1.0}))
    return story.add(ev.Matched(story.t, "libtest_result", "FAILED", {"tests_failed": 1.0}))


def panics(story: Story) -> Story:
    return story.add(ev.Matched(story.t, "panic", "thread 'main' panicked"))


def ends(story: Story) -> Story:
    return story.exit(101)


FAULTS: tuple[Fault, ...] = (fails, fills, grows, libtest, panics, ends)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("noticed", [0, 1], ids=["after", "as the end is noticed"])
def test_what_fails_without_the_service_fails_nothing(fault: Fault, noticed: int) -> None:
    story = fault(begun()).run(noticed) if noticed else begun()
    story = lost(story) if noticed else fault(lost(story).run(5))
    found = story.run(5).end().state()
    assert found.outcome is Outcome.INCONCLUSIVE, found.reasons
    assert found.reasons[0] == LOST
    assert Verdict.FAILED not in [criterion.verdict for criterion in found.criteria]
    assert found.failures == []


@pytest.mark.parametrize("fault", FAULTS)
def test_what_had_failed_before_stays_failed(fault: Fault) -> None:
    story = fault(begun()).run(9)
    assert lost(story).run(5).end().state().outcome is Outcome.FAILED


def test_what_is_said_of_it() -> None:
    story = fails(libtest(lost(begun()).run(5))).run(3).exit(1).end()
    found = story.state()
    assert found.reasons[:3] == [
        LOST,
        "1 of 1 tests failed, after a service had ended",
        "the child ended with exit status 1, after a service had ended",
    ]
    failures, memory, moved = found.criteria[0], found.criteria[4], found.criteria[5]
    assert failures.value == 553
    assert failures.evidence.endswith("a service had ended by then, and whose fault that is cannot be told")
    assert (moved.verdict, moved.evidence.rpartition("; ")[2]) == (
        Verdict.INCONCLUSIVE, "a service had ended by then, and whose fault that is cannot be told",
    )  # fmt: skip
    assert (memory.verdict, "over 17s of soak" in memory.evidence) == (Verdict.PASSED, True)


def test_no_breach_begins_without_the_service() -> None:
    story = fills(fails(lost(begun()).run(5))).run(3, rss=300 * MIB)
    found = story.state()
    assert [criterion.breach_count for criterion in found.criteria] == [0] * len(RULES)
    assert found.standing.detail.endswith(f"cannot pass: {LOST}")
    memory = story.end().state().criteria[4]
    assert (memory.verdict, memory.value) == (Verdict.PASSED, 50 * MIB)


def test_tests_that_began_without_the_service_are_none_too_few() -> None:
    story = Story("tests_run >= 2").warm().soak(20)
    assert libtest(lost(story).run(5)).end().criterion().verdict is Verdict.INCONCLUSIVE
    assert libtest(Story("tests_run >= 2").warm().soak(20)).end().criterion().verdict is Verdict.FAILED


def test_a_crash_is_the_programs_own_whoever_has_ended_before() -> None:
    story = lost(begun()).run(5)
    story.add(ev.ProcessKnown(story.t, 7, Role.SUT, "proxy", "ended", "killed by SIGSEGV"))
    assert story.run(2).end().state().reasons[0] == "1 process of the system under test crashed"
    assert lost(begun()).run(5).exit(None, signal="SIGSEGV").end().state().outcome is Outcome.FAILED
