"""Events in shorthand: a line of the journal leaves out what a full line some seconds before said as well.

Of a report that is every value which came again since the last full one; of a sample every process of which nothing
changed since the sample before, and of the others what did not.
"""

from typing import Final

import msgspec

from stresstui.core.model.event import Event, Reported, Sampled
from stresstui.core.model.sample import ProcessSample, moved

FULL_EVERY_S: Final = 10.0
"""Seconds after which a report is written in full again."""
FULL_SAMPLE_EVERY_S: Final = 60.0
"""The same for a sample of many processes: the full ones are most of a journal then."""
MANY: Final = 50
"""Processes from which on it is a sample of many."""

_EXACT: Final = 2.0**53
_DEFAULTS: Final = {field.name: field.default for field in msgspec.structs.fields(ProcessSample) if not field.required}

_Processes = tuple[ProcessSample, ...]


class Shortener:
    """Shortens reports and samples on their way into a journal; every other event passes."""

    def __init__(self) -> None:
        """Begin with full lines."""
        self._report = Reported(0.0, {})
        self._sample: Sampled | None = None
        self._full_t = 0.0

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
        last, self._sample = self._sample, event
        if last is None or event.t - self._full_t >= _full_every(event):
            self._full_t = event.t
            return event
        before, processes = last.sample.processes, event.sample.processes
        whole, partly, gone = short = _difference(before, processes)
        if len(whole) > len(processes) / 2 or (any(short) and _complete(before, *short) != processes):
            self._full_t = event.t
            return event
        return Sampled(event.t, msgspec.structs.replace(event.sample, processes=whole), last.t, partly, gone)


class Completer:
    """Completes reports and samples on their way out of a journal; every other event passes."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._report = Reported(0.0, {})
        self._sample: Sampled | None = None

    def __call__(self, event: Event) -> Event | None:
        """Put back what was left out; None for a sample that stands on a lost one: a part would be a false whole."""
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
        last, self._sample = self._sample, None
        if event.base is not None:
            if last is None or last.t != event.base:
                return None
            processes = _complete(last.sample.processes, event.sample.processes, event.partly, event.gone)
            event = Sampled(event.t, msgspec.structs.replace(event.sample, processes=processes))
        self._sample = event
        return event


def _full_every(event: Sampled) -> float:
    return FULL_SAMPLE_EVERY_S if len(event.sample.processes) >= MANY else FULL_EVERY_S


def _difference(before: _Processes, processes: _Processes) -> tuple[_Processes, _Processes, tuple[int, ...]]:
    """Processes that are to be written whole, those of which a part will do, and pids of those that have left."""
    # What is the same object has not changed: of many that are idle nothing else is looked at.
    if (pairs := moved(before, processes)) is not None:
        known, fresh = {then.key: then for then, _ in pairs}, [now for _, now in pairs]
    else:
        had, has = set(map(id, before)), set(map(id, processes))
        known = {process.key: process for process in before if id(process) not in has}
        fresh = [process for process in processes if id(process) not in had]
    whole: list[ProcessSample] = []
    partly: list[ProcessSample] = []
    for process in fresh:
        old = known.pop(process.key, None)
        if old == process:
            continue
        part = None if old is None else _changes(old, process)
        (whole if part is None else partly).append(part or process)
    return tuple(whole), tuple(partly), tuple(process.pid for process in known.values())


def _changes(old: ProcessSample, new: ProcessSample) -> ProcessSample | None:
    """What of a process has changed; None where a field was emptied, which would be taken for unchanged."""
    changed = {name: value for name in _DEFAULTS if (value := getattr(new, name)) != getattr(old, name)}
    if new.name != old.name or any(value == _DEFAULTS[name] for name, value in changed.items()):
        return None
    return ProcessSample(new.pid, new.started, new.name, **changed)


def _complete(before: _Processes, whole: _Processes, partly: _Processes, gone: tuple[int, ...]) -> _Processes:
    """The processes of a sample: those of the full one without who left, as they are now, and behind them the new."""
    if not (whole or partly or gone):
        return before
    now = {process.key: process for process in whole}
    parts = {process.key: process for process in partly}
    left, told = set(gone), {process.pid for process in (*whole, *partly)}
    kept = [process for process in before if process.pid not in left] if left else before
    old = {process.key for process in before if process.pid in told}
    now_as = (
        (now.get(process.key) or _with(process, parts.get(process.key))) if process.pid in told else process
        for process in kept
    )
    return (*now_as, *(process for process in whole if process.key not in old))


def _with(process: ProcessSample, part: ProcessSample | None) -> ProcessSample:
    if part is None:
        return process
    said = {name: value for name, default in _DEFAULTS.items() if (value := getattr(part, name)) != default}
    return msgspec.structs.replace(process, **said)


def _brief(value: float) -> float:
    """A whole number without its point; it is read back as the same float."""
    return int(value) if value.is_integer() and abs(value) < _EXACT else value
