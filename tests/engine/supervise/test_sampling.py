"""Samples on their way from the thread to whoever follows the run."""

import asyncio
from types import SimpleNamespace
from typing import Any

from stresstui.core.model.event import Event, Sampled
from stresstui.core.model.sample import Sample
from stresstui.core.run.fold import RunState
from stresstui.engine.clock import RunClock
from stresstui.engine.supervise.process_tracker import ProcessTracker
from stresstui.engine.supervise.sampling import Sampling


class Host:
    """A collector of empty samples, which fails at the first."""

    def __init__(self) -> None:
        self.looks = 0
        self.closed = False

    def collect(self, t: float) -> Sample:
        self.looks += 1
        if self.looks == 1:
            raise OSError("no /proc")
        return Sample(t)

    def troubles(self) -> list[str]:
        return []

    def close(self) -> None:
        self.closed = True


async def test_a_sample_is_recorded_before_it_is_shown_and_what_fails_is_told() -> None:
    events: list[Event] = []
    told: list[tuple[str, str]] = []
    shown: list[int] = []
    context: Any = SimpleNamespace(clock=RunClock(), record=events.append)
    host: Any = Host()
    sampling = Sampling(
        host, 0.01, context, ProcessTracker(), state=RunState, complain=lambda where, text: told.append((where, text))
    )
    seen = asyncio.Event()
    sampling.observers += [lambda _: shown.append(len(events)), lambda _: seen.set()]
    await sampling.start()
    await asyncio.wait_for(seen.wait(), 20.0)
    await sampling.stop()
    sampling.close()
    assert shown[0] == 1
    assert isinstance(events[0], Sampled)
    assert events[0].sample.missed == 1
    assert told == [("collector", "OSError: no /proc")]
    assert host.closed
