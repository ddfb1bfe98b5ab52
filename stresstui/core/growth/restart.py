"""Restarts seen in a bare trace, where neither process number nor start time is known."""

from collections.abc import Callable
from statistics import median

from stresstui.core.growth.tuning import TUNING


class RestartWatch:
    """Tells a restart (an abrupt, lasting fall) from the cycle of a collected heap."""

    def __init__(self) -> None:
        self._recent: list[float] = []
        self._low: list[tuple[float, float]] = []
        self._begun: float | None = None
        self._previous: tuple[float, float] | None = None
        self._cyclic = False

    def see(self, t: float, value: float, level: Callable[[], float]) -> list[tuple[float, float]]:
        """Take in a value; return the first values of the new process when a restart has just become certain.

        `level` gives the median of the segment so far.
        """
        if self._begun is None:
            self._begun = t
        usual = median(self._recent) if len(self._recent) == TUNING.recent else 0.0
        if value < TUNING.fall * usual and value < TUNING.fall * level():
            self._low.append((t, value))
            return self._confirmed(usual) if len(self._low) == TUNING.confirm else []
        self._low.clear()
        self._recent = [*self._recent[1 - TUNING.recent :], value]
        return []

    def _confirmed(self, usual: float) -> list[tuple[float, float]]:
        found, self._low = self._low, []
        begun = found[0][0]
        lasted = begun - (self._begun or 0.0)
        before, self._previous = self._previous, (lasted, usual)
        self._recent, self._begun = [value for _, value in found], begun
        self._cyclic = lasted < TUNING.settled_s or self._repeats(before, lasted, usual)
        return [] if self._cyclic else found

    def _repeats(self, before: tuple[float, float] | None, lasted: float, usual: float) -> bool:
        """Tell whether this fall is one of a cycle; a cycle ends with a fall from another level altogether."""
        if before is None:
            return False
        if self._cyclic:
            return abs(before[1] - usual) <= TUNING.unlike * max(before[1], usual)
        return _alike(before, (lasted, usual))


def _alike(one: tuple[float, float], two: tuple[float, float]) -> bool:
    return all(abs(a - b) <= TUNING.alike * max(a, b) for a, b in zip(one, two, strict=True))
