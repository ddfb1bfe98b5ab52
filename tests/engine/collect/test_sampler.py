import threading
from collections.abc import Iterator

import pytest

from stresstui.core.model.event import ProcessKnown
from stresstui.core.model.sample import HostSample, ProcessSample, Role, Sample
from stresstui.engine.clock import RunClock
from stresstui.engine.collect.sampler import Sampler, rounded
from stresstui.engine.process.children import ExitStatus
from stresstui.engine.supervise.process_tracker import EVENTS_MAX, OTHERS_MAX, Census


class Collector:
    """Answers at once, but for the ticks at which it is told to be slow or to fail."""

    def __init__(self, clock: RunClock, slow: dict[int, float], failing: set[int]) -> None:
        self.clock, self.slow, self.failing = clock, slow, failing
        self.calls = 0

    def collect(self, t: float) -> Sample:
        self.calls += 1
        if self.calls in self.slow:
            threading.Event().wait(self.slow[self.calls])
        if self.calls in self.failing:
            raise OSError("cannot read")
        return Sample(t)

    def reclassify(self) -> None:
        pass

    def close(self) -> None:
        pass


class Taken:
    def __init__(self, count: int) -> None:
        self.count = count
        self.samples: list[Sample] = []
        self.complaints: list[str] = []
        self.enough = threading.Event()

    def take(self, sample: Sample) -> None:
        self.samples.append(sample)
        if len(self.samples) >= self.count:
            self.enough.set()


@pytest.fixture
def samplers() -> Iterator[list[Sampler]]:
    started: list[Sampler] = []
    yield started
    for sampler in started:
        sampler.stop()


def sample(samplers: list[Sampler], count: int, slow: dict[int, float], failing: set[int]) -> Taken:
    clock, taken = RunClock(), Taken(count)
    samplers.append(Sampler(Collector(clock, slow, failing), clock, 0.1, taken.take, taken.complaints.append))
    samplers[-1].start()
    assert taken.enough.wait(20)
    return taken


def test_ticks_that_pass_unread_are_counted_and_not_made_up_for(samplers: list[Sampler]) -> None:
    taken = sample(samplers, 6, {3: 0.45}, set())
    missed = [one.missed for one in taken.samples]
    assert missed[3] >= 3
    ticks = [round(one.t / 0.1 - 0.49) for one in taken.samples]
    for before, after, count in zip(ticks, ticks[1:], missed[1:], strict=False):
        assert after - before == count + 1


def test_a_sample_that_fails_is_missed_and_told(samplers: list[Sampler]) -> None:
    taken = sample(samplers, 3, {}, {2})
    assert taken.complaints == ["OSError: cannot read"]
    assert taken.samples[1].missed >= 1


def process(pid: int, role: Role = Role.SUT, name: str = "a") -> ProcessSample:
    return ProcessSample(pid, 1.0, name, role)


def test_comings_and_goings() -> None:
    census = Census()
    first = census.follow(Sample(1.0, (process(1, Role.DRIVER), process(2))))
    assert [(event.pid, event.state) for event in first] == [(2, "running"), (1, "running")]
    assert census.follow(Sample(2.0, (process(1, Role.DRIVER), process(2)))) == []
    assert census.reaped(2.5, 2, ExitStatus(3, None), Role.SUT) is None
    (ended,) = census.follow(Sample(3.0, (process(1, Role.DRIVER),)))
    assert (ended.pid, ended.state, ended.detail) == (2, "ended", "exit status 3")


def test_announced_names_win_over_the_kernels_until_the_process_ends() -> None:
    census = Census()
    census.announced(ProcessKnown(0.5, 2, Role.SUT, "server"))
    named = census.named(Sample(1.0, (process(1), process(2))))
    assert [one.name for one in named.processes] == ["a", "server"]
    assert [(event.pid, event.name) for event in census.follow(named)] == [(1, "a")]
    (ended,) = census.follow(census.named(Sample(2.0, (process(1),))))
    assert (ended.name, ended.state) == ("server", "ended")
    again = Sample(3.0, (process(2),))
    assert census.named(again) == again


def test_who_was_seen_before_it_was_announced_is_not_told_twice() -> None:
    census = Census()
    (seen,) = census.follow(Sample(1.0, (process(2, Role.DRIVER),)))
    assert seen.role is Role.DRIVER
    census.announced(ProcessKnown(1.5, 2, Role.SUT, "server"))
    assert census.follow(census.named(Sample(2.0, (process(2),)))) == []
    (changed,) = census.follow(census.named(Sample(3.0, (process(2, Role.SERVICE),))))
    assert (changed.pid, changed.role) == (2, Role.SERVICE)


def test_digits_that_mean_nothing_are_cut() -> None:
    given = ProcessSample(1, 2.5, "a", cpu_s=1.23456, rss=4097)
    cut = rounded(Sample(1.0, (given, process(2)), HostSample(load1=0.12345), monitor_cpu_s=0.12349, cost_s=1.23456e-3))
    assert cut.processes == (ProcessSample(1, 2.5, "a", cpu_s=1.23, rss=4097), process(2))
    assert (cut.host.load1, cut.monitor_cpu_s, cut.cost_s) == (0.12, 0.123, 0.001235)
    assert rounded(Sample(1.0)) == Sample(1.0)


def test_an_end_by_a_signal_is_told_once_and_at_once() -> None:
    census = Census()
    census.follow(Sample(1.0, (process(2),)))
    event = census.reaped(1.5, 2, ExitStatus(None, "SIGSEGV"), Role.SUT)
    assert event is not None
    assert (event.t, event.role, event.detail) == (1.5, Role.SUT, "killed by SIGSEGV")
    assert census.follow(Sample(2.0)) == []


def test_a_run_that_starts_thousands_is_bounded_and_the_system_under_test_comes_first() -> None:
    census, told = Census(), []
    for n in range(500):
        told += census.follow(Sample(float(n), (process(3 * n), process(3 * n + 1, Role.BUILD))))
    assert sum(event.role is Role.SUT for event in told) == EVENTS_MAX
    assert sum(event.role is Role.BUILD for event in told) == OTHERS_MAX
