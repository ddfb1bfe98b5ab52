"""Events in shorthand: a line of the journal leaves out what a full line some seconds before said as well.

Of a report that is every value which came again; of a sample every process of which nothing changed.
"""

from typing import Final

import msgspec

from stresstui.core.model.event import Event, Reported, Sampled
from stresstui.core.model.sample import ProcessSample

FULL_EVERY_S: Final = 10.0
"""Seconds after which a report is written in full again."""
FULL_SAMPLE_EVERY_S: Final = 30.0
"""The same for a sample of many processes: the full ones are most of a journal then."""
MANY: Final = 50
"""Processes from which on it is a sample of many."""

_EXACT: Final = 2.0**53


class Shortener:
    """Shortens reports and samples on their way into a journal; every other event passes."""

    def __init__(self) -> None:
        """Begin with full lines."""
        self._report = Reported(0.0, {})
        self._sample: Sampled | None = None

    def __call__(self, event: Event) -> Event:
        """Leave out what the newest full line of the kind said."""
        if isinstance(event, Reported):
            return self._shorten_report(event)
        if isinstance(event, Sampled):
            return self._shorten_sample(event)
        return event

    def _shorten_report(self, event: Reported) -> Reported:
        """Leave out values, where the full report has no name which this one lacks."""
        before, full = self._report.values, event.values
        if not before or event.t - self._report.t >= FULL_EVERY_S or not before.keys() <= full.keys():
            self._report = event
            return Reported(event.t, {name: _brief(value) for name, value in full.items()})
        changed = {name: _brief(value) for name, value in full.items() if before.get(name) != value}
        return Reported(event.t, changed, self._report.t)

    def _shorten_sample(self, event: Sampled) -> Sampled:
        """Leave out processes, where what is left puts all of them back in their order."""
        full = self._sample
        if full is None or event.t - full.t >= _full_every(full):
            self._sample = event
            return event
        before, processes = full.sample.processes, event.sample.processes
        known = {process.key: process for process in before}
        changed = tuple(process for process in processes if known.get(process.key) != process)
        here = {process.key for process in processes}
        gone = tuple(process.pid for process in before if process.key not in here)
        if _complete(before, changed, gone) != processes:
            self._sample = event
            return event
        return Sampled(event.t, msgspec.structs.replace(event.sample, processes=changed), full.t, gone)


class Completer:
    """Completes reports and samples on their way out of a journal; every other event passes."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._report = Reported(0.0, {})
        self._sample: Sampled | None = None

    def __call__(self, event: Event) -> Event | None:
        """Put back what was left out; None for a sample whose full one is lost: a part of it would be a false one."""
        if isinstance(event, Reported):
            return self._complete_report(event)
        if isinstance(event, Sampled):
            return self._complete_sample(event)
        return event

    def _complete_report(self, event: Reported) -> Reported:
        """Where the full report is lost, what is said stands alone."""
        if event.base is None:
            self._report = event
            return event
        before = self._report.values if event.base == self._report.t else {}
        return Reported(event.t, before | event.values)

    def _complete_sample(self, event: Sampled) -> Sampled | None:
        if event.base is None:
            self._sample = event
            return event
        if self._sample is None or self._sample.t != event.base:
            return None
        processes = _complete(self._sample.sample.processes, event.sample.processes, event.gone)
        return Sampled(event.t, msgspec.structs.replace(event.sample, processes=processes))


def _full_every(full: Sampled) -> float:
    return FULL_SAMPLE_EVERY_S if len(full.sample.processes) >= MANY else FULL_EVERY_S


def _complete(
    before: tuple[ProcessSample, ...], changed: tuple[ProcessSample, ...], gone: tuple[int, ...]
) -> tuple[ProcessSample, ...]:
    """The processes of a sample: those of the full one without who left, as they are now, and behind them the new."""
    now = {process.key: process for process in changed}
    old = {process.key for process in before}
    kept = [now.get(process.key, process) for process in before if process.pid not in gone]
    return (*kept, *(process for process in changed if process.key not in old))


def _brief(value: float) -> float:
    """A whole number without its point; it is read back as the same float."""
    return int(value) if value.is_integer() and abs(value) < _EXACT else value
