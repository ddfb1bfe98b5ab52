"""Samples of a run: taken in a thread, named and recorded on the loop, and shown to whoever follows the run."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final, TypeVar

from stresstui.core.model.event import Sampled
from stresstui.core.model.sample import Sample
from stresstui.core.run.fold import RunState
from stresstui.engine.collect.protocol import Collector
from stresstui.engine.collect.sampler import Sampler
from stresstui.engine.supervise.descriptors import InventoryTaker
from stresstui.engine.supervise.process_tracker import ProcessTracker
from stresstui.engine.supervise.run_context import RunContext

FIRST_SAMPLE_S: Final = 2.0
"""Seconds to wait for the first sample before the run goes on without it."""

_T = TypeVar("_T")


class Sampling:
    """Takes a sample at every tick."""

    def __init__(
        self,
        collector: Collector,
        interval: float,
        context: RunContext,
        tracker: ProcessTracker,
        *,
        state: Callable[[], RunState],
        complain: Callable[[str, str], None],
    ) -> None:
        """``interval`` is in seconds; ``complain`` takes where something went wrong, and what."""
        self._loop = asyncio.get_running_loop()
        self._collector, self._context, self._tracker = collector, context, tracker
        self._state, self._complain = state, complain
        self._sampler = Sampler(collector, context.clock, interval, self._sampled, self._failed)
        self._inventories = InventoryTaker()
        self._began = asyncio.Event()
        self.observers: list[Callable[[Sample], None]] = []
        """Are shown every sample once it is recorded, in this order."""

    async def start(self) -> None:
        """Begin, and let the host be read once before anything runs."""
        self._sampler.start()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._began.wait(), FIRST_SAMPLE_S)

    async def stop(self) -> None:
        """Take no more."""
        await asyncio.to_thread(self._sampler.stop)
        self._inventories.close()

    def close(self) -> None:
        """Give back what the collector holds."""
        self._collector.close()

    def _sampled(self, sample: Sample) -> None:
        self._on_loop(self._record, sample)

    def _failed(self, text: str) -> None:
        self._on_loop(lambda where: self._complain(where, text), "collector")

    def _record(self, sample: Sample) -> None:
        sample, comings_and_goings = self._tracker.track(sample)
        sample = self._inventories.add_to(sample)
        self._context.record(Sampled(sample.t, sample))
        for event in comings_and_goings:
            self._context.record(event)
        for observe in self.observers:
            observe(sample)
        self._inventories.observe(self._state())
        self._began.set()

    def _on_loop(self, handle: Callable[[_T], None], value: _T) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has closed: the run is over
            self._loop.call_soon_threadsafe(handle, value)
