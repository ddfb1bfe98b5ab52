"""Programs that have every descriptor open that they may have, and say nothing of it."""

from collections.abc import Callable
from typing import Final

import msgspec

from stresstui.core.derive.child import AT_LIMIT, RAN_OUT
from stresstui.core.model.event import Matched
from stresstui.core.model.sample import ProcessSample, Role, Sample, moved
from stresstui.engine.process.kernel.limits import descriptor_limit
from stresstui.engine.supervise.run_context import RunContext

LEAST: Final = 16
"""A lower limit is set by who means its program to open nothing."""
RISES: Final = 3
"""Samples with more descriptors than ever before after which it was the limit that ended the rise."""
LOOKS_MOST: Final = 50
"""Limits that are read at one sample."""
_Key = tuple[int, float]


class _Known(msgspec.Struct):
    """What samples have told of one process."""

    most: int
    at_most: int = 0
    """Samples in which it had as many ..."""
    rises: int = 0
    looked_at: int = 0
    """Descriptors at which its limit was read: of a number once is enough."""


class AtLimit:
    """Tells of processes under test with no descriptor left in two samples, once of each.

    Between those some may have been closed: whoever needs more opens the next as soon as one is free.

    What waits to be accepted, and a rise that ends at the very limit, show that it wants more: that ran out. One that
    was there from its first samples on may have sized itself by its limit; whether it wanted more leaves a doubt.
    """

    def __init__(self, context: RunContext, limit_of: Callable[[int], int | None] = descriptor_limit) -> None:
        self._context, self._limit_of = context, limit_of
        self._processes: tuple[ProcessSample, ...] = ()
        self._known: dict[_Key, _Known] = {}
        self._settling: dict[_Key, ProcessSample] = {}
        """Those that may have as many in the next sample."""
        self._told: set[_Key] = set()

    def observe(self, sample: Sample) -> None:
        """Take in a sample."""
        pairs = moved(self._processes, sample.processes)
        fresh = {p.key: p for p in (sample.processes if pairs is None else (after for _, after in pairs))}
        if pairs is None:
            self._known = {key: known for key, known in self._known.items() if key in fresh}
            self._settling = {key: process for key, process in self._settling.items() if key in fresh}
        self._processes = sample.processes
        settling, self._settling = self._settling, {}
        looks = 0
        for key, process in (settling | fresh).items():
            if process.role is Role.SUT and key not in self._told and process.fds is not None:
                looks += looks < LOOKS_MOST and self._look(sample.t, process)

    def _look(self, t: float, process: ProcessSample) -> bool:
        """Look at one; whether its limit was read."""
        fds = process.fds or 0
        known = self._known.get(process.key)
        if known is None:
            known = self._known[process.key] = _Known(fds)
        if fds > known.most:
            known.rises += fds >= LEAST  # what a program opens as it starts is no rise
            known.most, known.at_most = fds, 0
        known.at_most += fds == known.most
        if known.at_most == 1:
            self._settling[process.key] = process
        if fds < max(known.most, LEAST) or known.at_most == 1 or known.looked_at == fds:
            return False
        known.looked_at = fds
        if self._limit_of(process.pid) == fds:
            self._told.add(process.key)
            self._context.record(_told(t, process, known))
        return True


def _told(t: float, process: ProcessSample, known: _Known) -> Matched:
    said = f"{process.name} (pid {process.pid}) has all {process.fds} descriptors open that its limit allows"
    if process.backlog:
        return Matched(t, RAN_OUT, f"{said}, and {process.backlog} connections wait to be accepted")
    if known.rises >= RISES:
        return Matched(t, RAN_OUT, f"{said}: their rise ended there")
    return Matched(t, AT_LIMIT, f"{said}; whether it wanted more is not told: a run with a higher ulimit -n would show")
