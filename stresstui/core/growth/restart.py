"""Restarts seen in a bare trace, where neither process number nor start time is known."""

from collections import deque
from collections.abc import Callable, Iterable
from math import log

from stresstui.core.growth.tuning import TUNING
from stresstui.core.model.averages import median


class RestartWatch:
    """Tells a restart (an abrupt, lasting fall) from the cycle of a collected heap.

    A collector, or a limit, lets go at about the same level, whatever time it took to get there; who deploys or kills
    does so at any level, and the program rises again as fast as before. Where both would look the same it is taken for
    a cycle: a heap that is called a leak is worse than a leak that is not called.
    """

    def __init__(self) -> None:
        self._recent: list[float] = []
        self._low: list[tuple[float, float]] = []
        self._begun: tuple[float, float] | None = None
        self._lives: deque[tuple[float, float]] = deque(maxlen=TUNING.lives)
        self._falls = _Falls()

    def see(self, t: float, value: float, level: Callable[[], float]) -> list[tuple[float, float]]:
        """Take in a value; return the first values of the new process when a restart has just become certain.

        `level` gives the median of the segment so far.
        """
        if self._begun is None:
            self._begun = t, value
        self._falls.see(value)
        usual = median(self._recent) if len(self._recent) == TUNING.recent else 0.0
        if value < TUNING.fall * usual and value < TUNING.fall * level():
            self._low.append((t, value))
            return self._confirmed(usual) if len(self._low) == TUNING.confirm else []
        self._low.clear()
        self._recent = [*self._recent[1 - TUNING.recent :], value]
        return []

    def _confirmed(self, top: float) -> list[tuple[float, float]]:
        found, self._low = self._low, []
        at, bottom = self._begun or found[0]
        lasted = found[0][0] - at
        self._lives.append((lasted, max(top - bottom, TUNING.fall * top)))
        habit = self._falls.count(TUNING.habit_part * (top - bottom)) >= TUNING.habit_falls
        again = len(self._lives) > 1 and not _as_fast_as_before(self._lives)
        cyclic = lasted < TUNING.settled_s or again or habit
        if not cyclic:
            self._falls = _Falls()
        self._recent, self._begun = [value for _, value in found], (found[0][0], median(value for _, value in found))
        return [] if cyclic else found


class _Falls:
    """How deep the values have come down by themselves, each time that they rose again by half of it."""

    def __init__(self) -> None:
        self._top = self._bottom = float("-inf")
        self._falling = False
        self._depths: deque[float] = deque(maxlen=TUNING.habit_seen)

    def see(self, value: float) -> None:
        """Take in a value."""
        if not self._falling:
            self._top = max(self._top, value)
            if value < (1 - TUNING.habit_least) * self._top:
                self._falling, self._bottom = True, value
            return
        self._bottom = min(self._bottom, value)
        depth = self._top - self._bottom
        if value > self._bottom + depth / 2:
            self._depths.append(depth)
            self._falling, self._top = False, value

    def count(self, depth: float) -> int:
        """How many of the latest were at least so deep."""
        return sum(fell >= depth for fell in self._depths)


def _as_fast_as_before(lives: Iterable[tuple[float, float]]) -> bool:
    """Tell whether lives are alike in how fast they rise rather than in how high: not a cycle."""
    heights = [log(height) for _, height in lives]
    slopes = [log(height / lasted) for lasted, height in lives]
    return max(slopes) - min(slopes) < TUNING.steadier * (max(heights) - min(heights))
