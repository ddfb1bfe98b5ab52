import copy
import gc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stresstui.core.criteria.state import Verdict
from stresstui.core.model import event as ev
from stresstui.core.model.event import Event, Phase, decode_event, encode_event
from stresstui.core.model.sample import HostSample, Role
from stresstui.core.model.scenario import MetricSpec, RunnerKind
from stresstui.core.model.timeline import Mark
from stresstui.core.run.fold import NAMES_MAX, TIMES_MAX, RunState, advance, fold
from stresstui.core.run.standing import Word
from stresstui.report.result import encode_result, result_of
from tests.core.story import MIB, Story, process

RULES = (
    "count(crashes) == 0", "growth(rss) < 1MiB/h", "mean(cpu) < 80%", "settles(established)", "max(fds) < 60 for 3s",
    "min(throughput, 10s) > 1kB/s", "p99(wait_ms) < 20ms", "rate(jobs_total, 5s) > 1/s", "count(attempts_total) >= 1",
)  # fmt: skip
METRICS = {"wait_ms": MetricSpec(), "jobs_total": MetricSpec()}


def seen(state: RunState) -> Any:
    """All that a viewer or a report could see of a state."""
    log = [(entry.t, entry.mark, entry.text) for entry in state.entries]
    series = {name: (s.width, s.buckets) for name, s in state.series.items()}
    return result_of(state), log, series, state.idle, state.baseline, state.standing, state.reading.values


@st.composite
def runs(draw: st.DrawFn) -> list[Event]:
    """A run with restarts, silences, breaches, notes and lost samples."""
    story = Story(*RULES, duration=90.0, metrics=METRICS, runner=draw(st.sampled_from(list(RunnerKind))))
    story.add(ev.ServiceState(0.0, "ready")).sample().add(ev.ServiceState(0.5, "loading")).phase(Phase.WARM_UP)
    jobs = 0.0
    for part in range(draw(st.integers(2, 6))):
        if part == 1:
            story.phase(Phase.SOAK)
        fields: dict[str, Any] = {
            "fds": draw(st.sampled_from([None, 40, 70])),
            "started": draw(st.sampled_from([1.0, 2.0])),
        }
        if draw(st.booleans()):
            story.add(ev.Matched(story.t, "panic", "panicked"))
        story.sample(missed=draw(st.integers(0, 3)), host=HostSample(active_opens=draw(st.integers(0, 99))), **fields)
        for _ in range(draw(st.integers(1, 20))):
            jobs = 0.0 if draw(st.integers(0, 9)) == 0 else jobs + draw(st.integers(0, 5))
            story.run(1, **fields).report(wait_ms=float(draw(st.integers(0, 30))), jobs_total=jobs)
    if draw(st.booleans()):
        story.cool()
    if draw(st.booleans()):
        story.exit(draw(st.sampled_from([0, 1])), planned=draw(st.booleans())).end()
    return story.events


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(runs())
def test_what_was_written_and_read_folds_like_what_was_lived(events: list[Event]) -> None:
    read = [decode_event(encode_event(event)) for event in events]
    assert read[1:] == events[1:]
    assert seen(fold(read)) == seen(fold(events))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(runs(), st.lists(st.integers(0, 200), max_size=4))
def test_it_does_not_matter_how_the_journal_was_cut_into_reads(events: list[Event], cuts: list[int]) -> None:
    state = RunState()
    for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(events)], strict=True):
        for event in events[start:end]:
            state = advance(state, event)
        state = copy.deepcopy(state)
    assert seen(state) == seen(fold(events))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(runs())
def test_what_is_written_for_people_changes_nothing(events: list[Event]) -> None:
    last = events[-1].t
    spoken = [ev.BreachBegan(last, "c0", "C"), ev.BreachEnded(last, "c0", "C")]
    with_words = [other for event in events for other in (event, ev.BreachBegan(event.t, "c0", "C"))] + spoken
    assert seen(fold(with_words)) == seen(fold(events))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(runs())
def test_a_state_can_always_be_reported(events: list[Event]) -> None:
    state = RunState()
    for event in events:
        advance(state, event)
    assert encode_result(result_of(state))
    assert not state.ended or all(
        criterion.verdict in (Verdict.PASSED, Verdict.FAILED, Verdict.INCONCLUSIVE) for criterion in state.criteria
    )


def size(thing: Any, known: set[int]) -> int:
    """How many objects hang on a state, constants of modules and types left out."""
    if id(thing) in known or isinstance(thing, type | str | bytes | int | float) or callable(thing):
        return 0
    known.add(id(thing))
    return 1 + sum(size(below, known) for below in gc.get_referents(thing))


def test_memory_does_not_grow_with_the_runs_length() -> None:
    """A day's worth of samples, a few minutes apart, holds as much as two."""
    flapping: Callable[[float], int] = lambda t: 40 + 30 * (int(t / 240) % 2)  # noqa: E731 - one line says it
    story = Story(*RULES, duration=2 * 86400.0, metrics=METRICS, warm_up=600.0)
    state, sizes = RunState(), []
    for event in story.phase(Phase.WARM_UP).events:
        advance(state, event)
    for step in range(5760):
        story.t, story.events = 30.0 * step, []
        if step == 20:
            story.phase(Phase.SOAK)
        story.sample(fds=flapping).report(wait_ms=float(step % 50), jobs_total=5.0 * step)
        story.add(ev.Noted(story.t, "note"), ev.Matched(story.t, "skip", "skipping"))
        for event in story.events:
            advance(state, event)
        if step in (2879, 5759):
            sizes.append(size(state, set()))
    assert state.criteria[4].breach_count > 300
    assert (len(state.entries), len(state.recent), len(state.facts.skips)) == (500, 30, 5)
    assert all(len(series.buckets) <= 1024 for series in state.series.values())
    assert sizes[1] < 1.1 * sizes[0]


def test_a_run_without_events_is_empty() -> None:
    state = RunState()
    assert (state.elapsed, state.under_load, state.planned, state.standing.word) == (0.0, 0.0, None, Word.STARTING)
    assert (state.under_test(), state.criteria, state.monitor_cpu_percent) == ([], [], None)


def test_states_do_not_share_anything() -> None:
    one, other = Story("max(fds) < 10").whole().state(), RunState()
    assert one.baseline
    assert (other.baseline, other.series, len(other.entries), other.phase_began) == ({}, {}, 0, {})


def test_the_phases_are_timed() -> None:
    state = Story(duration=60.0).whole().state()
    assert state.phase_began == {
        Phase.BUILD: 0.0, Phase.WARM_UP: 0.0, Phase.SOAK: 10.0, Phase.COOL_DOWN: 60.0, Phase.ENDED: 65.0,
    }  # fmt: skip
    assert (state.under_load, state.planned, state.elapsed) == (60.0, 60.0, 65.0)


def test_time_under_load_ends_with_the_child() -> None:
    story = Story().warm().soak(20).exit()
    story.t += 500
    assert story.end().state().under_load == 30.0


def test_the_baseline_is_the_mean_of_the_second_half_of_warm_up() -> None:
    story = Story(warm_up=20.0, duration=60.0).warm(fds=lambda t: int(t) if t >= 10 else 9999)
    assert story.phase(Phase.SOAK).state().baseline["fds"] == pytest.approx(14.5)


def test_a_run_without_warm_up_takes_its_first_reading() -> None:
    story = Story(warm_up=0.0).phase(Phase.WARM_UP).phase(Phase.SOAK)
    assert story.state().baseline == {}
    assert story.run(3, fds=lambda t: 40 + int(t)).state().baseline["fds"] == 40


def test_the_event_list_tells_the_run() -> None:
    story = Story("max(fds) < 60").add(ev.ServiceState(0.0, "ready", "3 proxies")).warm().soak(5).run(5, fds=70)
    story.run(5).sample(missed=2).add(ev.Noted(story.t, "hm"), ev.Problem(story.t, "disk", "full"))
    story.add(ev.StopRequested(story.t, "user", "lunch")).exit(None, signal="SIGTERM").end()
    assert [(entry.t, entry.mark, entry.text) for entry in story.state().entries] == [
        (0.0, Mark.INFO, "started story with command"),
        (0.0, Mark.INFO, "workload ready: 3 proxies"),
        (0.0, Mark.PHASE, "warm-up began"),
        (10.0, Mark.PHASE, "warm-up ended, baseline taken"),
        (15.0, Mark.BREACH, "Criterion 0  70"),
        (20.0, Mark.OVER, "Criterion 0  over after 5s, worst 70"),
        (25.0, Mark.PROBLEM, "2 samples missed"),
        (25.0, Mark.NOTE, "hm"),
        (25.0, Mark.PROBLEM, "disk: full"),
        (25.0, Mark.INFO, "stop requested by user lunch"),
        (25.0, Mark.INFO, "the child ended by SIGTERM"),
        (25.0, Mark.PHASE, f"failed: {story.criterion().spec.title}: {story.criterion().evidence} (and 1 more reason)"),
    ]


def test_a_breach_is_shown_with_the_sample_that_began_it() -> None:
    story = Story("max(fds) < 60").warm().soak(5).sample(fds=61)
    state = story.state()
    assert (state.standing.word, state.criteria[0].active) == (Word.BREACHED, True)
    assert state.entries[-1].criterion == "c0"


def test_a_suspended_machine_is_said_and_not_interpolated() -> None:
    story = Story("mean(cpu) < 80%").warm().soak(5)
    sample = story.events[-1].sample  # type: ignore[union-attr] # the newest event is a sample
    late = type(sample)(story.t, (process(story.t, cpu_s=9999.0),), cpus=2, suspended_s=3600.0)
    state = story.add(ev.Sampled(story.t, late)).state()
    assert "cpu" not in state.reading.values
    assert state.entries[-1].text == "machine suspended for 1h"


def test_missing_values_are_counted_from_the_first_one_read() -> None:
    story = Story().warm(fds=None).phase(Phase.SOAK).run(5).run(3, fds=None).exit().run(4, processes=())
    assert (story.state().summaries["fds"].samples, story.state().summaries["fds"].missing) == (5, 3)


def test_the_monitors_own_cost() -> None:
    state = Story().whole().state()
    assert state.monitor_cpu_percent == pytest.approx(0.4)
    assert state.monitor_rss_max == 20 * MIB


def test_where_throughput_comes_from() -> None:
    assert Story().whole().state().throughput_source == "kernel socket counters"
    counted = Story().whole(report=lambda t: {"bytes_total": t}).state()
    assert counted.throughput_source == "verified by the workload"


def test_a_crash_is_in_the_event_list() -> None:
    story = Story().warm().add(ev.ProcessKnown(5.0, 7, Role.SUT, "proxy", "ended", "killed by SIGSEGV"))
    assert story.state().entries[-1].text == "proxy (pid 7) killed by SIGSEGV"


def test_names_beyond_what_a_run_keeps_are_told_once_and_those_of_rules_are_followed() -> None:
    story = Story("count(jobs_total) >= 5", metrics=METRICS).phase(Phase.SOAK)
    for number in range(3):
        names = {f"m{number}_{n}": 1.0 for n in range(NAMES_MAX)}
        story.add(ev.Reported(1.0 + number, {**names, "jobs_total": 5.0 * number}))
    state = fold(story.events)
    assert len(state.series) <= NAMES_MAX + 1
    assert state.series["jobs_total"]
    told = [entry.text for entry in state.entries if entry.mark is Mark.PROBLEM]
    assert told == [f"more than {NAMES_MAX} metric names: no more are followed"]


def test_of_each_histogram_the_newest_is_kept_and_of_names_so_many() -> None:
    told = [ev.Timed(1.0, "latency_ms", "1:1"), *(ev.Timed(2.0, f"n{n}", "1:1") for n in range(200))]
    state = fold([*told, ev.Timed(3.0, "latency_ms", "1:2")])
    assert state.workload.times["latency_ms"] == "1:2"
    assert len(state.workload.times) == TIMES_MAX
