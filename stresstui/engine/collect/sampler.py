"""Samples on a monotonic grid, in a thread of their own."""

import math
import threading
from collections.abc import Callable
from typing import Final, Protocol

import msgspec

from stresstui.core.model.sample import Sample
from stresstui.engine.clock import RunClock
from stresstui.engine.collect.proc.facts import Classify, RoleVersion, Roots
from stresstui.engine.collect.protocol import Collector

STUCK_S: Final = 10.0
"""Seconds to wait for a sample in hand before the thread is left to itself."""


class OpenCollector(Protocol):
    """Opens a collector, as ``engine.collect.open_collector`` does."""

    def __call__(
        self, kind: str, roots: Roots, classify: Classify, role_version: RoleVersion, *, monitor_pid: int | None = None
    ) -> Collector:
        """Open one; raises ValueError for an unknown kind."""
        ...


_ROUNDING: Final = 1e-6
"""Added to a quotient: 0.3 / 0.1 is less than 3."""


class Sampler:
    """Reads a sample at every tick; ticks that pass unread are counted, never made up for."""

    def __init__(
        self,
        collector: Collector,
        clock: RunClock,
        interval: float,
        emit: Callable[[Sample], None],
        complain: Callable[[str], None],
    ) -> None:
        """``emit`` and ``complain`` are called in the thread; ``interval`` is in seconds."""
        self._collector, self._clock, self._interval = collector, clock, interval
        self._emit, self._complain = emit, complain
        self._next = 0
        self._missed = 0
        self._halt = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sampler", daemon=True)

    def start(self) -> None:
        """Begin at the next tick."""
        self._thread.start()

    def stop(self) -> None:
        """Sample no more; blocks for the sample in hand, but not for one that never ends."""
        self._halt.set()
        if self._thread.is_alive():
            self._thread.join(STUCK_S)

    def _run(self) -> None:
        while not self._halt.wait(max(0.0, self._next * self._interval - self._clock.now())):
            now = self._clock.now()
            tick = math.floor(now / self._interval + _ROUNDING)
            self._missed += max(0, tick - self._next)
            self._next = max(tick, self._next) + 1
            self._sample(now)

    def _sample(self, now: float) -> None:
        suspended = self._clock.suspended()
        try:
            sample = self._collector.collect(now)
        except Exception as error:  # noqa: BLE001 - whatever a collector raises, the run goes on without this sample
            self._missed += 1
            self._complain(f"{type(error).__name__}: {error}")
            return
        if self._missed or suspended:
            sample = msgspec.structs.replace(sample, missed=self._missed, suspended_s=suspended)
        self._missed = 0
        self._emit(sample)
        for trouble in self._collector.troubles():
            self._complain(trouble)
