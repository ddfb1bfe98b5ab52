"""What a run's metrics usually were in a phase."""

import pytest

from stresstui.core.model import event as ev
from stresstui.core.model.event import Phase
from stresstui.core.model.sample import HostSample
from stresstui.core.model.scenario import MetricSpec
from stresstui.core.run.usual import Usual, usual_of
from tests.core.story import Story

SECONDS = 60


def soak(busy: set[int], *, own: float = 0.2, rising: bool = True) -> Usual:
    """A soak in which others want every CPU in some seconds, and times and rates are ten times as bad in those."""
    story = Story("max(fds) < 1000", warm_up=5.0, duration=65.0, metrics={"wait_ms": MetricSpec()}).warm()
    story.phase(Phase.SOAK)
    waited = done = failed = 0.0
    for second in range(SECONDS):
        pressed = second in busy
        waited += 1.0 if pressed else 0.05
        done += 10.0 if pressed else 100.0
        failed += pressed
        story.sample(host=HostSample(cpu_stall_s=waited), cpu_s=lambda t: own * t, fds=50 if pressed else 40)
        told = {"done_total": done, "wait_failures_total": failed} if rising else {}
        story.report(wait_ms=50.0 if pressed else 5.0, **told)
        story.t += 1.0
    return usual_of(story.exit(planned=True).end().state(), Phase.SOAK)


def test_times_and_rates_of_a_saturated_host_are_left_out() -> None:
    found = soak(set(range(10, 20)))
    assert found.strained == pytest.approx(10 / SECONDS, abs=0.02)
    assert set(found.values["wait_ms"].values) == {5.0}
    assert min(found.values["done_total"].values) == 100.0
    assert 50.0 in found.whole["wait_ms"].values
    assert 10.0 in found.whole["done_total"].values


def test_percentiles_of_the_last_ten_seconds_still_speak_of_a_saturated_one() -> None:
    found = soak({20})
    assert len(found.whole["wait_ms"].values) - len(found.values["wait_ms"].values) == 11
    assert len(found.whole["done_total"].values) - len(found.values["done_total"].values) <= 2


def test_memory_descriptors_cpu_and_failures_are_what_they_are() -> None:
    found = soak(set(range(10, 20)))
    assert 50.0 in found.values["fds"].values
    assert 1.0 in found.values["wait_failures_total"].values
    assert len(found.values["cpu"].values) >= SECONDS - 2
    assert not {"fds", "cpu", "rss", "wait_failures_total"} & set(found.whole)


def test_of_too_few_seconds_nothing_is_told_but_all_are_kept() -> None:
    found = soak(set(range(50)))
    assert "wait_ms" not in found.values
    assert "done_total" not in found.values
    assert len(found.whole["wait_ms"].values) >= SECONDS - 1
    assert "fds" in found.values
    more = soak(set(range(47)))  # ten are left, and more: less than a quarter all the same
    assert "done_total" not in more.values
    assert "done_total" in soak(set(range(40))).values


def test_a_load_of_the_runs_own_making_is_what_it_measures() -> None:
    found = soak(set(range(50)), own=1.8)
    assert (found.strained, found.whole) == (0.0, {})
    assert 50.0 in found.values["wait_ms"].values


def test_a_stretch_is_strained_where_a_tenth_of_it_is() -> None:
    """Of 3,000 s in stretches of four the first 300 s, and one second in a hundred."""
    story = Story("max(fds) < 1000", duration=3010.0).warm()
    story.phase(Phase.SOAK)
    waited = 0.0
    for second in range(3000):
        waited += 1.0 if second < 300 or second % 100 == 0 else 0.05
        story.sample(host=HostSample(cpu_stall_s=waited))
        story.report(done_total=second)
        story.t += 1.0
    found = usual_of(story.exit(planned=True).end().state(), Phase.SOAK)
    assert len(found.whole["done_total"].values) * 0.8 < len(found.values["done_total"].values)
    assert len(found.values["done_total"].values) < len(found.whole["done_total"].values) * 0.92


def test_a_sample_speaks_of_the_time_since_the_one_before() -> None:
    story = Story("max(fds) < 1000", warm_up=5.0, duration=125.0).warm()
    story.phase(Phase.SOAK)
    for _sample in range(40):
        story.sample(host=HostSample(cpu_stall_s=story.t))
        story.t += 3.0
    found = usual_of(story.exit(planned=True).end().state(), Phase.SOAK)
    assert found.strained == pytest.approx(1.0, abs=0.04)


def test_after_a_service_has_ended_nothing_is_usual() -> None:
    story = Story("max(fds) < 1000").warm()
    story.soak(30)
    story.add(ev.Doubted(story.t, ev.SERVICE, "the tunnel ended"))
    story.run(20, fds=500)
    found = usual_of(story.exit(planned=True).end().state(), Phase.SOAK)
    assert set(found.values["fds"].values) == {40.0}


def test_looks_that_overlap_count_once() -> None:
    story = Story("max(fds) < 1000").warm()
    story.soak(20)
    for by in ("perf 1", "perf 2"):
        story.add(ev.Burdened(story.t, by, "perf", 5.0))
    story.run(5)
    for by in ("perf 1", "perf 2"):
        story.add(ev.Burdened(story.t, by, "perf"))
    story.run(25)
    found = usual_of(story.exit(planned=True).end().state(), Phase.SOAK)
    assert found.looked == pytest.approx(0.2, abs=0.02)


def test_times_are_one_number_by_their_logarithms() -> None:
    found = soak({20}, rising=False).whole["wait_ms"]
    assert found.level < 5.3
    assert sum(found.values) / len(found.values) > 5.6
