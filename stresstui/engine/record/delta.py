"""Reports in shorthand: a line of the journal leaves out what a full report some seconds before said as well."""

from typing import Final

from stresstui.core.model.event import Event, Reported

FULL_EVERY_S: Final = 10.0
"""Seconds after which a report is written in full again."""

_EXACT: Final = 2.0**53


class Shortener:
    """Shortens reports on their way into a journal; every other event passes."""

    def __init__(self) -> None:
        """Begin with a full report."""
        self._full = Reported(0.0, {})

    def __call__(self, event: Event) -> Event:
        """Leave out of a report what the newest full one said, where that has no name which this one lacks."""
        if not isinstance(event, Reported):
            return event
        before, full = self._full.values, event.values
        if not before or event.t - self._full.t >= FULL_EVERY_S or not before.keys() <= full.keys():
            self._full = event
            return Reported(event.t, {name: _brief(value) for name, value in full.items()})
        changed = {name: _brief(value) for name, value in full.items() if before.get(name) != value}
        return Reported(event.t, changed, self._full.t)


class Completer:
    """Completes reports on their way out of a journal; every other event passes."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._full = Reported(0.0, {})

    def __call__(self, event: Event) -> Event:
        """Put back what was left out; where the full report is lost, what is said stands alone."""
        if not isinstance(event, Reported):
            return event
        if event.base is None:
            self._full = event
            return event
        before = self._full.values if event.base == self._full.t else {}
        return Reported(event.t, before | event.values)


def _brief(value: float) -> float:
    """A whole number without its point; it is read back as the same float."""
    return int(value) if value.is_integer() and abs(value) < _EXACT else value
