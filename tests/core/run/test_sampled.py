"""What a sample changes in a run, called without its events."""

from stresstui.core.model.event import Phase, Sampled
from stresstui.core.model.sample import ProcessSample, Role, Sample
from stresstui.core.run.sampled import record, take_baseline, take_sample
from stresstui.core.run.state import RunState


def test_a_value_begins_the_series_of_its_metric() -> None:
    state = RunState()
    record(state, 1.0, {"queue": 3.0})
    record(state, 2.0, {"queue": 5.0})
    assert (state.summaries["queue"].last, sum(state.series["queue"].counts)) == (5.0, 2)


def test_the_newer_half_of_the_warm_up_is_the_baseline() -> None:
    state = RunState()
    state.phase_began[Phase.WARM_UP] = 0.0
    for t in range(11):
        process = ProcessSample(7, 1.0, "relay", Role.SUT, 1, fds=10 if t < 5 else 20)
        take_sample(state, Sampled(float(t), Sample(float(t), (process,))))
    state.t = 10.0
    take_baseline(state)
    assert state.baseline["fds"] == 20.0
    assert state.samples == 11


def under_quota(cpu_s: float) -> RunState:
    """Two seconds of which nearly all periods had used up a quota of half a CPU, a part of it by the run itself."""
    state = RunState()
    for t in range(3):
        relay = ProcessSample(7, 1.0, "relay", Role.SUT, 1, cpu_s=cpu_s * t)
        take_sample(state, Sampled(float(t), Sample(float(t), (relay,), cpus=1, quota=0.5, throttled_s=0.9 * t)))
    return state


def test_a_quota_that_others_have_used_up_is_a_busy_host() -> None:
    assert under_quota(cpu_s=0.1).strained


def test_a_quota_that_the_run_has_itself_is_told_once_and_its_own_load() -> None:
    state = under_quota(cpu_s=0.48)
    assert not state.strained
    assert [entry.text for entry in state.entries] == [
        "its control group's quota of 0.5 CPUs is used up: times and rates are those of the quota"
    ]


def test_a_process_that_somebody_stops_and_continues_is_told() -> None:
    state = RunState()
    for t in range(6):
        relay = ProcessSample(7, 1.0, "relay", Role.SUT, 1, stopped=2 <= t < 5)
        take_sample(state, Sampled(float(t), Sample(float(t), (relay,))))
    assert [(entry.t, entry.text) for entry in state.entries] == [
        (2.0, "relay (pid 7) is stopped by a signal: it does nothing until it is continued"),
        (5.0, "relay (pid 7) goes on, 3s after it was seen stopped"),
    ]
