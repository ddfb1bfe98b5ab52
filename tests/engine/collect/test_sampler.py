import threading
from collections.abc import Iterator

import pytest

from stresstui.core.model.sample import Sample
from stresstui.engine.clock import RunClock
from stresstui.engine.collect.sampler import Sampler


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

    def troubles(self) -> list[str]:
        return ["a process may not be read"] if self.calls == 1 else []

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


def test_what_a_collector_could_not_read_is_told(samplers: list[Sampler]) -> None:
    assert sample(samplers, 3, {}, set()).complaints == ["a process may not be read"]


def test_a_sample_that_fails_is_missed_and_told(samplers: list[Sampler]) -> None:
    taken = sample(samplers, 3, {}, {2})
    assert taken.complaints[1:] == ["OSError: cannot read"]
    assert taken.samples[1].missed >= 1
