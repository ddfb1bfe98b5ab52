import random
from typing import Any

import pytest

from stresstui.core.criteria.baseline_return import allowance
from stresstui.core.criteria.finding import record, settle
from stresstui.core.criteria.growing.history import Trend, kind_of
from stresstui.core.criteria.growing.trend import assess_trend, conclude_trend
from stresstui.core.criteria.rule import check_rule, parse_rule
from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.growth import Judgement, Kind, Patience, State
from stresstui.core.model import event as ev
from stresstui.core.model.event import Phase
from stresstui.core.model.metric import BUILT_IN, infer
from stresstui.core.model.scenario import CriterionSpec, MetricSpec, RunnerKind, Scenario
from tests.core.story import MIB, Story

HOUR = 3600.0


def criterion(rule: str) -> CriterionState:
    scenario = Scenario(name="s")
    parsed = check_rule(parse_rule(rule), scenario)
    return CriterionState(CriterionSpec(id="c", title="C", rule=rule), parsed, BUILT_IN[parsed.metric])


def judgement(
    state: State, slope: float | None = None, ci: tuple[float, float] | None = None, **more: Any
) -> Judgement:
    fields = {"since": None, "resolvable_per_hour": None, "active_s": 3600.0, "settles_in_s": None, "leak": False}
    return Judgement(state=state, slope_per_hour=slope, ci=ci, reason="Said so.", **{**fields, **more})


class Told(Trend):
    """A trend whose detector is told what to find."""

    def __init__(self, found: Judgement, count: int = 5) -> None:
        super().__init__(BUILT_IN["rss"], "<")
        self.count = count
        self.detector.evaluate = lambda **_: found  # type: ignore[method-assign] # a fake judgement is the point


OUTSIDE, INSIDE, ASTRIDE = (2.0 * MIB, 3.0 * MIB), (-0.5 * MIB, 0.5 * MIB), (0.5 * MIB, 1.5 * MIB)


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (judgement(State.LEAKING, 2.5 * MIB, OUTSIDE, leak=True), Verdict.FAILED),
        (judgement(State.GROWING, 2.5 * MIB, OUTSIDE, leak=True), Verdict.FAILED),
        (judgement(State.GROWING, 2.5 * MIB, OUTSIDE, leak=False), Verdict.INCONCLUSIVE),
        (judgement(State.SETTLING, 2.5 * MIB, OUTSIDE), Verdict.INCONCLUSIVE),
        (judgement(State.LEAKING, 1.0 * MIB, ASTRIDE, leak=True), Verdict.INCONCLUSIVE),
        (judgement(State.STEADY, 1.0 * MIB, ASTRIDE), Verdict.INCONCLUSIVE),
        (judgement(State.STEADY, 0.0, INSIDE, resolvable_per_hour=1.0 * MIB), Verdict.PASSED),
        (judgement(State.SETTLING, 0.0, INSIDE, resolvable_per_hour=0.5 * MIB), Verdict.PASSED),
        (judgement(State.STEADY, 0.0, INSIDE, resolvable_per_hour=1.1 * MIB), Verdict.INCONCLUSIVE),
        (judgement(State.STEADY, 0.0, INSIDE), Verdict.INCONCLUSIVE),
        (judgement(State.UNDECIDED, 0.0, INSIDE), Verdict.INCONCLUSIVE),
        (judgement(State.LEAKING, 0.0, INSIDE, leak=True), Verdict.INCONCLUSIVE),
        (judgement(State.LEAKING, 0.4 * MIB, INSIDE, resolvable_per_hour=0.3 * MIB, leak=True), Verdict.PASSED),
        (judgement(State.GROWING, 0.4 * MIB, INSIDE, resolvable_per_hour=0.3 * MIB, leak=True), Verdict.PASSED),
        (judgement(State.UNDECIDED), Verdict.INCONCLUSIVE),
        (judgement(State.LEAKING, leak=True), Verdict.INCONCLUSIVE),
    ],
)
def test_growth_is_decided_by_the_whole_confidence_interval(found: Judgement, verdict: Verdict) -> None:
    state = criterion("growth(rss) < 1MiB/h")
    settle(state, conclude_trend(state, Told(found)))
    assert state.verdict is verdict


def test_growth_without_data_is_inconclusive() -> None:
    state = criterion("growth(rss) < 1MiB/h")
    settle(state, conclude_trend(state, Told(judgement(State.STEADY, 0.0, INSIDE), count=0)))
    assert (state.verdict, state.evidence) == (Verdict.INCONCLUSIVE, "RSS: no data in the soak")


def test_growth_read_too_seldom_does_not_pass() -> None:
    state = criterion("growth(rss) < 1MiB/h")
    settle(state, conclude_trend(state, Told(judgement(State.STEADY, 0.0, INSIDE)), missing=0.11))
    assert state.verdict is Verdict.INCONCLUSIVE
    assert state.evidence.endswith("; 11% of the readings that were due are missing")


def test_what_is_not_steady_is_explained() -> None:
    state = criterion("growth(rss) < 1MiB/h")
    settle(state, conclude_trend(state, Told(judgement(State.SETTLING, 0.0, INSIDE, resolvable_per_hour=0.5 * MIB))))
    assert state.evidence.endswith(" would have shown; said so")


def test_a_rise_within_the_limit_passes_and_says_what_it_comes_to() -> None:
    state = criterion("growth(rss) < 1MiB/h")
    slow = judgement(State.LEAKING, 0.39 * MIB, (0.35 * MIB, 0.44 * MIB), resolvable_per_hour=0.28 * MIB, leak=True)
    settle(state, conclude_trend(state, Told(slow)))
    assert state.verdict is Verdict.PASSED
    assert state.evidence.endswith("would have shown; rising, within the limit: at this pace +9.36 MiB a day")


def test_the_evidence_has_slope_interval_and_what_would_have_shown() -> None:
    state = criterion("growth(rss) < 1MiB/h")
    told = Told(judgement(State.STEADY, 1.0 * MIB, ASTRIDE, resolvable_per_hour=0.8 * MIB, settles_in_s=600))
    settle(state, conclude_trend(state, told))
    assert state.evidence == (
        "RSS 1.00 MiB/h (95 % between 0.50 MiB/h and 1.50 MiB/h) over 1h; growth above 0.80 MiB/h would have shown;"
        " about 10m more would settle 1 MiB/h"
    )
    assert state.shown_value == "1.00 MiB/h"


def test_what_keeps_the_limit_but_is_young_is_told_that_it_is() -> None:
    state = criterion("growth(fds) < 600/h")
    settle(state, conclude_trend(state, Told(judgement(State.UNDECIDED, 0.0, (0.0, 0.0), active_s=160.0))))
    assert state.verdict is Verdict.INCONCLUSIVE
    assert state.evidence.endswith("; nothing is called steady within 5m: about 3m more would settle 600/h")


@pytest.mark.parametrize(
    ("rule", "slope"),
    [("growth(fds) < 1/h", (-9.0, 9.0)), ("growth(fds) < 600/h", None)],
    ids=["what needs longer", "what has no slope yet"],
)
def test_what_its_youth_does_not_explain_is_not_told_of_it(rule: str, slope: tuple[float, float] | None) -> None:
    state = criterion(rule)
    settle(state, conclude_trend(state, Told(judgement(State.UNDECIDED, slope and 0.0, slope, active_s=160.0))))
    assert "nothing is called steady" not in state.evidence
    assert f" more would settle {state.rule.threshold}" in state.evidence


LEAK = judgement(State.LEAKING, 2.5 * MIB, OUTSIDE, leak=True)


@pytest.mark.parametrize(
    ("judgements", "verdict", "breaches"),
    [
        ([judgement(State.UNDECIDED)], Verdict.NO_DATA, []),
        ([judgement(State.STEADY, 0.0, INSIDE)], Verdict.OK, []),
        ([judgement(State.GROWING, 2.5 * MIB, OUTSIDE)], Verdict.PENDING, []),
        ([judgement(State.LEAKING, 0.4 * MIB, INSIDE, leak=True)], Verdict.OK, []),
        ([judgement(State.LEAKING, 1.0 * MIB, ASTRIDE, leak=True)], Verdict.PENDING, []),
        ([LEAK], Verdict.BREACHED, [(0.0, None)]),
        ([LEAK, LEAK], Verdict.BREACHED, [(0.0, None)]),
        ([LEAK, judgement(State.STEADY, 0.0, INSIDE)], Verdict.OK, [(0.0, 60.0)]),
        ([LEAK, judgement(State.GROWING, 2.5 * MIB, OUTSIDE)], Verdict.PENDING, [(0.0, 60.0)]),
    ],
)
def test_the_live_verdict_follows_the_trend(
    judgements: list[Judgement], verdict: Verdict, breaches: list[tuple[float, float | None]]
) -> None:
    state = criterion("growth(rss) < 1MiB/h")
    for minute, found in enumerate(judgements):
        record(state, 60.0 * minute, assess_trend(state, found))
    assert state.verdict is verdict
    assert [(b.began, b.ended) for b in state.breaches] == breaches


def test_growth_that_is_pending_at_the_end_says_what_it_would_take() -> None:
    rising, pending = criterion("growth(rss) < 1MiB/h"), criterion("growth(rss) < 1MiB/h")
    settle(
        rising, conclude_trend(rising, Told(judgement(State.GROWING, 2.5 * MIB, OUTSIDE, settles_in_s=90.0, leak=True)))
    )
    settle(pending, conclude_trend(pending, Told(judgement(State.GROWING, 2.5 * MIB, OUTSIDE, settles_in_s=90.0))))
    assert rising.evidence.endswith("; it was still rising when the run ended")
    assert pending.evidence.endswith("; said so: 2m more would do")


def test_growth_that_is_pending_says_for_how_long() -> None:
    state = criterion("growth(rss) < 1MiB/h")
    record(state, 60.0, assess_trend(state, judgement(State.GROWING, 2.5 * MIB, OUTSIDE, settles_in_s=6650.0)))
    assert state.evidence == "Said so: 1h51m more would do."


@pytest.mark.parametrize(("planned", "soon"), [(None, [60, 120, 180]), (HOUR, [20, 40, 60])])
def test_a_trend_is_evaluated_once_a_minute_and_sooner_at_the_start_of_a_plan(
    planned: float | None, soon: list[int]
) -> None:
    trend = Trend(BUILT_IN["rss"], "<", Patience(planned))
    evaluated = []
    for t in range(2000):
        trend.observe(float(t), 5.0)
        if trend.evaluate(float(t)) is not None:
            evaluated.append(t)
    assert evaluated[:3] == soon
    assert evaluated[-1] - evaluated[-2] == 60


@pytest.mark.parametrize(
    ("name", "comparison", "kind"),
    [
        ("rss", "<", Kind.RSS), ("vsz", "<=", Kind.RSS), ("fds", "<", Kind.FDS), ("established", "<", Kind.SOCKETS),
        ("throughput", ">", Kind.THROUGHPUT), ("throughput", "==", Kind.THROUGHPUT), ("cpu", "<", Kind.GAUGE_UP),
        ("mem_available", ">=", Kind.BYTES_DOWN), ("mem_available", "<", Kind.BYTES_UP), ("shmem", "<", Kind.BYTES_UP),
        ("rss", ">", Kind.BYTES_DOWN), ("fds", ">", Kind.GAUGE_DOWN), ("throughput", "<", Kind.GAUGE_UP),
        ("free_bytes", ">", Kind.BYTES_DOWN), ("slots", ">", Kind.GAUGE_DOWN), ("slots", "!=", Kind.GAUGE_UP),
    ],
)  # fmt: skip
def test_every_metric_has_its_kind_and_a_lower_limit_forbids_falling(name: str, comparison: str, kind: Kind) -> None:
    assert kind_of(BUILT_IN.get(name) or infer(name), comparison) is kind
    assert kind_of(infer("quality", falls=True), "==") is Kind.GAUGE_DOWN


@pytest.mark.parametrize("metric", ["mem_available", "free_bytes"])
@pytest.mark.parametrize(("per_hour", "verdict"), [(-20, Verdict.FAILED), (0, Verdict.INCONCLUSIVE)])
def test_free_memory_that_falls_by_far_less_than_it_is_breaches_a_lower_limit(
    metric: str, per_hour: int, verdict: Verdict
) -> None:
    scenario = Scenario(name="s", metrics={"free_bytes": MetricSpec()})
    parsed = check_rule(parse_rule(f"growth({metric}) > -1MiB/h"), scenario)
    known = BUILT_IN.get(metric) or infer(metric)
    state = CriterionState(CriterionSpec(id="c", title="C", rule=parsed.text), parsed, known)
    trend, chance = Trend(state.metric, parsed.operator, Patience(4 * HOUR)), random.Random(1)
    for t in range(0, int(4 * HOUR), 20):
        trend.observe(float(t), 8192 * MIB + per_hour * MIB * t / HOUR + chance.gauss(0, 2 * MIB))
        trend.evaluate(float(t))
    settle(state, conclude_trend(state, trend, over=True))
    assert state.verdict is verdict
    assert "; a fall of 10." in state.evidence


def test_what_falls_too_slowly_to_be_called_is_told_how_long_that_pace_takes() -> None:
    state = criterion("growth(mem_available) > -1MiB/h")
    seen = judgement(State.STEADY, -10.2 * MIB, (-10.4 * MIB, -10 * MIB), resolvable_per_hour=12 * MIB)
    told = Told(seen)
    told.detector.level = lambda: 8000.0 * MIB  # type: ignore[method-assign] # a fake level is the point
    settle(state, conclude_trend(state, told))
    assert state.evidence.endswith("; about 3h more would settle -1 MiB/h")


def test_growth_is_judged_in_the_soak_only_and_after_its_clause() -> None:
    steep = lambda t: int((50 + t) * MIB) if t < 400 else 450 * MIB  # noqa: E731 - one line says it
    story = Story("growth(rss) < 8MiB/h", "growth(rss) < 8MiB/h after 6m", duration=1500.0, warm_up=60.0)
    soak, late = story.whole(rss=steep).state().criteria
    assert soak.verdict is not Verdict.PASSED
    assert late.verdict is Verdict.PASSED


def test_a_leak_fails_while_it_runs() -> None:
    story = (
        Story("growth(rss) < 1MiB/h", duration=1800.0, warm_up=60.0)
        .warm()
        .soak(1500, rss=lambda t: int((50 + t / 10) * MIB))
    )
    assert story.criterion().verdict is Verdict.BREACHED


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({"duration": 2400.0}, Verdict.BREACHED),
        ({"duration": 86400.0}, Verdict.PENDING),
        ({"duration": 86400.0, "until_exit": True}, Verdict.BREACHED),
        ({"duration": None}, Verdict.BREACHED),
    ],
    ids=["short", "a day", "a day at most", "without an end"],
)
def test_a_slow_rise_at_the_start_of_a_long_soak_is_pending(more: dict[str, Any], verdict: Verdict) -> None:
    story = Story("growth(rss) < 1MiB/h", warm_up=60.0, **more)
    story.warm().soak(1500, rss=lambda t: int((500 + t / 60) * MIB))
    assert story.criterion().verdict is verdict


@pytest.mark.parametrize(
    ("per_minute", "more", "verdict"),
    [
        (0.3, {}, Verdict.FAILED),
        (0.2, {}, Verdict.INCONCLUSIVE),
        (0.1, {"full_duration": 14400.0}, Verdict.INCONCLUSIVE),
        (0.3, {"full_duration": 1800.0}, Verdict.FAILED),
        (0.4, {"full_duration": 14400.0}, Verdict.FAILED),
        (0.1, {"full_duration": 14400.0, "own_warm_up": 960.0}, Verdict.INCONCLUSIVE),
        (20.0, {"full_duration": 14400.0, "own_warm_up": 960.0}, Verdict.FAILED),
    ],
    ids=[
        "a run of its own",
        "a run of its own, whose memory may settle yet",
        "much shortened",
        "shortened",
        "and risen by more than a start",
        "shortened, still warming up",
        "and no box survives it",
    ],
)
def test_what_a_shortened_run_may_call_a_leak(per_minute: float, more: dict[str, Any], verdict: Verdict) -> None:
    """A scenario that warms up for a quarter of an hour does so too where the run ends sooner than that."""
    story = Story("growth(rss) < 1MiB/h", duration=900.0, warm_up=60.0, **more)
    found = story.whole(rss=lambda t: int((100 + per_minute * t / 60) * MIB)).criterion()
    assert found.verdict is verdict
    assert ("more would do" in found.evidence) is (verdict is Verdict.INCONCLUSIVE)


def settling(rule: str = "settles(established)", **more: Any) -> Story:
    return Story(rule, runner=RunnerKind.LAB, **more)


def ready(story: Story, **fields: Any) -> Story:
    """An idle moment before the load."""
    story.add(ev.ServiceState(0.0, "ready")).sample(**fields)
    story.t += 1.0
    return story.add(ev.ServiceState(story.t, "loading"))


@pytest.mark.parametrize(
    ("rule", "values", "verdict", "evidence"),
    [
        ("settles(established)", (2, 30, 2), "passed",
         "ESTABLISHED 2 at the end of cool-down, 2 before the load began; 0 left over, 2 allowed"),
        ("settles(established)", (2, 30, 30), "failed",
         "ESTABLISHED 30 at the end of cool-down, 2 before the load began; 28 left over, 2 allowed"),
        ("settles(fds)", (20, 90, 24), "passed",
         "File descriptors 24 at the end of cool-down, 20 before the load began; 4 left over, 4 allowed"),
        ("settles(fds)", (20, 90, 25), "failed",
         "File descriptors 25 at the end of cool-down, 20 before the load began; 5 left over, 4 allowed"),
        ("settles(rss)", (10 * MIB, 90 * MIB, 95 * MIB), "passed",
         "RSS 95.0 MiB at the end of cool-down, 90.0 MiB at the end of warm-up; 5.00 MiB left over, 9.00 MiB allowed"),
        ("settles(fds)", (20, 90, None), "inconclusive",
         ("File descriptors 90 when the child was stopped under load, 90 at the end of warm-up:"
          " whether that would have been given back is open")),
        ("settles(close_wait)", (0, 3, None), "passed",
         "CLOSE_WAIT 3 when the child was stopped under load, 3 at the end of warm-up: nothing piled up"),
    ],
)  # fmt: skip
def test_returns(rule: str, values: tuple[Any, int, Any], verdict: str, evidence: str) -> None:
    idle, busy, after = ({rule[8:-1]: value} for value in values)
    found = ready(settling(rule), **idle).warm(**busy).soak(**busy).cool(**after).exit(planned=True).end().criterion()
    assert found.evidence == evidence
    assert found.verdict == verdict


def test_without_an_idle_moment_the_baseline_is_the_end_of_warm_up() -> None:
    found = (
        settling().warm(established=20).soak(established=99).cool(established=21).exit(planned=True).end().criterion()
    )
    assert "21 at the end of cool-down, 20 at the end of warm-up; 1 left over" in found.evidence
    assert found.verdict is Verdict.PASSED


def test_one_stray_spike_is_not_a_leftover() -> None:
    story = settling().warm(established=2).soak(established=9).phase(Phase.COOL_DOWN)
    found = story.run(3, established=2).run(1, established=99).exit(planned=True).end().criterion()
    assert found.verdict is Verdict.PASSED


def test_a_return_is_pending_until_it_is_back() -> None:
    story = settling().warm(established=2).soak(established=9)
    assert story.criterion().verdict is Verdict.NO_DATA
    assert story.phase(Phase.COOL_DOWN).run(1, established=9).criterion().verdict is Verdict.PENDING
    assert story.run(3, established=3).criterion().verdict is Verdict.OK


def test_connections_that_pile_up_until_the_child_is_stopped_do_not_pass() -> None:
    found = settling().warm(established=5).soak(established=50).exit(planned=True).end().criterion()
    assert found.verdict is Verdict.INCONCLUSIVE


def test_a_run_without_cool_down_has_not_returned() -> None:
    story = settling().warm().soak()
    found = story.add(ev.StopRequested(story.t, by="user")).exit(0).end().criterion()
    assert (found.verdict, found.evidence) == (
        Verdict.INCONCLUSIVE,
        "ESTABLISHED: the run had no cool-down to return in",
    )


def test_a_child_that_ended_by_itself_has_left_nothing() -> None:
    found = settling(until_exit=True).warm().soak().exit().end().criterion()
    assert found.verdict is Verdict.PASSED
    assert found.evidence == (
        "ESTABLISHED: the system under test has exited, nothing of it is left; it held 20 when last read"
    )


def test_a_child_whose_children_are_left_has_not_returned() -> None:
    from tests.core.story import process  # noqa: PLC0415 - one test needs it

    story = settling(until_exit=True).warm().phase(Phase.SOAK)
    story.sample(processes=(process(story.t), process(story.t, pid=2))).exit().end()
    assert story.criterion().verdict is Verdict.INCONCLUSIVE


def test_processes_that_end_in_cool_down_have_left_nothing() -> None:
    story = settling().warm(established=2).soak(established=9).phase(Phase.COOL_DOWN).run(2, established=9)
    story.run(2, processes=()).exit(planned=True).end()
    assert story.criterion().verdict is Verdict.PASSED


def test_nothing_ever_read_has_not_returned() -> None:
    found = settling(until_exit=True).warm(established=None).soak(established=None).cool(established=None).exit().end()
    assert found.criterion().verdict is Verdict.INCONCLUSIVE


def test_a_reported_gauge_returns_to_its_own_baseline() -> None:
    story = settling("settles(sessions)", metrics={"sessions": MetricSpec()})
    story.warm(report=lambda _t: {"sessions": 3.0}).soak(report=lambda _t: {"sessions": 50.0})
    assert (
        story.cool(report=lambda _t: {"sessions": 4.0}).exit(planned=True).end().criterion().verdict is Verdict.PASSED
    )


@pytest.mark.parametrize(
    ("name", "baseline", "room"),
    [("rss", 10 * MIB, 8 * MIB), ("rss", 200 * MIB, 20 * MIB), ("fds", 10, 4), ("fds", 200, 10), ("established", 10, 2),
     ("established", 100, 5)],
)  # fmt: skip
def test_what_may_be_left(name: str, baseline: float, room: float) -> None:
    assert allowance(BUILT_IN[name], baseline) == room


def test_what_is_said_of_a_gauge_has_its_unit() -> None:
    story = Story("growth(cpu) < 1%/h", duration=610.0).warm().soak(cpu_s=lambda t: 0.1 * t + 0.00002 * t * t)
    evidence = story.cool().exit(planned=True).end().criterion().evidence
    assert "; rising steadily at +7.2%/h" in evidence
