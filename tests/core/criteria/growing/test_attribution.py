"""Whose growth it is: a process's, which is named, or the load's."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstui.core.criteria.growing.attribution import Attribution, partial_trend
from stresstui.core.criteria.state import Verdict
from stresstui.core.derive.series import Series
from stresstui.core.model import event as ev
from stresstui.core.model.sample import ProcessSample
from stresstui.core.model.scenario import RunnerKind
from tests.core.story import MIB, Story, process

MINUTE = 60.0


def test_the_growing_process_is_named_and_the_steady_one_is_not() -> None:
    attribution = Attribution(["rss"])
    for second in range(600):
        leaking = process(second, pid=7, rss=50 * MIB + second * 1000)
        steady = process(second, pid=8, rss=300 * MIB + second % 7)
        attribution.observe(float(second), [leaking, steady])
    (found,) = attribution.culprits("rss")
    assert (found.name, found.pid) == ("proxy", 7)
    assert found.per_hour == pytest.approx(3_600_000, rel=0.01)


def test_a_process_that_shrinks_is_not_named() -> None:
    attribution = Attribution(["rss"])
    for t in range(600):
        grows = process(float(t), pid=1, rss=50 * MIB + t * 1000)
        shrinks = process(float(t), pid=2, rss=500 * MIB - t * 9000)
        attribution.observe(float(t), [grows, shrinks])
    assert [culprit.pid for culprit in attribution.culprits("rss")] == [1]


def test_where_all_shrink_nobody_is_named() -> None:
    attribution = Attribution(["rss"])
    for t in range(600):
        slowly, fast = (process(float(t), pid=pid, rss=500 * MIB - t * pace) for pid, pace in ((1, 10), (2, 9000)))
        attribution.observe(float(t), [slowly, fast])
    assert attribution.culprits("rss") == []


def test_a_metric_that_nobody_judges_is_not_followed() -> None:
    attribution = Attribution(["throughput", "fds"])
    attribution.observe(0.0, [process(0.0)])
    assert attribution.culprits("rss") == []
    assert attribution.culprits("throughput") == []


def test_what_is_kept_of_many_processes_is_bounded() -> None:
    attribution = Attribution(["fds"])
    for pid in range(1, 2000):
        attribution.observe(float(pid), [process(float(pid), pid=pid)])
    assert len(attribution._lives) == 256


def leaking(t: float) -> int:
    return int(50 * MIB + t * MIB / MINUTE)


def two(t: float) -> tuple[ProcessSample, ...]:
    return (process(t, pid=3, rss=leaking(t)), process(t, pid=4, rss=80 * MIB))


def test_a_leak_is_breached_live_and_its_process_named() -> None:
    story = Story("growth(rss) < 1MiB/h", duration=1800.0, warm_up=60.0).warm()
    story.phase_of("soak")
    for _ in range(900):
        story.sample(processes=two(story.t))
        story.t += 1.0
    found = story.criterion()
    assert found.verdict is Verdict.BREACHED
    assert "; mostly proxy (pid 3) +" in found.evidence
    assert "pid 4" not in found.evidence


def ramp(*, leak: float) -> Story:
    """Memory that follows the connections of a ramp, and what leaks beside it, MiB a minute."""
    story = Story("growth(rss) < 1MiB/h", runner=RunnerKind.LAB, duration=1800.0, warm_up=60.0).warm()
    story.phase_of("soak")
    for second in range(1740):
        clients = 100.0 + 50.0 * (second // 120) + 20.0 * (second // 30 % 2)
        story.report(active_connections=clients)
        story.sample(rss=int(50 * MIB + clients * 50_000 + leak * MIB * second / MINUTE))
        story.t += 1.0
    return story.exit(planned=True).end()


def test_growth_that_follows_the_offered_load_is_not_called_a_leak() -> None:
    found = ramp(leak=0.0).criterion()
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "it follows the offered load" in found.evidence


def test_a_leak_beside_a_growing_load_is_still_a_leak() -> None:
    assert ramp(leak=1.0).criterion().verdict is Verdict.FAILED


def test_how_long_until_the_limit() -> None:
    story = Story("growth(rss) < 1MiB/h", "max(rss) < 512MiB", duration=1800.0, warm_up=60.0).warm()
    story.phase_of("soak").run(1740, rss=leaking)
    state = story.add(ev.Exited(story.t, planned=True)).end().state()
    limit = state.criteria[1]
    assert state.forecast(limit) == pytest.approx((462 - 30) * MINUTE, rel=0.02)
    assert "at this growth the limit would be reached in about 7h" in limit.evidence
    assert state.forecast(state.criteria[0]) is None


@given(
    slope=st.floats(-5, 5),
    per_load=st.floats(-5, 5),
    loads=st.lists(st.integers(0, 50), min_size=40, max_size=40).filter(lambda loads: len(set(loads)) > 5),
)
def test_time_and_load_are_told_apart(slope: float, per_load: float, loads: list[int]) -> None:
    metric, load = Series(), Series()
    for second, clients in enumerate(loads):
        load.add(float(second), float(clients))
        metric.add(float(second), slope * second + per_load * clients)
    found = partial_trend(metric, load, 0.0)
    assert found is not None
    assert found.slope == pytest.approx(slope, abs=1e-6)
    assert found.per_load == pytest.approx(per_load, abs=1e-6)


@pytest.mark.parametrize("rise", [0.0, 0.1, 3.7])
def test_a_load_that_stands_still_or_only_rises_explains_nothing(rise: float) -> None:
    metric, load = Series(), Series()
    for second in range(100):
        load.add(float(second), 64.0 + rise * second)
        metric.add(float(second), float(second))
    assert partial_trend(metric, load, 0.0) is None


def restarting(*, lived: float, name: str = "proxy") -> Story:
    """A process that is replaced by another, which uses ten times the memory and stays as it is."""
    story = Story("growth(rss) < 8MiB/h", duration=3000.0, warm_up=60.0).warm().phase_of("soak")
    swap = story.t + lived
    while story.t < 2900:
        old = story.t < swap
        rss = 20 * MIB if old else 200 * MIB
        one = process(story.t, pid=3 if old else 9, started=1.0 if old else 70.0, rss=rss)
        story.sample(processes=(msgspec.structs.replace(one, name="proxy" if old else name),))
        story.t += 1.0
    return story.exit(planned=True).end()


def test_a_restart_is_a_new_segment_and_is_told() -> None:
    state = restarting(lived=1400.0).state()
    assert [entry.text for entry in state.entries if "restarted" in entry.text] == ["restarted: proxy"]
    assert state.criteria[0].verdict is Verdict.PASSED


def test_another_program_in_its_place_is_no_restart() -> None:
    state = restarting(lived=1400.0, name="other").state()
    assert not [entry for entry in state.entries if "restarted" in entry.text]


def test_a_worker_that_lived_for_moments_is_no_restart() -> None:
    assert not [entry for entry in restarting(lived=20.0).state().entries if "restarted" in entry.text]


def test_a_mean_is_shown_for_the_whole_soak_and_for_its_last_minute() -> None:
    story = Story("mean(fds) < 100", duration=400.0).warm().soak(fds=lambda t: 90 if t > 320 else 10)
    found = story.exit(planned=True).end().criterion()
    assert found.value == pytest.approx(26.2, abs=0.1)
    assert found.recent == 90.0
    assert found.evidence.endswith(", 90 in its last minute")
