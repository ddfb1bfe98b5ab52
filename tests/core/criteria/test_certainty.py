"""Bounds and busy hosts: a value says only what it can say."""

from typing import Any

import pytest

from stresstui.core.criteria.aggregates import measure_for
from stresstui.core.criteria.base import Observation
from stresstui.core.criteria.bracket import Bracket
from stresstui.core.criteria.certainty import Blur, memory_of, settles
from stresstui.core.criteria.rule import check_rule, parse_rule
from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.model import event as ev
from stresstui.core.model.certainty import Certainty
from stresstui.core.model.event import Phase
from stresstui.core.model.metric import BUILT_IN
from stresstui.core.model.sample import HostSample, Sample, SocketSample
from stresstui.core.model.scenario import MetricSpec, Scenario
from tests.core.story import Story, process


@pytest.mark.parametrize(
    ("rule", "value", "certainty", "sure"),
    [
        ("max(fds) < 10", 12, Certainty.AT_LEAST, True),
        ("max(fds) < 10", 8, Certainty.AT_LEAST, False),
        ("max(fds) < 10", 12, Certainty.AT_MOST, False),
        ("max(fds) < 10", 8, Certainty.AT_MOST, True),
        ("min(fds) >= 10", 12, Certainty.AT_LEAST, True),
        ("min(fds) >= 10", 8, Certainty.AT_LEAST, False),
        ("min(fds) >= 10", 12, Certainty.AT_MOST, False),
        ("min(fds) >= 10", 8, Certainty.AT_MOST, True),
        ("last(fds) == 10", 10, Certainty.AT_LEAST, False),
        ("last(fds) == 10", 12, Certainty.AT_LEAST, True),
        ("last(fds) == 10", 12, Certainty.AT_MOST, False),
        ("last(fds) != 10", 8, Certainty.AT_MOST, True),
        ("max(fds) < 10", 8, Certainty.ESTIMATE, True),
        ("max(fds) < 10", 12, Certainty.EXACT, True),
    ],
)
def test_a_bound_settles_one_side_only(rule: str, value: float, certainty: Certainty, *, sure: bool) -> None:
    assert settles(check_rule(parse_rule(rule), Scenario(name="s")), value, certainty) is sure


def count(story: Story, told: SocketSample, **fields: Any) -> None:
    """Add a second whose sockets were counted as ``told``."""
    sample = Sample(story.t, (process(story.t, **fields),), cpus=2, sockets_t=story.t, sockets=told)
    story.add(ev.Sampled(story.t, sample=sample))
    story.t += 1.0


def bounded(rule: str, rate: float, *, unseen: int, of: int = 1) -> CriterionState:
    """A whole run whose sockets end between two tables in every ``of``-th second, so that bytes are a lower bound."""
    story = Story(rule, warm_up=5.0, duration=65.0)
    for phase, seconds in ((Phase.WARM_UP, 5), (Phase.SOAK, 60)):
        story.phase(phase)
        for second in range(seconds):
            told = SocketSample(bytes_t=story.t, unseen=unseen if second % of == 0 else 0)
            moved: dict[str, Any] = {"bytes_out": int(rate * story.t)}
            count(story, told, **moved)
    return story.exit(planned=True).end().criterion()


@pytest.mark.parametrize(
    ("rule", "unseen", "verdict"),
    [
        ("mean(throughput) > 5MB/s", 3, Verdict.INCONCLUSIVE),
        ("min(throughput, 10s) > 5MB/s", 3, Verdict.INCONCLUSIVE),
        ("min(throughput) > 5MB/s", 3, Verdict.INCONCLUSIVE),
        ("p95(throughput) > 5MB/s", 3, Verdict.INCONCLUSIVE),
        ("cv(throughput) < 30%", 3, Verdict.INCONCLUSIVE),
        ("max(throughput) < 5MB/s", 3, Verdict.INCONCLUSIVE),
        ("mean(throughput) > 0.5MB/s", 3, Verdict.PASSED),
        ("min(throughput, 10s) > 0.5MB/s", 3, Verdict.PASSED),
        ("max(throughput) < 0.5MB/s", 3, Verdict.FAILED),
        ("mean(throughput) < 0.5MB/s", 3, Verdict.FAILED),
        ("mean(throughput) > 5MB/s", 0, Verdict.FAILED),
        ("min(throughput) > 5MB/s", 0, Verdict.FAILED),
        ("max(throughput) < 5MB/s", 0, Verdict.PASSED),
    ],
)
def test_a_lower_bound_of_a_rate(rule: str, unseen: int, verdict: Verdict) -> None:
    found = bounded(rule, 1e6, unseen=unseen)
    assert found.verdict is verdict, found.evidence
    if verdict is Verdict.INCONCLUSIVE:
        assert not found.breach_count
        assert "the truth may be more" in found.evidence
        assert "the workload prints itself would settle it" in found.evidence
    assert ("bound" in found.evidence) is bool(unseen)
    if rule.startswith("cv"):
        assert found.certainty is Certainty.ESTIMATE
    else:
        assert found.certainty is (Certainty.AT_LEAST if unseen else Certainty.EXACT)


def test_a_few_bounds_among_many_values_are_like_a_few_missing_ones() -> None:
    assert bounded("max(throughput) < 5MB/s", 1e6, unseen=3, of=20).verdict is Verdict.PASSED
    assert bounded("mean(throughput) > 5MB/s", 1e6, unseen=3, of=20).verdict is Verdict.INCONCLUSIVE
    assert bounded("min(throughput) > 5MB/s", 1e6, unseen=3, of=20).verdict is Verdict.FAILED


@pytest.mark.parametrize(
    ("left", "unattributed", "verdict"),
    [
        (20, 0, Verdict.PASSED),
        (20, 2, Verdict.PASSED),
        (20, 5, Verdict.INCONCLUSIVE),
        (90, 5, Verdict.FAILED),
        (90, 0, Verdict.FAILED),
    ],
)
def test_a_lower_bound_is_not_back_at_its_baseline(left: int, unattributed: int, verdict: Verdict) -> None:
    story = Story("settles(established)").warm().soak().phase(Phase.COOL_DOWN)
    for _second in range(5):
        told = SocketSample(unattributed=unattributed)
        count(story, told, established=left)
    assert story.exit(planned=True).end().criterion().verdict is verdict


@pytest.mark.parametrize(
    ("rule", "unattributed", "verdict"),
    [
        ("max(established) < 100", 3, Verdict.PASSED),
        ("max(established) < 62", 3, Verdict.INCONCLUSIVE),
        ("max(established) < 60", 3, Verdict.FAILED),
        ("max(established, 10s) < 100", 3, Verdict.PASSED),
        ("max(established, 10s) < 62", 3, Verdict.INCONCLUSIVE),
        ("mean(established) < 100", 3, Verdict.PASSED),
        ("mean(established) < 62", 3, Verdict.INCONCLUSIVE),
        ("p95(established) < 100", 3, Verdict.PASSED),
        ("last(established) < 100", 3, Verdict.PASSED),
        ("min(established) > 70", 3, Verdict.FAILED),
        ("min(established) > 62", 3, Verdict.INCONCLUSIVE),
        ("min(established) > 50", 3, Verdict.PASSED),
        ("last(established) == 61", 3, Verdict.INCONCLUSIVE),
        ("max(close_wait) == 0", 3, Verdict.INCONCLUSIVE),
        ("cv(established) < 30%", 3, Verdict.INCONCLUSIVE),
    ],
)
def test_sockets_without_an_owner_decide_only_what_they_could_change(
    rule: str, unattributed: int, verdict: Verdict
) -> None:
    story = Story(rule, warm_up=5.0, duration=65.0)
    for phase, seconds in ((Phase.WARM_UP, 5), (Phase.SOAK, 60)):
        story.phase(phase)
        for _second in range(seconds):
            told = SocketSample(unattributed=unattributed)
            sample = Sample(story.t, (process(story.t, established=60, close_wait=0),), sockets_t=story.t, sockets=told)
            story.add(ev.Sampled(story.t, sample=sample))
            story.t += 1.0
    found = story.exit(planned=True).end().criterion()
    assert found.verdict is verdict, found.evidence
    if verdict is Verdict.PASSED:
        assert "60 to 63 over" in found.evidence
        assert found.certainty is Certainty.AT_LEAST


def test_what_may_lie_anywhere_above_is_not_bracketed_by_what_else_is() -> None:
    """A lower bound of which nothing more is known, between two of which more is; in the end it has left the window."""
    rule = check_rule(parse_rule("max(established, 10s) < 100"), Scenario(name="s"))
    measure, bracket, most = (
        measure_for(rule, BUILT_IN["established"]),
        Bracket(rule, memory_of(rule)),
        dict[int, Any](),
    )
    for t in range(40):
        seen = Observation(t, 60.0, Phase.SOAK, certainty=Certainty.AT_LEAST, most=None if t == 20 else 63.0)
        bracket.observe(seen, 60.0, measure)
        measure.observe(t, 60.0)
        most[t] = bracket.most(t)
    assert [most[t] for t in (19, 20, 29, 31)] == [63.0, None, None, 63.0]


@pytest.mark.parametrize("silence", [2, 20])
@pytest.mark.parametrize("rule", ["rate(done_total, 10s) > 9/s", "rate(done_total, 10s) < 11/s"])
@pytest.mark.parametrize("samples_after", [0, 15])
def test_a_rate_over_a_time_in_which_nothing_was_heard_breaks_nothing(
    rule: str, silence: int, samples_after: int
) -> None:
    """Ten a second throughout; for some seconds nobody listened, and then all that was said came at once."""
    story = Story(rule, warm_up=5.0, duration=65.0, metrics={"done_total": MetricSpec()}).warm().phase_of("soak")
    story.run(20, report=lambda t: {"done_total": 10 * t})
    heard = story.t
    story.t += silence
    for behind in range(silence):
        story.report(done_total=10 * (heard + behind))
    if samples_after:
        story.sample(missed=silence).report(done_total=10 * story.t)
        story.t += 1.0
        story.run(samples_after, report=lambda t: {"done_total": 10 * t})
    assert story.exit(planned=True).end().criterion().breach_count == 0


def strained(rule: str, *, busy: int = 0, every: int = 0, own: float = 0.2, latency: float = 40.0) -> CriterionState:
    """A run whose host has every CPU wanted by others for the first seconds of its soak, or for one in ``every``."""
    story = Story(rule, warm_up=5.0, duration=65.0, metrics={"wait_ms": MetricSpec()})
    waited = 0.0
    for phase, seconds in ((Phase.WARM_UP, 5), (Phase.SOAK, 60)):
        story.phase(phase)
        for second in range(seconds):
            pressed = second < busy or (every and second % every == 0)
            waited += 1.0 if phase is Phase.SOAK and pressed else 0.05
            story.sample(host=HostSample(cpu_stall_s=waited), cpu_s=lambda t: own * t)
            story.report(wait_ms=latency)
            story.t += 1.0
    return story.exit(planned=True).end().criterion()


@pytest.mark.parametrize("latency", [40.0, 4.0])
@pytest.mark.parametrize("rule", ["max(wait_ms) < 20ms", "mean(wait_ms) < 20ms", "p99(wait_ms) < 20ms"])
def test_times_on_a_saturated_host_say_nothing(rule: str, latency: float) -> None:
    found = strained(rule, busy=60, latency=latency)
    assert (found.verdict, found.breach_count) == (Verdict.INCONCLUSIVE, 0)
    assert "the host was saturated in 100% of that time" in found.evidence
    assert "a host with room would settle it" in found.evidence


@pytest.mark.parametrize("rule", ["mean(cpu) < 80%", "mean(throughput) > 5MB/s", "min(throughput, 10s) > 5MB/s"])
def test_rates_on_a_saturated_host_say_nothing(rule: str) -> None:
    assert strained(rule, busy=60).verdict is Verdict.INCONCLUSIVE


def test_what_does_not_depend_on_time_is_judged_on_a_saturated_host() -> None:
    assert strained("max(fds) < 100", busy=60).verdict is Verdict.PASSED
    assert strained("max(fds) < 10", busy=60).verdict is Verdict.FAILED
    assert strained("min(cpu_pressure) > 150%", busy=60).verdict is Verdict.FAILED


def test_a_host_that_was_busy_for_a_while_leaves_the_rest_to_judge_by() -> None:
    assert strained("max(wait_ms) < 20ms", busy=10, latency=4.0).verdict is Verdict.PASSED
    assert strained("max(wait_ms) < 20ms", busy=10, latency=40.0).verdict is Verdict.FAILED


@pytest.mark.parametrize("every", [3, 15])
def test_a_few_busy_moments_in_a_window_break_no_limit_and_keep_one(every: int) -> None:
    assert strained("max(wait_ms, 20s) < 20ms", every=every, latency=4.0).verdict is Verdict.PASSED
    found = strained("max(wait_ms, 20s) < 20ms", every=every, latency=40.0)
    assert (found.verdict, found.breach_count) == (Verdict.INCONCLUSIVE, 0)
    assert "the host was saturated in" in found.evidence
    assert "are bounds" not in found.evidence


def test_a_load_of_its_own_making_is_what_the_run_measures() -> None:
    assert strained("max(wait_ms) < 20ms", busy=60, own=1.8).verdict is Verdict.FAILED


@pytest.mark.parametrize(
    ("rule", "panics", "verdict"),
    [
        ("count(crashes) == 0", 0, Verdict.INCONCLUSIVE),
        ("count(panics) < 3", 1, Verdict.INCONCLUSIVE),
        ("count(crashes) == 0", 1, Verdict.FAILED),
        ("tests_failed == 0", 0, Verdict.INCONCLUSIVE),
        ("tests_run >= 2", 0, Verdict.PASSED),
        ("max(fds) < 100", 0, Verdict.PASSED),
    ],
)
def test_what_was_not_read_takes_a_pass_back_that_rests_on_it(rule: str, panics: int, verdict: Verdict) -> None:
    story = Story(rule).warm().soak(20)
    story.add(ev.Matched(story.t, "libtest_running", "running 2 tests", {"tests_run": 2.0}))
    story.add(ev.Matched(story.t, "libtest_result", "test result", {"tests_passed": 2.0, "tests_failed": 0.0}))
    story.add(*(ev.Matched(story.t, "panic", "panic: boom") for _ in range(panics)))
    story.add(ev.Doubted(story.t, ev.UNREAD, "some lines were not read"))
    found = story.soak(30).exit(planned=True).end().criterion()
    assert found.verdict is verdict, found.evidence
    assert ("some lines were not read" in found.evidence) is (verdict is Verdict.INCONCLUSIVE)


def looked_into(
    rule: str, began: int, lasted: int, *, everything: bool = False, at_most: float | None = 30.0, **then: float
) -> CriterionState:
    """A minute of soak in which somebody looks into the processes, while the numbers are those of ``then``."""
    story = Story(rule, warm_up=5.0, duration=65.0, metrics={"wait_ms": MetricSpec(), "jobs_total": MetricSpec()})
    usual = {"wait_ms": 4.0, "rate": 10.0, "fds": 40.0}
    jobs = 0.0
    for phase, seconds in ((Phase.WARM_UP, 5), (Phase.SOAK, 60)):
        story.phase(phase)
        for second in range(seconds):
            soaking = phase is Phase.SOAK
            if soaking and second == began:
                story.add(ev.Burdened(story.t, "perf 1", "perf", at_most, everything))
            if soaking and second == began + lasted:
                story.add(ev.Burdened(story.t, "perf 1", "perf"))
            now = usual | (then if soaking and began <= second < began + lasted else {})
            jobs += now["rate"]
            story.sample(fds=int(now["fds"])).report(wait_ms=now["wait_ms"], jobs_total=jobs)
            story.t += 1.0
    return story.exit(planned=True).end().criterion()


@pytest.mark.parametrize(
    "rule",
    [
        "max(wait_ms) < 20ms", "mean(wait_ms) < 5ms", "p99(wait_ms) < 20ms", "max(wait_ms, 10s) < 20ms",
        "rate(jobs_total) > 9/s", "rate(jobs_total, 5s) > 9/s",
    ],
)  # fmt: skip
def test_what_is_measured_during_an_investigation_breaks_no_limit_of_time(rule: str) -> None:
    found = looked_into(rule, 20, 10, wait_ms=500.0, rate=0.0)
    assert (found.verdict, found.breach_count) == (Verdict.PASSED, 0), found.evidence
    assert found.value == pytest.approx(10.0 if "rate" in rule else 4.0, rel=0.02)
    assert looked_into(rule, 20, 0, wait_ms=500.0, rate=0.0).verdict is Verdict.PASSED


@pytest.mark.parametrize("rule", ["mean(wait_ms) > 6ms", "max(wait_ms) > 20ms", "rate(jobs_total) > 20/s"])
def test_what_is_measured_during_an_investigation_keeps_no_limit_either(rule: str) -> None:
    found = looked_into(rule, 20, 10, wait_ms=500.0, rate=500.0)
    assert found.verdict is Verdict.FAILED, found.evidence


@pytest.mark.parametrize("rule", ["mean(wait_ms) < 5ms", "max(wait_ms) < 20ms", "rate(jobs_total) > 5/s"])
def test_a_run_that_was_mostly_looked_into_is_open(rule: str) -> None:
    found = looked_into(rule, 0, 50)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "it was investigated in" in found.evidence
    assert "a run that nobody looks into would settle it" in found.evidence


def test_what_a_busy_host_bent_is_not_put_down_to_the_look_into_it() -> None:
    blur = Blur(parse_rule("max(wait_ms) < 20ms"), memory=0.0, busy=90, burdened=2, values=96, left_out=4)
    assert blur.why() == (
        "; it was investigated in 6% of that time, and the host was saturated in 88% of that time:"
        " a run on a host with room that nobody looks into would settle it"
    )


def test_an_investigation_that_never_says_that_it_is_over_is_over_in_time() -> None:
    """Its process was killed: 30 s and what a report may look back, then times count again."""
    found = looked_into("max(wait_ms) < 20ms", 10, 99, wait_ms=500.0)
    assert found.verdict is Verdict.FAILED
    assert 10 + 30 <= found.breaches[0].began - 10 <= 10 + 30 + 8


def test_only_what_bends_everything_takes_memory_and_descriptors_out() -> None:
    assert looked_into("max(fds) < 100", 20, 10, fds=500.0).verdict is Verdict.FAILED
    assert looked_into("max(fds) < 100", 20, 10, everything=True, fds=500.0).verdict is Verdict.PASSED
    assert looked_into("count(jobs_total) < 10", 0, 99, everything=True).verdict is Verdict.FAILED
    assert looked_into("count(jobs_total) < 100", 0, 99, everything=True, at_most=None).verdict is Verdict.FAILED
    grown = looked_into("growth(fds) < 1/h", 0, 99, everything=True)
    assert grown.verdict is Verdict.INCONCLUSIVE
    assert "it was investigated in 60%" in grown.evidence
    settled = looked_into("settles(fds)", 20, 10, everything=True)
    assert settled.verdict is Verdict.INCONCLUSIVE
    assert "investigated" in settled.evidence
